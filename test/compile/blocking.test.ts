/** A matrix product's pieces cover it, each entry once. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { bandsOf, blocksOf, isPacked, packedBytes, stripVectors } from "../../src/compile/wasm/blocking.ts";

const sizes = fc.integer({ min: 1, max: 2000 });

test("tiles cover the rows without gap or overlap, none taller than five", () => {
  fc.assert(
    fc.property(sizes, (n) => {
      const rows = bandsOf(n).flatMap(({ begin, height, count }) => Array.from({ length: height * count }, (_, r) => begin + r));
      expect(rows).toEqual(Array.from({ length: n }, (_, r) => r));
      expect(Math.max(...bandsOf(n).map(({ height }) => height))).toBeLessThanOrEqual(5);
    }),
    { seed: 1 },
  );
});

test("of many rows none is left for a tile of its own", () => {
  for (let n = 64; n < 300; n++) expect(bandsOf(n).every(({ height }) => height >= 4)).toBe(true);
});

test("blocks cover the inner size, and a copied strip has room", () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 0, max: 3000 }), sizes, (n, k, m) => {
      const blocks = blocksOf(n, k, m * 8);
      let end = 0;
      for (const { begin, count } of blocks) {
        expect(begin).toBe(end);
        end = begin + count;
        if (isPacked(n, k, m * 8)) expect(count * stripVectors * 16).toBeLessThanOrEqual(packedBytes);
      }
      expect(end).toBe(k);
    }),
    { seed: 2 },
  );
});

test("an inner size of nothing is one empty block, which leaves zeros", () => {
  expect(blocksOf(100, 0, 512)).toEqual([{ begin: 0, count: 0 }]);
});

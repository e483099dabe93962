/** Triples keep their numbers, however many there are. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Triples } from "../../src/compile/triples.ts";

test("a triple has one number, and numbers follow one another", () => {
  const part = fc.integer({ min: -2, max: 40 });
  fc.assert(
    fc.property(fc.array(fc.tuple(part, part, part), { minLength: 2000, maxLength: 6000 }), (list) => {
      const [triples, expected] = [new Triples(), new Map<string, number>()];
      for (const triple of [...list, ...list]) {
        const key = triple.join();
        if (!expected.has(key)) expected.set(key, expected.size);
        if (triples.numberOf(...triple) !== expected.get(key)) return false;
      }
      return expected.size > 1000;
    }),
    { numRuns: 5, seed: 1 },
  );
  expect(new Triples().numberOf(1, 2, 3)).toBe(0);
});

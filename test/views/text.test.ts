/** The tree for the terminal: what is used twice is shown once, and every reference finds its line. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { toText, value } from "../../src/index.ts";
import { programs } from "./html/programs.ts";

const idsOf = (lines: readonly string[]): (string | undefined)[] => lines.map((line) => / (#n\d+)/.exec(line)?.[1]);

test("a value used twice has its id where it is shown, and where it is referred to", () => {
  const a = value(3, "x").add(1).square();
  const lines = toText(a.mul(a.exp()).named("y")).split("\n");
  expect(lines.filter((line) => line.includes("#n3"))).toEqual(["├─ square  data 16 #n3", "   └─ square  data 16 #n3 (see above)"]);
});

test("an array of nothing has no number, and NaN is seen among many", () => {
  const empty = value([], "x").sum().named("s");
  empty.backward();
  expect(toText(empty)).toBe("s  sum  data 0  grad 1\n└─ x  (0,)  data []  grad []\n");
  const holed = value([0, 1, 2, 3, NaN, 5, 6, 7, 8], "v");
  expect(toText(holed)).toBe("v  (9,)  data 0 .. 8, NaN\n");
  expect(toText(value(new Array<number>(9).fill(NaN), "v"))).toBe("v  (9,)  data NaN\n");
});

test("every reference of a random program leads to a line, within 80 columns", () => {
  fc.assert(
    fc.property(programs, (root) => {
      root.sum().backward();
      const lines = toText(root).split("\n");
      for (const line of lines) expect(Array.from(line).length).toBeLessThanOrEqual(80);
      const [above, below] = ["(see above)", "(see below)"].map((remark) => idsOf(lines.filter((line) => line.includes(remark))));
      const [shown, continued] = [
        lines.filter((line) => !line.includes("(see above)")),
        lines.filter((line) => line.includes("(continued)")),
      ];
      for (const id of above!) expect(idsOf(shown)).toContain(id);
      for (const id of below!) expect(idsOf(continued)).toContain(id);
    }),
    { numRuns: 100, seed: 1 },
  );
});

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { array, ones, zeros } from "../../src/index.ts";
import { numpyText } from "../../src/cli/numpy-text.ts";
import type { Nested } from "../../src/index.ts";

interface Golden {
  readonly x: unknown;
  readonly text: string;
  readonly four: string;
}

const { cases } = JSON.parse(readFileSync(new URL("goldens/numpy-text.json", import.meta.url), "utf8")) as { cases: Golden[] };

/** What JSON cannot say is written as text in the golden file. */
const decoded = (x: unknown): Nested => (Array.isArray(x) ? x.map(decoded) : Number(x));

describe("numpyText", () => {
  test.each(cases.map((golden) => [JSON.stringify(golden.x), golden] as const))("prints %s as NumPy does", (_x, { x, text, four }) => {
    expect(numpyText(array(decoded(x)))).toBe(text);
    expect(numpyText(array(decoded(x)), { precision: 4, suppress: true })).toBe(four);
  });

  test("prints whole numbers as NumPy's integers where they are meant so", () => {
    expect(numpyText(array([[0], [10], [1]]), { integers: true })).toBe("[[ 0]\n [10]\n [ 1]]");
    expect(numpyText(array([[0], [10]]))).toBe("[[ 0.]\n [10.]]");
    expect(numpyText(0.5)).toBe("0.5");
  });

  test("shows the first and last three of more rows than asked", () => {
    expect(numpyText(ones([7, 1]), { rows: 6 })).toBe("[[1.]\n [1.]\n [1.]\n ...\n [1.]\n [1.]\n [1.]]");
    expect(numpyText(zeros([6, 1]), { rows: 6 }).split("\n").length).toBe(6);
  });
});

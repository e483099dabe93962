/** The TypeScript that the page gives away: it runs, and what was typed stands in it as text. */
import { describe, expect, test } from "vitest";
import * as cadena from "../../src/index.ts";
import { formulaProgram } from "../../src/playground/formula-program.ts";
import { networkOf, lossShown } from "../../src/playground/network-program.ts";
import { typescriptOf } from "../../src/playground/source-text.ts";
import { initial } from "../../src/playground/state.ts";
import { hostileLabels } from "../views/hostile.ts";

/** Runs the program with this library in the place of the package, and collects what it prints. */
function printed(source: string): unknown[][] {
  const lines: unknown[][] = [];
  const body = source.replace(/^import (\{.*\}) from "cadena";/, "const $1 = cadena;");
  new Function("cadena", "console", body)(cadena, { log: (...line: unknown[]) => lines.push(line) }); // eslint-disable-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
  return lines;
}

describe("the TypeScript of a program", () => {
  test("prints the gradients that the page shows", () => {
    const { root, given } = formulaProgram(initial.formula, initial.values);
    root.backward();
    const lines = printed(typescriptOf(initial, given));
    expect(lines.map(([name]) => name)).toEqual([...given.keys()]);
    const [, gradient] = lines.find(([name]) => name === "w")!;
    const traced = cadena.trace(root).nodes.find(({ value }) => value.label === "w")!;
    expect(gradient).toBe(traced.gradient);
  });

  test("trains the network that was chosen", () => {
    const state = { ...initial, mode: "network", data: "or" } as const;
    const [[loss]] = printed(typescriptOf(state, new Map())) as [[number]];
    expect(loss).toBeLessThan(0.01);
    expect(lossShown(networkOf(state)).item()).toBeGreaterThan(0.05);
  });

  test("is text only where text was typed", () => {
    for (const label of hostileLabels) {
      const source = typescriptOf({ ...initial, formula: label }, new Map([[label, label]]));
      expect(source.split("\n").length, label).toBe(9);
      expect(() => new Function(source.replace(/^import.*$/m, ""))).not.toThrow(); // eslint-disable-line @typescript-eslint/no-implied-eval
    }
  });
});

describe("a formula", () => {
  test("gets a value for every letter, keeps those it had, and refuses what is no number in a sentence", () => {
    const { given } = formulaProgram("L = p*q + __proto__", new Map([["q", "7"]]));
    expect([...given]).toEqual([["p", "0.5"], ["q", "7"], ["__proto__", "2"]]); // prettier-ignore
    expect(() => formulaProgram("L = p*q", new Map([["q", "seven"]]))).toThrow('q: "seven" is neither a number nor an array such as [[1, 2], [3, 4]]'); // prettier-ignore
    expect(() => formulaProgram("L = p", new Map([["p", "[1, 2]"]]))).toThrow("formula: the last line must be one number");
  });
});

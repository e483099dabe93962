/** Loops that keep sums, and loops that are cut because they are long. */
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { plan } from "../../src/compile/plan.ts";
import { forwardProgram, tracedFunction } from "../../src/compile/trace.ts";
import { numpyRandom, sumOf, value, type Value } from "../../src/index.ts";
import { expectAgreement } from "./agreement.ts";

const drawn = (seed: number, n: number): number[] => {
  const random = numpyRandom(seed);
  return Array.from({ length: n }, () => random.normal());
};
const kernelsOf = (f: (...xs: Value[]) => Value, inputs: readonly number[][]) =>
  plan(forwardProgram(tracedFunction("compile", f, inputs.map((x) => value(x)))), "f64").kernels; // prettier-ignore

describe("sums kept while a loop runs", () => {
  const f = (x: Value, y: Value): Value => x.mul(y).tanh().sum().mul(x.sub(y).exp().mean()).add(x.mul(3).sum());

  test.each([2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 33])("of %i entries count each once", (n) => {
    expectAgreement(f, [drawn(1, n), drawn(2, n)]);
    const [x, y] = [drawn(1, n), drawn(2, n)];
    const exact = compile(f, [x, y]).value(x, y) as number;
    expect(compile(f, [x, y], { precision: "f32" }).value(x, y)).toBeCloseTo(exact, 4);
  });

  test("do not count what lies behind the last entry, even where it is not finite", () => {
    expectAgreement((x) => x.log().sum().add(x.reciprocal().sum()), [drawn(3, 5).map(Math.abs)]);
  });

  test("need no loop of their own", () => {
    const kernels = kernelsOf(f, [drawn(1, 9), drawn(2, 9)]);
    expect(kernels.map(({ kind }) => kind)).toEqual(["elementwise", "elementwise"]);
  });
});

describe("a long loop", () => {
  const ws = drawn(4, 60);
  const f = (x: Value, y: Value): Value => {
    const all = [x, y];
    for (const [i, w] of ws.entries()) all.push(all.at(-1)!.mul(all[(i * 7) % all.length]!).add(w).tanh()); // prettier-ignore
    return sumOf(
      all.map((v, i) =>
        v
          .mul(y)
          .sum()
          .mul(ws[i % 60]!),
      ),
    );
  };

  test("is cut, and the pieces agree with the whole", () => {
    const data = [drawn(5, 7), drawn(6, 7)];
    const loops = kernelsOf(f, data).filter((kernel) => kernel.kind === "elementwise").filter(({ size }) => size === 7); // prettier-ignore
    expect(loops.length).toBeGreaterThan(5);
    for (const { lines, totals } of loops) expect(Math.max(lines.length, 4 * totals.length)).toBeLessThanOrEqual(32);
    expectAgreement(f, data, 1);
  });

  test("that is one expression is cut too", () => {
    const deep = (x: Value): Value => drawn(7, 1000).reduce((y, w) => y.mul(0.9).add(w), x).sum(); // prettier-ignore
    expectAgreement(deep, [drawn(8, 5)], 1);
  });
});

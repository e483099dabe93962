/** softmax, its logarithm and logsumexp, compiled: every length and corner as the eager kernels, and one walk for all three. */
import { describe, expect, test } from "vitest";
import type { Tensor } from "../../src/array/ndarray.ts";
import { compile } from "../../src/compile/compile.ts";
import type { Precision } from "../../src/compile/wasm/lanes.ts";
import { plan } from "../../src/compile/plan.ts";
import { nameOf } from "../../src/compile/program.ts";
import { forwardProgram, tracedFunction } from "../../src/compile/trace.ts";
import { logsumexp, logSoftmax, numpyRandom, softmax, value, type Value } from "../../src/index.ts";
import { difference, expectAgreement, tolerance } from "./agreement.ts";

const random = numpyRandom(3);
const functions = {
  softmax: (x: Value, axis: number) => softmax(x, { axis }),
  logSoftmax: (x: Value, axis: number) => logSoftmax(x, { axis }),
  logsumexp: (x: Value, axis: number) => logsumexp(x, { axis }),
};

function expectSame(f: (x: Value) => Value, rows: number[][], precision: Precision = "f64"): void {
  const compiled: Tensor = compile(f, [rows], { precision }).value(rows);
  expect(difference(compiled, f(value(rows)).payload)).toBeLessThanOrEqual(precision === "f64" ? tolerance : 1e-6);
}

describe.each(Object.entries(functions))("%s", (_, f) => {
  test.each([1, 2, 3, 7, 8])("of lanes of %i, side by side and apart, in doubles and singles", (n) => {
    const rows = Array.from({ length: n }, () => Array.from({ length: 3 }, () => Math.fround(5 * random.normal())));
    const turned = value(rows).T.toArray() as number[][];
    for (const precision of ["f64", "f32"] as const) {
      expectSame((x) => f(x, 0), rows, precision);
      expectSame((x) => f(x, 1), turned, precision);
    }
    expectAgreement((x) => f(x, 1).square().sum(), [turned]);
  });

  const [big, small] = [Infinity, -Infinity];
  const corners = [
    [2, 2, 2], [0, 2, 2], [small, 0, 1], [small, small, small], [big, 0, big], [big, small, 0], [NaN, 0, 1], [0, 1, NaN], [1e308, -1e308, 0], [0, -746, -40],
  ]; // prettier-ignore
  test.each(corners)("of %d, %d, %d", (...row) => {
    expectSame((x) => f(x, 1), [row]);
    expectSame((x) => f(x, 1), [[...row, -3]]);
  });
});

describe("one walk", () => {
  const kernelsOf = (f: (x: Value) => Value): string[][] =>
    plan(forwardProgram(tracedFunction("compile", f, [value([[1, 2, 3], [4, 5, 7]])])), "f64").kernels.flatMap((kernel) =>
      kernel.kind === "lanes" ? [kernel.lines.map(nameOf)] : [],
    ); // prettier-ignore

  test("finds the exponentials of all that is computed of the same shares", () => {
    const f = (x: Value): Value =>
      x
        .logSoftmax()
        .add(x.softmax())
        .add(x.logsumexp({ axis: 1, keepdims: true }));
    expect(kernelsOf(f)).toEqual([["logSoftmax", "softmax", "logsumexp"]]);
    expectAgreement((x) => f(x).square().sum(), [[[1, 2, 3], [4, 5, 7]]]); // prettier-ignore
  });

  test("is another where entries or axes are", () => {
    expect(kernelsOf((x) => softmax(x.matmul(x.T)).add(softmax(x.matmul(x.T), { axis: 0 })))).toEqual([["softmax"], ["softmax"]]);
    expect(kernelsOf((x) => x.logsumexp().add(x.logsumexp({ axis: 1 })))).toEqual([["logsumexp"], ["logsumexp"]]);
    expect(kernelsOf((x) => x.softmax().add(x.mul(2).softmax()))).toEqual([["softmax"], ["softmax"]]);
  });
});

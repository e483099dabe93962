/** The checker, tried on rules that are wrong: a thousandth, one entry in the fifth digit, the sign of something tiny. */
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkGradients, compareGradients, constant, explain, maximum, relu, tanh, value, Value } from "../../src/index.ts";
import { pointwisePrimitives, customPrimitive } from "../../src/ops/primitive.ts";
import { pointwiseValue } from "../../src/graph/values.ts";
import { array } from "../../src/array/ndarray.ts";

const fixed = Object.entries(pointwisePrimitives);

test.each(fixed)("%s has the derivatives that its numbers say", (_name, primitive) => {
  const at = primitive.row.domain.map(([low, high], k) => low + (0.618 - 0.1 * k) * (high - low));
  expect(String(checkGradients((...x) => pointwiseValue(primitive, x), at))).toMatch(/^\d+ entr(y|ies) checked .* all right/);
});

describe("a wrong rule is found", () => {
  const { row } = pointwisePrimitives.tanh;
  const wrongBy = (error: number) =>
    customPrimitive("wrong", {
      ...row,
      partials: [(m: typeof import("../../src/ops/tensors.ts").tensors, x: never) => m.mul(1 + error, m.tanhDerivative(x))],
    } as never);

  test.each([1e-3, 1e-5, -1e-6, -2])("off by the factor 1 + %d", (error) => {
    const report = checkGradients((x) => pointwiseValue(wrongBy(error), [x]).sum(), [[0.3, -0.7]]);
    expect(report.passed).toBe(false);
    expect(report.entries.map(({ passed }) => passed)).toEqual([false, false]);
  });

  test("off by 1e-5 in one entry of six, and only that entry", () => {
    const mask = constant([[0, 0, 0], [0, 1e-5, 0]]); // prettier-ignore
    const f = (x: Value) => tanh(x).sum().add(x.mul(mask).sum()).sub(x.detach().mul(mask).sum());
    const report = checkGradients((x) => f(x), [[[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]]); // prettier-ignore
    expect(report.entries.filter(({ passed }) => !passed).map(({ index }) => index)).toEqual([[1, 1]]);
  });

  test("a gradient of 1e-9 with the wrong sign", () => {
    const f = (x: Value) => x.detach().mul(1e-9).add(x.detach().mul(-1e-9)).add(x.mul(-1e-9)).add(x.detach().mul(2e-9)).add(1);
    const report = checkGradients((x) => f(x), [0.5]);
    expect(report.entries[0]).toMatchObject({ autodiff: -1e-9, passed: false });
    expect(report.entries[0]!.numeric).toBeCloseTo(1e-9, 14);
  });

  test("NaN does not pass", () => {
    expect(checkGradients((x) => x.mul(NaN), [1]).passed).toBe(false);
  });

  test("the report names the entry, both numbers and the bound", () => {
    const f = (x: Value) => x.square().sum().sub(x.detach().sum());
    expect(String(checkGradients((x) => f(x), [value([1, 2], "x")]))).toMatch(
      /^2 of 2 entries are wrong:\n {2}x\[0\]: autodiff 2, numeric 1\.0000000\d+ ± .*e-\d+\n/,
    );
    expect(checkGradients((x) => f(x), [3]).toText({ language: "es" })).toContain("1 de 1 entrada está mal");
  });

  test("of one entry is told of in the singular", () => {
    const check = checkGradients((x) => x.square(), [3]);
    expect(check.toText()).toBe("1 entry checked against numeric derivatives: all right.");
    expect(check.toText({ language: "es" })).toBe("1 entrada comparada con derivadas numéricas: correcta.");
  });

  test("is what console.log shows, as that of derivations by hand and an explanation are", () => {
    const w = value(3, "w");
    const L = w.square().named("L");
    for (const report of [checkGradients((x) => x.square(), [3]), compareGradients(L, { w: "2*w" }), explain(L, w)])
      expect(inspect(report)).toBe(String(report));
  });
});

describe("kinks raise no false alarm", () => {
  test.each<[string, (x: Value) => Value]>([
    ["relu at 0", (x) => relu(x.sub(1)).sum()],
    ["abs at 0", (x) => x.sub(1).abs().sum()],
    ["a tie of maximum", (x) => maximum(x, 1).sum()],
    ["a tie of max", (x) => x.max()],
    ["the norm at 0", (x) => x.sub(1).norm()],
    ["leakyRelu at 0", (x) => x.sub(1).leakyRelu().sum()],
  ])("%s", (_name, f) => {
    const report = checkGradients(f, [array([1, 1, 1])]);
    expect(String(report)).toMatch(/^3 entries checked .*right/);
    expect(report.kinks.length).toBeGreaterThan(0);
  });

  test("near a kink too", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e-3, max: 1e-3, noNaN: true }), (x) => {
          expect(checkGradients((v) => relu(v).mul(3), [x]).passed).toBe(true);
        }),
      { numRuns: 200, seed: 2 },
    ); // prettier-ignore
  });

  test("a slope outside both sides is wrong", () => {
    const f = (x: Value) => relu(x).add(x.mul(-1.5)).add(x.detach().mul(1.5));
    const report = checkGradients((x) => f(x), [0]);
    expect(report.entries[0]).toMatchObject({ passed: false });
    expect(report.entries[0]!.slopes!.map((s) => Math.round(s * 1e6) / 1e6)).toEqual([0, 1]);
  });
});

test("a function that gives no number is refused", () => {
  expect(() => checkGradients((x) => x, [[1, 2]])).toThrow("checkGradients: f must give one number, got shape [2]; take .sum() or .mean()");
  expect(() => checkGradients((x) => x, 3 as never)).toThrow("checkGradients: the second operand is the list of arguments of f, as [x, w]");
});

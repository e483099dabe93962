/** Numeric derivatives hold what they certify: for every function of the table, and where it is hard. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { numericDerivative, oneSidedSlopes, taylorOrder } from "../../src/check/numeric.ts";
import { pointwisePrimitives } from "../../src/ops/primitive.ts";
import { numbers } from "../../src/ops/tensors.ts";

const smooth = Object.entries(pointwisePrimitives).filter(([, { row }]) => row.partials.length === 1 && row.kink === undefined);

describe.each(smooth)("%s", (_name, { row, forward }) => {
  test("its derivative lies within the bound, and the bound is small", () => {
    const [low, high] = row.domain[0]!;
    const partial = row.partials[0] as (m: typeof numbers, x: number, y: number) => number;
    fc.assert(
      fc.property(fc.double({ min: low, max: high, noNaN: true }), (x) => {
        const { value, bound } = numericDerivative(forward, x);
        const exact = partial(numbers, x, forward(x));
        expect(Math.abs(value - exact)).toBeLessThanOrEqual(bound + 1e-12 * Math.abs(exact) + 1e-200);
        expect(bound).toBeLessThanOrEqual(1e-7 * Math.max(1, Math.abs(exact)));
      }),
      { numRuns: 25, seed: 1 },
    );
  });
});

describe("where it is hard", () => {
  test("the step shrinks until the function is finite beside x", () => {
    const { value, bound } = numericDerivative(Math.log, 1e-6);
    expect(Math.abs(value - 1e6)).toBeLessThanOrEqual(bound);
    expect(bound).toBeLessThan(1);
    expect(numericDerivative(Math.sqrt, 1e-12).value).toBeCloseTo(5e5, 1);
  });

  test("a gradient of 1e-9 is known to many digits beside a function of size 1", () => {
    const { value, bound } = numericDerivative((x) => Math.cos(1) + 1e-9 * x, 2);
    expect(Math.abs(value - 1e-9)).toBeLessThanOrEqual(bound);
    expect(bound).toBeLessThan(1e-13);
  });

  test("a large or a tiny x has a step of its own size", () => {
    expect(numericDerivative((x) => x * x, 1e8).value / 2e8).toBeCloseTo(1, 8);
    expect(numericDerivative((x) => x * x, 1e-8).value / 2e-8).toBeCloseTo(1, 5);
  });

  test("a function that is finite nowhere certifies nothing", () => {
    expect(numericDerivative(() => NaN, 1)).toEqual({ value: NaN, bound: Infinity });
  });

  test("both slopes of a kink are found", () => {
    const { left, right } = oneSidedSlopes((x) => Math.max(x, 3 * x) + Math.exp(x), 0);
    expect(left.value).toBeCloseTo(2, 6);
    expect(right.value).toBeCloseTo(4, 6);
  });

  test("beside a kink the bound does not lie", () => {
    for (const x of [1e-2, 1e-3, 1e-4, -1e-3]) {
      const { value, bound } = numericDerivative(Math.abs, x);
      expect(Math.abs(value - Math.sign(x))).toBeLessThanOrEqual(bound + 1e-9);
    }
  });
});

test("the remainder of the Taylor polynomial falls fourfold when the step halves, twofold where the slope is wrong", () => {
  const f = (h: number) => Math.exp(Math.sin(1 + h));
  const slope = Math.exp(Math.sin(1)) * Math.cos(1);
  expect(taylorOrder(f, slope)).toBeCloseTo(2, 1);
  expect(taylorOrder(f, slope * 1.01)).toBeLessThan(1.5);
  expect(taylorOrder((h) => 3 * h, 3)).toBeUndefined();
});

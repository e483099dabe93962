import { describe, expect, test } from "vitest";
import { firstNonFinite, log, value, where } from "../../src/index.ts";

describe("firstNonFinite", () => {
  test("names who made it, not who passed it on", () => {
    const x = value([1, 0, -1], "x");
    const loss = x.log().named("logs").mul(2).sum();
    expect(firstNonFinite(loss)).toMatchObject({ phase: "forward", index: [1], value: -Infinity });
    expect(firstNonFinite(loss)?.message).toBe('log made -Infinity from finite numbers in "logs" at [1]');
    expect(firstNonFinite(value([[1, NaN]], "data").sum())?.message).toBe('"data" was given as NaN at [0, 1]');
    expect(firstNonFinite(value(1e308).mul(10).sub(1))?.message).toBe("mul made Infinity from finite numbers");
  });

  test("finds what the sweep makes where every value is finite", () => {
    const x = value(0, "x");
    const found = firstNonFinite(x.sqrt().mul(3));
    expect(found).toMatchObject({ phase: "backward", node: { op: "sqrt" }, input: x, index: [], value: Infinity });
    expect(found?.message).toBe('sqrt handed Infinity back to "x", where a finite gradient had arrived');
    const y = value(0.5, "y");
    expect(firstNonFinite(y.mul(1e308).add(y.mul(1e308)))?.message).toBe(
      'the gradients that arrived at "y" were finite and add up to Infinity',
    );
    expect(x.hasGrad).toBe(false);
  });

  test("finds nothing where nothing is, not even behind a branch that was not taken", () => {
    const x = value([1, 2], "x");
    expect(firstNonFinite(x.exp().sum())).toBeUndefined();
    expect(firstNonFinite(x)).toBeUndefined();
    expect(firstNonFinite(x.log(), [1, 1])).toBeUndefined();
    const z = value([0.5, 0.1], "z");
    expect(firstNonFinite(where([1, 0], log(z), 0).sum())).toBeUndefined();
  });
});

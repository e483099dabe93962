/**
 * The one place where tests state tolerances. `expect(x).toBeClose(y)` compares numbers, lists, arrays and values: shapes exactly,
 * entries to so many units of 2⁻⁵² of the larger of the expected entry and `scale`. NaN is close to NaN, ∞ to itself.
 */
import { expect } from "vitest";
import { entriesOf, shapeOf, toTensor, type Tensor } from "../src/array/ndarray.ts";
import { formatShape, isSameShape } from "../src/array/shape.ts";
import { Value } from "../src/graph/value.ts";

export const unit = 2 ** -52;

/** How well two ways of computing a thing must agree. */
export const tolerance = {
  /** Two formulas for one number at ordinary inputs. */
  ordinary: 64,
  /** In the tails of a function, and at 1e±300. */
  tail: 1e4,
  /** Sums of many terms that may cancel; programs of many operations. */
  program: 1e5,
  /** Against differences of the function. */
  numeric: 1e7,
} as const;

export interface Closeness {
  /** Units of 2⁻⁵² that entries may be apart. */
  readonly units?: number;
  /** Entries smaller than this are compared as if they were this large; 0 for purely relative. */
  readonly scale?: number;
}

const asTensor = (x: unknown): Tensor => (x instanceof Value ? (x as Value).payload : toTensor("toBeClose", x));

/** The distance of two numbers in units of 2⁻⁵² of the second. */
export function distance(got: number, expected: number, scale = 0): number {
  if (Object.is(got, expected) || got === expected || (Number.isNaN(got) && Number.isNaN(expected))) return 0;
  if (!Number.isFinite(got) || !Number.isFinite(expected)) return Infinity;
  return Math.abs(got - expected) / Math.max(Math.abs(expected) * unit, scale * unit, Number.MIN_VALUE);
}

expect.extend({
  toBeClose(received: unknown, expected: unknown, { units = tolerance.ordinary, scale = 0 }: Closeness = {}) {
    const [got, wanted] = [asTensor(received), asTensor(expected)];
    if (!isSameShape(shapeOf(got), shapeOf(wanted)))
      return { pass: false, message: () => `shape ${formatShape(shapeOf(got))} where ${formatShape(shapeOf(wanted))} is expected` };
    const [p, q] = [entriesOf(got), entriesOf(wanted)];
    const worst = p.findIndex((x, i) => !(distance(x, q[i]!, scale) <= units));
    const apart = worst < 0 ? 0 : distance(p[worst]!, q[worst]!, scale);
    return {
      pass: worst < 0,
      message: () => `entry ${worst} is ${p[worst]}, expected ${q[worst]}: ${apart.toPrecision(3)} units of 2^-52 apart, allowed ${units}`,
    };
  },
});

declare module "vitest" {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any, @typescript-eslint/no-unused-vars -- as vitest declares it
  interface Matchers<T = any> {
    toBeClose(expected: unknown, closeness?: Closeness): void;
  }
}

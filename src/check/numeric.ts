/**
 * Numeric derivatives that certify themselves, at any x: Ridders' method from several first steps, scaled by |x|, of which the one
 * that is surest counts; slopes from one side, and the order of a Taylor remainder.
 */
import { centralDerivative, quotient, ridders, type NumericDerivative } from "../ops/numeric-derivative.ts";

/** First steps, in units of max(|x|, 1) or of |x|: a kink nearby asks for small ones, rounding for large ones. */
const firstSteps = [0.1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7] as const;
const goodEnough = 1e-10;

/**
 * f′(x) by Ridders' method, from the first step whose bound is small, or else the one whose bound is smallest.
 *
 * @example
 * const { value: slope, bound } = numericDerivative(Math.exp, 1);
 * Math.abs(slope - Math.E) <= bound; // → true
 */
export function numericDerivative(f: (x: number) => number, x: number): NumericDerivative {
  return best(x, (step) => centralDerivative(f, x, step));
}

/**
 * The slopes from the left and from the right, for places where they differ.
 *
 * @example
 * const { left, right } = oneSidedSlopes(Math.abs, 0);
 * [left.value, right.value]; // → [ -1, 1 ]
 */
export function oneSidedSlopes(
  f: (x: number) => number,
  x: number,
): { readonly left: NumericDerivative; readonly right: NumericDerivative } {
  const here = f(x);
  const side = (sign: 1 | -1) => best(x, (step) => ridders((h) => quotient(f(x + sign * h) - here, sign * h, here), step, 1));
  return { left: side(-1), right: side(1) };
}

function best(x: number, attempt: (step: number) => NumericDerivative): NumericDerivative {
  let found: NumericDerivative = { value: NaN, bound: Infinity };
  const scales = Math.abs(x) > 1e-100 && Math.abs(x) < 0.1 ? [1, Math.abs(x)] : [Math.max(1, Math.abs(x))];
  for (const scale of scales)
    for (const step of firstSteps) {
      const next = attempt(step * scale);
      if (next.bound < found.bound) found = next;
      if (found.bound <= goodEnough * Math.abs(found.value)) return found;
    }
  return found;
}

/**
 * By what power of the step the remainder |f(x + h) − f(x) − h·slope| falls: 2 where the slope is right, 1 where it is wrong.
 * Undefined where the remainder is rounding already.
 */
export function taylorOrder(f: (h: number) => number, slope: number, first = 0.02): number | undefined {
  const here = f(0);
  const orders: number[] = [];
  let before = NaN;
  for (let k = 0, h = first; k < 8; k++, h /= 2) {
    const remainder = Math.abs(f(h) - here - h * slope);
    if (!(remainder > 100 * Number.EPSILON * Math.max(Math.abs(here), Math.abs(h * slope)))) break;
    if (k > 0) orders.push(Math.log2(before / remainder));
    before = remainder;
  }
  return orders.length < 2 ? undefined : orders.sort((a, b) => a - b)[orders.length >> 1];
}

/**
 * Numeric derivatives that certify themselves. Ridders' method extrapolates central differences of shrinking steps to step 0 and
 * knows from its own tableau how far off it may be (C. Ridders, Advances in Engineering Software 4, 1982); the step is scaled by
 * |x|, and shrunk where the function is not finite beside x.
 */

/** A derivative and how far it may be off. */
export interface NumericDerivative {
  readonly value: number;
  /** The true derivative lies within this of `value`. Infinity where nothing could be found. */
  readonly bound: number;
}

const shrink = 1.4;
const rows = 10;
/** Where the tableau gets worse by this, smaller steps only bring rounding. */
const worse = 2;
const rounding = 2 ** -52;
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
  return best(x, (step) => ridders((h) => central(f, x, h), step, 2));
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

/** A difference quotient, and the rounding of its numerator over its step. */
interface Quotient {
  readonly slope: number;
  readonly rounding: number;
}

const quotient = (difference: number, step: number, size: number): Quotient => ({
  slope: difference / step,
  rounding: Math.abs((rounding * Math.max(Math.abs(size), Math.abs(difference))) / step),
});

function central(f: (x: number) => number, x: number, h: number): Quotient {
  // x + h is rounded; the difference of the two places is what was really stepped.
  const [up, down] = [x + h, x - h];
  const [above, below] = [f(up), f(down)];
  return quotient(above - below, up - down, Math.max(Math.abs(above), Math.abs(below)));
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

/** Extrapolates slopes(h) to h = 0; the error of a slope goes with h^order, h^(2·order), … */
function ridders(slopes: (h: number) => Quotient, first: number, order: 1 | 2): NumericDerivative {
  let h = first;
  let start = slopes(h);
  for (let k = 0; k < 60 && !Number.isFinite(start.slope); k++) start = slopes((h /= 2));
  if (!Number.isFinite(start.slope)) return { value: NaN, bound: Infinity };
  let found: NumericDerivative = { value: NaN, bound: Infinity };
  let previous = [start.slope];
  for (let row = 1; row < rows; row++) {
    h /= shrink;
    const next = slopes(h);
    const current = extrapolated(previous, next.slope, shrink ** order);
    for (let k = 1; k <= row; k++) {
      const error = Math.max(Math.abs(current[k]! - current[k - 1]!), Math.abs(current[k]! - previous[k - 1]!)) + 4 * next.rounding;
      if (error < found.bound) found = { value: current[k]!, bound: error };
    }
    if (Math.abs(current[row]! - previous[row - 1]!) >= worse * found.bound) break;
    previous = current;
  }
  return found;
}

/** One row of Neville's tableau. */
function extrapolated(previous: readonly number[], slope: number, ratio: number): number[] {
  const row = [slope];
  let factor = ratio;
  for (const before of previous) {
    row.push((row[row.length - 1]! * factor - before) / (factor - 1));
    factor *= ratio;
  }
  return row;
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
    if (!(remainder > 100 * rounding * Math.max(Math.abs(here), Math.abs(h * slope)))) break;
    if (k > 0) orders.push(Math.log2(before / remainder));
    before = remainder;
  }
  return orders.length < 2 ? undefined : orders.sort((a, b) => a - b)[orders.length >> 1];
}

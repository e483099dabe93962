/**
 * Numeric derivatives that know how far off they may be: difference quotients of shrinking steps, extrapolated to step 0, tell by
 * their own tableau what is left of the error (C. Ridders, Advances in Engineering Software 4, 1982).
 */

/** A derivative and how far it may be off. */
export interface NumericDerivative {
  readonly value: number;
  /** The true derivative lies within this of `value`. Infinity where nothing could be found. */
  readonly bound: number;
}

/** A difference quotient, and the rounding of its numerator over its step. */
export interface Quotient {
  readonly slope: number;
  readonly rounding: number;
}

/** @param size of the numbers whose difference it is. */
export const quotient = (difference: number, step: number, size: number): Quotient => ({
  slope: difference / step,
  rounding: Math.abs((Number.EPSILON * Math.max(Math.abs(size), Math.abs(difference))) / step),
});

function centralQuotient(f: (x: number) => number, x: number, h: number): Quotient {
  // x + h is rounded; the difference of the two places is what was really stepped.
  const [up, down] = [x + h, x - h];
  const [above, below] = [f(up), f(down)];
  return quotient(above - below, up - down, Math.max(Math.abs(above), Math.abs(below)));
}

/** f′(x) by central differences, from steps of `width` downwards; nothing is asked outside [x − width, x + width]. */
export const centralDerivative = (f: (x: number) => number, x: number, width: number): NumericDerivative =>
  ridders((h) => centralQuotient(f, x, h), width, 2);

const shrink = 1.4;
const rows = 10;
/** Where the tableau gets worse by this, smaller steps only bring rounding. */
const worse = 2;

/** Extrapolates quotients(h) to h = 0; the error of one goes with h^order, h^(2·order), … */
export function ridders(quotients: (h: number) => Quotient, first: number, order: 1 | 2): NumericDerivative {
  let h = first;
  let start = quotients(h);
  for (let k = 0; k < 60 && !Number.isFinite(start.slope); k++) start = quotients((h /= 2));
  if (!Number.isFinite(start.slope)) return { value: NaN, bound: Infinity };
  let found: NumericDerivative = { value: NaN, bound: Infinity };
  let previous = [start.slope];
  for (let row = 1; row < rows; row++) {
    h /= shrink;
    const next = quotients(h);
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

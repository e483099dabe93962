/**
 * Numeric derivatives of functions of a number, by central differences extrapolated to step 0 (Richardson's scheme as Ridders,
 * 1982, has it): the estimate comes with its own error.
 */
export interface Slope {
  readonly value: number;
  /** How far off the value may be; Infinity where nothing could be said. */
  readonly error: number;
}

const shrink = 1.4;
const columns = 10;

/** f′(x), from steps of `width` downwards; the function must be defined on [x − width, x + width]. */
export function numericDerivative(f: (x: number) => number, x: number, width: number): Slope {
  let best: Slope = { value: NaN, error: Infinity };
  let before: number[] = [];
  for (let i = 0, h = width; i < columns; i++, h /= shrink) {
    const row = [(f(x + h) - f(x - h)) / (x + h - (x - h))];
    let factor = shrink ** 2;
    for (let j = 1; j <= i; j++, factor *= shrink ** 2) {
      row[j] = (row[j - 1]! * factor - before[j - 1]!) / (factor - 1);
      const error = Math.max(Math.abs(row[j]! - row[j - 1]!), Math.abs(row[j]! - before[j - 1]!));
      if (error < best.error) best = { value: row[j]!, error };
    }
    before = row;
  }
  return best;
}

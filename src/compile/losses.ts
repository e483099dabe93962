/** The losses of a run: the array that takes them, and whether all are finite. */
import { describe } from "../array/shape.ts";

/** What takes the losses of so many steps: the caller's array, or a new one, whose memory the system takes its time to give. */
export function lossesOf(steps: number, given: Float64Array | undefined): Float64Array {
  if (!Number.isInteger(steps) || steps < 0)
    throw new RangeError(`run: the number of steps is a whole number from 0, got ${describe(steps)}`);
  const losses: unknown = given ?? roomFor(steps);
  if (!(losses instanceof Float64Array)) throw new TypeError(`run: losses are put into a Float64Array, got ${describe(losses)}`);
  if (losses.length !== steps)
    throw new RangeError(`run: losses has ${losses.length} entries for ${steps} steps; give an array of ${steps}, or none`);
  return losses;
}

function roomFor(steps: number): Float64Array {
  try {
    return new Float64Array(steps);
  } catch {
    throw new RangeError(`run: this host has no array for the losses of ${steps} steps; run fewer steps at a time`);
  }
}

/** 0 · x is 0 where x is finite, NaN elsewhere. Four sums, for one would wait for itself. */
export function allFinite(losses: Float64Array): boolean {
  let [a, b, c, d] = [0, 0, 0, 0];
  const rest = losses.length % 4;
  for (let i = 0; i < rest; i++) a += 0 * losses[i]!;
  for (let i = rest; i < losses.length; i += 4) {
    a += 0 * losses[i]!;
    b += 0 * losses[i + 1]!;
    c += 0 * losses[i + 2]!;
    d += 0 * losses[i + 3]!;
  }
  return a + b + c + d === 0;
}

/** Time, as values know it: what was computed before what was written, and what the last sweep left. */
import type { Tensor } from "../array/ndarray.ts";

/**
 * The clock of writes and sweeps. It stamps every value when it is computed and whenever a sweep passes it, and every leaf when
 * it is written; a leaf younger than a value computed from it means that the record is stale.
 */
let clock = 0;

/** A moment of the clock: when values were made, or a sweep, and then the gradients that it left, by place in its order. */
export interface Moment {
  readonly clock: number;
  gradients: Float64Array | readonly (Tensor | undefined)[] | null;
}

const momentOf = (time: number): Moment => ({ clock: time, gradients: null });

let present = momentOf(clock);

/** The moment that values made now are stamped with; those before the next write or sweep share it. */
export const now = (): Moment => present;

export function tick(): number {
  present = momentOf(++clock);
  return clock;
}

/** A moment for a sweep that begins now. */
export const sweepMoment = (): Moment => momentOf(tick());

/** The stamp of values that take no gradient: a sweep never visits them. */
export const never = momentOf(-1);

/** The numbers that somebody chooses: each with its allowed range, checked when it is given and whenever it is changed. */
import { describe } from "../array/shape.ts";

interface Range {
  readonly allows: (x: number) => boolean;
  readonly words: string;
}

const fromZero: Range = { allows: (x) => x >= 0 && x < Infinity, words: "a finite number from 0" };
const belowOne: Range = { allows: (x) => x >= 0 && x < 1, words: "a number from 0 to below 1" };

export const ranges = {
  learningRate: fromZero,
  weightDecay: fromZero,
  epsilon: fromZero,
  momentum: belowOne,
  decay: belowOne,
  beta1: belowOne,
  beta2: belowOne,
  epochs: { allows: (x) => Number.isSafeInteger(x) && x >= 0, words: "a whole number from 0" },
  batchSize: { allows: (x) => Number.isSafeInteger(x) && x >= 1, words: "a whole number from 1" },
  every: { allows: (x) => Number.isSafeInteger(x) && x >= 1, words: "a whole number from 1" },
  steps: { allows: (x) => Number.isSafeInteger(x) && x >= 1, words: "a whole number from 1" },
  factor: { allows: (x) => x > 0 && x <= 1, words: "a number above 0, at most 1" },
  final: fromZero,
  noise: fromZero,
} as const satisfies Record<string, Range>;

export type Ranged = keyof typeof ranges;

/** @throws RangeError naming the number, its range and what was given. */
export function checkRange(operation: string, name: Ranged, x: unknown): asserts x is number {
  const { allows, words } = ranges[name];
  if (typeof x !== "number" || !allows(x)) throw new RangeError(`${operation}: ${name} is ${words}, got ${describe(x)}`);
}

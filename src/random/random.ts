/** What initialisers, data sets and shuffling need of a seeded stream, whosever draws it repeats. */
import { describe } from "../array/shape.ts";
import type { TwisterState } from "./mersenne-twister.ts";

export interface RandomState extends TwisterState {
  /** The second of a pair of normal draws, kept for the next call. */
  readonly spare: number | null;
}

/** A seeded stream of random numbers: `numpyRandom(seed)` or `pythonRandom(seed)`. */
export interface Random {
  /** One number of [low, high). */
  uniform(low?: number, high?: number): number;
  /** One number of the standard normal distribution. */
  normal(): number;
  /** 0 … n − 1 in random order. */
  permutation(n: number): number[];
  /** Where the stream stands; setting it resumes there, to the bit. */
  state: RandomState;
}

/** @throws RangeError for a seed that is not a whole number in [0, 2³²). */
export function checkSeed(operation: string, seed: unknown): asserts seed is number {
  if (typeof seed !== "number" || !Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32)
    throw new RangeError(`${operation}: a seed is a whole number from 0 to 2^32 − 1, got ${describe(seed)}`);
}

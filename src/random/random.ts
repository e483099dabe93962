/** What initialisers, data sets and shuffling need of a seeded stream, whosever draws it repeats. */
import { describe } from "../array/shape.ts";
import { twisterSize, type TwisterState } from "./mersenne-twister.ts";

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

/** @throws TypeError for what is no stream; where none is given there is nothing to refuse. */
export function checkRandom(operation: string, random: unknown): void {
  if (random === undefined) return;
  const { uniform, normal, permutation } = (random ?? {}) as Partial<Random>;
  if ([uniform, normal, permutation].some((draw) => typeof draw !== "function"))
    throw new TypeError(`${operation}: random is a stream such as numpyRandom(0), got ${describe(random)}`);
}

/** @throws TypeError or RangeError for what is not where a stream of this library stood. */
export function checkState(operation: string, state: unknown): asserts state is RandomState {
  const { words, index, spare } = (state ?? {}) as Partial<Record<keyof RandomState, unknown>>;
  const isWord = (x: unknown): boolean => typeof x === "number" && x >>> 0 === x;
  const isState =
    Array.isArray(words) && words.length === twisterSize && words.every(isWord) && isWord(index) && (index as number) <= twisterSize;
  if (!isState || (spare !== null && typeof spare !== "number"))
    throw new TypeError(
      `${operation}: takes a state that was read from a stream, { words, index, spare } with ${twisterSize} words of 32 bits`,
    );
}

/** @throws RangeError for bounds that are no finite numbers, or further apart than numbers go: infinities and NaN would be drawn. */
export function checkBounds(operation: string, low: unknown, high: unknown): void {
  if (typeof low !== "number" || typeof high !== "number" || !Number.isFinite(high - low))
    throw new RangeError(
      `${operation}: low and high are finite numbers less than 1.8e308 apart, got ${describe(low)} and ${describe(high)}`,
    );
}

/** @throws TypeError for what is no list. */
export function checkList(operation: string, list: unknown): void {
  if (!Array.isArray(list) && !ArrayBuffer.isView(list))
    throw new TypeError(`${operation}: takes a list, which it shuffles in place, got ${describe(list)}`);
}

/** @throws RangeError for a seed that is not a whole number in [0, 2³²). */
export function checkSeed(operation: string, seed: unknown): asserts seed is number {
  if (typeof seed !== "number" || !Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32)
    throw new RangeError(`${operation}: a seed is a whole number from 0 to 2^32 − 1, got ${describe(seed)}`);
}

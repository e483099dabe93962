/** Python's `random`, draw for draw: micrograd's networks start from it. */
import { checkShape, describe } from "../array/shape.ts";
import { MersenneTwister } from "./mersenne-twister.ts";
import { checkBounds, checkList, checkState, type Random, type RandomState } from "./random.ts";
import { checkDraw, streamNumber } from "./traced-draws.ts";

/**
 * @throws RangeError for a seed that is not a whole number within ±(2⁵³ − 1).
 * @example
 * pythonRandom(1337).uniform(-1, 1); // random.seed(1337); random.uniform(-1, 1)
 */
export const pythonRandom = (seed: number): PythonRandom => new PythonRandom(seed);

export class PythonRandom implements Random {
  readonly #seed: number;
  readonly #number = streamNumber();
  readonly #twister: MersenneTwister;
  #spare: number | null = null;

  constructor(seed: number) {
    if (typeof seed !== "number" || !Number.isSafeInteger(seed))
      throw new RangeError(`pythonRandom: a seed is a whole number within ±(2^53 − 1), got ${describe(seed)}`);
    this.#seed = seed;
    this.#twister = MersenneTwister.fromArray(wordsOf(Math.abs(seed)));
  }

  /** What everything is drawn from. */
  get #source(): MersenneTwister {
    checkDraw("pythonRandom", this.#seed, this.#number);
    return this.#twister;
  }

  get state(): RandomState {
    return { ...this.#source.state, spare: this.#spare };
  }

  set state(state: RandomState) {
    checkState("pythonRandom", state);
    const { spare, ...twister } = state;
    this.#source.state = twister;
    this.#spare = spare;
  }

  /** One number of [0, 1). */
  random(): number {
    return this.#source.double();
  }

  uniform(low = 0, high = 1): number {
    checkBounds("uniform", low, high);
    return low + (high - low) * this.random();
  }

  /** A normal draw, by Box and Muller: two at a time, the second kept. */
  gauss(mean = 0, deviation = 1): number {
    if (typeof mean !== "number" || typeof deviation !== "number")
      throw new TypeError(`gauss: mean and deviation are numbers, got ${describe(mean)} and ${describe(deviation)}`);
    const source = this.#source;
    let z = this.#spare;
    this.#spare = null;
    if (z === null) {
      const angle = source.double() * 2 * Math.PI;
      const radius = Math.sqrt(-2 * Math.log(1 - source.double()));
      z = Math.cos(angle) * radius;
      this.#spare = Math.sin(angle) * radius;
    }
    return mean + z * deviation;
  }

  normal(): number {
    return this.gauss();
  }

  /** A whole number from `low` to `high`, both included. */
  randint(low: number, high: number): number {
    if (!Number.isInteger(low) || !Number.isInteger(high) || high < low || high - low >= 2 ** 32)
      throw new RangeError(`randint: needs whole numbers low ≤ high, less than 2^32 apart, got ${describe(low)} and ${describe(high)}`);
    return low + this.#below(high - low + 1);
  }

  permutation(n: number): number[] {
    checkShape("permutation", [n]);
    return this.shuffle(Array.from({ length: n }, (_, i) => i));
  }

  /** Shuffles in place and returns the list. */
  shuffle<T>(list: T[]): T[] {
    checkList("shuffle", list);
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.#below(i + 1);
      [list[i], list[j]] = [list[j]!, list[i]!];
    }
    return list;
  }

  /** 0 … n − 1 from as many top bits as n has, until one is below n. */
  #below(n: number): number {
    const bits = n >= 2 ** 32 ? 33 : 32 - Math.clz32(n);
    for (;;) {
      const draw = bits <= 32 ? this.#source.uint32() >>> (32 - bits) : this.#source.uint32() + 2 ** 32 * (this.#source.uint32() >>> 31);
      if (draw < n) return draw;
    }
  }
}

/** The seed in 32-bit words, lowest first. */
function wordsOf(seed: number): number[] {
  const [low, high] = [seed >>> 0, Math.floor(seed / 2 ** 32)];
  return high === 0 ? [low] : [low, high];
}

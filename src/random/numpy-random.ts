/**
 * NumPy's legacy generator, `np.random.seed(seed)` and what follows it, so that a run printed from NumPy can be
 * repeated: raw draws, uniform, permutation, shuffle and randint bit for bit; `randn` to 2 units in the last place.
 */
import { tensor, type Tensor } from "../array/ndarray.ts";
import { checkShape, describe, sizeOf, type Shape } from "../array/shape.ts";
import { MersenneTwister } from "./mersenne-twister.ts";
import { checkBounds, checkList, checkSeed, checkState, type Random, type RandomState } from "./random.ts";
import { checkDraw, streamNumber } from "./traced-draws.ts";

/**
 * @throws RangeError for a seed outside [0, 2³²).
 * @example
 * numpyRandom(42).randn(2, 3); // np.random.seed(42); np.random.randn(2, 3)
 */
export const numpyRandom = (seed: number): NumpyRandom => new NumpyRandom(seed);

export class NumpyRandom implements Random {
  readonly #seed: number;
  readonly #number = streamNumber();
  readonly #twister: MersenneTwister;
  #spare: number | null = null;

  constructor(seed: number) {
    checkSeed("numpyRandom", seed);
    this.#seed = seed;
    this.#twister = MersenneTwister.fromNumber(seed);
  }

  /** What everything is drawn from. */
  get #source(): MersenneTwister {
    checkDraw("numpyRandom", this.#seed, this.#number);
    return this.#twister;
  }

  get state(): RandomState {
    return { ...this.#source.state, spare: this.#spare };
  }

  set state(state: RandomState) {
    checkState("numpyRandom", state);
    const { spare, ...twister } = state;
    this.#source.state = twister;
    this.#spare = spare;
  }

  /** The next 32 bits as they leave the twister. */
  uint32(): number {
    return this.#source.uint32();
  }

  /** Numbers of [low, high): one, or as many as `shape` asks for. */
  uniform(low?: number, high?: number): number;
  uniform(low: number, high: number, shape: Shape | number): Tensor;
  uniform(low = 0, high = 1, shape: Shape | number = []): Tensor {
    checkBounds("uniform", low, high);
    return filled("uniform", shape, () => low + (high - low) * this.#source.double());
  }

  /** Marsaglia's polar method: two draws at a time, the second kept. */
  normal(): number {
    const source = this.#source;
    if (this.#spare !== null) {
      const spare = this.#spare;
      this.#spare = null;
      return spare;
    }
    for (;;) {
      const x1 = 2 * source.double() - 1;
      const x2 = 2 * source.double() - 1;
      const r2 = x1 * x1 + x2 * x2;
      if (r2 >= 1 || r2 === 0) continue;
      const f = Math.sqrt((-2 * Math.log(r2)) / r2);
      this.#spare = f * x1;
      return f * x2;
    }
  }

  /** Numbers of [0, 1), of this shape; one number without a shape. */
  rand(...shape: number[]): Tensor {
    return filled("rand", shape, () => this.#source.double());
  }

  /** Standard normal numbers, of this shape; one number without a shape. */
  randn(...shape: number[]): Tensor {
    return filled("randn", shape, () => this.normal());
  }

  /** Whole numbers of [low, high), of this shape; `randint(n)` draws below n. */
  randint(low: number, high?: number | null, shape: Shape | number = []): Tensor {
    const [from, to] = high === undefined || high === null ? [0, low] : [low, high];
    if (!Number.isInteger(from) || !Number.isInteger(to) || to <= from || to - from > 2 ** 32)
      throw new RangeError(`randint: needs whole numbers low < high, at most 2^32 apart, got ${describe(from)} and ${describe(to)}`);
    return filled("randint", shape, () => from + this.#upTo(to - from - 1));
  }

  permutation(n: number): number[] {
    checkShape("permutation", [n]);
    return this.shuffle(Array.from({ length: n }, (_, i) => i));
  }

  /** Shuffles in place, by Fisher and Yates from the end, and returns the list. */
  shuffle<T>(list: T[]): T[] {
    checkList("shuffle", list);
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.#upTo(i);
      [list[i], list[j]] = [list[j]!, list[i]!];
    }
    return list;
  }

  /** 0 … max by masked rejection, as NumPy's `random_interval` and bounded `randint`; of one number nothing is drawn. */
  #upTo(max: number): number {
    if (max === 0) return 0;
    const mask = 2 ** (32 - Math.clz32(max)) - 1;
    for (;;) {
      const draw = (this.#source.uint32() & mask) >>> 0;
      if (draw <= max) return draw;
    }
  }
}

function filled(operation: string, size: Shape | number, draw: () => number): Tensor {
  const shape = typeof size === "number" ? [size] : size;
  checkShape(operation, shape);
  if (shape.length === 0) return draw();
  const values = new Float64Array(sizeOf(shape));
  for (let i = 0; i < values.length; i++) values[i] = draw();
  return tensor(Array.from(shape), values);
}

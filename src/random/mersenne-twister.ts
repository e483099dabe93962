/**
 * MT19937, the Mersenne Twister of Matsumoto and Nishimura (1998): the source of both NumPy's legacy stream and
 * Python's `random`. They differ in how they seed it and in what they draw from it.
 */
const size = 624;
/** How many words a state has. */
export const twisterSize = size;
const period = 397;

export interface TwisterState {
  readonly words: readonly number[];
  readonly index: number;
}

export class MersenneTwister {
  #words = new Uint32Array(size);
  #index = size;

  /** Seeds from one 32-bit number (`init_genrand`). */
  static fromNumber(seed: number): MersenneTwister {
    const twister = new MersenneTwister();
    const words = twister.#words;
    words[0] = seed;
    for (let i = 1; i < size; i++) words[i] = Math.imul(1812433253, words[i - 1]! ^ (words[i - 1]! >>> 30)) + i;
    return twister;
  }

  /** Seeds from a list of 32-bit numbers (`init_by_array`). */
  static fromArray(key: readonly number[]): MersenneTwister {
    const twister = MersenneTwister.fromNumber(19650218);
    const words = twister.#words;
    let i = 1;
    const wrap = () => {
      if (++i >= size) {
        words[0] = words[size - 1]!;
        i = 1;
      }
    };
    const mixed = (factor: number) => words[i]! ^ Math.imul(words[i - 1]! ^ (words[i - 1]! >>> 30), factor);
    for (let round = 0; round < Math.max(size, key.length); round++) {
      const j = round % key.length;
      words[i] = mixed(1664525) + key[j]! + j;
      wrap();
    }
    for (let round = 0; round < size - 1; round++) {
      words[i] = mixed(1566083941) - i;
      wrap();
    }
    words[0] = 0x80000000;
    return twister;
  }

  get state(): TwisterState {
    return { words: [...this.#words], index: this.#index };
  }

  set state({ words, index }: TwisterState) {
    this.#words = Uint32Array.from(words);
    this.#index = index;
  }

  /** The next 32 bits. */
  uint32(): number {
    if (this.#index === size) this.#twist();
    let y = this.#words[this.#index++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** The next number of [0, 1) with 53 random bits. */
  double(): number {
    const [high, low] = [this.uint32() >>> 5, this.uint32() >>> 6];
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  #twist(): void {
    const words = this.#words;
    for (let i = 0; i < size; i++) {
      const y = (words[i]! & 0x80000000) | (words[(i + 1) % size]! & 0x7fffffff);
      words[i] = words[(i + period) % size]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#index = 0;
  }
}

/** Writes the body of one WebAssembly function, byte by byte. */
import {
  laneOpcodes,
  memoryOpcodes,
  opcodes,
  shuffle,
  storeLane,
  types,
  vectorConstant,
  type LaneOpcode,
  type MemoryOpcode,
  type Opcode,
  type Type,
} from "./opcodes.ts";

/** A whole number in base 128, the last digit without the high bit. */
export function unsigned(n: number): number[] {
  const bytes: number[] = [];
  let rest = n;
  do {
    const digit = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? digit + 128 : digit);
  } while (rest > 0);
  return bytes;
}

/** A 32-bit integer with its sign, in base 128. */
export function signed(n: number): number[] {
  const bytes: number[] = [];
  let rest = n | 0;
  for (;;) {
    const digit = rest & 127;
    rest >>= 7;
    const isLast = (rest === 0 && (digit & 64) === 0) || (rest === -1 && (digit & 64) !== 0);
    bytes.push(isLast ? digit : digit | 128);
    if (isLast) return bytes;
  }
}

const scratch = new DataView(new ArrayBuffer(8));

/** The eight bytes of a double. */
export function doubleBytes(x: number): number[] {
  scratch.setFloat64(0, x, true);
  return Array.from({ length: 8 }, (_, i) => scratch.getUint8(i));
}

/** The number of a local variable. */
export type Local = number;

/** One function: instructions are appended in the order of the stack machine. */
export class FunctionCode {
  readonly parameters: readonly Type[];
  readonly results: readonly Type[];
  readonly bytes: number[] = [];
  /** What comes before the body. */
  readonly #opening: number[] = [];
  readonly #locals: Type[] = [];

  constructor(parameters: readonly Type[], results: readonly Type[]) {
    this.parameters = parameters;
    this.results = results;
  }

  local(type: Type): Local {
    this.#locals.push(type);
    return this.parameters.length + this.#locals.length - 1;
  }

  op(...names: readonly Opcode[]): this {
    for (const name of names) this.#push(opcodes[name]);
    return this;
  }

  get(local: Local): this {
    return this.#push([0x20, ...unsigned(local)]);
  }

  set(local: Local): this {
    return this.#push([0x21, ...unsigned(local)]);
  }

  tee(local: Local): this {
    return this.#push([0x22, ...unsigned(local)]);
  }

  i32(n: number): this {
    return this.#push([0x41, ...signed(n)]);
  }

  f64(x: number): this {
    return this.#push([0x44, ...doubleBytes(x)]);
  }

  /** A vector of 16 bytes. */
  v128(bytes: readonly number[]): this {
    return this.#push([...vectorConstant, ...bytes]);
  }

  /** A load from, or a store to, the address on the stack plus `offset`. */
  memory(name: MemoryOpcode, offset: number): this {
    const { bytes, align } = memoryOpcodes[name];
    return this.#push([...bytes, align, ...unsigned(offset)]);
  }

  lane(name: LaneOpcode, lane: number): this {
    return this.#push([...laneOpcodes[name], lane]);
  }

  storeLane(type: "f32" | "f64", offset: number, lane: number): this {
    const { bytes, align } = storeLane[type];
    return this.#push([...bytes, align, ...unsigned(offset), lane]);
  }

  /** Bytes of two vectors in a new order. */
  shuffle(order: readonly number[]): this {
    return this.#push([...shuffle, ...order]);
  }

  call(index: number): this {
    return this.#push([0x10, ...unsigned(index)]);
  }

  /** Repeats `body` while it leaves a number other than 0 on the stack. */
  loop(body: () => void): this {
    this.#push([0x03, 0x40]);
    body();
    return this.#push([0x0d, 0, 0x0b]);
  }

  /** Runs `body` where the number on the stack is not 0. */
  when(body: () => void): this {
    this.#push([0x04, 0x40]);
    body();
    return this.#push([0x0b]);
  }

  /** Counts `local` from 0 by `step` up to, not including, `end`; nothing is compared where it runs once. */
  count(local: Local, end: number, step: number, body: () => void): this {
    if (end <= 0) return this;
    this.i32(0).set(local);
    if (end <= step) {
      body();
      return this;
    }
    return this.loop(() => {
      body();
      this.get(local).i32(step).op("i32.add").tee(local).i32(end).op("i32.lt_u");
    });
  }

  /** One of `n` bodies, by the number that `selector` leaves on the stack. */
  cases(n: number, selector: () => void, body: (k: number) => void): this {
    for (let k = 0; k <= n; k++) this.#push([0x02, 0x40]);
    selector();
    this.#push([0x0e, ...unsigned(n - 1)]);
    for (let k = 0; k < n; k++) this.#push(unsigned(k));
    for (let k = 0; k < n; k++) {
      this.#push([0x0b]);
      body(k);
      this.#push([0x0c, ...unsigned(n - 1 - k)]);
    }
    return this.#push([0x0b]);
  }

  /** A vector of memory that is loaded once, before everything else. */
  loadedFirst(address: number): Local {
    const local = this.local("v128");
    const { bytes, align } = memoryOpcodes["v128.load"];
    this.#opening.push(0x41, 0, ...bytes, align, ...unsigned(address), 0x21, ...unsigned(local));
    return local;
  }

  raw(bytes: readonly number[]): this {
    return this.#push(bytes);
  }

  /** The body as it stands in the code section. */
  encoded(): number[] {
    const groups: { type: Type; n: number }[] = [];
    for (const type of this.#locals) {
      const last = groups.at(-1);
      if (last?.type === type) last.n++;
      else groups.push({ type, n: 1 });
    }
    const head = [...unsigned(groups.length), ...groups.flatMap(({ type, n }) => [...unsigned(n), types[type]])];
    const size = unsigned(head.length + this.#opening.length + this.bytes.length + 1);
    return size.concat(head, this.#opening, this.bytes, [0x0b]);
  }

  #push(bytes: readonly number[]): this {
    for (const byte of bytes) this.bytes.push(byte);
    return this;
  }
}

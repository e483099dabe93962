/** Writes the body of one WebAssembly function, byte by byte. */
import { appendSigned, appendUnsigned, doubleBytes, unsigned } from "./number-bytes.ts";
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

const sixteenZeros = new Array<number>(16).fill(0);

/** The number of a local variable. */
export type Local = number;

/** In code that is yet to be placed, address number k stands as k times this, and what lies behind it less far. */
export const addressUnit = 2 ** 20;

/**
 * One function: instructions are appended in the order of the stack machine. Where a program is compiled this is the code that runs
 * most often, and V8 has only begun to interpret it, so bytes are pushed one by one and not put into lists first; where a list is pushed
 * it stands alone, for V8 copies a list with something beside it into another, entry by entry.
 */
export class FunctionCode {
  readonly parameters: readonly Type[];
  readonly results: readonly Type[];
  readonly #body: number[] = [];
  /** What comes before the body. */
  readonly #opening: number[] = [];
  readonly #locals: Type[] = [];
  /** Of each load and store: where in the body its offset begins and ends, and the offset. */
  readonly #offsets: number[] = [];

  constructor(parameters: readonly Type[], results: readonly Type[]) {
    this.parameters = parameters;
    this.results = results;
  }

  /** How many bytes the body has. */
  get size(): number {
    return this.#body.length;
  }

  local(type: Type): Local {
    this.#locals.push(type);
    return this.parameters.length + this.#locals.length - 1;
  }

  op(name: Opcode, ...others: readonly Opcode[]): this {
    this.#body.push(...opcodes[name]);
    if (others.length > 0) for (const other of others) this.#body.push(...opcodes[other]);
    return this;
  }

  get(local: Local): this {
    return this.#indexed(0x20, local);
  }

  set(local: Local): this {
    return this.#indexed(0x21, local);
  }

  tee(local: Local): this {
    return this.#indexed(0x22, local);
  }

  i32(n: number): this {
    this.#body.push(0x41);
    appendSigned(this.#body, n);
    return this;
  }

  f64(x: number): this {
    this.#body.push(0x44);
    this.#body.push(...doubleBytes(x));
    return this;
  }

  /** A vector of 16 bytes. */
  v128(bytes: readonly number[]): this {
    this.#body.push(...vectorConstant);
    this.#body.push(...bytes);
    return this;
  }

  /** A vector of zeros. */
  zeros(): this {
    return this.v128(sixteenZeros);
  }

  /** A load from, or a store to, the address on the stack plus `offset`. */
  memory(name: MemoryOpcode, offset: number): this {
    const { bytes, align } = memoryOpcodes[name];
    this.#body.push(...bytes);
    this.#body.push(align);
    this.#offset(offset);
    return this;
  }

  #offset(offset: number): void {
    const begin = this.#body.length;
    appendUnsigned(this.#body, offset);
    this.#offsets.push(begin, this.#body.length, offset);
  }

  /** The same function with every load and store where the addresses say. */
  placed(addresses: readonly number[]): FunctionCode {
    const placed = new FunctionCode(this.parameters, this.results);
    placed.#locals.push(...this.#locals);
    placed.#opening.push(...this.#opening);
    const [body, to, offsets] = [this.#body, placed.#body, this.#offsets];
    let from = 0;
    for (let i = 0; i < offsets.length; i += 3) {
      for (; from < offsets[i]!; from++) to.push(body[from]!);
      const offset = offsets[i + 2]!;
      appendUnsigned(to, addresses[Math.floor(offset / addressUnit)]! + (offset % addressUnit));
      from = offsets[i + 1]!;
    }
    for (; from < body.length; from++) to.push(body[from]!);
    return placed;
  }

  lane(name: LaneOpcode, lane: number): this {
    this.#body.push(...laneOpcodes[name]);
    this.#body.push(lane);
    return this;
  }

  storeLane(type: "f32" | "f64", offset: number, lane: number): this {
    const { bytes, align } = storeLane[type];
    this.#body.push(...bytes);
    this.#body.push(align);
    this.#offset(offset);
    this.#body.push(lane);
    return this;
  }

  /** Bytes of two vectors in a new order. */
  shuffle(order: readonly number[]): this {
    this.#body.push(...shuffle);
    this.#body.push(...order);
    return this;
  }

  call(index: number): this {
    return this.#indexed(0x10, index);
  }

  /** Repeats `body` while it leaves a number other than 0 on the stack. */
  loop(body: () => void): this {
    this.#body.push(0x03, 0x40);
    body();
    this.#body.push(0x0d, 0, 0x0b);
    return this;
  }

  /** Runs `body`, which may be left early. */
  block(body: () => void): this {
    this.#body.push(0x02, 0x40);
    body();
    this.#body.push(0x0b);
    return this;
  }

  /** Where the number on the stack is not 0, leaves the block, loop or case that is `depth` further out than the innermost. */
  leave(depth: number): this {
    return this.#indexed(0x0d, depth);
  }

  /** Runs `body` where the number on the stack is not 0. */
  when(body: () => void): this {
    this.#body.push(0x04, 0x40);
    body();
    this.#body.push(0x0b);
    return this;
  }

  /** Counts `local` from `begin` by `step` up to, not including, `end`; nothing is compared where it runs once. */
  count(local: Local, end: number, step: number, body: () => void, begin = 0): this {
    if (end <= begin) return this;
    this.i32(begin).set(local);
    if (end - begin <= step) {
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
    for (let k = 0; k <= n; k++) this.#body.push(0x02, 0x40);
    selector();
    this.#indexed(0x0e, n - 1);
    for (let k = 0; k < n; k++) appendUnsigned(this.#body, k);
    for (let k = 0; k < n; k++) {
      this.#body.push(0x0b);
      body(k);
      this.#indexed(0x0c, n - 1 - k);
    }
    this.#body.push(0x0b);
    return this;
  }

  /** 16 bytes that are there before everything else: loaded from memory where they have an address. */
  first(constant: () => readonly number[], address: number | undefined): Local {
    const local = this.local("v128");
    const { bytes, align } = memoryOpcodes["v128.load"];
    if (address === undefined) this.#opening.push(...vectorConstant, ...constant());
    else this.#opening.push(0x41, 0, ...bytes, align, ...unsigned(address));
    this.#opening.push(0x21, ...unsigned(local));
    return local;
  }

  /** The body as it stands in the code section, in pieces. */
  encoded(): readonly (readonly number[])[] {
    const groups: { type: Type; n: number }[] = [];
    for (const type of this.#locals) {
      const last = groups.at(-1);
      if (last?.type === type) last.n++;
      else groups.push({ type, n: 1 });
    }
    const head = [...unsigned(groups.length), ...groups.flatMap(({ type, n }) => [...unsigned(n), types[type]])];
    return [unsigned(head.length + this.#opening.length + this.#body.length + 1), head, this.#opening, this.#body, [0x0b]];
  }

  /** An instruction with the number of a local, a function or a label. */
  #indexed(opcode: number, index: number): this {
    this.#body.push(opcode);
    appendUnsigned(this.#body, index);
    return this;
  }
}

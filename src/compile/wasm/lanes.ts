/**
 * Arithmetic on vectors of lanes inside one function: two doubles or four singles at a time. Every result is bound to a local
 * once, and the same operation on the same operands is the same local, so that what σ and σ′ share is computed once.
 */
import type { PointwisePrimitive } from "../../ops/primitive.ts";
import type { FunctionCode, Local } from "./function.ts";
import { doubleBytes } from "./number-bytes.ts";
import type { MemoryOpcode, Opcode } from "./opcodes.ts";

/** Doubles or singles. */
export type Precision = "f64" | "f32";

/** How many numbers a vector has, and how many bytes a number. */
export const lanesOf = { f64: 2, f32: 4 } as const;
export const bytesOf = { f64: 8, f32: 4 } as const;

/** The operations that both widths have. */
const laneOperations = ["add", "sub", "mul", "div", "sqrt", "abs", "neg", "pmin", "pmax", "eq", "ne", "lt", "gt", "le", "ge"] as const;
export type LaneOperation = (typeof laneOperations)[number];

const instructions = {
  f64: Object.fromEntries(laneOperations.map((name) => [name, `f64x2.${name}`])) as Record<LaneOperation, Opcode>,
  f32: Object.fromEntries(laneOperations.map((name) => [name, `f32x4.${name}`])) as Record<LaneOperation, Opcode>,
};

/** Calls a function of the host for numbers: by its place in the host's list. */
export interface HostCalls {
  /** The place of a primitive's forward column. */
  place(primitive: PointwisePrimitive): number;
  /** The imported function that calls it with so many numbers. */
  caller(arity: number): number;
  /**
   * The address of 16 bytes that never change, known by a key. V8 would build a constant anew in every round of a loop; what is loaded
   * stays. undefined where memory is complete and they are not in it.
   */
  constant(key: string, bytes: () => readonly number[]): number | undefined;
}

export class Lanes {
  readonly code: FunctionCode;
  readonly precision: Precision;
  readonly host: HostCalls;
  /**
   * Locals by what they hold: an instruction and its operands, a load and its address, in numbers, for a key in words would take longer
   * than what it is the key of. A loop's body is written once, so what is known before the loop is known in every round.
   */
  #known = new Map<string, Map<number, Local>>();

  constructor(code: FunctionCode, precision: Precision, host: HostCalls) {
    this.code = code;
    this.precision = precision;
    this.host = host;
  }

  /** Binds what `push` leaves on the stack to a local, once for what it is and a number. */
  once(what: string, number: number, push: () => void): Local {
    const locals = this.#localsOf(what);
    const known = locals.get(number);
    if (known !== undefined) return known;
    push();
    return this.#bound(locals, number);
  }

  #localsOf(what: string): Map<number, Local> {
    const known = this.#known.get(what);
    if (known) return known;
    const locals = new Map<number, Local>();
    this.#known.set(what, locals);
    return locals;
  }

  /** What is on the stack. */
  #bound(locals: Map<number, Local>, number: number): Local {
    const local = this.code.local("v128");
    this.code.set(local);
    locals.set(number, local);
    return local;
  }

  /** One vector instruction on locals. */
  op(name: Opcode, a: Local, b?: Local, c?: Local): Local {
    const locals = this.#localsOf(name);
    const key = together(a, b, c);
    const known = locals.get(key);
    if (known !== undefined) return known;
    this.code.get(a);
    if (b !== undefined) this.code.get(b);
    if (c !== undefined) this.code.get(c);
    this.code.op(name);
    return this.#bound(locals, key);
  }

  /** The instruction of this width. */
  do(name: LaneOperation, a: Local, b?: Local): Local {
    return this.op(instructions[this.precision][name], a, b);
  }

  /** What lies at an address, or so far behind one that a local holds; `what` says behind which. */
  load(what: string, name: MemoryOpcode, base: Local | null, address: number): Local {
    const locals = this.#localsOf(what);
    const known = locals.get(address);
    if (known !== undefined) return known;
    (base === null ? this.code.i32(0) : this.code.get(base)).memory(name, address);
    return this.#bound(locals, address);
  }

  /** A shift of 64-bit lanes. */
  shift(name: "i64x2.shl" | "i64x2.shr_s" | "i64x2.shr_u", x: Local, by: number): Local {
    return this.once(`${name} ${by}`, x, () => this.code.get(x).i32(by).op(name));
  }

  /** A number in every lane. */
  constant(x: number): Local {
    // To a map −0 is 0.
    const what = Object.is(x, -0) ? `${this.precision} -` : this.precision;
    return this.#loaded(what, x, () => (this.precision === "f64" ? twice(doubleBytes(x)) : singles(x)));
  }

  /** 64 bits in both lanes. */
  bits(high: number, low: number): Local {
    return this.#loaded(`bits ${high}`, low, () => twice([...littleEndian(low), ...littleEndian(high)]));
  }

  #loaded(what: string, number: number, bytes: () => readonly number[]): Local {
    const locals = this.#localsOf(what);
    const known = locals.get(number);
    if (known !== undefined) return known;
    const local = this.code.first(bytes, this.host.constant(`${what} ${number}`, bytes));
    locals.set(number, local);
    return local;
  }

  /** `a` where the mask is set, `b` elsewhere. */
  choose(mask: Local, a: Local, b: Local): Local {
    return this.op("v128.bitselect", a, b, mask);
  }

  /** x without its lanes where the mask is set: 0 there. */
  without(x: Local, mask: Local): Local {
    return this.op("v128.andnot", x, mask);
  }

  /** A function of doubles in the precision of these lanes: singles are widened, computed, and rounded once. */
  inDoubles(f: (lanes: Lanes, ...operands: Local[]) => Local, ...operands: Local[]): Local {
    if (this.precision === "f64") return f(this, ...operands);
    const doubles = new Lanes(this.code, "f64", this.host);
    doubles.#known = this.#known;
    const low = f(doubles, ...operands.map((x) => this.op("f64x2.promote_low_f32x4", x)));
    const high = f(doubles, ...operands.map((x) => this.op("f64x2.promote_low_f32x4", this.#upperHalf(x))));
    return this.#joined(this.op("f32x4.demote_f64x2_zero", low), this.op("f32x4.demote_f64x2_zero", high));
  }

  #upperHalf(x: Local): Local {
    return this.once("upper", x, () =>
      this.code
        .get(x)
        .get(x)
        .shuffle(range(8, 16).concat(range(8, 16))),
    );
  }

  #joined(low: Local, high: Local): Local {
    return this.once("joined", together(low, high), () =>
      this.code
        .get(low)
        .get(high)
        .shuffle(range(0, 8).concat(range(16, 24))),
    );
  }

  /** A function of the host, lane by lane. */
  hosted(primitive: PointwisePrimitive, operands: readonly Local[]): Local {
    const place = this.host.place(primitive);
    const lanes = lanesOf[this.precision];
    return this.once(`host ${place}`, together(...(operands as [Local, Local?, Local?])), () => {
      this.code.zeros();
      for (let lane = 0; lane < lanes; lane++) this.#hostedLane(place, operands, lane);
    });
  }

  #hostedLane(place: number, operands: readonly Local[], lane: number): void {
    const { code, precision } = this;
    code.i32(place);
    for (const x of operands) {
      code.get(x).lane(precision === "f64" ? "f64x2.extract_lane" : "f32x4.extract_lane", lane);
      if (precision === "f32") code.op("f64.promote_f32");
    }
    code.call(this.host.caller(operands.length));
    if (precision === "f32") code.op("f32.demote_f64");
    code.lane(precision === "f64" ? "f64x2.replace_lane" : "f32x4.replace_lane", lane);
  }
}

/** Up to three locals as one number; a function has 50,000 at most. */
const together = (a: Local, b: Local = 0, c: Local = 0): number => a + 65536 * (b + 65536 * c);

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const twice = (bytes: readonly number[]): number[] => [...bytes, ...bytes];
const littleEndian = (word: number): number[] => [0, 8, 16, 24].map((shift) => (word >>> shift) & 255);

function singles(x: number): number[] {
  const bytes = [...new Uint8Array(Float32Array.of(x).buffer)];
  return [...bytes, ...bytes, ...bytes, ...bytes];
}

/** Entries along a lane two at a time, as doubles: loaded, computed and stored together; the last of an odd number is there twice. */
import type { Instruction } from "../program.ts";
import type { Local } from "./function.ts";
import type { Lane } from "./lane.ts";
import { Lanes } from "./lanes.ts";

/** Two entries next to each other in the lane, or one. */
export class Pair {
  readonly #lane: Lane;
  readonly #m: Lanes;
  readonly #isWhole: boolean;

  constructor(lane: Lane, m: Lanes, isWhole: boolean) {
    this.#lane = lane;
    this.#m = m;
    this.#isWhole = isWhole;
  }

  /** The entries of a line. */
  load(line: Instruction): Local {
    return this.#m.once("entries", line.index, () => {
      this.#push(line);
    });
  }

  #push(line: Instruction): void {
    const { at, context, stride, bytes } = this.#lane;
    const { code } = context;
    const address = context.addressOf(line);
    const isSingle = context.precision === "f32";
    if (this.#isWhole && stride === bytes) {
      code.get(at).memory(isSingle ? "v128.load64_splat" : "v128.load", address);
      if (isSingle) code.op("f64x2.promote_low_f32x4");
      return;
    }
    this.#lane.entry(line, at);
    code.op("f64x2.splat");
    if (!this.#isWhole) return;
    code.get(at).memory(isSingle ? "f32.load" : "f64.load", address + stride);
    if (isSingle) code.op("f64.promote_f32");
    code.lane("f64x2.replace_lane", 1);
  }

  /** Stores the entries of a line. */
  store(line: Instruction, x: Local): void {
    const { at, context, stride, bytes } = this.#lane;
    const { code, precision } = context;
    const address = context.addressOf(line);
    const y = precision === "f64" ? x : this.#m.op("f32x4.demote_f64x2_zero", x);
    if (this.#isWhole && stride === bytes) {
      if (precision === "f64") code.get(at).get(y).memory("v128.store", address);
      else code.get(at).get(y).storeLane("f64", address, 0); // Both singles are 64 bits.
      return;
    }
    code.get(at).get(y).storeLane(precision, address, 0);
    if (this.#isWhole)
      code
        .get(at)
        .get(y)
        .storeLane(precision, address + stride, 1);
  }

  /** Adds the entries to a sum of each half; what is there twice, once. */
  add(sum: Local, x: Local): void {
    const { code } = this.#m;
    code.get(sum).get(x);
    if (!this.#isWhole) code.f64(0).lane("f64x2.replace_lane", 1);
    code.op("f64x2.add").set(sum);
  }
}

/** Repeats for every pair of a lane, and for what is left. What one pair knows is nothing to the next loop, so each has its own arithmetic. */
export function eachPair(lane: Lane, body: (pair: Pair, m: Lanes) => void): void {
  const { start, at, end, n, stride, context } = lane;
  const { code } = context;
  const written = (isWhole: boolean): void => {
    const m = new Lanes(code, "f64", context.host);
    body(new Pair(lane, m, isWhole), m);
  };
  const whole = n - (n % 2);
  code.get(start).set(at);
  if (whole > 0) {
    code.get(start).i32(whole * stride).op("i32.add").set(end); // prettier-ignore
    code.loop(() => {
      written(true);
      code.get(at).i32(2 * stride).op("i32.add").tee(at).get(end).op("i32.ne"); // prettier-ignore
    });
  }
  if (whole < n) written(false);
}

/** One lane, the entries along an axis, as code sees it: where it is, a loop over its entries, doubles to compute with. */
import type { Instruction } from "../program.ts";
import type { KernelContext } from "./context.ts";
import type { Local } from "./function.ts";
import { bytesOf } from "./lanes.ts";

/** What writing one lane needs. */
export interface Lane {
  /** How many entries it has, how many bytes lie from one to the next, and how many an entry has. */
  readonly n: number;
  readonly stride: number;
  readonly bytes: number;
  /** Byte offset of the first entry, of the entry a loop is at, of the place of the largest entry, and where a loop ends. */
  readonly start: Local;
  readonly at: Local;
  readonly place: Local;
  readonly end: Local;
  /** Where the result of a reduction goes. */
  readonly to: Local;
  readonly top: Local;
  readonly rest: Local;
  readonly x: Local;
  readonly context: KernelContext;
  /** Repeats for every entry, from the first or from the last. */
  each(body: () => void, isReversed?: boolean): void;
  /** Leaves the entry of a line at an offset on the stack, as a double. */
  entry(line: Instruction, offset: Local): void;
  /** Stores what `value` leaves. */
  store(line: Instruction, offset: Local, value: () => void): void;
}

/** A lane of `n` entries, so many bytes apart. */
export function laneOf(context: KernelContext, n: number, stride: number): Lane {
  const { code, precision } = context;
  const [start, at, place, to, end] = Array.from({ length: 5 }, () => code.local("i32")) as [Local, Local, Local, Local, Local];
  const [top, rest, x] = Array.from({ length: 3 }, () => code.local("f64")) as [Local, Local, Local];
  return {
    n, stride, bytes: bytesOf[precision], start, at, place, end, to, top, rest, x, context,
    each: (body, isReversed = false) => {
      if (n === 0) return;
      const [first, step] = isReversed ? [(n - 1) * stride, -stride] : [0, stride];
      code.get(start).i32(first).op("i32.add").tee(at).i32(n * step).op("i32.add").set(end);
      code.loop(() => {
        body();
        code.get(at).i32(step).op("i32.add").tee(at).get(end).op("i32.ne");
      });
    },
    entry: (line, offset) => {
      code.get(offset).memory(precision === "f64" ? "f64.load" : "f32.load", context.addressOf(line));
      if (precision === "f32") code.op("f64.promote_f32");
    },
    store: (line, offset, value) => {
      code.get(offset);
      value();
      if (precision === "f32") code.op("f32.demote_f64");
      code.memory(precision === "f64" ? "f64.store" : "f32.store", context.addressOf(line));
    },
  }; // prettier-ignore
}

/** The code of one lane of a line. */
export type LaneCode = (lane: Lane, line: Instruction) => void;

/** Entries moved about: transpose, slice, its adjoint, concat and a stretch that no loop could read in place are one loop over strides. */
import { sizeOf, stridesOf, type Shape } from "../../array/shape.ts";
import { isCallOf, nameOf, operandsOf, optionsOf, type Instruction } from "../program.ts";
import { widthOf, type KernelContext } from "./context.ts";
import type { Local } from "./function.ts";

/** One axis of a copy: how many entries, and how far apart they lie on either side. */
interface Axis {
  readonly count: number;
  readonly read: number;
  readonly write: number;
}

interface Move {
  readonly axes: readonly Axis[];
  readonly from: number;
  readonly to: number;
}

export function copy(context: KernelContext, line: Instruction): void {
  const { code } = context;
  const { bytes } = widthOf(context);
  if (isCallOf(line, "unslice"))
    code.i32(context.addressOf(line)).i32(0).i32(sizeOf(line.shape) * bytes).op("memory.fill"); // prettier-ignore
  for (const { axes, from, to } of movesOf(context, line)) {
    const scaled = joined(axes).map(({ count, read, write }) => ({ count, read: read * bytes, write: write * bytes }));
    const [read, write] = [code.local("i32"), code.local("i32")];
    code.i32(from).set(read).i32(to).set(write);
    if (sizeOf(axes.map(({ count }) => count)) > 0) nest(context, scaled, { read, write });
  }
}

function movesOf(context: KernelContext, line: Instruction): Move[] {
  const operands = operandsOf(line);
  const [x] = operands as [Instruction];
  const { bytes } = widthOf(context);
  const [from, to] = [context.addressOf(x), context.addressOf(line)];
  const own = stridesOf(line.shape);
  const strides = stridesOf(x.shape);
  switch (nameOf(line)) {
    case "transpose": {
      const { axes } = optionsOf<"transpose">(line);
      return [{ axes: zipped(line.shape, axes.map((k) => strides[k]!), own), from, to }]; // prettier-ignore
    }
    case "broadcastTo": {
      const missing = line.shape.length - x.shape.length;
      const read = line.shape.map((_, k) => (k < missing || x.shape[k - missing] === 1 ? 0 : strides[k - missing]!));
      return [{ axes: zipped(line.shape, read, own), from, to }];
    }
    case "slice": {
      const { ranges } = optionsOf<"slice">(line);
      const start = ranges.reduce((total, { begin }, k) => total + begin * strides[k]!, 0);
      return [{ axes: zipped(line.shape, ranges.map(({ step }, k) => step * strides[k]!), own), from: from + start * bytes, to }]; // prettier-ignore
    }
    case "unslice": {
      const { ranges } = optionsOf<"unslice">(line);
      const start = ranges.reduce((total, { begin }, k) => total + begin * own[k]!, 0);
      return [{ axes: zipped(x.shape, strides, ranges.map(({ step }, k) => step * own[k]!)), from, to: to + start * bytes }]; // prettier-ignore
    }
    case "concat": {
      const { axis } = optionsOf<"concat">(line);
      let begin = 0;
      return operands.map((part) => {
        const start = to + begin * own[axis]! * bytes;
        begin += part.shape[axis]!;
        return { axes: zipped(part.shape, stridesOf(part.shape), own), from: context.addressOf(part), to: start };
      });
    }
    default:
      throw new Error(`compile: ${nameOf(line)} does not only move entries`);
  }
}

const zipped = (shape: Shape, read: readonly number[], write: readonly number[]): Axis[] =>
  shape.map((count, k) => ({ count, read: read[k]!, write: write[k]! }));

/** Neighbouring axes that both sides pass without a gap become one. */
function joined(axes: readonly Axis[]): Axis[] {
  const result: Axis[] = [];
  for (const axis of axes) {
    const last = result.at(-1);
    if (last?.read === axis.read * axis.count && last.write === axis.write * axis.count)
      result[result.length - 1] = { ...axis, count: last.count * axis.count };
    else if (axis.count !== 1) result.push(axis);
  }
  return result.length > 0 ? result : [{ count: 1, read: 0, write: 0 }];
}

interface Ends {
  readonly read: Local;
  readonly write: Local;
}

/** Loops inside loops; the pointers go back when an axis is done. */
function nest(context: KernelContext, axes: readonly Axis[], ends: Ends): void {
  const { code } = context;
  const [axis, ...rest] = axes as [Axis, ...Axis[]];
  const move = (count: number): void => {
    code.get(ends.read).i32(axis.read * count).op("i32.add").set(ends.read); // prettier-ignore
    code.get(ends.write).i32(axis.write * count).op("i32.add").set(ends.write); // prettier-ignore
  };
  if (rest.length === 0 && axis.count <= 8) {
    for (let i = 0; i < axis.count; i++) entry(context, ends, i * axis.read, i * axis.write);
    return;
  }
  const i = code.local("i32");
  code.count(i, axis.count, 1, () => {
    if (rest.length === 0) entry(context, ends, 0, 0);
    else nest(context, rest, ends);
    move(1);
  });
  if (axis.count > 0) move(-axis.count);
}

function entry({ code, precision }: KernelContext, { read, write }: Ends, readBy: number, writeBy: number): void {
  const at = (local: Local, by: number): void => {
    code.get(local);
    if (by !== 0) code.i32(by).op("i32.add");
  };
  at(write, writeBy);
  at(read, readBy);
  code.memory(precision === "f64" ? "f64.load" : "f32.load", 0);
  code.memory(precision === "f64" ? "f64.store" : "f32.store", 0);
}

/**
 * How a line reads memory: a reshape is the same memory, a stretched row is read again and again, a transposed factor column by
 * column. None of them moves anything. Functions along axes read a run of them at a time.
 */
import { around } from "../array/layout.ts";
import { isSameShape, sizeOf, type Shape } from "../array/shape.ts";
import { isCallOf, operandsOf, optionsOf, type Instruction } from "./program.ts";
import { bytesOf, lanesOf, type Precision } from "./wasm/lanes.ts";

/** How a loop reads an operand: each entry, one number, a row again and again, or one number for each row. */
export type Access = "linear" | "number" | "row" | "column";

/** Whether a line only gives memory another shape. */
export const isReshape = (line: Instruction): boolean => isCallOf(line, "reshape");

/** The line whose memory holds this line's entries: a reshape moves nothing. */
export function rootOf(line: Instruction): Instruction {
  let root = line;
  while (isReshape(root)) root = operandsOf(root)[0]!;
  return root;
}

const elementwiseNames = new Set(["sumOf", "dot"]);

/** Whether a line is computed entry by entry. */
export const isElementwise = ({ definition }: Instruction): boolean =>
  definition.kind === "apply" && (definition.primitive.kind === "pointwise" || elementwiseNames.has(definition.primitive.name));

/** How a stretched line repeats its operand: rows of `inner` entries, each the operand, or each one entry of it. */
function stretchOf(line: Instruction): { access: "row" | "column"; inner: number } | undefined {
  if (!isCallOf(line, "broadcastTo")) return undefined;
  const from = operandsOf(line)[0]!.shape.filter((_, k, shape) => shape.slice(0, k + 1).some((n) => n !== 1));
  const to = line.shape;
  const size = sizeOf(from);
  if (isSameShape(from, to.slice(to.length - from.length))) return { access: "row", inner: size };
  const aligned = [...new Array<number>(Math.max(0, to.length - operandsOf(line)[0]!.shape.length)).fill(1), ...operandsOf(line)[0]!.shape];
  const lastKept = aligned.findLastIndex((n) => n !== 1);
  if (isSameShape(aligned.slice(0, lastKept + 1), to.slice(0, lastKept + 1)))
    return { access: "column", inner: sizeOf(to.slice(lastKept + 1)) };
  return undefined;
}

/** How the loop of `line` reads `operand`, and from which line's memory. Rows and columns are those of the line's last axis. */
export function accessOf(
  operand: Instruction,
  line: Instruction,
  precision: Precision,
): { access: Access; from: Instruction; inner: number } {
  const root = rootOf(operand);
  if (root.shape.length === 0 && line.shape.length === 0) return { access: "linear", from: root, inner: 0 };
  if (sizeOf(root.shape) === 1 && sizeOf(line.shape) !== 1) return { access: "number", from: root, inner: 0 };
  if (isCallOf(root, "broadcastTo")) {
    const from = rootOf(operandsOf(root)[0]!);
    if (sizeOf(from.shape) === 1) return { access: "number", from, inner: 0 };
    const stretch = stretchOf(root);
    const last = line.shape.at(-1) ?? 1;
    if (stretch?.inner === last && last % lanesOf[precision] === 0) return { ...stretch, from };
  }
  return { access: "linear", from: root, inner: 0 };
}

/** Whether a transpose swaps the last two axes and nothing else. */
export function isSwapOfLast(line: Instruction): boolean {
  if (!isCallOf(line, "transpose")) return false;
  const { axes } = optionsOf<"transpose">(line);
  const rank = axes.length;
  return axes.every((k, i) => k === (i < rank - 2 ? i : 2 * rank - 3 - i));
}

/** The left factor of a matrix product as it lies in memory: transposed or not. */
export function leftFactorOf(operand: Instruction): { from: Instruction; isTransposed: boolean } {
  const isTransposed = isSwapOfLast(operand);
  return { from: rootOf(isTransposed ? operandsOf(operand)[0]! : operand), isTransposed };
}

/** How axes divide an array: the axes before their run, the run, those behind it; undefined where others lie between them. */
export function runOf(shape: Shape, axes: readonly number[]): { outer: number; n: number; inner: number } | undefined {
  const moving = axes.filter((k) => shape[k] !== 1);
  const first = moving[0] ?? shape.length;
  const end = (moving.at(-1) ?? first - 1) + 1;
  const [outer, n, inner] = around(shape, first, end);
  return n === sizeOf(moving.map((k) => shape[k]!)) ? { outer, n, inner } : undefined;
}

/** How the axes along which a function works divide its first operand. */
export function runReadBy(line: Instruction): { outer: number; n: number; inner: number } {
  const options = optionsOf<"sum" | "softmax">(line);
  return runOf(operandsOf(line)[0]!.shape, "axes" in options ? options.axes : [options.axis])!;
}

/** Bytes that a line's entries take, with room for a vector that reads past the end. */
export const roomFor = (line: Instruction, precision: Precision): number =>
  16 * Math.ceil((sizeOf(line.shape) * bytesOf[precision]) / 16) + 16;

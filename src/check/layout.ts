/** A gradient as it was laid out, and how it becomes one in the shape of its value. */
import { NdArray, shapeOf, type Tensor } from "../array/ndarray.ts";
import { broadcastShape, formatShape, isSameShape, sizeOf, type Shape } from "../array/shape.ts";
import { tensors } from "../ops/tensors.ts";
import { reshaped } from "./agreement.ts";

export type Layout = "same" | "flat" | "number" | "transposed" | "other";

/** A shape without its axes of size 1. */
const squeezed = (shape: Shape): Shape => shape.filter((n) => n !== 1);

/** Whether two shapes differ by axes of size 1 only. */
export const isAlike = (a: Shape, b: Shape): boolean => isSameShape(squeezed(a), squeezed(b));

/** A gradient brought into the shape of its value, and what had to be done. */
export function fit(raw: Tensor, shape: Shape): [Layout, Tensor | undefined] {
  const from = shapeOf(raw);
  if (isSameShape(from, shape)) return ["same", raw];
  // A gradient of 0 is often given as the number 0, whatever the shape.
  if (sizeOf(from) !== sizeOf(shape)) return raw === 0 ? ["number", tensors.broadcastTo([raw], { shape })] : ["other", undefined];
  if (sizeOf(shape) === 1) return ["number", reshaped(raw, shape)];
  if (from.length !== shape.length && isAlike(from, shape)) return ["flat", reshaped(raw, shape)];
  if (isSameShape([...from].reverse(), shape)) return ["transposed", flipped(raw as NdArray)];
  return ["other", undefined];
}

/** A gradient of another shape as arithmetic would go on with it. */
export function stretched(raw: Tensor, shape: Shape): Tensor | undefined {
  try {
    return isSameShape(broadcastShape("compareGradients", shapeOf(raw), shape), shape) ? tensors.broadcastTo([raw], { shape }) : undefined;
  } catch {
    return undefined; // no arithmetic could
  }
}

/** All axes reversed. */
export const flipped = (x: NdArray): Tensor => tensors.transpose([x], { axes: x.shape.map((_, k) => x.shape.length - 1 - k) });

/** A shape for messages. */
export const shapeText = (x: Tensor): string => (typeof x === "number" ? "a number" : formatShape(x.shape));

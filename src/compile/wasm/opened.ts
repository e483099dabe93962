/** Arrays that are opened into locals: one for each entry, or of a batch one for each pair of rows. */
import { sizeOf, type Shape } from "../../array/shape.ts";
import type { Local } from "./function.ts";
import { lanesOf } from "./lanes.ts";

/** An array as locals. */
export interface Opened {
  readonly shape: Shape;
  /** Whether the first axis is that of the batch, two rows a vector. */
  readonly isBatch: boolean;
  /** A batch whose transpose is meant: only a product with another batch reads it. */
  readonly isTurned?: boolean;
  /** In order; of a batch, pairs of rows take the place of rows. */
  readonly cells: readonly Local[];
}

/** Something this back end does not do; the loops do it. */
export class Unsupported extends Error {}

const lanes = lanesOf.f64;

export const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** A batch whose entries moved within their rows, the same way in each. */
export function withinRows(x: Opened, shape: Shape, places: readonly number[]): Local[] {
  const n = x.shape[0]!;
  const [width, wide] = [sizeOf(x.shape) / n, sizeOf(shape) / n];
  const isKept = shape[0] === n && places.every((place, i) => Math.floor(place / width) === Math.floor(i / wide) && place % width === places[i % wide]!);
  if (!isKept) throw new Unsupported();
  return range(n / lanes).flatMap((p) => range(wide).map((j) => x.cells[p * width + places[j]!]!));
} // prettier-ignore

/** An array that is the same in every row, as a batch. */
export function paired(x: Opened): Opened {
  const n = x.shape[0]!;
  const width = x.cells.length / n;
  if (n % lanes !== 0 || !x.cells.every((cell, i) => cell === x.cells[i % width])) throw new Unsupported();
  return { shape: x.shape, isBatch: true, cells: x.cells.slice(0, x.cells.length / lanes) };
}

/** The place of entry `i` of `from` after the axes of size 1 in `to` were summed. */
export function placeIn(i: number, from: Shape, to: Shape): number {
  let [rest, place, stride] = [i, 0, 1];
  for (let axis = from.length - 1; axis >= 0; axis--) {
    const index = rest % from[axis]!;
    rest = Math.floor(rest / from[axis]!);
    if (to[axis] !== 1) place += index * stride;
    stride *= to[axis]!;
  }
  return place;
}

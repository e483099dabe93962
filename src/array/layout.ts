/**
 * Kernels that move entries about without computing: reshape, broadcast, transpose, slice, take, concat, and the
 * adjoints of those that drop or repeat entries, which add. All but two are one loop over strides.
 */
import { NdArray, entriesOf, shapeOf, tensor, type Tensor } from "./ndarray.ts";
import { isSameShape, sizeOf, stridesOf, type Shape } from "./shape.ts";
import { zeroed } from "./slab.ts";

/** One axis of a slice: `count` places from `begin`, `step` apart. */
export interface Range {
  readonly begin: number;
  readonly step: number;
  readonly count: number;
}

/** Calls `visit(place, offset)` for the entries of `shape` in order, `offset` following `strides` from `start`. */
function walk(shape: Shape, strides: readonly number[], start: number, visit: (place: number, offset: number) => void): void {
  const total = sizeOf(shape);
  const last = shape.length - 1;
  const [inner, step] = [shape[last] ?? 1, strides[last] ?? 0];
  const index = new Array<number>(shape.length).fill(0);
  let offset = start;
  for (let place = 0; place < total; place += inner) {
    for (let i = 0; i < inner; i++) visit(place + i, offset + i * step);
    for (let axis = last - 1; axis >= 0; axis--) {
      offset += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      offset -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
}

function gathered(values: Float64Array, shape: Shape, strides: readonly number[], start = 0): NdArray {
  const out = zeroed(sizeOf(shape));
  walk(shape, strides, start, (place, offset) => {
    out[place] = values[offset]!;
  });
  return new NdArray(shape, out);
}

/** Shares the entries: nothing in this library writes into an array that it did not make. */
export const reshape = (x: Tensor, shape: Shape): Tensor => tensor(shape, entriesOf(x));

export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  if (typeof x === "number") return shape.length === 0 ? x : new NdArray(shape, zeroed(sizeOf(shape)).fill(x));
  if (isSameShape(x.shape, shape)) return x;
  if (x.values.length === shape[shape.length - 1] && x.values.length === x.shape[x.shape.length - 1]) return repeatedRow(x.values, shape);
  const missing = shape.length - x.shape.length;
  const strides = stridesOf(x.shape);
  return gathered(
    x.values,
    shape,
    shape.map((_, k) => (k < missing || x.shape[k - missing] === 1 ? 0 : strides[k - missing]!)),
  );
}

/** A bias over a batch: one row, over and over. */
function repeatedRow(row: Float64Array, shape: Shape): NdArray {
  const out = zeroed(sizeOf(shape));
  for (let at = 0; at < out.length; at += row.length) for (let k = 0; k < row.length; k++) out[at + k] = row[k]!;
  return new NdArray(shape, out);
}

export function transpose(x: Tensor, axes: readonly number[]): Tensor {
  if (typeof x === "number") return x;
  if (axes.length === 2 && axes[0] === 1) return transposedMatrix(x);
  const strides = stridesOf(x.shape);
  return gathered(
    x.values,
    axes.map((k) => x.shape[k]!),
    axes.map((k) => strides[k]!),
  );
}

function transposedMatrix({ shape, values }: NdArray): NdArray {
  const n = shape[0]!;
  const m = shape[1]!;
  const out = zeroed(values.length);
  for (let i = 0, at = 0; i < n; i++) for (let j = 0; j < m; j++) out[j * n + i] = values[at++]!;
  return new NdArray([m, n], out);
}

function sliceStrides(shape: Shape, ranges: readonly Range[]): { start: number; strides: number[] } {
  const full = stridesOf(shape);
  return {
    start: ranges.reduce((sum, { begin }, k) => sum + begin * full[k]!, 0),
    strides: ranges.map(({ step }, k) => step * full[k]!),
  };
}

/** One range for every axis. */
export function slice(x: Tensor, ranges: readonly Range[]): Tensor {
  if (typeof x === "number") return x;
  const { start, strides } = sliceStrides(x.shape, ranges);
  return gathered(
    x.values,
    ranges.map(({ count }) => count),
    strides,
    start,
  );
}

/** The adjoint of `slice`: zeros of `shape` with `g` in the places that the slice read. */
export function unslice(g: Tensor, ranges: readonly Range[], shape: Shape): Tensor {
  const out = zeroed(sizeOf(shape));
  const { start, strides } = sliceStrides(shape, ranges);
  const values = entriesOf(g);
  walk(
    ranges.map(({ count }) => count),
    strides,
    start,
    (place, offset) => {
      out[offset] = values[place]!;
    },
  );
  return tensor(shape, out);
}

/** `indices` along `axis`; an array of indices puts its own shape in the place of that axis (NumPy's `take`). */
export function take(x: NdArray, indices: Tensor, axis: number): Tensor {
  const [outer, n, inner] = around(x.shape, axis);
  const places = entriesOf(indices);
  const out = zeroed(outer * places.length * inner);
  for (let o = 0, at = 0; o < outer; o++)
    for (const i of places) for (let k = 0; k < inner; k++) out[at++] = x.values[(o * n + i) * inner + k]!;
  return tensor([...x.shape.slice(0, axis), ...shapeOf(indices), ...x.shape.slice(axis + 1)], out);
}

/** The adjoint of `take`: zeros of `shape`, each entry of `g` added where it was taken from; repeated indices add up. */
export function scatter(g: Tensor, indices: Tensor, axis: number, shape: Shape): Tensor {
  const [outer, n, inner] = around(shape, axis);
  const [places, values] = [entriesOf(indices), entriesOf(g)];
  const out = zeroed(sizeOf(shape));
  for (let o = 0, at = 0; o < outer; o++)
    for (const i of places) for (let k = 0; k < inner; k++) out[(o * n + i) * inner + k]! += values[at++]!;
  return tensor(shape, out);
}

export function concat(xs: readonly Tensor[], axis: number): Tensor {
  const arrays = xs as readonly NdArray[];
  const first = arrays[0]!.shape;
  const n = arrays.reduce((sum, x) => sum + x.shape[axis]!, 0);
  const [outer, , inner] = around(first, axis);
  const out = zeroed(outer * n * inner);
  let at = 0;
  for (let o = 0; o < outer; o++)
    for (const { shape, values } of arrays) {
      const run = shape[axis]! * inner;
      out.set(values.subarray(o * run, (o + 1) * run), at);
      at += run;
    }
  return new NdArray([...first.slice(0, axis), n, ...first.slice(axis + 1)], out);
}

/** The sizes before, at and after an axis, or before, of and after a run of axes. */
export function around(shape: Shape, axis: number, end = axis + 1): [outer: number, n: number, inner: number] {
  return [sizeOf(shape, 0, axis), sizeOf(shape, axis, end), sizeOf(shape, end)];
}

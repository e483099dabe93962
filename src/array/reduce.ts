/**
 * Kernels that reduce axes. Every reduction is the same walk over (outer, n, inner): the axes before, the run of
 * reduced axes, the axes after; axes that are not neighbours are first transposed into such a run.
 */
import { around, transpose } from "./layout.ts";
import { NdArray, tensor, type Tensor } from "./ndarray.ts";
import { block, pairwise } from "./pairwise.ts";
import { droppedShape, keptShape, sizeOf, type Shape } from "./shape.ts";
import { zeroed } from "./slab.ts";

/** Reads the `i`-th of `n` entries that are reduced to one. */
export interface Lane {
  readonly n: number;
  readonly values: Float64Array;
  start: number;
  readonly stride: number;
}

export interface Reduced {
  readonly axes: readonly number[];
  readonly keepdims: boolean;
}

export const reducedShape = (shape: Shape, { axes, keepdims }: Reduced): Shape =>
  keepdims ? keptShape(shape, axes) : droppedShape(shape, axes);

/** One number for every lane of entries along `axes`. */
export function reduce(f: (lane: Lane) => number, x: Tensor, options: Reduced): Tensor {
  if (typeof x === "number") return f({ n: 1, values: Float64Array.of(x), start: 0, stride: 1 });
  if (options.axes.length === x.shape.length && !options.keepdims) return f({ n: x.size, values: x.values, start: 0, stride: 1 });
  const out = zeroed(sizeOf(droppedShape(x.shape, options.axes)));
  eachLane(x, options.axes, (lane, place) => {
    out[place] = f(lane);
  });
  return tensor(reducedShape(x.shape, options), out);
}

/** The lanes along `axes` in the order of the entries that remain. */
function eachLane(x: NdArray, axes: readonly number[], visit: (lane: Lane, place: number) => void): void {
  const { values, shape, first, end } = asRun(x, axes);
  const [outer, n, inner] = around(shape, first, end);
  const lane = { n, values, start: 0, stride: inner };
  for (let o = 0; o < outer; o++)
    for (let k = 0; k < inner; k++) {
      lane.start = o * n * inner + k;
      visit(lane, o * inner + k);
    }
}

function asRun(x: NdArray, axes: readonly number[]): { values: Float64Array; shape: Shape; first: number; end: number } {
  const first = axes[0] ?? x.shape.length;
  const end = first + axes.length;
  if (axes.every((axis, i) => axis === first + i)) return { values: x.values, shape: x.shape, first, end };
  const others = x.shape.map((_, k) => k).filter((k) => !axes.includes(k));
  const { values, shape } = transpose(x, [...others, ...axes]) as NdArray;
  return { values, shape, first: others.length, end: shape.length };
}

/**
 * The sum over `axes`, pairwise along each lane. Over the first axis of several alone row is added to row, as NumPy does.
 */
export function sum(x: Tensor, options: Reduced): Tensor {
  if (typeof x === "number") return x;
  if (options.axes.length === 1 && options.axes[0] === 0 && x.shape.length > 1) return sumOfRows(x, reducedShape(x.shape, options));
  return reduce(pairwiseSum, x, options);
}

/** The sum over the first axis, of the `shape` that is left. */
export const sumOfRows = ({ shape: from, values }: NdArray, shape: Shape): Tensor =>
  tensor(shape, rowsAddedUp(values, sizeOf(from, 1), 0, from[0]!));

function rowsAddedUp(values: Float64Array, inner: number, begin: number, end: number): Float64Array {
  if (end - begin > block) {
    const half = begin + ((end - begin) >> 1);
    const [out, more] = [rowsAddedUp(values, inner, begin, half), rowsAddedUp(values, inner, half, end)];
    for (let k = 0; k < inner; k++) out[k]! += more[k]!;
    return out;
  }
  const out = zeroed(inner);
  for (let at = begin * inner; at < end * inner; at += inner) for (let k = 0; k < inner; k++) out[k]! += values[at + k]!;
  return out;
}

const pairwiseSum = (lane: Lane): number =>
  lane.n <= block ? added(lane, 0, lane.n) : pairwise(0, lane.n, (begin, end) => added(lane, begin, end));

function added({ values, start, stride }: Lane, begin: number, end: number): number {
  let total = 0;
  for (let i = begin, at = start + begin * stride; i < end; i++, at += stride) total += values[at]!;
  return total;
}

/** The largest entry; NaN where there is one. */
export function largest({ n, values, start, stride }: Lane): number {
  let top = -Infinity;
  for (let i = 0, at = start; i < n; i++, at += stride) {
    const x = values[at]!;
    if (Number.isNaN(x)) return NaN;
    if (x > top) top = x;
  }
  return top;
}

/** The smallest entry; NaN where there is one. */
export function smallest({ n, values, start, stride }: Lane): number {
  let bottom = Infinity;
  for (let i = 0, at = start; i < n; i++, at += stride) {
    const x = values[at]!;
    if (Number.isNaN(x)) return NaN;
    if (x < bottom) bottom = x;
  }
  return bottom;
}

/** The largest |x|, 0 of no entries; NaN where there is one. */
function largestSize({ n, values, start, stride }: Lane): number {
  let top = 0;
  for (let i = 0, at = start; i < n; i++, at += stride) {
    const size = Math.abs(values[at]!);
    if (Number.isNaN(size)) return NaN;
    if (size > top) top = size;
  }
  return top;
}

/** Sizes between which squares neither overflow nor vanish, nor does a long sum of them. */
export const [smallestSquared, largestSquared] = [1e-140, 1e140];

/** √Σ x², scaled by the largest |x| where squares would overflow or vanish. */
export function euclideanNorm(lane: Lane): number {
  const { n, values, start, stride } = lane;
  const top = largestSize(lane);
  if (!(top > 0 && top < Infinity)) return top;
  const scale = top > largestSquared || top < smallestSquared ? top : 1;
  const squares = pairwise(0, n, (begin, end) => {
    let total = 0;
    for (let i = begin, at = start + begin * stride; i < end; i++, at += stride) total += (values[at]! / scale) ** 2;
    return total;
  });
  return scale * Math.sqrt(squares);
}

/** (Σ|x|ᵖ)^(1/p), scaled by the largest |x|, so that no power overflows. */
export const normOfOrder =
  (p: number) =>
  (lane: Lane): number => {
    const { n, values, start, stride } = lane;
    const top = largestSize(lane);
    if (!(top > 0 && top < Infinity)) return top;
    const powers = pairwise(0, n, (begin, end) => {
      let total = 0;
      for (let i = begin, at = start + begin * stride; i < end; i++, at += stride) total += (Math.abs(values[at]!) / top) ** p;
      return total;
    });
    return top * powers ** (1 / p);
  };

/** Running sums along one axis, from its end where `reverse`. */
export function cumsum(x: Tensor, axis: number, reverse: boolean): Tensor {
  if (typeof x === "number") return x;
  const out = zeroed(x.size);
  eachLane(x, [axis], ({ n, values, start, stride }) => {
    let total = 0;
    for (let i = 0; i < n; i++) {
      const at = start + (reverse ? n - 1 - i : i) * stride;
      out[at] = total += values[at]!;
    }
  });
  return new NdArray(x.shape, out);
}

/** A lane of entries made from each lane along `axis`: `f` fills `out` in the places of the lane. */
export function mapLanes(f: (lane: Lane, out: Float64Array) => void, x: NdArray, axis: number): NdArray {
  const out = zeroed(x.size);
  eachLane(x, [axis], (lane) => {
    f(lane, out);
  });
  return new NdArray(x.shape, out);
}

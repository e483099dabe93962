/**
 * Functions of numbers applied entry by entry. A number among arrays stands for an array of it; array operands have
 * one shape already, because broadcasting is a node of the graph and not a habit of the kernels.
 */
import { NdArray, type Tensor } from "./ndarray.ts";
import { formatShape, isSameShape } from "./shape.ts";
import { zeroed } from "./slab.ts";

export function map1(f: (x: number) => number, x: Tensor): Tensor {
  if (typeof x === "number") return f(x);
  const { values } = x;
  const out = zeroed(values.length);
  for (let i = 0; i < out.length; i++) out[i] = f(values[i]!);
  return new NdArray(x.shape, out);
}

export function map2(f: (a: number, b: number) => number, a: Tensor, b: Tensor): Tensor {
  if (typeof a === "number") return typeof b === "number" ? f(a, b) : mapRight(f, a, b);
  if (typeof b === "number") return mapLeft(f, a, b);
  checkSameShape(a, b);
  const p = a.values;
  const q = b.values;
  const out = zeroed(p.length);
  for (let i = 0; i < out.length; i++) out[i] = f(p[i]!, q[i]!);
  return new NdArray(a.shape, out);
}

function mapLeft(f: (a: number, b: number) => number, a: NdArray, b: number): NdArray {
  const { values } = a;
  const out = zeroed(values.length);
  for (let i = 0; i < out.length; i++) out[i] = f(values[i]!, b);
  return new NdArray(a.shape, out);
}

function mapRight(f: (a: number, b: number) => number, a: number, b: NdArray): NdArray {
  const { values } = b;
  const out = zeroed(values.length);
  for (let i = 0; i < out.length; i++) out[i] = f(a, values[i]!);
  return new NdArray(b.shape, out);
}

/** `map1` and `map2` of arrays by a loop of one's own, which fills `out`. */
export function filled1(loop: (x: Float64Array, out: Float64Array) => void, x: NdArray): NdArray {
  const out = zeroed(x.values.length);
  loop(x.values, out);
  return new NdArray(x.shape, out);
}

export function filled2(loop: (a: Float64Array, b: Float64Array, out: Float64Array) => void, a: NdArray, b: NdArray): NdArray {
  checkSameShape(a, b);
  const out = zeroed(a.values.length);
  loop(a.values, b.values, out);
  return new NdArray(a.shape, out);
}

/** Any number of operands; the slow general form, for functions of three and more. */
export function mapAll(f: (...x: number[]) => number, xs: readonly Tensor[]): Tensor {
  const arrays = xs.filter((x) => typeof x !== "number");
  const [first] = arrays;
  if (first === undefined) return f(...(xs as number[]));
  for (const x of arrays) checkSameShape(first, x);
  const out = zeroed(first.size);
  for (let i = 0; i < out.length; i++) out[i] = f(...xs.map((x) => (typeof x === "number" ? x : x.values[i]!)));
  return new NdArray(first.shape, out);
}

function checkSameShape(a: NdArray, b: NdArray): void {
  if (!isSameShape(a.shape, b.shape)) throw new RangeError(`kernel: shapes ${formatShape(a.shape)} and ${formatShape(b.shape)} differ`);
}

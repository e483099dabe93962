/**
 * The matrix product of stacks of matrices, (…, n, k) × (…, k, m); the leading axes agree. Of the factor `upstream`, where one is
 * named, or of both, a 0 is exactly nothing: 0 · ∞ counts as 0 there.
 */
import { NdArray } from "./ndarray.ts";
import { block, pairwise } from "./pairwise.ts";
import { sizeOf } from "./shape.ts";
import { zeroed } from "./slab.ts";

/** Which factor of a product is a gradient or a tangent. */
export type Upstream = 0 | 1 | "both";

export function matmul(a: NdArray, b: NdArray, upstream?: Upstream): NdArray {
  const rank = a.shape.length;
  const n = a.shape[rank - 2]!;
  const k = a.shape[rank - 1]!;
  const m = b.shape[rank - 1]!;
  const stacks = sizeOf(a.shape, 0, rank - 2);
  const out = zeroed(stacks * n * m);
  for (let s = stacks - 1; s >= 0; s--) product(a.values, b.values, out, { n, k, m, s });
  // 0 · ∞ makes NaN, and NaN stays: only where there is one, zeros have to be looked at.
  if (upstream !== undefined && hasNaN(out))
    for (let s = stacks - 1; s >= 0; s--) strongZeroProduct(a.values, b.values, out, { n, k, m, s }, upstream);
  return new NdArray(rank === 2 ? [n, m] : [...a.shape.slice(0, -2), n, m], out);
}

interface Sizes {
  readonly n: number;
  readonly k: number;
  readonly m: number;
  /** Which matrices of the stacks. */
  readonly s: number;
}

/**
 * Row by row of b, so that the inner loop runs along memory; four rows at a time, so that a sum is stored once for four products. Of long
 * sums a part is added up at a time, so that rounding errors do not.
 */
function product(a: Float64Array, b: Float64Array, out: Float64Array, { n, k, m, s }: Sizes): void {
  if (m === 1) {
    productWithVector(a, b, out, { n, k, m, s });
    return;
  }
  const b0 = s * k * m;
  // As many parts as each has terms, where there are more than 128 times 128.
  const [isLong, run] = [k > block, Math.max(block, 4 * Math.ceil(Math.sqrt(k) / 4))];
  const part = isLong ? zeroed(m) : out;
  for (let i = 0; i < n; i++) {
    const row = (s * n + i) * m;
    const left = (s * n + i) * k;
    for (let l = 0; l < k; l += run) {
      if (isLong) part.fill(0);
      someRows(a, b, part, left + l, b0 + l * m, isLong ? 0 : row, m, Math.min(run, k - l));
      if (isLong) for (let j = 0; j < m; j++) out[row + j]! += part[j]!;
    }
  }
}

/** Adds `count` products of an entry of a with a row of b. */
function someRows(
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
  left: number,
  from: number,
  row: number,
  m: number,
  count: number,
): void {
  const fours = count - (count % 4);
  for (let l = 0; l < fours; l += 4) fourRows(a, b, out, left + l, from + l * m, row, m);
  for (let l = fours; l < count; l++) oneRow(a[left + l]!, b, out, from + l * m, row, m);
}

function fourRows(a: Float64Array, b: Float64Array, out: Float64Array, left: number, from: number, row: number, m: number): void {
  const x0 = a[left]!;
  const x1 = a[left + 1]!;
  const x2 = a[left + 2]!;
  const x3 = a[left + 3]!;
  for (let j = 0; j < m; j++) {
    const at = from + j;
    out[row + j]! += x0 * b[at]! + x1 * b[at + m]! + (x2 * b[at + 2 * m]! + x3 * b[at + 3 * m]!);
  }
}

function oneRow(x: number, b: Float64Array, out: Float64Array, from: number, row: number, m: number): void {
  for (let j = 0; j < m; j++) out[row + j]! += x * b[from + j]!;
}

function productWithVector(a: Float64Array, b: Float64Array, out: Float64Array, { n, k, s }: Sizes): void {
  const b0 = s * k;
  for (let i = 0, left = s * n * k; i < n; i++, left += k)
    out[s * n + i] =
      k <= block ? products(a, left, b, b0, k) : pairwise(0, k, (begin, end) => products(a, left + begin, b, b0 + begin, end - begin));
}

/** The sum of `count` products. */
function products(a: Float64Array, left: number, b: Float64Array, right: number, count: number): number {
  let total = 0;
  for (let l = 0; l < count; l++) total += a[left + l]! * b[right + l]!;
  return total;
}

function hasNaN(values: Float64Array): boolean {
  let i = 0;
  while (i < values.length && values[i] === values[i]) i++;
  return i < values.length;
}

/** Term by term, without those where an upstream factor is 0. */
function strongZeroProduct(a: Float64Array, b: Float64Array, out: Float64Array, { n, k, m, s }: Sizes, upstream: Upstream): void {
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++) {
      let total = 0;
      for (let l = 0; l < k; l++) {
        const [x, y] = [a[(s * n + i) * k + l]!, b[(s * k + l) * m + j]!];
        if ((x !== 0 || upstream === 1) && (y !== 0 || upstream === 0)) total += x * y;
      }
      out[(s * n + i) * m + j] = total;
    }
}

/** The matrix product of stacks of matrices, (…, n, k) × (…, k, m); the leading axes agree. */
import { NdArray } from "./ndarray.ts";
import { sizeOf } from "./shape.ts";

export function matmul(a: NdArray, b: NdArray): NdArray {
  const [n, k, m] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-1)!];
  const stack = a.shape.slice(0, -2);
  const out = new Float64Array(sizeOf(stack) * n * m);
  for (let s = sizeOf(stack) - 1; s >= 0; s--) product(a.values, b.values, out, { n, k, m, s });
  return new NdArray([...stack, n, m], out);
}

interface Sizes {
  readonly n: number;
  readonly k: number;
  readonly m: number;
  /** Which matrices of the stacks. */
  readonly s: number;
}

/** Row by row of b, so that the inner loop runs along memory. */
function product(a: Float64Array, b: Float64Array, out: Float64Array, { n, k, m, s }: Sizes): void {
  const [a0, b0, c0] = [s * n * k, s * k * m, s * n * m];
  for (let i = 0; i < n; i++) {
    const row = c0 + i * m;
    for (let l = 0; l < k; l++) {
      const x = a[a0 + i * k + l]!;
      const from = b0 + l * m;
      for (let j = 0; j < m; j++) out[row + j]! += x * b[from + j]!;
    }
  }
}

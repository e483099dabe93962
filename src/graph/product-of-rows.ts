/**
 * The product of the rows of a matrix, entry by entry: the first half is multiplied by the second, until one row is left. Where that, or
 * what the backward pass makes of it, would leave the range of numbers on the way, large entries are multiplied by small ones.
 */
import { entriesOf, NdArray } from "../array/ndarray.ts";
import type { Value } from "./value.ts";
import { values } from "./values.ts";

/** Of shape (`count`, `width`), the product of shape (1, `width`). */
export function productOfRows(rows: Value, count: number, width: number): Value {
  // The empty product is 1; said by the empty sum, so that it depends on its factors, though there are none.
  if (count === 0) return values.add(values.sum([rows], { axes: [0], keepdims: true }), 1);
  const run = (begin: number, n: number, from: Value) =>
    values.slice([from], { ranges: [{ begin, step: 1, count: n }, { begin: 0, step: 1, count: width }] }); // prettier-ignore
  const pairsOf = (from: Value, half: number) => values.mul(run(0, half, from), run(half, half, from));
  let product = rows;
  for (let n = count; n > 1; n = Math.ceil(n / 2)) {
    const half = n >> 1;
    let pairs = pairsOf(product, half);
    if (leavesRange(entriesOf(product.payload), half, width)) {
      product = largestBesideSmallest(product, n, width);
      pairs = pairsOf(product, half);
    }
    product = n % 2 === 0 ? pairs : values.concat([pairs, run(n - 1, 1, product)], { axis: 0 });
  }
  return product;
}

/**
 * Whether the product of a pair of factors, or that of all others, which is what the backward pass brings there, is too large or too
 * small to hold all its digits. 0 and ∞ stay what they are in any order.
 */
function leavesRange(factors: Float64Array, half: number, width: number): boolean {
  const sizes = factors.map((x) => (x !== 0 && Number.isFinite(x) ? Math.log2(Math.abs(x)) : 0));
  if (sizes.reduce((sum, size) => sum + Math.abs(size), 0) < largestExponent) return false;
  const totals = new Float64Array(width);
  for (const [i, size] of sizes.entries()) totals[i % width]! += size;
  return sizes.subarray(0, half * width).some((size, i) => {
    const pair = size + sizes[i + half * width]!;
    return Math.abs(pair) >= largestExponent || Math.abs(totals[i % width]! - pair) >= largestExponent;
  });
}

/** log₂ of the largest number, and less log₂ of the smallest that has all its digits, with room for the rounding of a sum. */
const largestExponent = 1021;

/** Each column of `n` rows in another order, in which the pairs are the largest and the smallest, the second largest and the second smallest … */
function largestBesideSmallest(rows: Value, n: number, width: number): Value {
  const [entries, places, half] = [entriesOf(rows.payload), new Float64Array(n * width), n >> 1];
  for (let column = 0; column < width; column++) {
    const sizeOfRow = (row: number) => Math.abs(entries[row * width + column]!);
    const falling = Array.from({ length: n }, (_, row) => row).sort((a, b) => sizeOfRow(b) - sizeOfRow(a));
    const inOrder = [...falling.slice(0, half), ...falling.slice(n - half).reverse(), ...falling.slice(half, n - half)];
    for (const [i, row] of inOrder.entries()) places[i * width + column] = row * width + column;
  }
  const flat = values.reshape([rows], { shape: [n * width] });
  return values.take([flat], { indices: new NdArray([n, width], places), axis: 0 });
}

/** Products of vectors and matrices, with NumPy's rules for operands of one axis and for stacks of matrices. */
import type { NdArray } from "../array/ndarray.ts";
import { broadcastShape, checkSize, describe, formatShape, largestSize, sizeOf, type Shape } from "../array/shape.ts";
import { mul } from "./pointwise-functions.ts";
import { scoped } from "./scope.ts";
import { isListOfValues, lift, ownersOf, type ValueLike } from "./lift.ts";
import { Value } from "./value.ts";
import { values } from "./values.ts";

/** The matrix product; an operand of one axis counts as a row on the left and a column on the right. */
export function matmul(a: ValueLike, b: ValueLike): Value {
  const [x, y] = [lift("matmul", a), lift("matmul", b)];
  if (x.shape.length === 2 && y.shape.length === 2 && x.shape[1] === y.shape[0]) return product(x, y);
  if (x.shape.length === 0 || y.shape.length === 0)
    throw new RangeError(`matmul: a number is not a matrix, ${sizesOf(x.shape, y.shape)}; mul multiplies by numbers`);
  if (x.shape.at(-1) !== y.shape.at(-2) && !(y.shape.length === 1 && x.shape.at(-1) === y.shape[0]))
    throw new RangeError(`matmul: inner sizes differ, ${sizesOf(x.shape, y.shape)}${ownersOf(x, y)}${transposeAdvice(x, y)}`);
  const row = x.shape.length === 1 ? values.reshape([x], { shape: [1, ...x.shape] }) : x;
  const column = y.shape.length === 1 ? values.reshape([y], { shape: [...y.shape, 1] }) : y;
  const matrices = product(...stacked(row, column));
  if (row === x && column === y) return matrices;
  const shape = [
    ...matrices.shape.slice(0, -2),
    ...(row === x ? [matrices.shape.at(-2)!] : []),
    ...(column === y ? [matrices.shape.at(-1)!] : []),
  ];
  return values.reshape([matrices], { shape });
}

/** Of matrices, or stacks of as many, whose sizes fit. */
function product(x: Value, y: Value): Value {
  // Its shape is only made where it is too large.
  if (sizeOf(x.shape, 0, x.shape.length - 1) * y.shape.at(-1)! > largestSize)
    checkSize("matmul", [...x.shape.slice(0, -1), y.shape.at(-1)!]);
  return values.matmul([x, y], {});
}

const sizesOf = (x: Shape, y: Shape): string => `${formatShape(x)} × ${formatShape(y)}`;

/** The transpose that was forgotten, where one would do. */
function transposeAdvice({ shape: x }: Value, { shape: y }: Value): string {
  if (x.length !== 2 || y.length !== 2) return "";
  const [byFirst, bySecond] = [x[0] === y[0], x[1] === y[1]];
  if (byFirst && bySecond) return ". Transpose one of them, with .T";
  if (byFirst) return `. Transpose the first, with .T: ${sizesOf([...x].reverse(), y)}`;
  return bySecond ? `. Transpose the second, with .T: ${sizesOf(x, [...y].reverse())}` : "";
}

/** Stacks of matrices with the same leading axes. */
function stacked(x: Value, y: Value): [Value, Value] {
  const stack = broadcastShape(
    `matmul: stacks of ${formatShape(x.shape)} × ${formatShape(y.shape)}`,
    x.shape.slice(0, -2),
    y.shape.slice(0, -2),
  );
  const spread = (v: Value) => {
    const shape = [...stack, ...v.shape.slice(-2)];
    return shape.length === v.shape.length && shape.every((n, k) => n === v.shape[k]) ? v : values.broadcastTo([v], { shape });
  };
  return [spread(x), spread(y)];
}

/** Σ wᵢxᵢ: of two lists of number values as one node; of arrays, as NumPy's `dot`. */
export function dot(a: ValueLike | readonly ValueLike[], b: ValueLike | readonly ValueLike[]): Value {
  if (isListOfValues(a) || isListOfValues(b)) return dotOfLists(a, b);
  const [x, y] = [lift("dot", a as ValueLike), lift("dot", b as ValueLike)];
  if (x.shape.length === 0 || y.shape.length === 0) return mul(x, y);
  if (x.shape.at(-1) !== y.shape[Math.max(y.shape.length - 2, 0)])
    throw new RangeError(`dot: sizes differ, ${formatShape(x.shape)} and ${formatShape(y.shape)}${ownersOf(x, y)}${transposeAdvice(x, y)}`);
  return x.shape.length <= 2 && y.shape.length <= 2 ? matmul(x, y) : dotOfStacks(x, y);
}

/** Sums over the last axis of x and the last but one of y, every matrix of x with every one of y: of shapes (…, k) and (…, k, m), (…, …, m). */
function dotOfStacks(x: Value, y: Value): Value {
  const [k, axis] = [x.shape.at(-1)!, Math.max(y.shape.length - 2, 0)];
  const others = [...y.shape.keys()].filter((a) => a !== axis);
  const rest = others.map((a) => y.shape[a]!);
  const rows = values.reshape([x], { shape: [sizeOf(x.shape.slice(0, -1)), k] });
  const columns = values.reshape([values.transpose([y], { axes: [axis, ...others] })], { shape: [k, sizeOf(rest)] });
  return values.reshape([values.matmul([rows, columns], {})], { shape: [...x.shape.slice(0, -1), ...rest] });
}

function dotOfLists(a: unknown, b: unknown): Value<number> {
  if (!Array.isArray(a) || !Array.isArray(b))
    throw new TypeError(`dot: expected two lists of values, got ${describe(a)} and ${describe(b)}`);
  if (a.length !== b.length || a.length === 0)
    throw new RangeError(`dot: the lists have ${a.length} and ${b.length} entries; they need the same number, not 0`);
  const all = [...(a as ValueLike[]), ...(b as ValueLike[])].map((x) => lift("dot", x));
  const bad = all.find((x) => x.shape.length > 0);
  if (bad) throw new RangeError(`dot: lists hold numbers, got a value of shape ${formatShape(bad.shape)}`);
  return values.dot(all, {}) as Value<number>;
}

/** Every entry of a times every entry of b: shape (n, m) for vectors of n and m. */
export function outer(a: ValueLike, b: ValueLike): Value<NdArray> {
  const [x, y] = [lift("outer", a), lift("outer", b)];
  return scoped("outer", {}, () => {
    const [column, row] = [values.reshape([x], { shape: [sizeOf(x.shape), 1] }), values.reshape([y], { shape: [1, sizeOf(y.shape)] })];
    return mul(column, row) as Value<NdArray>;
  });
}

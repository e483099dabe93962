/** Functions that rearrange, select and join, with NumPy's rules for axes, slices and indices. */
import type { Range } from "../array/layout.ts";
import { entriesOf, NdArray, normalIndex, toTensor, type Tensor } from "../array/ndarray.ts";
import type { Nested } from "../array/nested.ts";
import { broadcastShape, checkShape, describe, formatShape, isSameShape, normalAxis, sizeOf, type Shape } from "../array/shape.ts";
import { broadcast } from "./pointwise-functions.ts";
import { checkOptions } from "./options.ts";
import { scoped } from "./scope.ts";
import { lift, type ValueLike, type TensorLike } from "./lift.ts";
import { checkData, isTraced } from "./tracer.ts";
import { Value } from "./value.ts";
import { values } from "./values.ts";

/** Axes in a new order; without one, reversed. `x.T` is the same. */
export function transpose(x: ValueLike, axes?: readonly number[]): Value {
  const v = lift("transpose", x);
  if (axes !== undefined && !isList(axes)) throw new TypeError(`transpose: axes are a list such as [1, 0], got ${describe(axes)}`);
  const order = axes?.map((axis) => normalAxis("transpose", axis, v.shape)) ?? v.shape.map((_, k) => v.shape.length - 1 - k);
  if (order.length !== v.shape.length || new Set(order).size !== order.length)
    throw new RangeError(
      `transpose: axes [${String(axes)}] are not the ${v.shape.length} axes of shape ${formatShape(v.shape)} in some order`,
    );
  return values.transpose([v], { axes: order });
}

/** The same entries in another shape; one size may be −1 and follows from the others. */
export function reshape(x: ValueLike, shape: Shape | number): Value {
  const v = lift("reshape", x);
  if (typeof shape !== "number" && !Array.isArray(shape))
    throw new TypeError(`reshape: a shape is a list of sizes, got ${describe(shape)}`);
  const asked = typeof shape === "number" ? [shape] : [...(shape as Shape)];
  const open = asked.indexOf(-1);
  const size = sizeOf(v.shape);
  if (open >= 0) {
    const rest = sizeOf(asked.filter((_, k) => k !== open));
    if (rest === 0)
      throw new RangeError(`reshape: any size would do for the −1 of [${String(shape)}], whose other sizes make 0 entries; give it`);
    asked[open] = size / rest;
  }
  if (!asked.every((n) => Number.isInteger(n) && n >= 0) || sizeOf(asked) !== size)
    throw new RangeError(`reshape: shape ${formatShape(v.shape)} has ${size} entries and cannot become [${String(shape)}]`);
  return values.reshape([v], { shape: asked });
}

/** Repeats axes of size 1, and adds axes in front, to reach `shape`. */
export function broadcastTo(x: ValueLike, shape: Shape): Value {
  const v = lift("broadcastTo", x);
  checkShape("broadcastTo", shape);
  if (!isSameShape(broadcastShape("broadcastTo", v.shape, shape), shape))
    throw new RangeError(`broadcastTo: shape ${formatShape(v.shape)} does not stretch to ${formatShape(shape)}`);
  return values.broadcastTo([v], { shape: [...shape] });
}

/** `[begin, end, step]` as Python's `begin:end:step`; null leaves a side open. */
export type SliceRange = readonly [begin?: number | null, end?: number | null, step?: number | null] | null;

/** One range per leading axis; axes without one are kept whole. */
export function slice(x: ValueLike, ...ranges: readonly SliceRange[]): Value {
  const v = lift("slice", x);
  if (ranges.length > v.shape.length) throw new RangeError(`slice: ${ranges.length} ranges given for shape ${formatShape(v.shape)}`);
  return values.slice([v], { ranges: v.shape.map((n, axis) => rangeOf(ranges[axis] ?? [], n)) });
}

function rangeOf(range: SliceRange, n: number): Range {
  if (range !== null && (!Array.isArray(range) || range.length > 3))
    throw new TypeError(`slice: a range is a list [begin, end, step] or null, got ${describe(range)}`);
  const [begin, end, step] = [range?.[0] ?? null, range?.[1] ?? null, range?.[2] ?? 1];
  for (const x of [begin, end, step])
    if (x !== null && !Number.isInteger(x)) throw new TypeError(`slice: a range has whole numbers or null, got ${describe(x)}`);
  if (step === 0) throw new RangeError("slice: a step of 0 does not move");
  const [low, high] = step > 0 ? [0, n] : [-1, n - 1];
  const clamp = (x: number) => Math.min(Math.max(x < 0 ? x + n : x, low), high);
  const from = begin === null ? (step > 0 ? low : high) : clamp(begin);
  const to = end === null ? (step > 0 ? high : low) : clamp(end);
  return { begin: from, step, count: Math.max(0, Math.ceil((to - from) / step)) };
}

/** The entry at a full index, or the sub-array at a partial one. */
export function at(x: ValueLike, ...index: readonly number[]): Value {
  const v = lift("at", x);
  if (index.length > v.shape.length) throw new RangeError(`at: ${index.length} places given for shape ${formatShape(v.shape)}`);
  const places = index.map((i, axis) => normalIndex("at", i, v.shape, axis));
  const ranges = v.shape.map((n, axis) =>
    axis < places.length ? { begin: places[axis]!, step: 1, count: 1 } : { begin: 0, step: 1, count: n },
  );
  return values.reshape([values.slice([v], { ranges })], { shape: v.shape.slice(index.length) });
}

function axisOption<Options extends { axis?: number | null }>(operation: string, options: Options): Options {
  checkOptions(operation, options, ["axis"]);
  return options;
}

/** Entries at `indices` along `axis`, of all entries in a row where none is given, as NumPy's; an index may occur several times. */
export function take(x: ValueLike, indices: number | Nested | NdArray, options: { axis?: number | null } = {}): Value {
  const { axis = null } = axisOption("take", options);
  const given = lift("take", x);
  const v = axis === null && given.shape.length !== 1 ? values.reshape([given], { shape: [sizeOf(given.shape)] }) : given;
  const along = normalAxis("take", axis ?? 0, v.shape);
  const wanted = toTensor("take", indices);
  const places = entriesOf(wanted).map((i) => normalIndex("take", i, v.shape, along));
  const normal: Tensor = typeof wanted === "number" ? places[0]! : new NdArray(wanted.shape, places);
  return values.take([v], { indices: normal, axis: along });
}

/**
 * `a` where the condition holds, `b` elsewhere; what is not selected gets no gradient, not even NaN. A condition that is a value is
 * looked at now, and compiled at every call.
 */
export function where(condition: boolean | Value | TensorLike | readonly unknown[], a: ValueLike, b: ValueLike): Value {
  const chosen = conditionOf(condition);
  const [x, y] = [lift("where", a), lift("where", b)];
  const shape = [x.shape, y.shape].reduce((s, t) => broadcastShape("where", s, t), chosen.shape);
  const full = (v: Value) => (isSameShape(v.shape, shape) ? v : values.broadcastTo([v], { shape }));
  if (condition instanceof Value && isTraced()) return values.select(full(chosen), full(x), full(y));
  return values.where([full(x), full(y)], { condition: full(chosen).payload });
}

/** Booleans as 0 and 1; a list that contains itself stays one that does, and is refused like any list nested without end. */
function asNumbers(x: unknown, known = new Map<unknown, unknown[]>()): unknown {
  if (typeof x === "boolean") return Number(x);
  if (!Array.isArray(x)) return x;
  const before = known.get(x);
  if (before) return before;
  const numbers = new Array<unknown>(x.length);
  known.set(x, numbers);
  x.forEach((entry, i) => (numbers[i] = asNumbers(entry, known)));
  return numbers;
}

/** A constant of 0 and 1. */
function conditionOf(given: unknown): Value {
  const condition: Value = given instanceof Value ? (given as Value) : new Value(toTensor("where", asNumbers(given)), null, null, null);
  checkData(condition, (data) => {
    const bad = entriesOf(data).find((x) => x !== 0 && x !== 1);
    if (bad !== undefined) throw new TypeError(`where: a condition holds booleans or 0 and 1, got ${bad}`);
  });
  return given instanceof Value ? condition.detach() : condition;
}

const isList = (xs: unknown): xs is readonly unknown[] => Array.isArray(xs);

function checkList(operation: string, xs: unknown): asserts xs is readonly ValueLike[] {
  if (!isList(xs)) throw new TypeError(`${operation}: expected a list of values, got ${describe(xs)}`);
  if (xs.length === 0) throw new RangeError(`${operation}: the list is empty`);
  const hole = xs.findIndex((x) => x === undefined);
  if (hole >= 0) throw new TypeError(`${operation}: expected a value at [${hole}], got undefined`);
}

/** Arrays joined along an axis they already have. */
export function concat(xs: readonly ValueLike[], options: { axis?: number } = {}): Value {
  const { axis = 0 } = axisOption("concat", options);
  checkList("concat", xs);
  const all = xs.map((x) => lift("concat", x));
  const [first] = all;
  const along = normalAxis("concat", axis, first!.shape);
  for (const { shape } of all)
    if (shape.length !== first!.shape.length || shape.some((n, k) => k !== along && n !== first!.shape[k]))
      throw new RangeError(`concat: shapes ${formatShape(first!.shape)} and ${formatShape(shape)} differ beside axis ${along}`);
  return values.concat(all, { axis: along });
}

/** Values of one shape side by side along a new axis. */
export function stack(xs: readonly ValueLike[], options: { axis?: number } = {}): Value {
  const { axis = 0 } = axisOption("stack", options);
  checkList("stack", xs);
  const all = xs.map((x) => lift("stack", x));
  const { shape } = all[0]!;
  for (const x of all)
    if (!isSameShape(x.shape, shape)) throw new RangeError(`stack: shapes ${formatShape(shape)} and ${formatShape(x.shape)} differ`);
  const rank = shape.length + 1;
  const along = normalAxis("stack", axis, new Array<number>(rank).fill(1));
  const row = [...shape.slice(0, along), 1, ...shape.slice(along)];
  return scoped("stack", {}, () =>
    values.concat(
      all.map((x) => values.reshape([x], { shape: row })),
      { axis: along },
    ),
  );
}

/** The sum of a list of values as one node, not a chain of additions. */
export function sumOf(xs: readonly ValueLike[]): Value {
  checkList("sumOf", xs);
  const all = broadcast(
    "sumOf",
    xs.map((x) => lift("sumOf", x)),
  );
  const shape = all.find((x) => x.shape.length > 0)?.shape;
  const full = shape ? all.map((x) => (x.shape.length > 0 ? x : values.broadcastTo([x], { shape }))) : all;
  return full.length === 1 ? values.identity(full[0]!) : values.sumOf(full, {});
}

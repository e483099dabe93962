/** Reductions and what is composed of them. Each takes `axis` (one, several, negative from the end; all where none is given) and `keepdims`. */
import { map1 } from "../array/map.ts";
import { entriesOf, type NdArray } from "../array/ndarray.ts";
import { reducedShape } from "../array/reduce.ts";
import { describe, droppedShape, formatShape, normalAxes, normalAxis, sizeOf } from "../array/shape.ts";
import type { StructuralName } from "../ops/vocabulary.ts";
import { checkOptions } from "./options.ts";
import { scoped } from "./scope.ts";
import { lift, type ValueLike } from "./lift.ts";
import { productOfRows } from "./product-of-rows.ts";
import type { Value } from "./value.ts";
import { values } from "./values.ts";

export interface AxisOptions {
  readonly axis?: number | readonly number[] | null;
  readonly keepdims?: boolean;
}

/** Without options a reduction gives a number. */
export interface Reduction<More = unknown> {
  (x: ValueLike, options?: More & { readonly axis?: null; readonly keepdims?: false }): Value<number>;
  (x: ValueLike, options: More & AxisOptions): Value;
}

type ReducingName = Extract<StructuralName, "sum" | "max" | "min" | "logsumexp">;

interface Plan {
  readonly v: Value;
  readonly axes: readonly number[];
  readonly keepdims: boolean;
  /** How many entries become one. */
  readonly count: number;
}

const noOptions: AxisOptions = {};

function plan(operation: string, x: ValueLike, options: AxisOptions, more: readonly string[] = []): Plan {
  if (options !== noOptions) checkOptions(operation, options, ["axis", "keepdims", ...more]);
  const { axis, keepdims = false } = options;
  if (typeof keepdims !== "boolean") throw new TypeError(`${operation}: keepdims is true or false, got ${describe(keepdims)}`);
  const v = lift(operation, x);
  const axes = normalAxes(operation, axis, v.shape);
  return { v, axes, keepdims, count: axes.reduce((size, k) => size * v.shape[k]!, 1) };
}

function reduction(name: ReducingName, ofNothing?: number): Reduction {
  const f = (x: ValueLike, options: AxisOptions = noOptions): Value => {
    const { v, axes, keepdims, count } = plan(name, x, options);
    if (v.shape.length === 0) return values.identity(v);
    if (count === 0 && ofNothing === undefined)
      throw new RangeError(`${name}: no entries to choose from along axis [${String(axes)}] of shape ${formatShape(v.shape)}`);
    return values[name]([v], { axes, keepdims });
  };
  return f as Reduction;
}

export const sum = reduction("sum", 0);
/** The largest entry; ties share the gradient equally. */
export const max = reduction("max");
/** The smallest entry; ties share the gradient equally. */
export const min = reduction("min");
/** log Σ exp xᵢ, shifted by the maximum. */
export const logsumexp = reduction("logsumexp", -Infinity);

/** The mean; NaN of no entries, as NumPy's. */
export const mean = ((x: ValueLike, options: AxisOptions = noOptions): Value => {
  const { v, axes, keepdims, count } = plan("mean", x, options);
  if (v.shape.length === 0) return values.identity(v);
  return scoped("mean", {}, () => {
    const total = values.sum([v], { axes, keepdims });
    // Entries that add up to ∞ or NaN, as those that are large do, are divided by their number first.
    const isLarge = map1((sum) => (Number.isFinite(sum) ? 0 : 1), total.payload);
    if (entriesOf(isLarge).every((x) => x === 0)) return values.div(total, count);
    const careful = values.sum([values.div(v, count)], { axes, keepdims });
    return typeof isLarge === "number" ? careful : values.where([careful, values.div(total, count)], { condition: isLarge });
  });
}) as Reduction;

interface Ddof {
  readonly ddof?: number;
}

function deviation(operation: string, x: ValueLike, options: AxisOptions & Ddof): Plan & { degrees: number; centred: Value } {
  const planned = plan(operation, x, options, ["ddof"]);
  const { ddof = 0 } = options;
  if (!Number.isFinite(ddof)) throw new RangeError(`${operation}: ddof must be a finite number, got ${describe(ddof)}`);
  const { v, axes, count } = planned;
  const degrees = Math.max(count - ddof, 0);
  if (v.shape.length === 0) return { ...planned, degrees, centred: values.sub(v, v) };
  const centreOf = (x: Value): Value => mean(x, { axis: axes, keepdims: true });
  const less = (x: Value, centre: Value): Value => values.sub(x, values.broadcastTo([centre], { shape: v.shape }));
  // Where entries are large and nearly equal, their mean is rounded more than they differ; a constant taken off first changes no variance.
  const near = less(v, centreOf(v).detach());
  return { ...planned, degrees, centred: less(near, centreOf(near)) };
}

/** The variance, Σ(x − mean)²/(n − ddof). */
export const variance = ((x: ValueLike, options: AxisOptions & Ddof = {}): Value =>
  scoped("var", {}, () => {
    const { axes, keepdims, degrees, centred } = deviation("var", x, options);
    return values.div(sum(values.square(centred), { axis: axes, keepdims }), degrees);
  })) as Reduction<Ddof>;

/** The standard deviation ‖x − mean‖/√(n − ddof): its gradient at equal entries is 0, as that of the norm. */
export const std = ((x: ValueLike, options: AxisOptions & Ddof = {}): Value =>
  scoped("std", {}, () => {
    const { axes, keepdims, degrees, centred } = deviation("std", x, options);
    return values.div(lengths(centred, { axis: axes, keepdims }, 2), Math.sqrt(degrees));
  })) as Reduction<Ddof>;

interface Ord {
  readonly ord?: number;
}

/** (Σ|x|ᵖ)^(1/p) for `ord` p, 2 where none is given; 1 and Infinity too. Its gradient at 0 is 0. */
export const norm = ((x: ValueLike, given: AxisOptions & Ord = {}): Value => {
  checkOptions("norm", given, ["axis", "keepdims", "ord"]);
  const { ord = 2, ...options } = given;
  if (typeof ord !== "number" || !(ord >= 1)) throw new RangeError(`norm: ord is a number from 1, or Infinity, got ${describe(ord)}`);
  if (ord !== 1 && ord !== Infinity) return lengths(x, options, ord);
  return scoped("norm", {}, () => {
    const { v, count } = plan("norm", x, options);
    const size = values.abs(v);
    return ord === 1 || count === 0 ? sum(size, options) : max(size, options);
  });
}) as Reduction<Ord>;

function lengths(x: ValueLike, options: AxisOptions, ord: number): Value {
  const { v, axes, keepdims } = plan("norm", x, options);
  return v.shape.length === 0 ? values.abs(v) : values.norm([v], { axes, keepdims, ord });
}

/** The product, by halves: multiplications only, so that its derivatives of any order are right with zeros among the entries. */
export const prod = ((x: ValueLike, options: AxisOptions = {}): Value => {
  const { v, axes, keepdims, count } = plan("prod", x, options);
  if (v.shape.length === 0) return values.identity(v);
  return scoped("prod", {}, () => {
    const others = [...v.shape.keys()].filter((k) => !axes.includes(k));
    const width = sizeOf(droppedShape(v.shape, axes));
    const rows = values.reshape([values.transpose([v], { axes: [...axes, ...others] })], { shape: [count, width] });
    return values.reshape([productOfRows(rows, count, width)], { shape: reducedShape(v.shape, { axes, keepdims }) });
  });
}) as Reduction;

/** exp xᵢ / Σ exp xⱼ along `axis`, the last where none is given. */
export const softmax = (x: ValueLike, options: { axis?: number } = {}): Value<NdArray> => {
  checkOptions("softmax", options, ["axis"]);
  const { axis = -1 } = options;
  const v = lift("softmax", x);
  return values.softmax([v], { axis: normalAxis("softmax", axis, v.shape) }) as Value<NdArray>;
};

/** log softmax, exact where softmax has rounded to 0 or 1. */
export const logSoftmax = (x: ValueLike, options: { axis?: number } = {}): Value<NdArray> => {
  checkOptions("logSoftmax", options, ["axis"]);
  const { axis = -1 } = options;
  const v = lift("logSoftmax", x);
  return values.logSoftmax([v], { axis: normalAxis("logSoftmax", axis, v.shape) }) as Value<NdArray>;
};

/** Running sums along `axis`; of all entries in a row where none is given, as NumPy's. */
export function cumsum(x: ValueLike, options: { axis?: number | null } = {}): Value<NdArray> {
  checkOptions("cumsum", options, ["axis"]);
  const { axis } = options;
  const v = lift("cumsum", x);
  if (axis !== undefined && axis !== null)
    return values.cumsum([v], { axis: normalAxis("cumsum", axis, v.shape), reverse: false }) as Value<NdArray>;
  const row = values.reshape([v], { shape: [sizeOf(v.shape)] });
  return values.cumsum([row], { axis: 0, reverse: false }) as Value<NdArray>;
}

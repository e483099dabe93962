/**
 * The arithmetic of arrays held entry by entry, each entry a value of its own: what a tensor graph is when it is opened into its
 * scalar graph. Pointwise rows act on every entry; linear structural rows are read off the table by running them on the
 * places of entries instead of entries; only what computes anew is said here.
 */
import { entriesOf, shapeOf, tensor, zerosOf, type Tensor } from "../array/ndarray.ts";
import { sizeOf, type Shape } from "../array/shape.ts";
import { algebra, forwardOf } from "../ops/algebra.ts";
import type { PointwisePrimitive, StructuralPrimitive } from "../ops/primitive.ts";
import { structural } from "../ops/structural.ts";
import { termOfProduct } from "../ops/structural-words.ts";
import { tensors } from "../ops/tensors.ts";
import type { Algebra, Operand, StructuralName, StructuralOptions } from "../ops/vocabulary.ts";
import { Value } from "./value.ts";
import { pointwiseValue, values } from "./values.ts";

/** Values of numbers in row-major order. */
export interface Entries {
  readonly shape: Shape;
  readonly values: readonly Value[];
}

const number = (x: number): Value => new Value(x, null, null, null);

function pointwise(primitive: PointwisePrimitive, args: readonly Operand<Entries>[]): Entries {
  const lists = args.map((x): Entries => (typeof x === "number" ? { shape: [], values: [number(x)] } : x));
  const { shape } = lists.find((x) => x.shape.length > 0) ?? lists[0]!;
  const entry = (i: number) => lists.map((x) => (x.shape.length === 0 ? x.values[0]! : x.values[i]!));
  return { shape, values: Array.from({ length: sizeOf(shape) }, (_, i) => pointwiseValue(primitive, entry(i))) };
}

/** 1, 2, 3, … for the places of arrays of these shapes, counted through; 0 is left for what a row fills with zeros. */
function placesOf(shapes: readonly Shape[]): Tensor[] {
  let place = 0;
  return shapes.map((shape) =>
    tensor(
      shape,
      Float64Array.from({ length: sizeOf(shape) }, () => ++place),
    ),
  );
}

/** A row that only selects: run on places, it tells where each entry of its result comes from. */
function selected(primitive: StructuralPrimitive, operands: readonly Entries[]): Entries {
  const from = forwardOf(primitive, placesOf(operands.map(({ shape }) => shape))); // prettier-ignore
  const all = operands.flatMap((x) => x.values);
  const filling = number(0);
  return { shape: shapeOf(from), values: Array.from(entriesOf(from), (place) => (place === 0 ? filling : all[place - 1]!)) };
}

/** For each entry of the result, the places of the entries that a row which only adds puts into it: its adjoint selects. */
function groups<N extends StructuralName>(name: N, shape: Shape, options: StructuralOptions[N]): { shape: Shape; members: number[][] } {
  const row = structural[name];
  const result = row.shape([shape], options);
  const [places] = placesOf([result]);
  const [into] = row.vjp(tensors, places!, [zerosOf(shape)], zerosOf(result), options, () => true);
  const members: number[][] = Array.from({ length: sizeOf(result) }, () => []);
  for (const [i, place] of entriesOf(into!).entries()) members[place - 1]!.push(i);
  return { shape: result, members };
}

const sumOfValues = (xs: readonly Value[]): Value => (xs.length === 0 ? number(0) : xs.length === 1 ? xs[0]! : values.sumOf(xs, {}));

/** One value for every group of entries. */
function gathered<N extends StructuralName>(
  name: N,
  [x]: readonly Entries[],
  options: StructuralOptions[N],
  one: (xs: readonly Value[]) => Value,
): Entries {
  const { shape, members } = groups(name, x!.shape, options);
  return { shape, values: members.map((group) => one(group.map((i) => x!.values[i]!))) };
}

/** A list of values made from each lane of entries along an axis; a second operand's lane goes with it. */
function alongLanes(axis: number, [x, s]: readonly Entries[], lane: (xs: readonly Value[], shares: readonly Value[]) => Value[]): Entries {
  const out = [...x!.values];
  for (const group of groups("sum", x!.shape, { axes: [axis], keepdims: false }).members) {
    const at = (from: Entries | undefined) => (from ? group.map((i) => from.values[i]!) : []);
    for (const [k, y] of lane(at(x), at(s)).entries()) out[group[k]!] = y;
  }
  return { shape: x!.shape, values: out };
}

const dataOf = (v: Value): number => v.payload as number;

/** The largest or smallest of several. Those that tie share the gradient equally, so they enter as their mean. */
function extreme(name: "maximum" | "minimum", xs: readonly Value[]): Value {
  const top = xs.map(dataOf).reduce((a, b) => (name === "maximum" ? Math.max(a, b) : Math.min(a, b)));
  const tied = xs.filter((x) => dataOf(x) === top);
  if (tied.length > 2 && Number.isFinite(top)) return values.div(sumOfValues(tied), tied.length);
  return xs.reduce((a, b) => values[name](a, b));
}

/** The largest entry as a constant, 0 where it is not finite. */
function shiftOf(xs: readonly Value[]): number {
  const top = xs.map(dataOf).reduce((a, b) => Math.max(a, b));
  return Number.isFinite(top) ? top : 0;
}

const exponentials = (xs: readonly Value[], shift: number): Value[] => xs.map((x) => values.exp(values.sub(x, shift)));

function logsumexp(xs: readonly Value[]): Value {
  const shift = shiftOf(xs);
  return values.add(values.log(sumOfValues(exponentials(xs, shift))), shift);
}

/** Entries are divided by the largest first, so that no power overflows. */
function norm(xs: readonly Value[], ord: number): Value {
  if (xs.length === 0) return number(0);
  if (xs.length === 1) return values.abs(xs[0]!);
  if (ord === 2) return xs.reduce((a, b) => values.hypot(a, b));
  const sizes = xs.map((x) => values.abs(x));
  const scale = sizes.map(dataOf).reduce((a, b) => Math.max(a, b));
  const total = sumOfValues(sizes.map((size) => values.pow(values.ratio(size, scale), ord)));
  return values.mul(values.pow(total, 1 / ord), scale);
}

/** Where the largest share stands. */
const placeOfTop = (shares: readonly Value[]): number => shares.reduce((top, s, i) => (dataOf(s) > dataOf(shares[top]!) ? i : top), 0);

const selects = "selects";

/** Rows by entries. */
const rows: {
  readonly [N in StructuralName]: typeof selects | ((operands: readonly Entries[], options: StructuralOptions[N]) => Entries);
} = {
  reshape: selects,
  broadcastTo: selects,
  transpose: selects,
  slice: selects,
  unslice: selects,
  take: selects,
  concat: selects,
  where: selects,
  sum: (x, options) => gathered("sum", x, options, sumOfValues),
  sumTo: (x, options) => gathered("sumTo", x, options, sumOfValues),
  scatter: (x, options) => gathered("scatter", x, options, sumOfValues),
  max: (x, options) => gathered("sum", x, options, (xs) => extreme("maximum", xs)),
  min: (x, options) => gathered("sum", x, options, (xs) => extreme("minimum", xs)),
  norm: (x, { ord, ...options }) => gathered("sum", x, options, (xs) => norm(xs, ord)),
  logsumexp: (x, options) => gathered("sum", x, options, logsumexp),
  sumOf: (xs) => ({ shape: xs[0]!.shape, values: xs[0]!.values.map((_, i) => sumOfValues(xs.map((x) => x.values[i]!))) }),
  dot: (xs) => ({
    shape: [],
    values: [
      values.dot(
        xs.map((x) => x.values[0]!),
        {},
      ),
    ],
  }),
  cumsum: (x, { axis, reverse }) =>
    alongLanes(axis, x, (xs) => {
      const out = reverse ? [...xs].reverse() : [...xs];
      for (let i = 1; i < out.length; i++) out[i] = values.add(out[i - 1]!, out[i]!);
      return reverse ? out.reverse() : out;
    }),
  softmax: (x, { axis }) =>
    alongLanes(axis, x, (xs) => {
      const e = exponentials(xs, shiftOf(xs));
      const total = sumOfValues(e);
      return e.map((v) => values.div(v, total));
    }),
  logSoftmax: (x, { axis }) =>
    alongLanes(axis, x, (xs) => {
      const total = logsumexp(xs);
      return xs.map((v) => values.sub(v, total));
    }),
  relative: (operands, { axis }) =>
    alongLanes(axis, operands, (xs, shares) => {
      const top = placeOfTop(shares);
      return xs.map((x, i) => (i === top ? number(0) : values.sub(x, xs[top]!)));
    }),
  balance: (operands, { axis }) =>
    alongLanes(axis, operands, (xs, shares) => {
      const top = placeOfTop(shares);
      return xs.map((x, i) => (i === top ? values.neg(sumOfValues(xs.filter((_, k) => k !== top))) : x));
    }),
  matmul: ([a, b], { upstream }) => {
    const times = (x: Value, y: Value) => {
      const [word, ...factors] = termOfProduct(x, y, upstream);
      return values[word](...factors);
    };
    const [n, k, m] = [a!.shape.at(-2)!, a!.shape.at(-1)!, b!.shape.at(-1)!];
    const stack = a!.shape.slice(0, -2);
    const entry = (s: number, i: number, j: number) =>
      sumOfValues(Array.from({ length: k }, (_, l) => times(a!.values[(s * n + i) * k + l]!, b!.values[(s * k + l) * m + j]!)));
    const places = Array.from(
      { length: sizeOf(stack) * n * m },
      (_, at) => [Math.floor(at / (n * m)), Math.floor(at / m) % n, at % m] as const,
    );
    return { shape: [...stack, n, m], values: places.map((at) => entry(...at)) };
  },
};

function structuralEntries(primitive: StructuralPrimitive, operands: readonly Entries[]): Entries {
  const row = rows[primitive.name];
  if (row === selects) return selected(primitive, operands);
  return (row as (operands: readonly Entries[], options: unknown) => Entries)(operands, primitive.options);
}

export const entries: Algebra<Entries> = algebra<Entries>((x) => (typeof x === "number" ? [] : x.shape), pointwise, structuralEntries);

/** A tensor as entries, each made by `entry`. */
export const entriesFrom = (x: Tensor, entry: (x: number, place: number) => Value): Entries => ({
  shape: shapeOf(x),
  values: Array.from(entriesOf(x), entry),
});

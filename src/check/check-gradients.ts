/**
 * `checkGradients`: what the engine says against numeric derivatives with a bound of their own, entry by entry. There is no floor
 * below which a sign does not matter; at a kink both slopes are shown and anything between is right.
 */
import { entriesOf, NdArray, toTensor, zerosOf, type Tensor } from "../array/ndarray.ts";
import { formatShape, indexOf } from "../array/shape.ts";
import { constant, value, type TensorLike } from "../graph/lift.ts";
import { Value } from "../graph/value.ts";
import type { NumericDerivative } from "../ops/numeric-derivative.ts";
import { numpyRandom } from "../random/numpy-random.ts";
import { isClose } from "./agreement.ts";
import { truthOf } from "./judgement.ts";
import { kinkedNodes, type KinkedNode } from "./kink.ts";
import { numericDerivative, oneSidedSlopes, taylorOrder } from "./numeric.ts";
import { shownLabel } from "./place.ts";
import { checkLanguage, type Language } from "../graph/language.ts";

/** One entry of one argument. */
export interface GradientEntry {
  /** The label of the argument, or its number. */
  readonly argument: string;
  readonly index: readonly number[];
  readonly autodiff: number;
  readonly numeric: number;
  readonly bound: number;
  /** The slopes from both sides, where they differ. */
  readonly slopes: readonly [left: number, right: number] | undefined;
  readonly passed: boolean;
}

/** What `checkGradients` found. */
export interface GradientCheck {
  readonly passed: boolean;
  readonly entries: readonly GradientEntry[];
  /** The nodes of the graph that were evaluated at a kink. */
  readonly kinks: readonly KinkedNode[];
  /** The order in which the remainder of the Taylor polynomial falls along a random direction; 2 where gradients are right. */
  readonly taylorOrder: number | undefined;
  toText(options?: { readonly language?: Language }): string;
  toString(): string;
}

/**
 * Compares the gradient of `f` with numeric derivatives. An entry passes iff |autodiff − numeric| ≤ bound + 1e-7·max(|autodiff|,
 * |numeric|), or if it lies between the two slopes of a kink; NaN does not pass.
 *
 * @param f a function of values that gives one number.
 * @param at its arguments: numbers, arrays, or values whose data and labels are taken.
 * @throws RangeError where f does not give one number.
 * @example
 * checkGradients((x, w) => x.matmul(w).tanh().sum(), [[[1, 2]], [[0.5], [-0.3]]]).passed; // → true
 */
export function checkGradients(f: (...values: Value[]) => Value, at: readonly (TensorLike | Value)[]): GradientCheck {
  if (!isList(at)) throw new TypeError("checkGradients: the second operand is the list of arguments of f, as [x, w]");
  const point = at.map((x) => (x instanceof Value ? x.data : toTensor("checkGradients", x)));
  const leaves = point.map((x, k) => value(x, at[k] instanceof Value ? at[k].label : ""));
  const y = f(...leaves);
  if (!(y instanceof Value) || y.shape.length !== 0)
    throw new RangeError(`checkGradients: f must give one number, got ${y instanceof Value ? `shape ${formatShape(y.shape)}` : "no value"}; take .sum() or .mean()`); // prettier-ignore
  const truth = y.takesGradient ? truthOf(y) : new Map<Value, Tensor>();
  const gradients = leaves.map((leaf) => truth.get(leaf) ?? zerosOf(leaf.shape));
  const entries = leaves.flatMap((leaf, k) => entriesOfArgument(f, point, k, leaf.label || String(k), gradients[k]!));
  const kinks = y.takesGradient ? kinkedNodes(y) : [];
  return reported({ entries, kinks, taylorOrder: taylor(f, point, gradients) });
}

const isList = (x: unknown): boolean => Array.isArray(x);

/** A tensor with an entry made from each of x, and its number. */
const mapped = (x: Tensor, f: (entry: number, i: number) => number): Tensor =>
  typeof x === "number" ? f(x, 0) : new NdArray(x.shape, x.values.map(f));

type Point = readonly Tensor[];
const evaluate = (f: (...values: Value[]) => Value, point: Point): number => f(...point.map((x) => constant(x))).item();

function entriesOfArgument(f: (...values: Value[]) => Value, point: Point, k: number, argument: string, gradient: Tensor): GradientEntry[] {
  return [...entriesOf(gradient)].map((autodiff, i) => {
    const along = (x: number) => evaluate(f, point.map((t, n) => (n === k ? mapped(t, (entry, place) => (place === i ? x : entry)) : t))); // prettier-ignore
    const x = entriesOf(point[k]!)[i]!;
    return { argument, index: indexOf(i, gradient instanceof NdArray ? gradient.shape : []), autodiff, ...verdict(along, x, autodiff) };
  });
}

type Outcome = Pick<GradientEntry, "numeric" | "bound" | "slopes" | "passed">;

function verdict(f: (x: number) => number, x: number, autodiff: number): Outcome {
  const { value: numeric, bound } = numericDerivative(f, x);
  if (isWithin(autodiff, numeric, bound)) return { numeric, bound, slopes: undefined, passed: true };
  const { left, right } = oneSidedSlopes(f, x);
  if (!isKink(left, right)) return { numeric, bound, slopes: undefined, passed: false };
  const [low, high] = left.value < right.value ? [left, right] : [right, left];
  const isBetween = autodiff >= low.value && autodiff <= high.value;
  const passed = isBetween || isWithin(autodiff, low.value, low.bound) || isWithin(autodiff, high.value, high.bound);
  return { numeric, bound, slopes: [left.value, right.value], passed };
}

/** A bound of Infinity means that nothing is known of the numeric derivative. */
const isWithin = (autodiff: number, numeric: number, bound: number): boolean => bound < Infinity && isClose(autodiff, numeric, bound);

/** Both slopes are known well, and they are not one. */
const isKink = (left: NumericDerivative, right: NumericDerivative): boolean =>
  Math.abs(left.value - right.value) > 10 * (left.bound + right.bound) + 1e-6 * Math.max(Math.abs(left.value), Math.abs(right.value));

function taylor(f: (...values: Value[]) => Value, point: Point, gradients: readonly Tensor[]): number | undefined {
  const random = numpyRandom(1);
  const directions = point.map((x) => mapped(x, () => random.normal()));
  const slope = gradients.reduce<number>(
    (sum, g, k) => sum + entriesOf(g).reduce((s, x, i) => s + x * entriesOf(directions[k]!)[i]!, 0),
    0,
  );
  const moved = (h: number) => point.map((x, k) => mapped(x, (entry, i) => entry + h * entriesOf(directions[k]!)[i]!));
  return taylorOrder((h) => evaluate(f, moved(h)), slope);
}

const words = {
  en: {
    all: (n: number) => `${n === 1 ? "1 entry" : `${n} entries`} checked against numeric derivatives: all right.`,
    some: (wrong: number, n: number) => `${wrong} of ${n === 1 ? "1 entry" : `${n} entries`} ${wrong === 1 ? "is" : "are"} wrong:`,
    entry: (e: GradientEntry) => `autodiff ${e.autodiff}, numeric ${e.numeric} ± ${e.bound.toExponential(1)}`,
    slopes: (l: number, r: number) => `slopes ${l} from the left, ${r} from the right`,
    kink: (where: string, convention: string) => `Kink at ${where}: ${convention}; any slope between both sides is accepted.`,
    more: (n: number) => `and ${n} more`,
    taylor: (order: string) =>
      `The remainder of the Taylor polynomial falls with the power ${order} of the step (2 where gradients are right).`,
  },
  es: {
    all: (n: number) =>
      n === 1
        ? "1 entrada comparada con derivadas numéricas: correcta."
        : `${n} entradas comparadas con derivadas numéricas: todas correctas.`,
    some: (wrong: number, n: number) => `${wrong} de ${n === 1 ? "1 entrada" : `${n} entradas`} ${wrong === 1 ? "está" : "están"} mal:`,
    entry: (e: GradientEntry) => `automática ${e.autodiff}, numérica ${e.numeric} ± ${e.bound.toExponential(1)}`,
    slopes: (l: number, r: number) => `pendientes ${l} por la izquierda, ${r} por la derecha`,
    kink: (where: string, convention: string) => `Punto anguloso en ${where}: ${convention}; se acepta cualquier pendiente intermedia.`,
    more: (n: number) => `y ${n} más`,
    taylor: (order: string) =>
      `El resto del polinomio de Taylor cae con la potencia ${order} del paso (2 si los gradientes son correctos).`,
  },
} as const;

const shown = 12;

/** What console.log shows in Node. */
const forConsole = Symbol.for("nodejs.util.inspect.custom");

function reported({ entries, kinks, taylorOrder: order }: Pick<GradientCheck, "entries" | "kinks" | "taylorOrder">): GradientCheck {
  const wrong = entries.filter(({ passed }) => !passed);
  const toText = ({ language = "en" }: { readonly language?: Language } = {}): string => {
    checkLanguage("checkGradients", language);
    const w = words[language];
    const lines = wrong
      .slice(0, shown)
      .flatMap((e) => [
        `  ${shownLabel(e.argument)}[${e.index.join(", ")}]: ${w.entry(e)}`,
        ...(e.slopes ? [`    ${w.slopes(...e.slopes)}`] : []),
      ]);
    if (wrong.length > shown) lines.push(`  ${w.more(wrong.length - shown)}`);
    const taylorLine = wrong.length > 0 && order !== undefined ? [w.taylor(order.toFixed(1))] : [];
    const head = wrong.length === 0 ? w.all(entries.length) : w.some(wrong.length, entries.length);
    return [head, ...lines, ...taylorLine, ...kinks.map(({ where, convention }) => w.kink(where, convention))].join("\n");
  };
  const toString = (): string => toText();
  const check = { passed: wrong.length === 0, entries, kinks, taylorOrder: order, toText, toString, [forConsole]: toString };
  return check;
}

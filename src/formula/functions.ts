/**
 * The functions a formula may call, read from the calculus table: every row by its name, its derivative as `f'(x)`, and what is
 * composed of rows. Names are looked up in maps, never on an object, and whatever is not here cannot be called.
 */
import type { Tensor } from "../array/ndarray.ts";
import { binaryFunction, broadcast, unaryFunction } from "../graph/pointwise-functions.ts";
import { dot, matmul, outer } from "../graph/products.ts";
import * as reductions from "../graph/reductions.ts";
import { at, broadcastTo, concat, reshape, slice, stack, sumOf, take, transpose, where } from "../graph/shape-functions.ts";
import { Value } from "../graph/value.ts";
import { pointwiseValue, values } from "../graph/values.ts";
import { parametric } from "../ops/pointwise.ts";
import { parametricPrimitive, pointwisePrimitives, type PointwisePrimitive } from "../ops/primitive.ts";
import type { ParametricName } from "../ops/vocabulary.ts";
import { Refusal } from "./words.ts";

/** What stands on the stack of a formula: a value, a list of such, or nothing. */
export type Item = Value | readonly Item[] | null;

export type Options = ReadonlyMap<string, Item>;

export interface FormulaFunction {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly options: readonly string[];
  readonly apply: (args: readonly Item[], options: Options) => Value;
}

type Apply = FormulaFunction["apply"];

/** An item as the value it must be. */
export function asValue(item: Item | undefined): Value {
  if (item instanceof Value) return item;
  if (Array.isArray(item)) return stack(item.map((part: Item) => asValue(part)));
  throw new Refusal(({ number }) => number);
}

/** Plain numbers: an axis, a shape. */
export function asNumbers(item: Item): number | readonly number[] | null {
  if (item === null) return null;
  if (item instanceof Value) return item.item();
  return item.map((part) => asValue(part).item());
}

const asList = (item: Item): readonly number[] => [asNumbers(item) ?? []].flat();
const asData = (item: Item | undefined): Tensor => asValue(item).data;

interface ReducingOptions {
  readonly axis: number | readonly number[] | null;
  readonly keepdims: boolean;
  readonly ddof?: number;
  readonly ord?: number;
}

/** Which axes, in NumPy's words and in PyTorch's. */
const axisNames: readonly string[] = ["axis", "keepdims", "dim", "keepdim"];

/** Every option a formula can name, given to functions that read only their own. */
function plainOptions(options: Options): ReducingOptions {
  const given = [...options].filter(([name]) => !axisNames.includes(name));
  const axis = options.get("axis") ?? options.get("dim") ?? null;
  const keepdims = options.get("keepdims") ?? options.get("keepdim") ?? null;
  return {
    ...Object.fromEntries(given.map(([name, item]) => [name, asNumbers(item) as number])),
    axis: asNumbers(axis),
    keepdims: keepdims !== null && asValue(keepdims).item() !== 0,
  };
}

function define(name: string, [least, most]: readonly [number, number], apply: Apply, options: readonly string[] = []): FormulaFunction {
  return { name, least, most, options, apply };
}

function pointwise(primitive: PointwisePrimitive): FormulaFunction {
  const count = primitive.row.partials.length;
  const apply: Apply = (args) => {
    const operands = args.map(asValue);
    if (count === 1) return unaryFunction(primitive)(operands[0]!);
    return count === 2
      ? binaryFunction(primitive)(operands[0]!, operands[1]!)
      : pointwiseValue(primitive, broadcast(primitive.name, operands));
  };
  return define(primitive.name, [count, count], apply);
}

function withParameters(name: ParametricName): FormulaFunction {
  const { defaults } = parametric[name];
  const names = Object.keys(defaults);
  const apply: Apply = (args, options) => {
    const given = names.map((option, k) => [option, options.get(option) ?? args[k + 1] ?? null] as const);
    const chosen = given.filter(([, item]) => item !== null).map(([option, item]) => [option, asNumbers(item)]);
    const primitive = parametricPrimitive(name, { ...defaults, ...(Object.fromEntries(chosen) as object) });
    return unaryFunction(primitive)(asValue(args[0]));
  };
  return define(name, [1, 1 + names.length], apply, names);
}

type Reducing = Exclude<keyof typeof reductions, "softmax" | "logSoftmax" | "cumsum">;

function reduction(name: Reducing, ...more: readonly string[]): FormulaFunction {
  const f = reductions[name] as (x: Value, options: ReducingOptions) => Value;
  const apply: Apply = ([x, axis], options) =>
    f(asValue(x), { ...plainOptions(options), ...(axis === undefined ? {} : { axis: asNumbers(axis) }) });
  return define(name, [1, 2], apply, [...axisNames, ...more]);
}

/** max(0, z) of the textbooks: of two operands where the first is a number, which has no axes. */
function extreme(name: "max" | "min"): FormulaFunction {
  const reduced = reduction(name);
  const between = binaryFunction(pointwisePrimitives[name === "max" ? "maximum" : "minimum"]);
  const apply: Apply = (args, options) => {
    const [x, y] = args;
    const isOfTwo = y instanceof Value && options.size === 0 && asValue(x).shape.length === 0;
    return isOfTwo ? between(asValue(x), y) : reduced.apply(args, options);
  };
  return { ...reduced, apply };
}

function along(name: "softmax" | "logSoftmax" | "cumsum"): FormulaFunction {
  const f = reductions[name] as (x: Value, options: { axis?: number }) => Value;
  const apply: Apply = ([x, second], options) => {
    const axis = second ?? options.get("axis") ?? options.get("dim") ?? null;
    return f(asValue(x), axis === null ? {} : { axis: asValue(axis).item() });
  };
  return define(name, [1, 2], apply, ["axis", "dim"]);
}

const axisOf = (options: Options): { axis: number } => ({ axis: Number(plainOptions(options).axis ?? 0) });

/** Like Python, whatever is not 0 counts as true. */
const condition = (item: Item | undefined): Value => values.sub(1, values.indicator(asValue(item), 0));

const composed: readonly FormulaFunction[] = [
  define("matmul", [2, 2], ([a, b]) => matmul(asValue(a), asValue(b))),
  define("dot", [2, 2], ([a, b]) => dot(asValue(a), asValue(b))),
  define("outer", [2, 2], ([a, b]) => outer(asValue(a), asValue(b))),
  define("transpose", [1, 2], ([x, axes]) => (axes === undefined ? transpose(asValue(x)) : transpose(asValue(x), asList(axes)))),
  define("reshape", [2, 9], ([x, ...shape]) => reshape(asValue(x), shape.flatMap(asList))),
  define("broadcastTo", [2, 2], ([x, shape]) => broadcastTo(asValue(x), asList(shape!))),
  define("where", [3, 3], ([test, a, b]) => where(condition(test).data, asValue(a), asValue(b))),
  define("concat", [1, 1], ([xs], options) => concat((xs as readonly Item[]).map(asValue), axisOf(options)), ["axis"]),
  define("stack", [1, 1], ([xs], options) => stack((xs as readonly Item[]).map(asValue), axisOf(options)), ["axis"]),
  define("sumOf", [1, 999], (xs) => sumOf(xs.map(asValue))),
  define("take", [2, 2], ([x, indices], options) => take(asValue(x), asData(indices), axisOf(options)), ["axis"]),
  define("onesLike", [1, 1], ([x]) => values.add(values.mul(0, asValue(x).detach()), 1)),
  define("zerosLike", [1, 1], ([x]) => values.mul(0, asValue(x).detach())),
  define("len", [1, 1], ([x]) => new Value(Array.isArray(x) ? x.length : (asValue(x).shape[0] ?? 1), null, null, null)),
  define("float", [1, 1], ([x]) => asValue(x)),
];

/** Names of other languages and of mathematics. */
const aliases: readonly (readonly [string, string])[] = [
  ["σ", "sigmoid"], ["logistic", "sigmoid"], ["φ", "normalPdf"], ["Φ", "normalCdf"], ["ln", "log"], ["heaviside", "step"], ["power", "pow"],
  ["multiply", "mul"], ["subtract", "sub"], ["divide", "div"], ["negative", "neg"], ["arcsin", "asin"], ["arccos", "acos"], ["arctan", "atan"],
  ["arcsinh", "asinh"], ["arccosh", "acosh"], ["arctanh", "atanh"], ["absolute", "abs"], ["variance", "var"], ["concatenate", "concat"],
  ["swish", "silu"], ["mm", "matmul"], ["average", "mean"], ["astype", "float"], ["lrelu", "leakyRelu"],
  ["sen", "sin"], ["tg", "tan"], ["arcsen", "asin"], ["arctg", "atan"], ["senh", "sinh"], ["tgh", "tanh"], ["sgn", "sign"],
]; // prettier-ignore

/** log_softmax, logSoftmax and LogSoftmax are one name. */
const folded = (name: string): string => (name.length === 1 ? name : name.replaceAll("_", "").toLowerCase());

const known: ReadonlyMap<string, FormulaFunction> = mapOf([
  ...Object.values(pointwisePrimitives).map(pointwise),
  ...(Object.keys(parametric) as ParametricName[]).map(withParameters),
  ...(["sum", "mean", "prod", "logsumexp"] as const).map((name) => reduction(name)),
  ...(["max", "min"] as const).map(extreme),
  ...(["softmax", "logSoftmax", "cumsum"] as const).map(along),
  { ...reduction("variance", "ddof"), name: "var" },
  reduction("std", "ddof"),
  reduction("norm", "ord"),
  ...composed,
]);

function mapOf(functions: readonly FormulaFunction[]): Map<string, FormulaFunction> {
  const byName = new Map(functions.map((f) => [folded(f.name), f]));
  for (const [alias, name] of aliases) byName.set(folded(alias), byName.get(folded(name))!);
  return byName;
}

/** All names that can be called, for documentation. */
export const formulaFunctions = (): string[] => [...new Set([...known.values()].map(({ name }) => name))].sort();

const derivativePattern = /^(?:(?<quoted>.+)'|(?<suffixed>.+?)_?(?:deriv|derivative|prime|grad|der)|d_?(?<prefixed>.+))$/iu;

/** The function of this name; `sigmoid'`, `sigmoid_deriv`, `dsigmoid` are the derivative of the row. */
export function functionNamed(name: string): FormulaFunction | undefined {
  const plainly = known.get(folded(name));
  if (plainly) return plainly;
  const found = derivativePattern.exec(name)?.groups;
  const base = known.get(folded(found?.quoted ?? found?.suffixed ?? found?.prefixed ?? ""));
  return base && derivativeOf(base);
}

/** The first partial derivative of a pointwise row of one input, read in values. */
function derivativeOf(f: FormulaFunction): FormulaFunction | undefined {
  const isPointwise = Object.hasOwn(pointwisePrimitives, f.name) || Object.hasOwn(parametric, f.name);
  if (!isPointwise || f.least !== 1) return undefined;
  const apply: Apply = (args, options) => {
    const y = f.apply(args, options);
    const x = asValue(args[0]);
    const { primitive } = y;
    if (primitive?.kind !== "pointwise") throw new TypeError(`${f.name}: has no derivative of one input`);
    const partial = primitive.row.partials[0] as (m: typeof values, x: Value, y: Value) => Value | number;
    const d = partial(values, x, y);
    return typeof d === "number" ? values.add(values.mul(0, x), d) : d;
  };
  return { ...f, name: `${f.name}'`, apply };
}

/** x[i], x[1:3, 0]: an index drops its axis, a range keeps it. */
export function indexed(x: Value, places: readonly (number | readonly [number | null, number | null, number | null])[]): Value {
  if (places.every((place) => typeof place === "number")) return at(x, ...places);
  const whole = slice(
    x,
    ...places.map((place) => (typeof place === "number" ? ([place, place === -1 ? null : place + 1] as const) : place)),
  );
  const shape = whole.shape.filter((_, axis) => typeof places[axis] !== "number");
  return reshape(whole, shape);
}

/**
 * Formulas as text: `L = 0.5*(y - sigmoid(w*x + b))^2` read into a program and evaluated into values, which can be drawn,
 * differentiated and explained like any others. The text is never run as code: it can name its operands and the functions of
 * the calculus table, and nothing else.
 */
import { NdArray } from "../array/ndarray.ts";
import * as pointwise from "../graph/pointwise-functions.ts";
import { dot, matmul } from "../graph/products.ts";
import { transpose } from "../graph/shape-functions.ts";
import { Value } from "../graph/value.ts";
import { values } from "../graph/values.ts";
import { pointwisePrimitives } from "../ops/primitive.ts";
import { asNumbers, asValue, functionNamed, indexed, type Item } from "./functions.ts";
import { programOf, type BinarySign, type Step } from "./program.ts";
import { FormulaError } from "./token.ts";
import { Refusal } from "./words.ts";

/** A formula computed with given values. */
export interface Evaluation {
  /** What the last statement computes. */
  readonly result: Value;
  /** Every name that was assigned, in order. */
  readonly named: Map<string, Value>;
}

/** A formula that was read, and what it needs. */
export interface Formula {
  readonly text: string;
  /** The names that must be given, in the order of their first use. */
  readonly free: readonly string[];
  /** The names it assigns, in order. */
  readonly assigned: readonly string[];
  /** Those of them that no later statement uses. */
  readonly unused: readonly string[];
  /** @throws FormulaError where a name is missing or a function refuses its operands, with the place in the text. */
  evaluate(bindings?: ReadonlyMap<string, Value>): Evaluation;
}

const constants: ReadonlyMap<string, number> = new Map([
  ["pi", Math.PI],
  ["π", Math.PI],
]);

/**
 * Reads a formula. Statements are parted by `;` or line ends; `z = w*x + b` names an intermediate value, which gets that label.
 *
 * Signs, tightest first: `^` and `**` (a power, from the right) and `.T` or `ᵀ`; minus; `*` `/` `⊙` entry by entry, `@` the matrix
 * product, `·` the product of numbers or matrices, whichever fits; `+` `-`; comparisons, which give 0 and 1. Functions are the
 * library's, with NumPy's names too; `f'(x)` is the derivative of f. `#` begins a comment.
 *
 * @throws FormulaError (a SyntaxError) that names the place in the text.
 * @example
 * const { free, evaluate } = parseFormula("z = w*x + b; L = 0.5*(y - sigmoid(z))^2");
 * free; // → ['w', 'x', 'b', 'y']
 * const given = new Map(free.map((name, i) => [name, value(i + 1, name)]));
 * evaluate(given).result.backward();
 */
export function parseFormula(text: string): Formula {
  if (typeof text !== "string") throw new TypeError('formula: expected text, as "L = (y - w*x)^2"');
  const steps = programOf(text);
  const assigned = new Set<string>();
  const [free, used] = [new Set<string>(), new Set<string>()];
  for (const step of steps) {
    if (step.kind === "load" && assigned.has(step.name)) used.add(step.name);
    if (step.kind === "load" && !assigned.has(step.name) && !constants.has(step.name)) free.add(step.name);
    if (step.kind === "call" && functionNamed(step.name) === undefined) throw unknownFunction(step.name, text, step.at);
    if (step.kind === "store") assigned.add(step.name);
  }
  return {
    text,
    free: [...free],
    assigned: [...assigned],
    unused: [...assigned].filter((name) => !used.has(name)),
    evaluate: (bindings = new Map()) => evaluate(text, steps, bindings),
  };
}

const unknownFunction = (name: string, text: string, at: number): FormulaError =>
  new FormulaError(({ unknownFunction: say }) => say(name), text, at);

function evaluate(text: string, steps: readonly Step[], bindings: ReadonlyMap<string, Value>): Evaluation {
  const stack: Item[] = [];
  const named = new Map<string, Value>();
  let result: Item = null;
  for (const step of steps) {
    try {
      run(step, { stack, named, bindings });
    } catch (error) {
      if (error instanceof FormulaError || !(error instanceof Error)) throw error;
      throw new FormulaError(error instanceof Refusal ? error.say : () => error.message, text, step.at);
    }
    if (step.kind === "result") result = stack.pop()!;
    else if (step.kind === "store") result = named.get(step.name)!;
  }
  return { result: asValue(result), named };
}

interface Machine {
  readonly stack: Item[];
  readonly named: Map<string, Value>;
  readonly bindings: ReadonlyMap<string, Value>;
}

function run(step: Step, { stack, named, bindings }: Machine): void {
  const pop = (): Item => stack.pop() ?? null;
  const popMany = (count: number): Item[] => stack.splice(stack.length - count, count);
  switch (step.kind) {
    case "number":
      stack.push(new Value(step.number, null, null, null));
      break;
    case "none":
      stack.push(null);
      break;
    case "result":
      stack.push(asValue(pop()));
      break;
    case "load":
      stack.push(loaded(step.name, named, bindings));
      break;
    case "store":
      named.set(step.name, labelled(asValue(pop()), step.name));
      break;
    case "negate":
      stack.push(pointwise.neg(asValue(pop())));
      break;
    case "transpose":
      stack.push(transpose(asValue(pop())));
      break;
    case "binary": {
      const [a, b] = popMany(2);
      stack.push(operations[step.sign](asValue(a), asValue(b)));
      break;
    }
    case "list":
      stack.push(popMany(step.count));
      break;
    case "member":
      stack.push(member(asValue(pop()), step.name));
      break;
    case "index":
      stack.push(entry(step.places, popMany(step.places.reduce((sum, place) => sum + (place === "index" ? 1 : 3), 0)), pop()));
      break;
    case "call": {
      const options = new Map(popMany(step.options.length).map((item, k) => [step.options[k]!, item]));
      stack.push(called(step.name, popMany(step.count), options));
    }
  }
}

function loaded(name: string, named: ReadonlyMap<string, Value>, bindings: ReadonlyMap<string, Value>): Value {
  const found = named.get(name) ?? bindings.get(name);
  if (found !== undefined) return found;
  const known = constants.get(name);
  if (known === undefined) throw new Refusal(({ unknown }) => unknown(name));
  return new Value(known, null, null, null);
}

/** What is only another name for something keeps its first label, and gets a node of its own. */
function labelled(v: Value, name: string): Value {
  return (v.label === "" && v.primitive !== null ? v : values.identity(v)).named(name);
}

function called(name: string, args: readonly Item[], options: ReadonlyMap<string, Item>): Value {
  const f = functionNamed(name)!;
  if (args.length < f.least || args.length > f.most) throw new Refusal(({ operands }) => operands(f.name, f.least, f.most, args.length));
  for (const option of options.keys()) if (!f.options.includes(option)) throw new Refusal(({ noOption }) => noOption(f.name, option));
  return f.apply(args, options);
}

const { step: stepPrimitive, indicator: indicatorPrimitive } = pointwisePrimitives;
const isPositive = pointwise.unaryFunction(stepPrimitive);
const isEqual = pointwise.binaryFunction(indicatorPrimitive);
const not = (x: Value): Value => pointwise.sub(1, x);

const operations: { readonly [S in BinarySign]: (a: Value, b: Value) => Value } = {
  "+": pointwise.add,
  "-": pointwise.sub,
  "*": pointwise.mul,
  "/": pointwise.div,
  "⊙": pointwise.mul,
  "^": (a, b) => (b.primitive === null && !b.takesGradient && b.payload === 2 ? pointwise.square(a) : pointwise.pow(a, b)),
  "@": matmul,
  "·": dottedProduct,
  ">": (a, b) => isPositive(pointwise.sub(a, b)),
  "<": (a, b) => isPositive(pointwise.sub(b, a)),
  ">=": (a, b) => not(isPositive(pointwise.sub(b, a))),
  "<=": (a, b) => not(isPositive(pointwise.sub(a, b))),
  "==": isEqual,
  "!=": (a, b) => not(isEqual(a, b)),
};

/** The dot of the textbooks: a matrix product where the inner sizes agree, otherwise entry by entry: X·W, but also (a − y)·σ'(z). */
function dottedProduct(a: Value, b: Value): Value {
  const [n, m] = [a.shape.length, b.shape.length];
  const isMatrixProduct = n > 0 && m > 0 && n <= 2 && m <= 2 && a.shape.at(-1) === b.shape.at(m === 1 ? 0 : -2);
  return isMatrixProduct ? dot(a, b) : pointwise.mul(a, b);
}

function member(x: Value, name: string): Item {
  const number = (n: number) => new Value(n, null, null, null);
  if (name === "shape") return x.shape.map(number);
  if (name === "size") return number(x.payload instanceof NdArray ? x.payload.size : 1);
  throw new Refusal(({ noMember }) => noMember(name));
}

function entry(places: readonly ("index" | "range")[], operands: readonly Item[], from: Item): Item {
  let taken = 0;
  const read = () => asNumbers(operands[taken++]!) as number | null;
  const chosen = places.map((place) => (place === "index" ? read() : ([read(), read(), read()] as const)));
  if (from instanceof Value) {
    if (chosen.includes(null)) throw new RangeError("an index is missing");
    return indexed(from, chosen as Parameters<typeof indexed>[1]);
  }
  const [index] = chosen;
  const item = typeof index === "number" ? from?.at(index) : undefined;
  if (item === undefined) throw new RangeError(`a list of ${from?.length ?? 0} has no entry ${String(index)}`);
  return item;
}

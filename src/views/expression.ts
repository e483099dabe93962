/**
 * Formulas as small trees, simplified as they are built: the arithmetic whose numbers are formulas. Products keep one number in
 * front, sums collect equal terms, and −(y − a) becomes (a − y), so that a rule of the table reads as a textbook prints it.
 */
import { isSameShape, sizeOf, type Shape } from "../array/shape.ts";
import { algebra, resultShape } from "../ops/algebra.ts";
import { pointwisePrimitives, type PointwisePrimitive, type Primitive, type StructuralPrimitive } from "../ops/primitive.ts";
import type { Algebra, Operand } from "../ops/vocabulary.ts";

export type Expression = SymbolExpression | NumberExpression | Product | Sum | Call;

interface Shaped {
  readonly shape: Shape;
}

/** A name; its LaTeX is safe. */
export interface SymbolExpression extends Shaped {
  readonly kind: "symbol";
  readonly latex: string;
}

export interface NumberExpression extends Shaped {
  readonly kind: "number";
  readonly value: number;
}

/** Entry by entry. At least one factor, none of them a number or a product. */
export interface Product extends Shaped {
  readonly kind: "product";
  readonly coefficient: number;
  readonly factors: readonly Expression[];
}

/** At least two terms, none of them a sum. */
export interface Sum extends Shaped {
  readonly kind: "sum";
  readonly terms: readonly Expression[];
}

export interface Call extends Shaped {
  readonly kind: "call";
  readonly primitive: Primitive;
  readonly operands: readonly Expression[];
}

export const symbol = (latex: string, shape: Shape = []): Expression => ({ kind: "symbol", latex, shape });
export const number = (value: number, shape: Shape = []): Expression => ({ kind: "number", value, shape });

const expressionOf = (x: Operand<Expression>): Expression => (typeof x === "number" ? number(x) : x);

/** The shape of the operands that are not numbers. */
const commonShape = (xs: readonly Expression[]): Shape =>
  xs.reduce<Shape>((shape, x) => (x.shape.length > shape.length ? x.shape : shape), []);

const coefficientOf = (x: Expression): number => (x.kind === "number" ? x.value : x.kind === "product" ? x.coefficient : 1);
const factorsOf = (x: Expression): readonly Expression[] => (x.kind === "number" ? [] : x.kind === "product" ? x.factors : [x]);
const termsOf = (x: Expression): readonly Expression[] => (x.kind === "sum" ? x.terms : [x]);

export function product(operands: readonly Expression[]): Expression {
  const shape = commonShape(operands);
  const coefficient = operands.reduce((c, x) => c * coefficientOf(x), 1);
  return scaled(coefficient, operands.flatMap(factorsOf), shape);
}

function scaled(coefficient: number, factors: readonly Expression[], shape: Shape): Expression {
  if (factors.length === 0 || coefficient === 0) return number(coefficient, shape);
  const flipped = coefficient < 0 ? factors.findIndex(isDifference) : -1;
  if (flipped >= 0)
    return scaled(-coefficient, factors.map((f, k) => (k === flipped ? negatedSum(f as Sum) : f)), shape); // prettier-ignore
  const [only] = factors;
  if (coefficient === 1 && factors.length === 1) return { ...only!, shape };
  return { kind: "product", coefficient, factors, shape };
}

/** Something with a minus in it, which a minus in front can turn around. */
const isDifference = (x: Expression): boolean => x.kind === "sum" && x.terms.some((term) => coefficientOf(term) < 0);

const negated = (x: Expression): Expression => product([number(-1), x]);

/** Terms with a plus first. */
const negatedSum = ({ terms, shape }: Sum): Expression => {
  const turned = terms.map((term) => scaled(-coefficientOf(term), factorsOf(term), term.shape));
  return { kind: "sum", terms: [...turned.filter((t) => coefficientOf(t) >= 0), ...turned.filter((t) => coefficientOf(t) < 0)], shape };
};

export function sum(operands: readonly Expression[]): Expression {
  const shape = commonShape(operands);
  const collected = new Map<string, { coefficient: number; factors: readonly Expression[]; shape: Shape }>();
  for (const term of operands.flatMap(termsOf)) {
    const key = factorsOf(term).map(keyOf).join(" ");
    const coefficient = (collected.get(key)?.coefficient ?? 0) + coefficientOf(term);
    collected.set(key, { coefficient, factors: factorsOf(term), shape: term.shape });
  }
  const terms = [...collected.values()]
    .filter(({ coefficient }) => coefficient !== 0)
    .map((t) => scaled(t.coefficient, t.factors, t.shape));
  if (terms.length === 0) return number(0, shape);
  return terms.length === 1 ? { ...terms[0]!, shape } : { kind: "sum", terms, shape };
}

/** Equal formulas have equal keys. Formulas are a few levels deep. */
function keyOf(x: Expression): string {
  switch (x.kind) {
    case "symbol":
      return x.latex;
    case "number":
      return String(x.value);
    case "product":
      return `(${x.coefficient}*${x.factors.map(keyOf).join("*")})`;
    case "sum":
      return `(${x.terms.map(keyOf).join("+")})`;
    case "call":
      return `${x.primitive.name}${JSON.stringify(x.primitive.options ?? {})}(${x.operands.map(keyOf).join(",")})`;
  }
}

const call = (primitive: Primitive, operands: readonly Expression[], shape: Shape): Expression => ({
  kind: "call",
  primitive,
  operands,
  shape,
});

const reciprocal = (x: Expression): Expression =>
  x.kind === "number" ? number(1 / x.value, x.shape) : call(pointwisePrimitives.reciprocal, [x], x.shape);

type Rewriting = (operands: readonly [Expression, Expression, Expression], shape: Shape) => Expression | undefined;

const powerOf = (x: Expression, n: number, shape: Shape): Expression => {
  if (x.kind === "number") return number(pointwisePrimitives.pow.forward(x.value, n), shape);
  if (n === 0) return number(1, shape);
  if (n === 1) return x;
  return n === 2 ? call(pointwisePrimitives.square, [x], shape) : call(pointwisePrimitives.pow, [x, number(n)], shape);
};

const logarithm = (x: Expression): Expression => call(pointwisePrimitives.log, [x], x.shape);

/** A number in front goes out of the square. */
function squareOf(x: Expression, shape: Shape): Expression | undefined {
  if (x.kind === "number") return powerOf(x, 2, shape);
  if (x.kind !== "product" || x.factors.length !== 1) return undefined;
  return scaled(x.coefficient ** 2, [powerOf(x.factors[0]!, 2, shape)], shape);
}

/** The words that are products and sums; all others stay as they are called. */
const rewritings: Partial<Record<string, Rewriting>> = {
  identity: ([x]) => x,
  neg: ([x]) => negated(x),
  add: ([a, b]) => sum([a, b]),
  sub: ([a, b]) => sum([a, negated(b)]),
  mul: ([a, b]) => product([a, b]),
  chain: ([a, b]) => product([a, b]),
  gradientProduct: ([a, b]) => product([a, b]),
  div: ([a, b]) => product([a, reciprocal(b)]),
  ratio: ([a, b]) => product([a, reciprocal(b)]),
  reciprocal: ([x]) => (x.kind === "number" ? reciprocal(x) : undefined),
  square: ([x], shape) => squareOf(x, shape),
  // The words that keep 0 · log 0 at 0 and digits near 1; on paper they are products and logarithms.
  xlogy: ([a, b]) => product([a, logarithm(b)]),
  xlog1py: ([a, b]) => product([a, logarithm(sum([number(1), b]))]),
  log1p: ([x]) => logarithm(sum([number(1), x])),
  pow: ([x, n], shape) => (n.kind === "number" ? powerOf(x, n.value, shape) : undefined),
  powerRule: ([x, n], shape) => (n.kind === "number" ? product([n, powerOf(x, n.value - 1, shape)]) : undefined),
};

function pointwise(primitive: PointwisePrimitive, args: readonly Operand<Expression>[]): Expression {
  const operands = args.map(expressionOf);
  const shape = commonShape(operands);
  const rewritten = primitive.isCustom ? undefined : rewritings[primitive.name]?.(operands as [Expression, Expression, Expression], shape);
  return rewritten ?? call(primitive, operands, shape);
}

function structural(primitive: StructuralPrimitive, operands: readonly Expression[]): Expression {
  const shape = resultShape(primitive, operands.map((x) => x.shape)); // prettier-ignore
  const [first, second] = operands as [Expression, Expression];
  switch (primitive.name) {
    case "sumOf":
      return sum(operands);
    case "dot": {
      const n = operands.length / 2;
      return sum(operands.slice(0, n).map((w, i) => product([w, operands[i + n]!])));
    }
    case "broadcastTo":
      return { ...first, shape };
    case "reshape":
      return isFlat(first.shape, shape) || first.kind === "number" ? { ...first, shape } : call(primitive, operands, shape);
    case "transpose":
      return transposed(primitive, first, shape);
    case "sumTo":
      return isSameShape(first.shape, shape) ? first : linear(primitive, operands, shape, sizeOf(first.shape) / sizeOf(shape));
    case "sum":
      return linear(primitive, operands, shape, sizeOf(first.shape) / Math.max(1, sizeOf(shape)));
    case "matmul":
      return scaledCall(primitive, [first, second], shape);
    default:
      return call(primitive, operands, shape);
  }
}

/** Whether one shape is the other with axes of size 1 put in or left out. */
const isFlat = (a: Shape, b: Shape): boolean => isSameShape(a.filter((n) => n !== 1), b.filter((n) => n !== 1)); // prettier-ignore

function transposed(primitive: Extract<StructuralPrimitive, { name: "transpose" }>, x: Expression, shape: Shape): Expression {
  if (x.kind === "number" || x.shape.length < 2) return { ...x, shape };
  if (x.kind === "call" && x.primitive.kind === "structural" && x.primitive.name === "transpose") {
    const inner = x.primitive.options.axes;
    if (primitive.options.axes.every((axis, k) => inner[axis] === k)) return x.operands[0]!;
  }
  return call(primitive, [x], shape);
}

/** A sum of numbers is a number; a number in front of what is summed goes in front of the sum. */
function linear(primitive: StructuralPrimitive, operands: readonly Expression[], shape: Shape, count: number): Expression {
  const [x] = operands;
  return x!.kind === "number" ? number(x!.value * count, shape) : scaledCall(primitive, operands, shape);
}

function scaledCall(primitive: StructuralPrimitive, operands: readonly Expression[], shape: Shape): Expression {
  const coefficient = operands.reduce((c, x) => c * (x.kind === "product" ? x.coefficient : 1), 1);
  const bare = operands.map((x) => (x.kind === "product" ? scaled(1, x.factors, x.shape) : x));
  return scaled(coefficient, [call(primitive, bare, shape)], shape);
}

export const expressions: Algebra<Expression> = algebra<Expression>((x) => (typeof x === "number" ? [] : x.shape), pointwise, structural);

/** Formulas as LaTeX: each part printed by its row of the table, with brackets where they are needed. */
import { sizeOf, type Shape } from "../array/shape.ts";
import * as pointwiseFunctions from "../graph/pointwise-functions.ts";
import { applied } from "../ops/algebra.ts";
import { precedence } from "../ops/notation.ts";
import { pointwisePrimitives, type PointwisePrimitive, type StructuralPrimitive } from "../ops/primitive.ts";
import { bracketed, literal, name, texts, type Text } from "../ops/text.ts";
import type { PointwiseRow } from "../ops/row.ts";
import { expressions, number, symbol, type Call, type Expression, type Product, type Sum } from "./expression.ts";

export const latexOf = (x: Expression): string => textOf(x).latex;

/** With brackets where it stands in a product. */
export const factorLatex = (x: Expression): string => bracketed(textOf(x), precedence.product);

function textOf(x: Expression): Text {
  switch (x.kind) {
    case "symbol":
      return name(x.latex, x.shape);
    case "number":
      return numberText(x.value);
    case "product":
      return productText(x);
    case "sum":
      return sumText(x);
    case "call":
      return callText(x);
  }
}

/** 0.25 is ¼ where a mean or a square left it. */
function numberText(x: number): Text {
  const whole = Math.round(1 / Math.abs(x));
  if (Number.isInteger(x) || whole < 2 || whole > 1e6 || Math.abs(x) * whole !== 1) return literal(Number(x.toPrecision(6)));
  const fraction = texts.div(literal(1), literal(whole));
  return x < 0 ? texts.neg(fraction) : fraction;
}

const isReciprocal = (x: Expression): x is Call => x.kind === "call" && x.primitive === pointwisePrimitives.reciprocal;

function productText({ coefficient, factors }: Product): Text {
  const above = factors.filter((x) => !isReciprocal(x));
  const below = factors.filter(isReciprocal).map(({ operands }) => operands[0]!);
  const size = Math.abs(coefficient);
  const numerator = times([...(size === 1 && above.length > 0 ? [] : [number(size)]), ...above]);
  const whole = below.length === 0 ? numerator : texts.div(numerator, times(below));
  return coefficient < 0 ? texts.neg(whole) : whole;
}

const times = (factors: readonly Expression[]): Text =>
  factors
    .map((factor, k) => {
      const isLast = k === factors.length - 1;
      return (isMatrixProduct(factor) && factors.length > 1) || (bindsAsProduct(factor) && !isLast) ? enclosedText(factor) : textOf(factor);
    })
    .reduce((a, b) => texts.mul(a, b));

/** A sum sign takes in whatever follows it. */
const bindsAsProduct = (x: Expression): boolean =>
  x.kind === "call" && x.primitive.kind === "structural" && x.primitive.row.binds?.result === precedence.product;

/** Beside a product entry by entry, a matrix product needs brackets, though both bind as products. */
const isMatrixProduct = (x: Expression): boolean => x.kind === "call" && x.primitive.name === "matmul";

const enclosedText = (x: Expression): Text => name(`\\left(${latexOf(x)}\\right)`, x.shape);

function sumText({ terms }: Sum): Text {
  const [first, ...rest] = cut([...terms.filter((term) => !isNegative(term)), ...terms.filter(isNegative)]);
  return rest.reduce(
    (text, term) => (isNegative(term) ? texts.sub(text, textOf(expressions.neg(term))) : texts.add(text, textOf(term))),
    textOf(first!),
  );
}

/** A long sum shows both its ends. */
const cut = (terms: readonly Expression[]): readonly Expression[] =>
  terms.length <= 12 ? terms : [...terms.slice(0, 3), symbol("\\cdots"), terms[terms.length - 1]!];

const isNegative = (x: Expression): boolean => (x.kind === "number" ? x.value < 0 : x.kind === "product" && x.coefficient < 0);

function callText({ primitive, operands, shape }: Call): Text {
  if (primitive.kind === "pointwise") return derivativeText(primitive, operands) ?? texts.apply(primitive, operands.map(textOf));
  const printed = applied(texts, primitive, operands.map(textOf)); // prettier-ignore
  const letters = summedAxes(primitive, operands[0]!.shape, shape);
  return letters === "" ? printed : { ...printed, latex: printed.latex.replace("\\sum", `\\sum_{${letters}}`) };
}

/** Which axes a sum runs over, where not over all: i for the rows, j for the columns. */
function summedAxes({ name: word, options }: StructuralPrimitive, from: Shape, to: Shape): string {
  if (sizeOf(to) === 1 || (word !== "sum" && word !== "sumTo")) return "";
  const missing = from.length - to.length;
  const axes = "axes" in options ? options.axes : [...from.keys()].filter((k) => k < missing || to[k - missing] !== from[k]);
  return axes.map((axis) => "ijkl"[axis] ?? "m").join("");
}

/** The words that only derivatives speak, such as relu's step, each with the function that it is the derivative of. */
function derivativeWords(): Map<PointwisePrimitive, PointwisePrimitive> {
  const words = new Map<PointwisePrimitive, PointwisePrimitive>();
  for (const primitive of Object.values(pointwisePrimitives)) {
    const row: PointwiseRow = primitive.row;
    if (row.partials.length !== 1 || !(primitive.name in pointwiseFunctions)) continue;
    const x = symbol("x");
    const slope = row.partials[0](expressions, x, symbol("y"));
    if (typeof slope === "number" || slope.kind !== "call" || slope.operands.length !== 1 || slope.operands[0] !== x) continue;
    if (slope.primitive.kind === "pointwise" && !(slope.primitive.name in pointwiseFunctions)) words.set(slope.primitive, primitive);
  }
  return words;
}

/** Found when the first expression is written, not by whoever only imports the library. */
let derivatives: ReadonlyMap<PointwisePrimitive, PointwisePrimitive> | undefined;

/** Written as the derivative that it is, relu′. */
function derivativeText(primitive: PointwisePrimitive, operands: readonly Expression[]): Text | undefined {
  derivatives ??= derivativeWords();
  const of = derivatives.get(primitive);
  if (of === undefined) return undefined;
  const printed = texts.apply(of, operands.map(textOf));
  const bracket = printed.latex.search(/\(|\\left\(/);
  return { ...printed, latex: `${printed.latex.slice(0, bracket)}'${printed.latex.slice(bracket)}` };
}

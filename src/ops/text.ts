/**
 * Mathematics as text: the arithmetic whose numbers are LaTeX. Given names, a rule of the table prints itself; the pages that list
 * every derivative, and the formulas of an explanation, are readings of the same rows that compute.
 */
import type { Shape } from "../array/shape.ts";
import { algebra, resultShape } from "./algebra.ts";
import { precedence, type Precedence } from "./notation.ts";
import type { PointwisePrimitive, StructuralPrimitive } from "./primitive.ts";
import type { Algebra, Operand } from "./vocabulary.ts";

export interface Text {
  readonly latex: string;
  /** How tightly it binds: a sum needs brackets as a factor. */
  readonly precedence: Precedence;
  readonly shape: Shape;
}

/** A name, or anything else that never needs brackets. */
export const name = (latex: string, shape: Shape = []): Text => ({ latex, precedence: precedence.atom, shape });

/** A number as it is written; a negative one binds as a negation. */
export function literal(x: number): Text {
  const latex = Number.isFinite(x) ? decimal(x) : Number.isNaN(x) ? "\\mathrm{NaN}" : x > 0 ? "\\infty" : "-\\infty";
  return { latex, precedence: latex.startsWith("-") ? precedence.negation : precedence.atom, shape: [] };
}

/** 1e-7 as 10^{-7}; other numbers as JavaScript writes them. */
function decimal(x: number): string {
  const [digits, exponent] = String(x).split("e");
  return exponent === undefined ? digits! : `${digits === "1" ? "" : `${digits!} \\cdot `}10^{${exponent.replace("+", "")}}`;
}

export const textOf = (x: Operand<Text>): Text => (typeof x === "number" ? literal(x) : x);

/** The text as an operand of something that binds its operands at least so tightly. */
export const bracketed = ({ latex, precedence: own }: Text, needed: Precedence): string =>
  own < needed ? `\\left(${latex}\\right)` : latex;

function pointwise({ row: { notation } }: PointwisePrimitive, args: readonly Operand<Text>[]): Text {
  const texts = args.map(textOf);
  const shape = texts.find((x) => x.shape.length > 0)?.shape ?? [];
  const latex = notation.latex(...texts.map((x, i) => bracketed(x, notation.operands[i] ?? precedence.sum)));
  return { latex, precedence: notation.precedence, shape };
}

function structural(primitive: StructuralPrimitive, operands: readonly Text[]): Text {
  const { row, options } = primitive;
  const { result, operands: needed } = row.binds ?? { result: precedence.atom, operands: precedence.sum };
  const shapes = operands.map((x) => x.shape);
  const latex = (row.latex as (operands: readonly string[], options: unknown) => string)(
    operands.map((x) => bracketed(x, needed)),
    options,
  );
  return { latex, precedence: result, shape: resultShape(primitive, shapes) };
}

export const texts: Algebra<Text> = algebra<Text>((x) => (typeof x === "number" ? [] : x.shape), pointwise, structural);

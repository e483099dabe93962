/** The backward pass as lines of algebra: the one sweep, in which a gradient goes on by its name once all of it has arrived. */
import type { Tensor } from "../array/ndarray.ts";
import type { Trace } from "../gradient/trace.ts";
import { sweep } from "../gradient/sweep.ts";
import { topologicalOrder } from "../graph/order.ts";
import type { Value } from "../graph/value.ts";
import { number, product, symbol, type Expression } from "./expression.ts";
import { latexOf } from "./expression-latex.ts";
import { paperFor } from "./paper.ts";
import type { Formulas } from "./formulas.ts";
import { partialLatex } from "./symbol-latex.ts";

export interface BackwardLine {
  readonly value: Value;
  /** ∂L/∂value. */
  readonly name: string;
  /** In terms of the gradients that arrive: ∂L/∂a₂ · σ'(z₂). */
  readonly formula: Expression;
  /** With the arriving gradient written out, where that is short: (a₂ − y) · σ'(z₂). */
  readonly expanded: Expression | undefined;
  readonly gradient: Tensor;
}

/** ∂L/∂v as LaTeX. */
export const gradientName = (root: Expression, v: Expression): string => partialLatex(latexOf(root), latexOf(v));

/** How many symbols an expression may have to be written out inside another. */
const short = 4;

/** A line for every named value that gets a gradient, in the order of the sweep. */
export function backwardLines(formulas: Formulas, traced: Trace): BackwardLine[] {
  const { root } = formulas;
  const lines: BackwardLine[] = [];
  const written = new Map<Expression, Expression>();
  const call = (v: Value, formula: Expression): Expression => {
    if (!formulas.isNamed(v)) return formula;
    const name = gradientName(formulas.symbolOf(root), formulas.symbolOf(v));
    const expanded = writtenOut(formula, written);
    lines.push({ value: v, name, formula, expanded, gradient: traced.node(v)!.gradient! });
    if (v === root) return formula;
    const called = symbol(name, v.shape);
    written.set(called, expanded ?? formula);
    return called;
  };
  const order = topologicalOrder(root, "workedSolution");
  sweep(order, number(1), paperFor(order), formulas.read, undefined, call);
  return lines;
}

function writtenOut(formula: Expression, written: ReadonlyMap<Expression, Expression>): Expression | undefined {
  if (formula.kind !== "product") return undefined;
  const place = formula.factors.findIndex((factor) => written.has(factor));
  const arriving = place < 0 ? undefined : written.get(formula.factors[place]!)!;
  if (arriving === undefined || weightOf(arriving) > short) return undefined;
  const factors = formula.factors.map((factor, k) => (k === place ? arriving : factor));
  return product([number(formula.coefficient), ...factors]);
}

function weightOf(x: Expression): number {
  switch (x.kind) {
    case "symbol":
    case "number":
      return 1;
    case "product":
      return x.factors.reduce((n, factor) => n + weightOf(factor), 0);
    case "sum":
      return x.terms.reduce((n, term) => n + weightOf(term), 0);
    case "call":
      return x.operands.reduce((n, operand) => n + weightOf(operand), 0);
  }
}

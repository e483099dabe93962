/**
 * The rules of the table as one writes them on paper. Three of their words only keep digits, and are left out: in the rule of softmax
 * what arrives may be counted from any entry, in that of logSoftmax the entries add up to 0 by themselves, and x/‖x‖ has the length 1.
 */
import { keptShape } from "../array/shape.ts";
import type { Value } from "../graph/value.ts";
import { texts, type Text } from "../ops/text.ts";
import type { Algebra } from "../ops/vocabulary.ts";
import { expressions, number, type Expression } from "./expression.ts";

const unit: Pick<Algebra<Expression>, "norm"> = {
  norm: ([x], { axes }) => number(1, keptShape(expressions.shapeOf(x!), axes)),
};

const withoutShifts = <T>(m: Algebra<T>): Algebra<T> => ({ ...m, relative: ([t]) => t!, balance: ([t]) => t! });

const formulas = { rules: withoutShifts({ ...expressions, ...unit }), gradients: { ...expressions, ...unit } };
const latex = { rules: withoutShifts(texts), gradients: texts };

/** In the graph of a gradient the words are functions like others, with derivatives of their own. */
const kindOf = (nodes: readonly Value[]) => (nodes.some(({ op }) => op === "relative" || op === "balance") ? "gradients" : "rules");

/** What the rules of these nodes are read by as formulas. */
export const paperFor = (nodes: readonly Value[]): Algebra<Expression> => formulas[kindOf(nodes)];

/** The same as LaTeX. */
export const latexPaperFor = (nodes: readonly Value[]): Algebra<Text> => latex[kindOf(nodes)];

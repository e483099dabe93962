/** The graph as formulas: each named value, and what computes it. */
import { checkValue } from "../graph/lift.ts";
import type { Value } from "../graph/value.ts";
import { latexOf } from "./expression-latex.ts";
import { Formulas } from "./formulas.ts";

/**
 * The forward pass of `root` as LaTeX, one line for every named value.
 *
 * @example
 * const z = value(2, "w1").mul(value(3, "x1")).add(value(1, "b")).named("z");
 * toLatex(z); // z &= w_{1} \cdot x_{1} + b, in an aligned environment
 */
export function toLatex(root: Value): string {
  checkValue("toLatex", root);
  const formulas = new Formulas(root);
  const lines = formulas.lines.map((v) => `${latexOf(formulas.symbolOf(v))} &= ${latexOf(formulas.formulaOf(v))}`);
  const shown = lines.length > 0 ? lines : formulas.givens.map((v) => latexOf(formulas.symbolOf(v)));
  return `\\begin{aligned}\n${shown.join(" \\\\\n")}\n\\end{aligned}\n`;
}

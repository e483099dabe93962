/**
 * The whole forward and backward pass as a student writes it: what is given, each value, each gradient; in letters, simplified, and in
 * numbers. The formulas come from the rows of the table, read by the arithmetic of expressions.
 */
import type { Value } from "../graph/value.ts";
import { trace } from "../gradient/trace.ts";
import { backwardLines } from "./backward-lines.ts";
import { latexOf } from "./expression-latex.ts";
import { Formulas } from "./formulas.ts";
import { checkOptions } from "../graph/options.ts";
import { drawingPrecision } from "./number-format.ts";
import { checkLanguage, type Language } from "../graph/language.ts";
import { checkFormat, formula, heading, pageOf, sentence, type Block, type PageFormat } from "./page.ts";
import { tensorLatex } from "./tensor-latex.ts";

export interface SolutionOptions {
  readonly language?: Language;
  readonly format?: PageFormat;
  /** Significant digits of the numbers; 4 where none are given. */
  readonly precision?: number;
}

const words = {
  en: {
    title: "The backward pass by hand",
    given: "Given",
    forward: "Forward: values",
    backward: "Backward: gradients",
    rule: "Each gradient is the sum, over all uses of a value, of the gradient that arrives there times the local derivative.",
  },
  es: {
    title: "La retropropagación a mano",
    given: "Datos",
    forward: "Hacia adelante: valores",
    backward: "Hacia atrás: gradientes",
    rule: "Cada gradiente es la suma, sobre todos los usos de un valor, del gradiente que llega allí multiplicado por la derivada local.",
  },
} as const;

/** From how many lines on a solution is no longer something to read. */
const longest = 500;

/**
 * The forward and backward pass of `loss`, line by line, as Markdown (formulas between $$), LaTeX or plain text.
 *
 * @throws RangeError where the loss is not a number, or needs more than 500 lines.
 * @example
 * const [w, x, y] = [value(2, "w"), constant(3, "x"), constant(5, "y")];
 * workedSolution(w.mul(x).sub(y).square().named("L"), { format: "text" }); // … ∂L/∂w = 2 · (w · x − y) · x = 6
 */
export function workedSolution(loss: Value, options: SolutionOptions = {}): string {
  checkOptions("workedSolution", options, ["language", "format", "precision"]);
  const { language = "en", format = "markdown", precision = drawingPrecision } = options;
  checkLanguage("workedSolution", language);
  checkFormat("workedSolution", format);
  const traced = trace(loss);
  const formulas = new Formulas(loss);
  const count = formulas.lines.length + formulas.givens.length;
  if (count > longest)
    throw new RangeError(
      `workedSolution: the graph has ${count} values to write about, more than ${longest}. Use explain(loss, w) for one of them`,
    );
  const { title, given, forward, backward, rule } = words[language];
  const numbers = (v: Value) => tensorLatex(v.payload, precision);
  return pageOf(
    [
      heading(title, 1),
      heading(given),
      ...formulas.givens.map((v) => formula(latexOf(formulas.symbolOf(v)), numbers(v))),
      heading(forward),
      ...formulas.lines.map((v) => formula(latexOf(formulas.symbolOf(v)), latexOf(formulas.formulaOf(v)), numbers(v))),
      heading(backward),
      sentence(rule),
      ...backwardBlocks(formulas, traced, precision),
    ],
    format,
  );
}

function backwardBlocks(formulas: Formulas, traced: ReturnType<typeof trace>, precision: number): Block[] {
  return backwardLines(formulas, traced).map((line) =>
    formula(line.name, latexOf(line.formula), line.expanded && latexOf(line.expanded), tensorLatex(line.gradient, precision)),
  );
}

/**
 * The chain rule for one value, in three stages: in symbols, with the derivatives substituted, in numbers. Where few paths lead from
 * the value to the loss, each is a product of local derivatives; where there are many, each value on the way is explained by those
 * that use it; and where even those are many, the uses that contribute most.
 */
import type { Tensor } from "../array/ndarray.ts";
import { nameOf, type Value } from "../graph/value.ts";
import { trace } from "../gradient/trace.ts";
import { latexOf } from "./expression-latex.ts";
import { isFew, pathStages } from "./explain-paths.ts";
import { stepStages, useStages } from "./explain-steps.ts";
import { explanationPrecision } from "./number-format.ts";
import { checkLanguage, type Language } from "../graph/language.ts";
import { checkOptions } from "../graph/options.ts";
import { formula, heading, pageOf, sentence, type Block, type PageFormat } from "./page.ts";
import type { Formulas } from "./formulas.ts";
import { waysOf } from "./ways.ts";

export interface ExplainOptions {
  readonly language?: Language;
  /** Significant digits of the numbers; 6 where none are given. */
  readonly precision?: number;
}

/** One formula of a stage; its parts are equal. */
export type ExplainedLine = readonly string[];

/** What the three stages say, as LaTeX. */
export interface Stages {
  readonly formulas: Formulas;
  /** The values that the formulas speak of, for "where z = w x + b". */
  readonly named: readonly Value[];
  readonly symbols: readonly ExplainedLine[];
  readonly substituted: readonly ExplainedLine[];
  readonly numbers: readonly ExplainedLine[];
  /** How many uses are left out. */
  readonly omitted: number;
}

export class Explanation {
  /** ∂loss/∂w. */
  readonly gradient: Tensor;
  /** How many paths lead from the value to the loss; approximate from 2⁵³ on. */
  readonly paths: number;
  readonly stages: Stages;
  readonly language: Language;

  constructor(gradient: Tensor, paths: number, stages: Stages, language: Language) {
    [this.gradient, this.paths, this.stages, this.language] = [gradient, paths, stages, language];
  }

  /** As Markdown, LaTeX, or plain text for a terminal. */
  print(format: PageFormat): string {
    return pageOf(this.blocks, format);
  }

  toString(): string {
    return this.print("text");
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** @internal The headings, sentences and formulas of the three stages. */
  get blocks(): Block[] {
    const { formulas, named, symbols, substituted, numbers, omitted } = this.stages;
    const say = words[this.language];
    const definitions = named.map((v) => formula(latexOf(formulas.symbolOf(v)), latexOf(formulas.formulaOf(v))));
    const lines = (stage: readonly ExplainedLine[]) => stage.map((parts) => formula(...parts));
    return [
      sentence(say.paths(this.paths)),
      ...(omitted > 0 ? [sentence(say.omitted(omitted))] : []),
      ...(definitions.length > 0 ? [heading(say.where), ...definitions] : []),
      heading(say.symbols),
      ...(symbols.some((parts) => parts.some((part) => part.includes("\\big|"))) ? [sentence(say.places)] : []),
      ...lines(symbols),
      heading(say.substituted),
      ...lines(substituted),
      heading(say.numbers),
      ...lines(numbers),
    ];
  }
}

const words = {
  en: {
    paths: (n: number) =>
      n === 0
        ? "No path leads from this value to the loss."
        : n === 1
          ? "One path leads from this value to the loss."
          : `${counted(n)} paths lead from this value to the loss.`,
    omitted: (n: number) => `The uses that contribute most are shown; ${n} more are summed up.`,
    places: "A number after | says with respect to which operand: |₁ is the first alone.",
    where: "Where",
    symbols: "1. Symbols",
    substituted: "2. Derivatives substituted",
    numbers: "3. Numbers",
  },
  es: {
    paths: (n: number) =>
      n === 0
        ? "Ningún camino lleva de este valor a la pérdida."
        : n === 1
          ? "Un camino lleva de este valor a la pérdida."
          : `${counted(n)} caminos llevan de este valor a la pérdida.`,
    omitted: (n: number) => `Se muestran los usos que más aportan; los otros ${n} aparecen sumados.`,
    places: "Un número tras | dice respecto de qué operando se deriva: |₁ es solo el primero.",
    where: "Donde",
    symbols: "1. Símbolos",
    substituted: "2. Derivadas sustituidas",
    numbers: "3. Números",
  },
} as const;

const counted = (n: number): string => (n < 1e15 ? String(n) : n.toExponential(1).replace("e+", " · 10^"));

/**
 * Why ∂loss/∂w is what it is.
 *
 * @throws RangeError where the loss does not depend on w, or is not a number.
 * @example
 * const [w, x] = [value(0.5, "w"), value(2, "x")];
 * const a = w.mul(x).named("z").tanh().named("a");
 * String(explain(a, w)); // ∂a/∂w = ∂a/∂z · ∂z/∂w, = tanh'(z) · x, = 0.419974 · 2 = 0.839949
 */
export function explain(loss: Value, w: Value, options: ExplainOptions = {}): Explanation {
  checkOptions("explain", options, ["language", "precision"]);
  const { language = "en", precision = explanationPrecision } = options;
  checkLanguage("explain", language);
  const traced = trace(loss);
  const from = traced.node(w);
  if (from?.gradient === undefined) throw new RangeError(`explain: ${nameOf(loss)} does not depend on ${nameOf(w)}`);
  const ways = waysOf(traced, from);
  const stages = isFew(traced, ways)
    ? pathStages(traced, ways, precision)
    : (stepStages(traced, ways, precision) ?? useStages(traced, ways, precision));
  return new Explanation(from.gradient, ways.count, stages, language);
}

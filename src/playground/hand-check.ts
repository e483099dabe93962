/** Hand-derived gradients, checked: what is said of each, the first wrong one in colour and word. */
import { compareGradients } from "../check/compare-gradients.ts";
import type { Value } from "../graph/value.ts";
import { markup, type Markup } from "../views/html/markup.ts";
import type { Language } from "../graph/language.ts";

/** @throws FormulaError, RangeError, ReferenceError: what is wrong with the text, in a sentence. */
export function verdictsOf(loss: Value, hand: string, language: Language): Markup {
  const report = compareGradients(loss, hand, { language });
  const { summary } = report.toJSON() as { readonly summary: readonly string[] };
  const { marks } = report;
  const items = report.findings.map(({ key, target }) => {
    const { verdict, lines } = marks.get(target)!;
    return markup`<li class="verdict ${verdict}"><b>${key}</b> <strong>${lines[0]!}</strong>${lines.slice(1).map((line) => markup` <span>${line}</span>`)}</li>`;
  });
  return markup`<ul class="verdicts">${items}</ul>${summary.map((line) => markup`<p>${line}</p>`)}`;
}

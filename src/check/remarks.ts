/** What is said of one finding, in sentences: the mistake, its evidence, the kink, the point where it would show. */
import { entriesOf, type Tensor } from "../array/ndarray.ts";
import type { Value } from "../graph/value.ts";
import type { Finding } from "./compare-gradients.ts";
import type { Diagnosis } from "./diagnosis.ts";
import type { Verdict } from "./judgement.ts";
import type { KinkedNode } from "./kink.ts";
import { shapeText } from "./layout.ts";
import { placeOf, shortNumber, shownLabel } from "./place.ts";
import { mistakeSentence, type Words } from "./words.ts";

/** What is said of one gradient, a sentence a line. */
export function remarks(finding: Finding, words: Words): string[] {
  const { verdict, layout, isRounded } = finding;
  const lines: { readonly [V in Verdict]: () => string[] } = {
    right: () => (isRounded ? [words.rounded] : []),
    "wrong here": () => wrongLines(finding, words),
    inherited: () => [
      (finding.ratio === undefined ? "" : `${shortNumber(finding.ratio)} ×: `) +
        words.inherited(finding.wrongSources.map(shownLabel).join(", ")),
    ],
    "right by cancellation": () => [words.cancelled(finding.wrongSources.map(shownLabel).join(", "))],
    kink: () => [words.kinkVerdict],
    vacuous: () => [words.vacuous],
  };
  return [...lines[verdict](), ...(layout === "flat" ? [words.flat(shapeText(finding.mine), shapeText(finding.truth))] : [])];
}

function wrongLines(finding: Finding, words: Words): string[] {
  const { mistake, alternatives, from, label, worst } = finding;
  if (mistake === undefined) return [];
  const ratio = finding.ratio ?? (mistake.name === "ratio" ? mistake.facts.ratio : undefined);
  const size = entriesOf(finding.truth).length;
  const evidence = ratio === undefined ? "" : `${words.ratio(ratio.toFixed(6).replace("-", "−"), size)}: `;
  const rest = alternatives.length === 0 || size > 1 ? [] : [words.orElse + sentenceOf(alternatives[0]!, words)];
  const isNamed = mistake.name !== "unnamed" && mistake.name !== "some entries";
  return [
    evidence + sentenceOf(mistake, words),
    ...rest,
    ...(isNamed ? [] : [words.between(from.map(shownLabel).join(", "), label)]),
    ...(worst === undefined || ratio !== undefined
      ? []
      : [words.worst(worst.index.length === 0 ? "" : `[${worst.index.join(", ")}]: `, digits(worst.mine), digits(worst.expected))]),
  ];
}

export function sentenceOf({ name, facts, factor }: Diagnosis, words: Words): string {
  return mistakeSentence(words, name, facts) + (factor === 1 ? "" : words.besides(shortNumber(factor)));
}

export const kinkLine = ({ where, entries, size, convention }: KinkedNode, sentence: Words["kink"], words: Words): string =>
  sentence(where, words.entriesOf(entries.length, size), convention);

const digits = (x: number): string => (Number.isFinite(x) ? String(Number(x.toPrecision(7))) : String(x)).replace("-", "−");

/** A point short enough to be read: leaves of up to six numbers. */
export function pointText(point: ReadonlyMap<Value, Tensor>): string {
  const shown = [...point].filter(([leaf, x]) => leaf.label !== "" && entriesOf(x).length <= 6).slice(0, 3);
  const parts = shown.map(([leaf, x]) => `${placeOf(leaf)} = ${typeof x === "number" ? String(x) : JSON.stringify(x.toArray())}`);
  return parts.length === 0 ? "report.findings[…].blindness.betterPoint" : parts.join(", ");
}

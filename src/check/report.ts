/** The report of a comparison: data for programs, a table for the terminal, Markdown for a page, marks for the drawing. */
import type { Tensor } from "../array/ndarray.ts";
import type { Value } from "../graph/value.ts";
import type { Comparison, Finding } from "./compare-gradients.ts";
import type { Verdict } from "./judgement.ts";
import type { KinkedNode } from "./kink.ts";
import { shortNumber, shownLabel } from "./place.ts";
import { kinkLine, pointText, remarks, sentenceOf } from "./remarks.ts";
import { wrapped } from "./wrapped.ts";
import { checkLanguage, type Language } from "../graph/language.ts";
import { mistakeSentence, wordsIn, type Words } from "./words.ts";

/** How a value of the graph is to be marked in a drawing. */
export interface Mark {
  readonly verdict: "right" | "wrong" | "inherited" | "kink" | "vacuous";
  /** What to write beside it. */
  readonly lines: readonly string[];
}

const markOf: { readonly [V in Verdict]: Mark["verdict"] } = {
  right: "right",
  "wrong here": "wrong",
  inherited: "inherited",
  "right by cancellation": "right",
  kink: "kink",
  vacuous: "vacuous",
};

const signs: { readonly [V in Verdict]: string } = {
  right: "✓",
  "wrong here": "✗",
  inherited: "↳",
  "right by cancellation": "✓",
  kink: "∠",
  vacuous: "∅",
};

/** What `compareGradients` found. */
export class Report {
  readonly loss: Value;
  /** One for each hand gradient, from the loss down. */
  readonly findings: readonly Finding[];
  /** The conventions followed throughout, which are no mistakes: "1/N at the parameters", "transposed". */
  readonly conventions: readonly string[];
  /** What every gradient given is a multiple by: 4 where the 1/N of a mean over four is missing throughout; otherwise 1. */
  readonly factor: number;
  /** The kinks that the gradients pass, whichever slope was taken there. */
  readonly kinks: readonly KinkedNode[];
  private readonly comparison: Comparison;

  constructor(comparison: Comparison) {
    this.comparison = comparison;
    this.loss = comparison.loss;
    this.findings = comparison.findings;
    this.factor = comparison.factor;
    this.kinks = comparison.kinks;
    const { convention, isTransposed } = comparison;
    this.conventions = [...(convention.name === "none" ? [] : [convention.name]), ...(isTransposed ? ["transposed"] : [])];
  }

  /** Whether nothing is wrong. */
  get passed(): boolean {
    return this.findings.every(({ verdict }) => verdict !== "wrong here" && verdict !== "inherited");
  }

  /** The wrong step nearest to the loss. */
  get firstWrong(): Finding | undefined {
    return this.findings.find(({ verdict }) => verdict === "wrong here");
  }

  /** Whether the gradients compared are all too small to tell anything. */
  get isVacuous(): boolean {
    return this.findings.every(({ verdict }) => verdict === "vacuous");
  }

  /** The finding for a hand gradient, by its name or by the label of its value. */
  finding(name: string): Finding | undefined {
    return this.findings.find(({ key, label }) => key === name || label === name);
  }

  /** Verdicts by value, as `toDot` draws them. */
  get marks(): Map<Value, Mark> {
    const words = wordsIn[this.comparison.language];
    return new Map(
      this.findings.map((finding) => [finding.target, { verdict: markOf[finding.verdict], lines: remarks(finding, words) }]),
    ); // prettier-ignore
  }

  /** What was found as text of at most 80 columns. */
  toText({ language = this.comparison.language }: { readonly language?: Language } = {}): string {
    const words = wordsOf(language);
    const keys = Math.max(...this.findings.map(({ key }) => shownLabel(key).length));
    const verdicts = Math.max(...this.findings.map(({ verdict }) => words.verdicts[verdict].length));
    const rows = this.findings.flatMap((finding) => {
      const head = `${shownLabel(finding.key).padEnd(keys)}  ${signs[finding.verdict]} ${words.verdicts[finding.verdict].padEnd(verdicts)}  `;
      const lines = remarks(finding, words).flatMap((line) => wrapped(line, 80 - head.length));
      return lines.length === 0 ? [head.trimEnd()] : lines.map((line, k) => (k === 0 ? head : " ".repeat(head.length)) + line);
    });
    return [...rows, "", ...this.summary(words).flatMap((line) => wrapped(line, 80))].join("\n");
  }

  /** What was found as a Markdown table and a paragraph; what people named is escaped. */
  toMarkdown({ language = this.comparison.language }: { readonly language?: Language } = {}): string {
    const words = wordsOf(language);
    const heads: { readonly [L in Language]: string } = { en: "| gradient | verdict | |", es: "| gradiente | veredicto | |" };
    const rows = this.findings.map((finding) => {
      const said = remarks(finding, words).map(escaped).join("<br>");
      return `| ${escaped(shownLabel(finding.key))} | ${signs[finding.verdict]} ${words.verdicts[finding.verdict]} | ${said} |`;
    });
    return [heads[language], "| --- | --- | --- |", ...rows, "", ...this.summary(words).map((line) => escaped(line)), ""].join("\n");
  }

  /** The report as plain data; numbers that JSON has not are text. */
  toJSON(): object {
    const words = wordsIn[this.comparison.language];
    return {
      passed: this.passed,
      firstWrong: this.firstWrong?.key ?? null,
      factor: this.factor,
      conventions: this.conventions,
      summary: this.summary(words),
      kinks: this.kinks.map(({ where, convention, entries }) => ({ where, convention, entries })),
      findings: this.findings.map((finding) => ({
        key: finding.key,
        label: finding.label,
        verdict: finding.verdict,
        from: finding.from,
        ratio: finding.ratio ?? null,
        mistake: finding.mistake ? { ...finding.mistake, text: sentenceOf(finding.mistake, words) } : null,
        alternatives: finding.alternatives.map((other) => ({ ...other, text: sentenceOf(other, words) })),
        remarks: remarks(finding, words),
        mine: plainNumbers(finding.mine),
        expected: plainNumbers(finding.expected),
        truth: plainNumbers(finding.truth),
      })),
    };
  }

  toString(): string {
    return this.toText();
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  private summary(words: Words): string[] {
    return [...this.verdictLines(words), ...this.conventionLines(words), ...this.kinks.map((kink) => kinkLine(kink, words.atKink, words)), ...this.blindLines(words)]; // prettier-ignore
  }

  private verdictLines(words: Words): string[] {
    const { findings, firstWrong, factor } = this;
    if (this.isVacuous) return [words.vacuousAll(findings.length)];
    if (this.passed) return [words.allRight(findings.length)];
    const lines = firstWrong ? [words.firstWrong(shownLabel(firstWrong.key), this.otherSteps(words))] : [];
    return factor === 1 ? lines : [...lines, words.factor(shortNumber(factor), this.factorReason(words))];
  }

  /** The wrong steps after the first, and how many are wrong only because of wrong steps. */
  private otherSteps(words: Words): string {
    const [, ...others] = this.findings.filter(({ verdict }) => verdict === "wrong here").map(({ key }) => shownLabel(key));
    const inherited = this.findings.filter(({ verdict }) => verdict === "inherited").length;
    return (
      (others.length > 0 ? words.othersWrong(others.join(", ")) : "") +
      (inherited > 0 ? words.andInherited(inherited, 1 + others.length) : "")
    );
  }

  private factorReason(words: Words): string {
    const { factor, firstWrong } = this;
    const { batch } = this.comparison;
    if (Math.abs(factor / batch - 1) < 1e-6) return words.missingMean(batch);
    if (Math.abs(factor + 1) < 1e-6) return words.signConvention;
    return firstWrong?.mistake ? `: ${sentenceOf(firstWrong.mistake, words)}` : "";
  }

  private conventionLines(words: Words): string[] {
    const { convention, isTransposed, batch } = this.comparison;
    return [
      ...(convention.name === "none" ? [] : [words.conventions[convention.name](batch)]),
      ...(isTransposed ? [words.transposed] : []),
    ];
  }

  private blindLines(words: Words): string[] {
    const seen = new Set<string>();
    return this.findings.flatMap(({ blindness }) => {
      if (blindness === undefined) return [];
      const sentence = words.blind(mistakeSentence(words, blindness.name, blindness.facts));
      if (seen.has(sentence)) return [];
      seen.add(sentence);
      return [blindness.betterPoint ? `${sentence} ${words.better(pointText(blindness.betterPoint))}` : sentence];
    });
  }
}

function wordsOf(language: Language): Words {
  checkLanguage("report", language);
  return wordsIn[language];
}

/** Text that Markdown and HTML leave as it is. */
const escaped = (text: string): string => text.replace(/[\\`*_{}[\]<>()#+!|&~$]/g, (sign) => `\\${sign}`);

const plainNumbers = (x: Tensor): unknown =>
  typeof x === "number"
    ? plainNumber(x)
    : JSON.parse(JSON.stringify(x.toArray(), (_, n: unknown) => (typeof n === "number" ? plainNumber(n) : n)));
const plainNumber = (x: number): number | string => (Number.isFinite(x) ? x : String(x));

/**
 * `compareGradients`: hand-derived gradients against the engine's. Not a column of true and false: which step is the first wrong one,
 * which are wrong only because it is, what the mistake was, and whether this point could tell.
 */
import { entriesOf, shapeOf, type Tensor } from "../array/ndarray.ts";
import { formatShape, indexOf } from "../array/shape.ts";
import { checkValue } from "../graph/lift.ts";
import type { Value } from "../graph/value.ts";
import { tensors } from "../ops/tensors.ts";
import { constantRatio, reshaped } from "./agreement.ts";
import { isTransposedThroughout, judgedByConvention, laidOut } from "./convention.ts";
import { diagnosesOf, type Diagnosis } from "./diagnosis.ts";
import { saidOf } from "./hand-book.ts";
import { handsOf, type Hand, type HandGradients } from "./hand.ts";
import { batchSize } from "./labelled-values.ts";
import { vacuity, truthOf, type Convention, type Facts, type Judgement, type Verdict } from "./judgement.ts";
import { kinkedNodes, type KinkedNode } from "./kink.ts";
import { blindnessOf, type Blindness } from "./meaning.ts";
import { placeOf } from "./place.ts";
import { Report } from "./report.ts";
import { circuitOf } from "./segment.ts";
import { checkOptions } from "../graph/options.ts";
import { checkLanguage, type Language } from "../graph/language.ts";

/** The entry that is farthest off. */
export interface WorstEntry {
  readonly index: readonly number[];
  readonly mine: number;
  readonly expected: number;
}

/** What is said of one hand gradient. */
export interface Finding {
  /** The name it was given under, "dL_dW2", and that of its value, "W2". */
  readonly key: string;
  readonly label: string;
  readonly target: Value;
  readonly verdict: Verdict;
  readonly mine: Tensor;
  /** ∂loss/∂value. */
  readonly truth: Tensor;
  /** What this step gives from the learner's own gradients further up. */
  readonly expected: Tensor;
  /** mine / truth, where it is the same in all entries and there are several. */
  readonly ratio: number | undefined;
  /** The likeliest explanation of a wrong step, then the others that fit as well. */
  readonly mistake: Diagnosis | undefined;
  readonly alternatives: readonly Diagnosis[];
  /** The given gradients, or the loss, that the step starts from: the error lies between these and it. */
  readonly from: readonly string[];
  /** Those of them that are wrong. */
  readonly wrongSources: readonly string[];
  readonly wrongEntries: number;
  readonly worst: WorstEntry | undefined;
  /** Laid out otherwise than the value: "flat" for (n,) in the place of (1, n). */
  readonly layout: Hand["layout"];
  /** Whether it is right only to the digits that were written. */
  readonly isRounded: boolean;
  readonly blindness: Blindness | undefined;
}

export interface CompareOptions {
  /** The language of `String(report)`; English where none is given. */
  readonly language?: Language;
  /** What formulas may use beside the labelled values of the graph. */
  readonly values?: Readonly<Record<string, Value>>;
}

/**
 * Compares hand-derived gradients, of any subset of the labelled values, with those of the graph of `loss`.
 *
 * @param mine gradients under the label of their value or names such as dW2, dL_dW2, ∂L/∂W2; as numbers, as formulas
 * (`"(a2 - y) * a2 * (1 - a2)"`, with the labelled values and the other hand gradients by name), or as functions of these. Or the
 * whole backward pass as text, one statement a line.
 * @throws RangeError where the loss is not a number; ReferenceError for a name that the graph does not have; FormulaError for a
 * formula that cannot be read.
 * @example
 * const [w, x, y] = [value(0.5, "w"), constant(2, "x"), constant(1, "y")];
 * const a = w.mul(x).named("z").tanh().named("a");
 * const loss = a.sub(y).square().mul(0.5);
 * const report = compareGradients(loss, { da: "a - y", dz: "da", dw: "dz * x" });
 * report.firstWrong?.label; // → z
 * report.firstWrong?.mistake?.name; // → derivative missing
 */
export function compareGradients(loss: Value, mine: HandGradients, options: CompareOptions = {}): Report {
  checkOptions("compareGradients", options, ["language", "values"]);
  const { language = "en", values = {} } = options;
  checkLanguage("compareGradients", language);
  checkValue("compareGradients", loss);
  if (loss.shape.length > 0) throw new RangeError(`compareGradients: the loss has shape ${formatShape(loss.shape)}; take .sum() or .mean() first`);
  const truth = truthOf(loss);
  const circuit = circuitOf(loss);
  const facts: Facts = { circuit, kinks: kinkedNodes(loss), truth };
  const given = saidOf({ language }, () => handsOf(loss, mine, new Map(Object.entries(values))));
  const isTransposed = isTransposedThroughout(facts, given);
  const hands = laidOut(facts, given, isTransposed);
  const { judgements, convention } = judgedByConvention(facts, hands);
  const findings = judgements.map((judgement) => findingOf(facts, judgement, judgements));
  return new Report({ loss, findings, convention, isTransposed, factor: commonFactor(findings), kinks: facts.kinks, batch: batchSize(circuit.order), language });
} // prettier-ignore

export interface Comparison {
  readonly loss: Value;
  /** From the loss down. */
  readonly findings: readonly Finding[];
  readonly convention: Convention;
  readonly isTransposed: boolean;
  /** What every gradient is a multiple by, where it is not 1: 4 where the 1/N of a mean over four is missing throughout. */
  readonly factor: number;
  readonly kinks: readonly KinkedNode[];
  readonly batch: number;
  readonly language: Language;
}

function findingOf(facts: Facts, judgement: Judgement, all: readonly Judgement[]): Finding {
  const { hand, verdict, truth, expected, wrongEntries, segment, setting } = judgement;
  const explained = verdict === "wrong here" ? diagnosesOf(caseOf(facts, judgement, all)) : [];
  const isRight = verdict === "right" || verdict === "kink";
  const sources = segment.nodes.filter((node) => node === facts.circuit.loss || setting.given(node) !== undefined);
  return {
    key: hand.key,
    label: placeOf(hand.target),
    target: hand.target,
    verdict,
    mine: hand.raw,
    truth,
    expected,
    ratio: ratioOf(hand, truth),
    mistake: explained[0],
    alternatives: explained.slice(1, 4),
    from: sources.map((node) => all.find((other) => other.hand.target === node)?.hand.key ?? placeOf(node)),
    wrongSources: all
      .filter((other) => other.wrongEntries.length > 0 && sources.includes(other.hand.target))
      .map((other) => other.hand.key),
    wrongEntries: wrongEntries.length,
    worst: worstEntry(judgement),
    layout: hand.layout,
    isRounded: isRight && hand.resolution.some((x) => x > 0) && !isExact(hand, truth),
    blindness: isRight && isSignificant(truth) ? blindnessOf(facts.circuit, judgement) : undefined,
  };
}

function caseOf(
  { circuit, truth }: Facts,
  { hand, segment, setting, expected, noise, coarseness, factor, inner }: Judgement,
  all: readonly Judgement[],
) {
  const others = all.flatMap(({ hand: { key, target, fitted } }) =>
    target === hand.target || fitted === undefined ? [] : [{ key, target, gradient: fitted }],
  );
  const mine = factor === 1 ? (hand.fitted ?? hand.raw) : tensors.div(hand.fitted ?? hand.raw, factor);
  const slack = noise.map((x, i) => x + (hand.noise[i] ?? 0) + (hand.resolution[i] ?? 0));
  return { circuit, segment, setting, mine, expected, noise: slack, coarseness, gradientOf: (node: Value) => truth.get(node), others, batch: batchSize(circuit.order), isAveragedHere: factor === 1 && Math.abs(inner) > 1 }; // prettier-ignore
}

function ratioOf({ fitted, noise }: Hand, truth: Tensor): number | undefined {
  const constant = fitted === undefined ? undefined : constantRatio(fitted, truth, noise);
  return constant !== undefined && constant.entries > 1 ? constant.ratio : undefined;
}

function commonFactor(findings: readonly Finding[]): number {
  const several = findings.filter(({ truth }) => isSignificant(truth));
  const first = several.find(({ ratio }) => ratio !== undefined)?.ratio;
  if (first === undefined || several.length < 2) return 1;
  const isCommon = several.every(({ mine, truth }) => {
    const constant = entriesOf(mine).length === entriesOf(truth).length ? constantRatio(reshaped(mine, shapeOf(truth)), truth) : undefined;
    return constant !== undefined && Math.abs(constant.ratio / first - 1) < 1e-6;
  });
  return isCommon ? first : 1;
}

const isSignificant = (x: Tensor): boolean => entriesOf(x).some((entry) => Math.abs(entry) > vacuity);
const isExact = ({ fitted }: Hand, truth: Tensor): boolean =>
  fitted !== undefined && entriesOf(fitted).every((x, i) => Math.abs(x - entriesOf(truth)[i]!) <= 1e-9 * Math.abs(x));

function worstEntry({ hand: { fitted }, wrongEntries, verdict, expected, truth, factor }: Judgement): WorstEntry | undefined {
  if (fitted === undefined || wrongEntries.length === 0) return undefined;
  const wanted = entriesOf(verdict === "inherited" ? truth : expected);
  const mine = entriesOf(fitted);
  const distance = (i: number) => Math.abs(mine[i]! / factor - wanted[i]!) / Math.max(Math.abs(wanted[i]!), Math.abs(mine[i]! / factor));
  const place = wrongEntries.reduce((worst, i) => (distance(i) > distance(worst) || Number.isNaN(mine[i]) ? i : worst), wrongEntries[0]!);
  return { index: indexOf(place, typeof truth === "number" ? [] : truth.shape), mine: mine[place]!, expected: wanted[place]! * factor };
}

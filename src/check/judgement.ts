/**
 * Right or wrong, and where first. Each hand gradient is held against the truth, and against what the engine's rules make of the
 * learner's own gradients further up: who only carried on an earlier mistake made no new one.
 */
import { entriesOf, zerosOf, type Tensor } from "../array/ndarray.ts";
import type { Value } from "../graph/value.ts";
import { trace } from "../gradient/trace.ts";
import { tensors } from "../ops/tensors.ts";
import { agrees, disagreements, isClose, noiseOf, type Expected } from "./agreement.ts";
import type { Hand } from "./hand.ts";
import { atKinks, choices, type KinkedNode } from "./kink.ts";
import { stretched } from "./layout.ts";
import { carriedBack, segmentOf, type Alteration, type Circuit, type Segment, type Setting } from "./segment.ts";
import { coarsenessOf, spreadOf, writtenAmong } from "./written-digits.ts";

export type Verdict = "right" | "wrong here" | "inherited" | "right by cancellation" | "kink" | "vacuous";

/** What a learner multiplies gradients by on purpose: those of inner values, those of parameters. */
export interface Convention {
  readonly name: "none" | "1/N at the parameters" | "negated deltas" | "negated deltas, 1/N at the parameters";
  readonly inner: number;
  readonly parameters: number;
}

export interface Judgement {
  readonly hand: Hand;
  readonly verdict: Verdict;
  readonly segment: Segment;
  readonly setting: Setting;
  /** ∂loss/∂value. */
  readonly truth: Tensor;
  /** What this step gives from the learner's own gradients. */
  readonly expected: Tensor;
  readonly noise: Float64Array;
  /** How coarsely the gradients that the step starts from were written, relative to the largest entry; 0 where exactly. */
  readonly coarseness: number;
  /** The entries that are wrong: against `expected` where the step is, otherwise against the truth. */
  readonly wrongEntries: readonly number[];
  /** The factor of the convention, here and at inner values. */
  readonly factor: number;
  readonly inner: number;
}

/** Everything that is known of the graph before a hand gradient is looked at. */
export interface Facts {
  readonly circuit: Circuit;
  readonly kinks: readonly KinkedNode[];
  readonly truth: ReadonlyMap<Value, Tensor>;
}

/** Gradients below this, all of them, tell nothing about a formula. */
export const vacuity = 1e-12;

const payloadOf = (node: Value): Tensor => node.payload;

/** What is known while judging from the loss down. */
interface Proceedings {
  readonly facts: Facts;
  readonly convention: Convention;
  readonly byTarget: ReadonlyMap<Value, Hand>;
  /** The learner's gradients in the place of the true ones. */
  readonly setting: Setting;
  /** Of the values judged so far, whether their hand gradient is the true one. */
  readonly isTrue: Map<Value, boolean>;
}

/** The judgements, from the loss down, under a convention. */
export function judged(facts: Facts, hands: readonly Hand[], convention: Convention): Judgement[] {
  const { place } = facts.circuit;
  const byTarget = new Map(hands.map((hand) => [hand.target, hand]));
  const setting = { read: payloadOf, given: givenBy(facts, byTarget, convention) };
  const proceedings: Proceedings = { facts, convention, byTarget, setting, isTrue: new Map() };
  const ordered = [...hands].sort((a, b) => place.get(b.target)! - place.get(a.target)!);
  return ordered.map((hand) => judge(hand, proceedings));
}

/** The factor that a convention puts on the gradient of a value. Data that happens to be a leaf counts as an inner value. */
export function factorOf({ inner, parameters }: Convention, { primitive, label }: Value): number {
  return primitive === null && !/^x\d*$/i.test(label) ? parameters : inner;
}

/** The learner's gradients in the place of those a sweep would find; the true ones where a shape does not fit. */
function givenBy(facts: Facts, byTarget: ReadonlyMap<Value, Hand>, convention: Convention): Setting["given"] {
  const made = new Map<Value, Tensor>();
  for (const [target, { raw, fitted }] of byTarget) {
    const factor = factorOf(convention, target);
    const usable = fitted ?? stretched(raw, target.shape) ?? facts.truth.get(target)!;
    made.set(target, factor === 1 ? usable : tensors.div(usable, factor));
  }
  const { loss } = facts.circuit;
  if (!made.has(loss)) made.set(loss, 1);
  return (node) => made.get(node);
}

/** Whether every gradient the step starts from has a shape to go on with; otherwise nothing can be said of the step. */
const canStretch = ({ nodes }: Segment, byTarget: ReadonlyMap<Value, Hand>): boolean =>
  nodes.every((node) => {
    const hand = byTarget.get(node);
    return hand === undefined || hand.fitted !== undefined || stretched(hand.raw, node.shape) !== undefined;
  });

/** The judgement of one hand gradient, after those that its step starts from. */
function judge(hand: Hand, { facts, convention, byTarget, setting, isTrue }: Proceedings): Judgement {
  const { circuit } = facts;
  const { target } = hand;
  const factor = factorOf(convention, target);
  const isLoss = (node: Value): boolean => node === circuit.loss;
  const segment = segmentOf(circuit, target, (node) => byTarget.has(node) || isLoss(node));
  const truth = facts.truth.get(target)!;
  const exactly = expectation(facts, segment, setting);
  const written = writtenAmong(segment, byTarget);
  const local = loosened(
    exactly,
    spreadOf(exactly.value, segment, setting, written, (node) => factorOf(convention, node)),
  );
  const whole = expectation(facts, segmentOf(circuit, target, isLoss), {
    read: payloadOf,
    given: (node) => (isLoss(node) ? 1 : undefined),
  });
  const mine = hand.fitted === undefined ? undefined : factor === 1 ? hand.fitted : tensors.div(hand.fitted, factor);
  const fits = mine !== undefined && hand.layout !== "other";
  const wrongLocally = fits ? wrongEntriesOf(mine, local, hand, factor) : allOf(truth);
  const wrong = fits ? wrongEntriesOf(mine, whole, hand, factor) : allOf(truth);
  const sourcesTrue = segment.nodes.every((node) => !byTarget.has(node) || isTrue.get(node) !== false);
  const coarseness = coarsenessOf(written);
  // Right from rounded numbers that were right: what is off was rounded away before.
  const isRoundedOff = coarseness > 0 && sourcesTrue && wrongLocally.length === 0;
  isTrue.set(target, wrong.length === 0 || isRoundedOff);
  const base = {
    hand,
    segment,
    setting,
    truth,
    expected: local.value,
    noise: local.expected.noise,
    coarseness,
    factor,
    inner: convention.inner,
  };
  if (wrong.length > 0 && isRoundedOff) return { ...base, verdict: "right", wrongEntries: [] };
  if (wrong.length === 0) {
    const how = agreement(mine!, whole, hand, factor);
    if (sourcesTrue) return { ...base, verdict: how, wrongEntries: [] };
    if (wrongLocally.length > 0) return { ...base, verdict: "right by cancellation", wrongEntries: [] };
    // Within reach of the kinks only because the step before went wrong there.
    if (how !== "kink") return { ...base, verdict: how, wrongEntries: [] };
  }
  if (!canStretch(segment, byTarget)) return { ...base, verdict: "inherited", wrongEntries: wrong };
  if (wrongLocally.length === 0) return { ...base, verdict: "inherited", wrongEntries: wrong.length > 0 ? wrong : allOf(truth) };
  return { ...base, verdict: "wrong here", wrongEntries: wrongLocally };
}

const loosened = ({ expected, ...rest }: Expectation, spread: Float64Array): Expectation => ({
  ...rest,
  expected: { ...expected, noise: expected.noise.map((x, i) => x + (spread[i] ?? 0)) },
});

const sumOf = (entries: Float64Array): number => entries.reduce((sum, x) => sum + x, 0);

/** The entries that are wrong: outside their range, or all that took another share, where the shares are too many. */
function wrongEntriesOf(mine: Tensor, { value, expected, total }: Expectation, hand: Hand, factor: number): number[] {
  const allowed = withNoise(expected, hand, factor);
  const outside = disagreements(mine, allowed, hand.resolution);
  if (outside.length > 0 || total === undefined) return outside;
  const sum = sumOf(entriesOf(mine));
  const isShared = (sum >= total[0] && sum <= total[1]) || isClose(sum, total[0]) || isClose(sum, total[1]);
  const exact = entriesOf(value);
  return isShared ? [] : disagreements(mine, { ...allowed, low: exact, high: exact }, hand.resolution);
}

const allOf = (x: Tensor): number[] => [...entriesOf(x).keys()];

function withNoise(expected: Expected, { noise }: Hand, factor: number): Expected {
  const isAlike = noise.length === expected.noise.length;
  return { ...expected, noise: expected.noise.map((x, i) => x + (isAlike ? noise[i]! / Math.abs(factor) : 0)) };
}

/** How a right gradient is right: by the convention at the kinks, by another one, or because everything is 0. */
function agreement(mine: Tensor, { value, expected }: Expectation, hand: Hand, factor: number): Verdict {
  const { noise } = withNoise(expected, hand, factor);
  const slack = noise.map((x, i) => x + (hand.resolution[i] ?? 0));
  if (!agrees(mine, value, slack)) return "kink";
  const tiny = [...entriesOf(value), ...entriesOf(mine)].every((x, i) => Math.abs(x) <= Math.max(vacuity, noise[i % noise.length]!));
  return tiny ? "vacuous" : "right";
}

interface Expectation {
  /** What all entries may add up to, where a function of a whole array stands at a kink: ties share one gradient, no more. */
  readonly total: readonly [low: number, high: number] | undefined;
  readonly value: Tensor;
  readonly expected: Expected;
}

/** What a stretch of the graph hands back: its entries, their range where kinks leave a choice, and their rounding. */
function expectation({ circuit, kinks }: Facts, segment: Segment, setting: Setting): Expectation {
  const seed = segment.target === circuit.loss ? 1 : undefined;
  const carried = (alter?: Alteration) => seed ?? carriedBack(segment, setting, alter) ?? zerosOf(segment.target.shape);
  const value = carried();
  const noise = noiseOf(value, (shake) => carried(({ contribution }) => shake(contribution)));
  const [low, high] = [entriesOf(value).slice(), entriesOf(value).slice()];
  const totals: [number, number] = [sumOf(low), sumOf(low)];
  const choiceOf = (entries: Float64Array): void => {
    for (const [i, x] of entries.entries()) [low[i], high[i]] = [Math.min(low[i]!, x), Math.max(high[i]!, x)];
    const total = sumOf(entries);
    [totals[0], totals[1]] = [Math.min(totals[0], total), Math.max(totals[1], total)];
  };
  const onTheWay = kinks.filter(({ node }) => segment.nodes.includes(node));
  if (onTheWay.length > 0) for (const share of choices) choiceOf(entriesOf(carried(atKinks(onTheWay, share))));
  const total = onTheWay.some(({ node }) => node.primitive?.kind === "structural") ? totals : undefined;
  return { value, expected: { low, high, noise }, total };
}

/** The true gradients of every value, read from the trace. */
export function truthOf(loss: Value): Map<Value, Tensor> {
  return new Map(trace(loss).nodes.flatMap(({ value, gradient }) => (gradient === undefined ? [] : [[value, gradient]])));
}

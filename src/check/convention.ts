/**
 * What is a convention and not a mistake: the 1/N of a mean applied only where the parameters' gradients are formed, deltas kept
 * negated until then, matrices laid out transposed. It is believed where it makes the whole derivation consistent.
 */
import { NdArray, shapeOf, type Tensor } from "../array/ndarray.ts";
import { isSameShape } from "../array/shape.ts";
import { agrees } from "./agreement.ts";
import type { Hand } from "./hand.ts";
import { batchSize } from "./labelled-values.ts";
import { flipped } from "./layout.ts";
import { factorOf, judged, type Convention, type Facts, type Judgement } from "./judgement.ts";

export const plain: Convention = { name: "none", inner: 1, parameters: 1 };

function conventionsFor({ circuit }: Facts): Convention[] {
  const n = batchSize(circuit.order);
  const scaled: Convention[] = [
    { name: "1/N at the parameters", inner: n, parameters: 1 },
    { name: "negated deltas, 1/N at the parameters", inner: -n, parameters: 1 },
  ];
  return [{ name: "negated deltas", inner: -1, parameters: 1 }, ...(n > 1 ? scaled : [])];
}

/** The judgements under the convention that explains most; a convention must save at least two steps from being called wrong. */
export function judgedByConvention(facts: Facts, hands: readonly Hand[]): { judgements: Judgement[]; convention: Convention } {
  let best = { judgements: judged(facts, hands, plain), convention: plain };
  const plainJudgements = best.judgements;
  const plainly = wrongSteps(plainJudgements);
  let least = plainly - 1;
  if (plainly < 2) return best;
  for (const convention of conventionsFor(facts)) {
    const judgements = judged(facts, hands, convention);
    const wrong = wrongSteps(judgements);
    if (wrong >= least || !isFollowed(plainJudgements, convention)) continue;
    least = wrong;
    best = { judgements, convention };
  }
  return best;
}

/** Whether no inner gradient is plainly right: who keeps deltas negated keeps all of them so. */
const isFollowed = (judgements: readonly Judgement[], convention: Convention): boolean =>
  judgements.every(({ hand: { target }, verdict }) => factorOf(convention, target) === 1 || verdict !== "right");

const wrongSteps = (judgements: readonly Judgement[]): number =>
  judgements.filter(({ verdict }) => verdict === "wrong here" || verdict === "right by cancellation").length;

/** Whether all matrices with a right way round are given the other way, and at least two. */
export function isTransposedThroughout(facts: Facts, hands: readonly Hand[]): boolean {
  const turnable = hands.filter(({ raw, target }) => shapeOf(raw).length === 2 && !isSquare(target.payload));
  return turnable.length >= 2 && turnable.every(({ layout }) => layout === "transposed");
}

const isSquare = (x: Tensor): boolean => typeof x === "number" || (x.shape.length === 2 && x.shape[0] === x.shape[1]);

/**
 * The hands as they are to be judged. Where transposition is not the convention, a transposed one has the wrong shape; where it is,
 * square ones are turned too, if they are given the other way.
 */
export function laidOut(facts: Facts, hands: readonly Hand[], isTransposed: boolean): Hand[] {
  return hands.map((hand) => {
    if (hand.layout === "transposed" && !isTransposed) return { ...hand, fitted: undefined, layout: "other" as const };
    const { raw, target } = hand;
    if (!isTransposed || typeof raw === "number" || raw.shape.length !== 2 || !isSquare(raw)) return hand;
    const turned = flipped(raw) as NdArray;
    const truth = facts.truth.get(target)!;
    const fitted = isSameShape(shapeOf(truth), turned.shape) && agrees(raw, truth) ? raw : turned;
    return { ...hand, fitted, layout: "transposed" as const };
  });
}

/** Mistakes that can be told from the gradient alone: laid out otherwise, scaled, that of something else, or of another loss. */
import { NdArray, shapeOf, type Tensor } from "../array/ndarray.ts";
import { tensors } from "../ops/tensors.ts";
import { constantRatio, isClose } from "./agreement.ts";
import { constantOf } from "./catalogue.ts";
import { flipped } from "./layout.ts";
import { placeOf, shortNumber } from "./place.ts";
import type { Use } from "./segment.ts";
import { labelledOf, namedFactors, sameSize, type Case, type Suspect } from "./suspect.ts";

/** The same numbers, laid out otherwise; or the gradient of something else. */
export function* layouts({ expected, gradientOf, circuit, segment, others }: Case): Iterable<Suspect> {
  const { target } = segment;
  if (expected instanceof NdArray && expected.shape.length === 2)
    yield { name: "transposed", rank: 1, facts: { place: placeOf(target) }, candidate: () => flipped(expected) };
  for (const node of circuit.order)
    if (node !== target && node.label !== "" && sameSize(node, target)) {
      // What was derived from the wrong step carries its mistake; only what comes before it can have been mistaken for it.
      const isBefore = circuit.place.get(node)! > circuit.place.get(target)!;
      const hand = isBefore ? others.find((other) => other.target === node)?.gradient : undefined;
      for (const gradient of [gradientOf(node), hand])
        if (gradient !== undefined)
          yield { name: "gradient of another", rank: 23, facts: { other: placeOf(node) }, candidate: () => gradient };
    }
}

/** A constant factor over all entries; a tensor of one entry always has one, which means nothing unless it has a name. */
export function* ratios({ expected, mine, noise, batch, isAveragedHere }: Case): Iterable<Suspect> {
  const constant = constantRatio(mine, expected, noise);
  if (constant === undefined) return;
  const named = namedFactors(batch).find((k) => isClose(k, constant.ratio));
  if (named === undefined && constant.entries < 3) return;
  const ratio = named ?? constant.ratio;
  if (isAveragedHere && ratio === batch) yield { name: "wrong reduction", rank: 9, facts: { count: batch }, candidate: () => tensors.mul(expected, batch) }; // prettier-ignore
  yield { name: "ratio", rank: named === undefined ? 45 : 30, facts: { ratio, count: constant.entries }, candidate: () => tensors.mul(expected, constant.ratio) };
} // prettier-ignore

/** The 2 that a square brings down. */
const powerOf = ({ node }: Use): number | undefined => (node.op === "square" ? 2 : undefined);

/** Two constants that both went missing, or a constant and a sign. */
export function* lostConstants({ segment, expected, mine, noise }: Case): Iterable<Suspect> {
  const constant = constantRatio(mine, expected, noise);
  if (constant === undefined) return;
  const lost = segment.edges.flatMap((use) => constantOf(use) ?? powerOf(use) ?? []);
  for (const [k, first] of lost.entries())
    for (const second of lost.slice(k + 1))
      if (isClose(constant.ratio * first * second, 1) && first * second !== 1)
        yield { name: "constant missing", rank: 29, facts: { place: placeOf(segment.nodes[0]!), what: `${shortNumber(first)} · ${shortNumber(second)}` }, candidate: () => mine }; // prettier-ignore
}

/** A value or a derivative multiplied in once more than the chain rule says. */
export function* extraFactors({ expected, circuit, segment }: Case): Iterable<Suspect> {
  for (const v of labelledOf(circuit))
    if (sameSize(v, segment.target))
      yield { name: "extra factor", rank: 33, facts: { what: placeOf(v) }, candidate: () => tensors.mul(expected, v.payload) };
}

/** The derivative of another loss of the same prediction and target, up to its factor. */
export function* otherLosses({ segment, circuit, mine, expected, noise }: Case): Iterable<Suspect> {
  const { target } = segment;
  if (!segment.nodes.includes(circuit.loss)) return;
  const constantsBeside = segment.nodes.flatMap((node) => node.inputs).filter((x) => !segment.inside.has(x) && sameSize(x, target));
  const a = target.payload;
  for (const y of new Set(constantsBeside))
    for (const [loss, slope] of lossSlopes) {
      const made = slope(a, y.payload);
      const constant = constantRatio(made, mine, noise);
      if (constant === undefined || constant.entries < 2 || constantRatio(made, expected)) continue;
      yield { name: "another loss", rank: 44, facts: { other: loss, ratio: 1 / constant.ratio }, candidate: () => mine };
    }
}

/** Slips in a derivative that was simplified, ŷ − y: the y forgotten, the slope of softmax there once more, or along another axis. */
export function* simplifiedSlopes({ segment, circuit, expected, noise }: Case): Iterable<Suspect> {
  const { target } = segment;
  const a = target.payload;
  const axes = [...shapeOf(a).keys()];
  const slopes = [...lossSlopes.map(([, slope]) => slope), ...axes.map(softmaxSlope)];
  for (const y of labelledOf(circuit).filter((v) => !v.takesGradient && sameSize(v, target))) {
    const factorOf = (slope: Slope): number | undefined => {
      const constant = constantRatio(slope(a, y.payload), expected, noise);
      return constant !== undefined && constant.entries > 1 ? 1 / constant.ratio : undefined;
    };
    for (const slope of slopes) {
      const factor = factorOf(slope);
      if (factor !== undefined)
        yield { name: "target missing", rank: 32, facts: { what: placeOf(y) }, candidate: () => m.mul(factor, slope(a, m.mul(0, y.payload))) }; // prettier-ignore
    }
    for (const axis of axes) {
      const factor = factorOf(softmaxSlope(axis));
      if (factor === undefined) continue;
      const place = `softmax(${placeOf(target)})`;
      const s = m.softmax([a], { axis });
      yield { name: "extra factor", rank: 32, facts: { what: `${place}·(1 − ${place})` }, candidate: () => m.mul(expected, m.mul(s, m.sub(1, s))) }; // prettier-ignore
      for (const other of axes.filter((k) => k !== axis))
        yield { name: "softmax axis", rank: 32, facts: { place }, candidate: () => m.mul(factor, softmaxSlope(other)(a, y.payload)) };
    }
  }
}

type Slope = (a: Tensor, y: Tensor) => Tensor;

const m = tensors;
const softmaxSlope =
  (axis: number): Slope =>
  (a, y) =>
    m.sub(m.softmax([a], { axis }), y);
const lossSlopes: readonly (readonly [string, Slope])[] = [
  ["½(y − ŷ)²", (a, y) => m.sub(a, y)],
  ["−[y log ŷ + (1 − y) log(1 − ŷ)]", (a, y) => m.div(m.sub(a, y), m.mul(a, m.sub(1, a)))],
  ["−y log ŷ", (a, y) => m.neg(m.div(y, a))],
  ["|y − ŷ|", (a, y) => m.sign(m.sub(a, y))],
  ["softmax + cross-entropy", (a, y) => (typeof a === "number" ? 0 : softmaxSlope(a.shape.length - 1)(a, y))],
  ["σ + cross-entropy", (a, y) => m.sub(m.sigmoid(a), y)],
];

/**
 * Which mistake leads to this gradient? Every entry of the catalogue is tried at every edge of the step that went wrong, at one edge
 * and at all of its kind, by carrying the learner's own gradients over the step again; what comes out must be what they wrote, in all
 * entries, up to a factor that has a name.
 */
import { entriesOf, NdArray, shapeOf, type Tensor } from "../array/ndarray.ts";
import { formatShape, isSameShape } from "../array/shape.ts";
import type { Value } from "../graph/value.ts";
import { tensors } from "../ops/tensors.ts";
import { agrees, constantRatio, isClose, reshaped } from "./agreement.ts";
import { constantOf, edgeMistakes, type EdgeMistake, type Facts, type MistakeName } from "./catalogue.ts";
import { flipped } from "./hand.ts";
import { expressionOf, placeOf, shortNumber } from "./place.ts";
import { arrivals, carriedBack, rerun, type Alteration, type Circuit, type Edge, type Segment, type Setting, type Use } from "./segment.ts";

/** One explanation of a wrong gradient. */
export interface Diagnosis {
  readonly name: MistakeName;
  readonly facts: Facts;
  /** What the gradient is multiplied by besides. */
  readonly factor: number;
  /** In how many entries that are not 0 it was seen. */
  readonly entries: number;
}

/** A wrong step and all that may explain it. */
export interface Case {
  readonly circuit: Circuit;
  readonly segment: Segment;
  readonly setting: Setting;
  /** What the learner wrote, as it was given. */
  readonly mine: Tensor;
  /** What the step gives from the learner's own gradients. */
  readonly expected: Tensor;
  readonly noise: Float64Array;
  readonly gradientOf: (node: Value) => Tensor | undefined;
  /** The other hand gradients. */
  readonly others: readonly { readonly key: string; readonly target: Value; readonly gradient: Tensor }[];
  readonly batch: number;
}

/** A mistake that may have been made, and what it would have led to. */
interface Suspect {
  readonly name: MistakeName;
  readonly rank: number;
  readonly facts: Facts;
  readonly candidate: () => Tensor | undefined;
}

/** Trying everything on a large graph takes too long; after so many edges a search ends with what it has. */
const budget = 150_000;

/** The explanations that fit, the likeliest first. */
export function diagnosesOf(wrong: Case): Diagnosis[] {
  const nothing = notANumber(wrong);
  if (nothing) return [nothing];
  const found: (Diagnosis & { rank: number })[] = [];
  let spent = 0;
  const cost = Math.max(1, wrong.segment.edges.length);
  for (const source of sources)
    for (const suspect of source(wrong)) {
      if ((spent += cost) > budget) break;
      const fit = fitOf(wrong, suspect);
      if (fit) found.push({ name: suspect.name, facts: suspect.facts, ...fit, rank: suspect.rank + (fit.factor === 1 ? 0 : 50) });
    }
  if (found.length === 0) found.push(...leftovers(wrong).map((diagnosis) => ({ ...diagnosis, rank: 99 })));
  found.sort((a, b) => a.rank - b.rank);
  return distinct(found).map(({ name, facts, factor, entries }) => ({ name, facts, factor, entries }));
}

function distinct<D extends Diagnosis>(found: readonly D[]): D[] {
  const seen = new Set<string>();
  return found.filter(({ name, facts }) => {
    const key = `${name} ${facts.place ?? ""} ${facts.what ?? ""}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Whether the candidate is what was written, perhaps up to a factor with a name; it must differ from the right answer. */
function fitOf({ mine, expected, noise, batch }: Case, { candidate }: Suspect): { factor: number; entries: number } | undefined {
  let made: Tensor | undefined;
  try {
    made = candidate();
  } catch {
    return undefined; // shapes that do not go together: this cannot have happened
  }
  if (made === undefined || entriesOf(made).length !== entriesOf(mine).length) return undefined;
  if (!isSameShape(shapeOf(made), shapeOf(mine))) {
    const squeezed = (x: Tensor) => shapeOf(x).filter((n) => n !== 1);
    if (!isSameShape(squeezed(made), squeezed(mine))) return undefined;
    made = reshaped(made, shapeOf(mine));
  }
  if (agrees(made, expected, noise.length === entriesOf(made).length ? noise : undefined)) return undefined;
  const slack = entriesOf(made).length === noise.length ? noise : undefined;
  if (agrees(mine, made, slack)) return { factor: 1, entries: entriesOf(made).filter((x) => x !== 0).length };
  const constant = constantRatio(mine, made, slack);
  if (constant === undefined || constant.entries === 0) return undefined;
  const factor = namedFactors(batch).find((k) => isClose(k, constant.ratio));
  if (factor === undefined || agrees(tensors.mul(made, factor), expected)) return undefined;
  return { factor, entries: constant.entries };
}

/** Factors that people lose or find. */
export const namedFactors = (batch: number): number[] => [-1, 2, 0.5, batch, 1 / batch, -2, -0.5, -batch, -1 / batch, 2 / batch, batch / 2, 4, 0.25].filter((k) => k !== 1); // prettier-ignore

/** Two constants that both went missing, or a constant and a sign. */
function* lostConstants({ segment, expected, mine, noise }: Case): Iterable<Suspect> {
  const constant = constantRatio(mine, expected, noise);
  if (constant === undefined) return;
  const lost = segment.edges.flatMap((use) => constantOf(use) ?? []);
  for (const [k, first] of lost.entries())
    for (const second of lost.slice(k + 1))
      if (isClose(constant.ratio * first * second, 1) && first * second !== 1)
        yield { name: "constant missing", rank: 29, facts: { place: placeOf(segment.nodes[0]!), what: `${shortNumber(first)} · ${shortNumber(second)}` }, candidate: () => mine }; // prettier-ignore
}

/** A value or a derivative multiplied in once more than the chain rule says. */
function* extraFactors({ expected, circuit, segment }: Case): Iterable<Suspect> {
  for (const v of labelledOf(circuit))
    if (sameSize(v, segment.target))
      yield { name: "extra factor", rank: 33, facts: { what: placeOf(v) }, candidate: () => tensors.mul(expected, v.payload) };
}

const sources: readonly ((wrong: Case) => Iterable<Suspect>)[] = [
  layouts, ratios, lostConstants, alteredEdges, paths, constants, stretches, otherValues, shiftedValues, otherGradients, updated, otherLosses, extraFactors,
]; // prettier-ignore

/** The same numbers, laid out otherwise; or the gradient of something else. */
function* layouts({ expected, gradientOf, circuit, segment, others }: Case): Iterable<Suspect> {
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

const sameSize = (a: Value, b: Value): boolean => isSameShape(a.shape, b.shape);

/** A constant factor over all entries; a tensor of one entry always has one, which means nothing unless it has a name. */
function* ratios({ expected, mine, noise, batch }: Case): Iterable<Suspect> {
  const constant = constantRatio(mine, expected, noise);
  if (constant === undefined) return;
  const named = namedFactors(batch).find((k) => isClose(k, constant.ratio));
  if (named === undefined && constant.entries < 3) return;
  const ratio = named ?? constant.ratio;
  yield { name: "ratio", rank: named === undefined ? 45 : 30, facts: { ratio, count: constant.entries }, candidate: () => tensors.mul(expected, constant.ratio) };
} // prettier-ignore

/** Each mistake of the catalogue at one edge, and at all edges of its kind. */
function* alteredEdges({ segment, setting }: Case): Iterable<Suspect> {
  for (const mistake of edgeMistakes) {
    const places = segment.edges.filter(({ node, index }) => node.inputs[index]!.takesGradient && mistake.applies({ node, index }));
    for (const use of places) yield suspectAt(mistake, use, () => carriedBack(segment, setting, only(use, mistake.contribution)));
    for (const use of kindsAmong(places))
      yield suspectAt(mistake, use, () => carriedBack(segment, setting, everywhere(mistake, use.node.op)));
  }
}

const suspectAt = ({ name, rank, facts }: EdgeMistake, use: Use, candidate: Suspect["candidate"]): Suspect => ({
  name,
  rank,
  facts: facts(use),
  candidate,
});

/** One use of each operation that occurs more than once. */
function kindsAmong(places: readonly Use[]): Use[] {
  const byOp = new Map<string, Use[]>();
  for (const use of places) byOp.set(use.node.op, [...(byOp.get(use.node.op) ?? []), use]);
  return [...byOp.values()].filter((uses) => uses.length > 1).map(([first]) => first!);
}

const only =
  ({ node, index }: Use, contribution: Alteration): Alteration =>
  (edge) =>
    edge.node === node && edge.index === index ? contribution(edge) : edge.contribution;

const everywhere =
  ({ applies, contribution }: EdgeMistake, op: string): Alteration =>
  (edge) =>
    edge.node.op === op && applies(edge) ? contribution(edge) : edge.contribution;

const nothing: Alteration = () => undefined;

/** One of several ways forgotten, the only one kept, or counted with another weight. */
function* paths(wrong: Case): Iterable<Suspect> {
  const { segment, setting, mine, expected, noise } = wrong;
  const forks = segment.edges.filter(({ node, index }) => waysFrom(segment, node.inputs[index]!) > 1);
  for (const use of forks) {
    const facts = { place: placeOf(use.node.inputs[use.index]!), what: expressionOf(use.node) };
    const without = () => carriedBack(segment, setting, only(use, nothing));
    yield { name: "path missing", rank: 20, facts, candidate: without };
    const ratio = weightOf(mine, expected, without(), noise);
    if (ratio !== undefined) yield { name: "path factor", rank: 40, facts: { ...facts, ratio }, candidate: () => mine };
  }
  const direct = segment.edges.filter(({ node, index }) => node.inputs[index] === segment.target);
  // Of an inner value with two ways, one is forgotten; a parameter used again and again is overwritten.
  if (direct.length < 2 || (direct.length === 2 && segment.target.primitive !== null)) return;
  for (let k = 0; k < direct.length; k++) {
    const kept = new Set(direct.slice(0, k + 1).map(({ node }) => node));
    const facts = { place: placeOf(segment.target), count: k + 1 };
    const lastUses: Alteration = (edge) => (edge.input !== segment.target || kept.has(edge.node) ? edge.contribution : undefined);
    if (k < direct.length - 1) yield { name: k === 0 ? "path only" : "paths cut", rank: 19, facts: { ...facts, what: expressionOf(direct[k]!.node), other: "last" }, candidate: () => carriedBack(segment, setting, lastUses) }; // prettier-ignore
    const one = direct[k]!;
    const single: Alteration = (edge) => (edge.input !== segment.target || (edge.node === one.node && edge.index === one.index) ? edge.contribution : undefined); // prettier-ignore
    if (k > 0) yield { name: "path only", rank: 20, facts: { place: placeOf(segment.target), what: expressionOf(one.node), ...(k === direct.length - 1 ? { other: "first" } : {}) }, candidate: () => carriedBack(segment, setting, single) }; // prettier-ignore
  }
}

const waysFrom = ({ edges }: Segment, input: Value): number => edges.filter(({ node, index }) => node.inputs[index] === input).length;

/** r where mine = rest + r·(what came along the way that `rest` is without), the same r in at least two entries; 0 and 1 aside. */
function weightOf(mine: Tensor, expected: Tensor, rest: Tensor | undefined, noise: Float64Array): number | undefined {
  if (rest === undefined || !isSameShape(shapeOf(mine), shapeOf(rest))) return undefined;
  const along = tensors.sub(expected, rest);
  const constant = constantRatio(tensors.sub(mine, rest), along, noise);
  if (constant === undefined || isClose(constant.ratio, 1)) return undefined;
  const isNamed = [-1, 2, 0.5].some((k) => isClose(constant.ratio, k));
  return constant.entries >= (isNamed ? 1 : 3) ? constant.ratio : undefined;
}

/** Something between treated as if it did not depend on the target: a mean, a variance, an attention weight; one or two of them. */
function* constants({ segment, setting }: Case): Iterable<Suspect> {
  const between = [...segment.inside].filter((node) => node !== segment.target);
  const fixed = (...nodes: Value[]): Alteration => {
    const set = new Set(nodes);
    return (edge) => (set.has(edge.node) ? undefined : edge.contribution);
  };
  for (const node of between)
    yield { name: "treated as constant", rank: 31, facts: { what: placeOf(node, 3) }, candidate: () => carriedBack(segment, setting, fixed(node)) }; // prettier-ignore
  if (between.length > 40) return;
  for (const [k, first] of between.entries())
    for (const second of between.slice(k + 1))
      yield { name: "treated as constant", rank: 36, facts: { what: placeOf(first, 3), other: placeOf(second, 3) }, candidate: () => carriedBack(segment, setting, fixed(first, second)) }; // prettier-ignore
}

/** What arrives further up, handed over as it is. */
function* stretches({ segment, setting }: Case): Iterable<Suspect> {
  const { target } = segment;
  const arrived = arrivals(segment, setting);
  for (const node of segment.nodes) {
    const g = setting.given(node) ?? arrived.get(node);
    if (g === undefined || !sameSize(node, target)) continue;
    yield { name: "stretch missing", rank: 28, facts: { place: placeOf(target), what: placeOf(node) }, candidate: () => g };
  }
}

/** Another value of the same shape in the place of an operand: z for a, another layer's, another gate's. */
function* otherValues({ segment, setting, circuit }: Case): Iterable<Suspect> {
  const labelled = labelledOf(circuit);
  for (const { node, index } of segment.edges) {
    const operands = new Set([...node.inputs, node]);
    for (const operand of operands)
      for (const other of labelled) {
        if (other === operand || !sameSize(other, operand)) continue;
        const facts = { place: expressionOf(node), what: placeOf(other), other: placeOf(operand) };
        const alter = only({ node, index }, (edge) => rerun(edge, { read: (v) => edge.read(v === operand ? other : v) }).contribution);
        yield { name: "another value", rank: rankOfSwap(other, operand), facts, candidate: () => carriedBack(segment, setting, alter) };
      }
  }
}

/** Neighbours in the graph are mixed up more easily than strangers. */
const rankOfSwap = (a: Value, b: Value): number => (a.inputs.includes(b) || b.inputs.includes(a) ? 24 : 25);

/** Labelled values, constants too, each once. */
function labelledOf({ order }: Circuit): Value[] {
  const all = new Set<Value>();
  for (const node of order) for (const v of [node, ...node.inputs]) if (v.label !== "") all.add(v);
  return [...all];
}

/** The same slip at every step: hₜ where hₜ₋₁ belongs. */
function* shiftedValues({ segment, setting, circuit }: Case): Iterable<Suspect> {
  const labelled = labelledOf(circuit);
  const byLabel = new Map(labelled.map((v) => [v.label, v]));
  for (const by of [1, -1]) {
    const shifted = new Map<Value, Value>();
    for (const v of labelled) {
      const other = byLabel.get(v.label.replace(/\d+/, (n) => String(Number(n) + by)));
      if (other !== undefined && other !== v && sameSize(other, v)) shifted.set(v, other);
    }
    for (const stem of new Set([...shifted.keys()].map(({ label }) => label.replace(/\d+/, "")))) {
      const read = (edge: Edge) => (v: Value) => edge.read(v.label.replace(/\d+/, "") === stem ? (shifted.get(v) ?? v) : v);
      const alter: Alteration = (edge) =>
        edge.input === segment.target ? rerun(edge, { read: read(edge) }).contribution : edge.contribution;
      yield { name: "another value", rank: 24, facts: { place: placeOf(segment.target), what: `${stem}ₜ${by > 0 ? "₊" : "₋"}₁`, other: `${stem}ₜ` }, candidate: () => carriedBack(segment, setting, alter) }; // prettier-ignore
    }
  }
}

/** Another value's gradient handed into the step, or the true one of a value whose own was given wrong. */
function* otherGradients({ segment, setting, others, gradientOf, circuit }: Case): Iterable<Suspect> {
  const sources = segment.nodes.filter((node) => setting.given(node) !== undefined);
  for (const node of sources) {
    const known = [
      ...others.filter(({ target }) => target !== node),
      ...labelledOf(circuit).filter((v) => v !== node && v.takesGradient).map((target) => ({ target, gradient: gradientOf(target) })),
    ]; // prettier-ignore
    for (const { target, gradient } of known) {
      if (gradient === undefined || !sameSize(target, node) || target === segment.target) continue;
      const given = (v: Value) => (v === node ? gradient : setting.given(v));
      yield { name: "another gradient", rank: 26, facts: { what: placeOf(target), other: placeOf(node) }, candidate: () => carriedBack(segment, { ...setting, given }) }; // prettier-ignore
    }
  }
}

/** A parameter used after it was updated: its place in the product is taken by w − λ·dw, for the λ that fits all entries. */
function* updated({ segment, setting, others, gradientOf, mine, expected, noise }: Case): Iterable<Suspect> {
  for (const { node, index } of segment.edges)
    for (const operand of node.inputs) {
      if (operand.primitive !== null || operand === node.inputs[index] || !operand.takesGradient) continue;
      const gradient = others.find(({ target }) => target === operand)?.gradient ?? gradientOf(operand);
      if (gradient === undefined || !isSameShape(operand.shape, shapeOf(gradient))) continue;
      const moved = carriedBack(segment, setting, only({ node, index }, (edge) => rerun(edge, { read: (v) => (v === operand ? gradient : edge.read(v)) }).contribution)); // prettier-ignore
      const without = carriedBack(segment, setting, only({ node, index }, nothing));
      if (moved === undefined) continue;
      const change = without === undefined ? moved : tensors.sub(moved, without);
      const constant = isSameShape(shapeOf(mine), shapeOf(expected))
        ? constantRatio(tensors.sub(expected, mine), change, noise)
        : undefined;
      if (constant === undefined || constant.entries < 2) continue;
      yield { name: "updated before use", rank: 27, facts: { what: placeOf(operand), ratio: constant.ratio }, candidate: () => mine };
    }
}

/** The derivative of another loss of the same prediction and target, up to its factor. */
function* otherLosses({ segment, circuit, mine, expected }: Case): Iterable<Suspect> {
  const { target } = segment;
  if (!segment.nodes.includes(circuit.loss)) return;
  const constantsBeside = segment.nodes.flatMap((node) => node.inputs).filter((x) => !segment.inside.has(x) && sameSize(x, target));
  const a = target.payload;
  for (const y of new Set(constantsBeside))
    for (const [loss, slope] of lossSlopes) {
      const made = slope(a, y.payload);
      const constant = constantRatio(mine, made);
      if (constant === undefined || constant.entries < 2 || constantRatio(made, expected)) continue;
      yield { name: "another loss", rank: 44, facts: { other: loss, ratio: constant.ratio }, candidate: () => mine };
    }
}

const m = tensors;
const lossSlopes: readonly (readonly [string, (a: Tensor, y: Tensor) => Tensor])[] = [
  ["½(y − ŷ)²", (a, y) => m.sub(a, y)],
  ["−[y log ŷ + (1 − y) log(1 − ŷ)]", (a, y) => m.div(m.sub(a, y), m.mul(a, m.sub(1, a)))],
  ["−y log ŷ", (a, y) => m.neg(m.div(y, a))],
  ["|y − ŷ|", (a, y) => m.sign(m.sub(a, y))],
  ["softmax + cross-entropy", (a, y) => (typeof a === "number" ? 0 : m.sub(m.softmax([a], { axis: a.shape.length - 1 }), y))],
  ["σ + cross-entropy", (a, y) => m.sub(m.sigmoid(a), y)],
];

function notANumber({ mine, expected }: Case): Diagnosis | undefined {
  const bad = entriesOf(mine).filter((x) => !Number.isFinite(x)).length;
  const isExpected = entriesOf(expected).some((x) => !Number.isFinite(x));
  return bad > 0 || isExpected ? { name: "not a number", facts: { count: bad, what: isExpected ? "expected" : "mine" }, factor: 1, entries: bad } : undefined; // prettier-ignore
}

/** What can be said where nothing of the catalogue fits. */
function leftovers({ mine, expected, noise }: Case): Diagnosis[] {
  if (!isSameShape(shapeOf(mine), shapeOf(expected)))
    return [
      { name: "wrong shape", facts: { what: formatShape(shapeOf(mine)), other: formatShape(shapeOf(expected)) }, factor: 1, entries: 0 },
    ];
  const [p, q] = [entriesOf(mine), entriesOf(expected)];
  if (p.every((x) => x === 0)) return [{ name: "zero", facts: {}, factor: 1, entries: p.length }];
  const wrong = [...p.keys()].filter((i) => !isClose(p[i]!, q[i]!, noise[i]));
  if (wrong.length < p.length) {
    const isFlipped = wrong.every((i) => isClose(p[i]!, -q[i]!, noise[i]));
    return [
      { name: "some entries", facts: { count: wrong.length, ...(isFlipped ? { ratio: -1 } : {}) }, factor: 1, entries: wrong.length },
    ];
  }
  return [{ name: "unnamed", facts: {}, factor: 1, entries: wrong.length }];
}

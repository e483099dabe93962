/**
 * Mistakes that are made on the way over a step, by carrying the learner's own gradients over it again with one thing changed: a
 * mistake of the catalogue at an edge, a way forgotten, a value held constant, a stretch left out.
 */
import { shapeOf, type Tensor } from "../array/ndarray.ts";
import { isSameShape } from "../array/shape.ts";
import type { Value } from "../graph/value.ts";
import { tensors } from "../ops/tensors.ts";
import { constantRatio, isClose } from "./agreement.ts";
import { edgeMistakes, type EdgeMistake } from "./catalogue.ts";
import { expressionOf, isSilent, placeOf } from "./place.ts";
import { arrivals, carriedBack, type Alteration, type Circuit, type Segment, type Use } from "./segment.ts";
import { nothing, only, sameSize, type Case, type Suspect } from "./suspect.ts";

/** Each mistake of the catalogue at one edge, and at all edges of its kind. */
export function* alteredEdges({ segment, setting }: Case): Iterable<Suspect> {
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

const everywhere =
  ({ applies, contribution }: EdgeMistake, op: string): Alteration =>
  (edge) =>
    edge.node.op === op && applies(edge) ? contribution(edge) : edge.contribution;

/** One of several ways forgotten, the only one kept, or counted with another weight. */
export function* paths(wrong: Case): Iterable<Suspect> {
  const { circuit, segment, setting, mine, expected, noise } = wrong;
  const forks = segment.edges.filter(({ node, index }) => waysFrom(segment, node.inputs[index]!) > 1);
  for (const use of forks) {
    const facts = { place: placeOf(use.node.inputs[use.index]!), what: useName(circuit, use.node) };
    const without = () => carriedBack(segment, setting, only(use, nothing));
    yield { name: "path missing", rank: 20, facts, candidate: without };
    const ratio = weightOf(mine, expected, without(), noise);
    if (ratio !== undefined) yield { name: "path factor", rank: 40, facts: { ...facts, ratio }, candidate: () => mine };
  }
  const used = segment.edges.filter(({ node, index }) => node.inputs[index] === segment.target);
  const away = stepsToLoss(circuit);
  const direct = used.sort((a, b) => away.get(a.node)! - away.get(b.node)!); // the last use is the nearest to the loss
  // Of an inner value with two ways, one is forgotten; a parameter used again and again is overwritten.
  if (direct.length < 2 || (direct.length === 2 && segment.target.primitive !== null)) return;
  for (let k = 0; k < direct.length; k++) {
    const kept = new Set(direct.slice(0, k + 1).map(({ node }) => node));
    const facts = { place: placeOf(segment.target), count: k + 1 };
    const lastUses: Alteration = (edge) => (edge.input !== segment.target || kept.has(edge.node) ? edge.contribution : undefined);
    if (k < direct.length - 1) yield { name: k === 0 ? "path only" : "paths cut", rank: 19, facts: { ...facts, what: useName(circuit, direct[k]!.node), other: "last" }, candidate: () => carriedBack(segment, setting, lastUses) }; // prettier-ignore
    const one = direct[k]!;
    const single: Alteration = (edge) => (edge.input !== segment.target || (edge.node === one.node && edge.index === one.index) ? edge.contribution : undefined); // prettier-ignore
    if (k > 0) yield { name: "path only", rank: 20, facts: { place: placeOf(segment.target), what: useName(circuit, one.node), ...(k === direct.length - 1 ? { other: "first" } : {}) }, candidate: () => carriedBack(segment, setting, single) }; // prettier-ignore
  }
}

/** How many operations lie between a value and the loss, by the longest way: in a recurrent net, how far back in time it is. */
function stepsToLoss({ order }: Circuit): Map<Value, number> {
  const away = new Map<Value, number>();
  for (const node of order.toReversed())
    for (const input of node.inputs) away.set(input, Math.max(away.get(input) ?? 0, (away.get(node) ?? 0) + 1));
  return away;
}

/** Where a value is used: of a repetition of its rows, which has no sign of its own, what it goes into. */
function useName(circuit: Circuit, node: Value): string {
  const after = isSilent(node) ? circuit.uses.get(node)?.[0]?.node : undefined;
  return after === undefined ? expressionOf(node) : placeOf(after);
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
export function* constants({ segment, setting }: Case): Iterable<Suspect> {
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
export function* stretches({ segment, setting }: Case): Iterable<Suspect> {
  const { target } = segment;
  const arrived = arrivals(segment, setting);
  for (const node of segment.nodes) {
    const g = setting.given(node) ?? arrived.get(node);
    if (g === undefined || !sameSize(node, target)) continue;
    yield { name: "stretch missing", rank: 28, facts: { place: placeOf(target), what: placeOf(node) }, candidate: () => g };
  }
}

/** Mistakes in what is put into a step: another value, the neighbour's, another gradient, or a parameter that was updated before. */
import { shapeOf, type Tensor } from "../array/ndarray.ts";
import { isSameShape } from "../array/shape.ts";
import type { Value } from "../graph/value.ts";
import { applied } from "../ops/algebra.ts";
import { tensors } from "../ops/tensors.ts";
import { constantRatio } from "./agreement.ts";
import { expressionOf, placeOf } from "./place.ts";
import { carriedBack, rerun, type Alteration } from "./segment.ts";
import { labelledOf, nothing, only, sameSize, type Case, type Suspect } from "./suspect.ts";

/** Another value in the place of an operand: z for a, another layer's, another gate's; transposed where the operand is. */
export function* otherValues({ segment, setting, circuit }: Case): Iterable<Suspect> {
  const labelled = labelledOf(circuit);
  for (const use of segment.edges)
    for (const operand of new Set([...use.node.inputs, use.node])) {
      const meant = named(operand);
      for (const other of labelled) {
        if (other === meant || !canReplace(other, meant, use.node)) continue;
        const facts = { place: expressionOf(use.node), what: placeOf(other), other: placeOf(meant) };
        const alter = only(use, (edge) => rerun(edge, { read: (v) => (v === operand ? inPlaceOf(operand, edge.read(other)) : edge.read(v)) }).contribution); // prettier-ignore
        yield { name: "another value", rank: rankOfSwap(other, meant), facts, candidate: () => carriedBack(segment, setting, alter) };
      }
    }
}

const isTurned = ({ label, op }: Value): boolean => label === "" && op === "transpose";
/** What a learner calls an operand: K, of Kᵀ. */
const named = (operand: Value): Value => (isTurned(operand) ? operand.inputs[0]! : operand);

/** Something else as that operand would be used: repeated, transposed. */
function inPlaceOf(operand: Value, x: Tensor): Tensor {
  const { shape } = named(operand);
  const whole = isSameShape(shapeOf(x), shape) ? x : tensors.broadcastTo([x], { shape });
  return isTurned(operand) ? applied(tensors, operand.primitive!, [whole]) : whole;
}

/** Of the same shape; for a function of one number also one that broadcasting repeats: another layer's z of one column. */
const canReplace = (other: Value, operand: Value, { inputs, primitive }: Value): boolean =>
  sameSize(other, operand) ||
  (other.primitive !== null && primitive?.kind === "pointwise" && inputs.length === 1 && operand.shape.length === other.shape.length && operand.shape.every((n, k) => other.shape[k] === n || other.shape[k] === 1)); // prettier-ignore

/** Neighbours in the graph are mixed up more easily than strangers. */
const rankOfSwap = (a: Value, b: Value): number => (a.inputs.includes(b) || b.inputs.includes(a) ? 24 : 25);

/** The same slip at every step: hₜ where hₜ₋₁ belongs, z where a does. */
interface Slip {
  /** What is used for each value instead. */
  readonly instead: ReadonlyMap<Value, Value>;
  readonly what: string;
  readonly other: string;
}

/** Numbered values, z1 and z2, taken for those a step before or after, or for those of another name. */
function* slipsAmong(labelled: readonly Value[]): Iterable<Slip> {
  const byName = new Map<string, Map<number, Value>>();
  for (const v of labelled) {
    const [digits] = /\d+/.exec(v.label) ?? [];
    if (digits === undefined) continue;
    const name = v.label.replace(digits, "");
    byName.set(name, (byName.get(name) ?? new Map<number, Value>()).set(Number(digits), v));
  }
  for (const [name, values] of byName) {
    for (const by of [1, -1]) yield { instead: slip(values, values, by), what: `${name}ₜ${by > 0 ? "₊" : "₋"}₁`, other: `${name}ₜ` };
    for (const [another, others] of byName)
      if (another !== name) yield { instead: slip(values, others, 0), what: `${another}ₜ`, other: `${name}ₜ` };
  }
}

function slip(values: ReadonlyMap<number, Value>, others: ReadonlyMap<number, Value>, by: number): Map<Value, Value> {
  const instead = new Map<Value, Value>();
  for (const [n, v] of values) {
    const other = others.get(n + by);
    if (other !== undefined && sameSize(other, v)) instead.set(v, other);
  }
  return instead;
}

/** The same slip wherever a shared parameter is used. */
export function* repeatedSlips({ segment, setting, circuit, others, gradientOf }: Case): Iterable<Suspect> {
  const uses = segment.edges.filter(({ node, index }) => node.inputs[index] === segment.target);
  if (uses.length < 2) return;
  for (const { instead, what, other } of slipsAmong(labelledOf(circuit))) {
    if (instead.size === 0) continue;
    const alter: Alteration = (edge) =>
      edge.input === segment.target ? rerun(edge, { read: (v) => edge.read(instead.get(v) ?? v) }).contribution : edge.contribution;
    yield { name: "another value", rank: 24.2, facts: { place: placeOf(segment.target), what, other }, candidate: () => carriedBack(segment, setting, alter) }; // prettier-ignore
    const given = (v: Value): Tensor | undefined => {
      const arriving = setting.given(v);
      const source = arriving === undefined ? undefined : instead.get(v);
      return source === undefined ? arriving : (others.find(({ target }) => target === source)?.gradient ?? gradientOf(source));
    };
    if (segment.nodes.filter((v) => instead.has(v)).length > 1)
      yield { name: "another gradient", rank: 25.5, facts: { what, other }, candidate: () => carriedBack(segment, { ...setting, given }) };
  }
}

/** Another value's gradient handed into the step, or the true one of a value whose own was given wrong. */
export function* otherGradients({ segment, setting, others, gradientOf, circuit }: Case): Iterable<Suspect> {
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
export function* updated({ segment, setting, others, gradientOf, mine, expected, noise }: Case): Iterable<Suspect> {
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

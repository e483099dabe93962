/** Mistakes in what is put into a step: another value, the neighbour's, another gradient, or a parameter that was updated before. */
import { shapeOf } from "../array/ndarray.ts";
import { isSameShape } from "../array/shape.ts";
import type { Value } from "../graph/value.ts";
import { tensors } from "../ops/tensors.ts";
import { constantRatio } from "./agreement.ts";
import { expressionOf, placeOf } from "./place.ts";
import { carriedBack, rerun, type Alteration, type Edge } from "./segment.ts";
import { labelledOf, nothing, only, sameSize, type Case, type Suspect } from "./suspect.ts";

/** Another value of the same shape in the place of an operand: z for a, another layer's, another gate's. */
export function* otherValues({ segment, setting, circuit }: Case): Iterable<Suspect> {
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

/** The same slip at every step: hₜ where hₜ₋₁ belongs. */
export function* shiftedValues({ segment, setting, circuit }: Case): Iterable<Suspect> {
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

/** A wrong step, and what a mistake that may have been made there looks like: a candidate to set beside what was written. */
import type { Tensor } from "../array/ndarray.ts";
import { isSameShape } from "../array/shape.ts";
import type { Value } from "../graph/value.ts";
import type { Facts, MistakeName } from "./catalogue.ts";
import type { Alteration, Circuit, Segment, Setting, Use } from "./segment.ts";

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
  /** How coarsely the gradients that the step starts from were written, relative to the largest entry; 0 where exactly. */
  readonly coarseness: number;
  readonly gradientOf: (node: Value) => Tensor | undefined;
  /** The other hand gradients. */
  readonly others: readonly { readonly key: string; readonly target: Value; readonly gradient: Tensor }[];
  readonly batch: number;
  /** Whether the 1/N comes at this gradient, and not before. */
  readonly isAveragedHere: boolean;
}

/** A mistake that may have been made, and what it would have led to. */
export interface Suspect {
  readonly name: MistakeName;
  readonly rank: number;
  readonly facts: Facts;
  readonly candidate: () => Tensor | undefined;
}

/** Factors that people lose or find. */
export const namedFactors = (batch: number): number[] => [-1, 2, 0.5, batch, 1 / batch, -2, -0.5, -batch, -1 / batch, 2 / batch, batch / 2, 4, 0.25].filter((k) => k !== 1); // prettier-ignore

export const sameSize = (a: Value, b: Value): boolean => isSameShape(a.shape, b.shape);

/** Labelled values, constants too, each once. */
export function labelledOf({ order }: Circuit): Value[] {
  const all = new Set<Value>();
  for (const node of order) for (const v of [node, ...node.inputs]) if (v.label !== "") all.add(v);
  return [...all];
}

/** One edge altered, the others as they are. */
export const only =
  ({ node, index }: Use, contribution: Alteration): Alteration =>
  (edge) =>
    edge.node === node && edge.index === index ? contribution(edge) : edge.contribution;

/** Nothing passes. */
export const nothing: Alteration = () => undefined;

/**
 * Kinks: places where a function has two slopes and the derivative is a convention. A hand gradient may take any slope between;
 * which node it is, what it is called and which convention this library follows belongs in the report.
 */
import { entriesOf, NdArray, type Tensor } from "../array/ndarray.ts";
import type { Value } from "../graph/value.ts";
import type { PointwisePrimitive } from "../ops/primitive.ts";
import { tensors } from "../ops/tensors.ts";
import { placeOf } from "./place.ts";
import { rerun, type Alteration, type Circuit, type Edge } from "./segment.ts";

/** A node that was evaluated at a kink. */
export interface KinkFound {
  readonly node: Value;
  /** The value whose entries lie on the kink: "z1". */
  readonly input: Value;
  readonly where: string;
  readonly convention: string;
  /** Which entries of the node. */
  readonly entries: readonly number[];
  readonly size: number;
}

/** The kinks of a graph that a gradient passes. */
export function kinksOf({ order }: Circuit): KinkFound[] {
  return order.flatMap((node) => {
    const { primitive } = node;
    const kink = primitive?.row.kink;
    if (primitive === null || kink === undefined) return [];
    const entries = primitive.kind === "pointwise" ? pointwiseEntries(node, primitive) : structuralEntries(node);
    if (entries.length === 0) return [];
    const input = node.inputs.find((x) => x.takesGradient)!;
    const size = entriesOf(node.payload).length;
    return [{ node, input, where: placeOf(input), convention: kink.convention, entries, size }];
  });
}

const entryOf = (x: Tensor, i: number): number => (typeof x === "number" ? x : x.values[i]!);

function pointwiseEntries({ inputs, payload }: Value, { row }: PointwisePrimitive): number[] {
  const places = [...entriesOf(payload).keys()];
  return places.filter((i) => row.kink!.at(...inputs.map((x) => entryOf(x.payload, i))));
}

function structuralEntries({ primitive, inputs, payload }: Value): number[] {
  if (primitive?.kind !== "structural") return [];
  const { row, options } = primitive;
  const at = row.kink!.at as (operands: readonly Tensor[], y: Tensor, options: unknown) => boolean;
  const payloads = inputs.map((x) => x.payload);
  return at(payloads, payload, options) ? [...entriesOf(payload).keys()] : [];
}

/** Where between the slopes from the left and from the right a learner may be. */
export const choices = [0, 0.5, 1] as const;

/** The rules at the kinks with the slope `share` of the way from the left one to the right one. */
export function atKinks(kinks: readonly KinkFound[], share: number): Alteration {
  const byNode = new Map(kinks.map((kink) => [kink.node, kink]));
  return (edge) => {
    const kink = byNode.get(edge.node);
    if (kink === undefined) return edge.contribution;
    const [left, right] = [beside(edge, kink, -1), beside(edge, kink, 1)];
    return tensors.add(tensors.mul(1 - share, left), tensors.mul(share, right));
  };
}

/** The rule of an edge with the entries on the kink moved a little to one side. */
function beside(edge: Edge, kink: KinkFound, side: 1 | -1): Tensor {
  const moved = nudged(edge.read(kink.input), kink, side);
  return rerun(edge, { read: (node) => (node === kink.input ? moved : edge.read(node)) }).contribution;
}

function nudged(x: Tensor, { entries, size }: KinkFound, side: number): Tensor {
  const step = (entry: number) => entry + side * 1e-9 * Math.max(1, Math.abs(entry));
  if (typeof x === "number") return step(x);
  const isEntryByEntry = x.size === size;
  const chosen = new Set(entries);
  return new NdArray(
    x.shape,
    x.values.map((entry, i) => (!isEntryByEntry || chosen.has(i) ? step(entry) : entry)),
  );
}

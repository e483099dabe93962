/**
 * Kinks: places where a function has two slopes and the derivative is a convention. A hand gradient may take any slope between;
 * which node it is, what it is called and which convention this library follows belongs in the report.
 */
import { entriesOf, NdArray, type Tensor } from "../array/ndarray.ts";
import { placeAt } from "../array/shape.ts";
import type { Value } from "../graph/value.ts";
import { applied } from "../ops/algebra.ts";
import { kinks, type KinkFound } from "../gradient/kinks.ts";
import { tensors } from "../ops/tensors.ts";
import { placeOf } from "./place.ts";
import { rerun, type Alteration, type Edge } from "./segment.ts";

/** A node that was evaluated at a kink. */
export interface KinkedNode {
  readonly node: Value;
  /** The value whose entries lie on the kink: "z1". */
  readonly input: Value;
  readonly where: string;
  readonly convention: string;
  /** Which entries of the node, counted in order. */
  readonly entries: readonly number[];
  readonly size: number;
}

/** The kinks of a graph, node by node. */
export function kinkedNodes(loss: Value): KinkedNode[] {
  const byNode = new Map<Value, KinkFound[]>();
  for (const kink of kinks(loss)) {
    const found = byNode.get(kink.node);
    if (found) found.push(kink);
    else byNode.set(kink.node, [kink]);
  }
  return [...byNode].map(([node, found]) => {
    const entries = found.map(({ index }) => placeAt(index, node.shape));
    const input = node.inputs.find((x) => x.takesGradient)!;
    return { node, input, where: placeOf(input), convention: found[0]!.convention, entries, size: entriesOf(node.payload).length };
  });
}

/** Where between the slopes from the left and from the right a learner may be. */
export const choices = [0, 0.5, 1] as const;

/** The rules at the kinks with the slope `share` of the way from the left one to the right one. */
export function atKinks(kinks: readonly KinkedNode[], share: number): Alteration {
  const byNode = new Map(kinks.map((kink) => [kink.node, kink]));
  return (edge) => {
    const kink = byNode.get(edge.node);
    if (kink === undefined) return edge.contribution;
    const [left, right] = [beside(edge, kink, -1), beside(edge, kink, 1)];
    return tensors.add(tensors.mul(1 - share, left), tensors.mul(share, right));
  };
}

/** The rule of an edge with the entries on the kink moved a little to one side. */
function beside(edge: Edge, kink: KinkedNode, side: 1 | -1): Tensor {
  const moved = nudged(edge.read(kink.input), kink, side);
  const operand = (node: Value) => (node === kink.input ? moved : edge.read(node));
  const y = applied(tensors, kink.node.primitive!, kink.node.inputs.map(operand)); // prettier-ignore
  return rerun(edge, { read: (node) => (node === kink.node ? y : operand(node)) }).contribution;
}

/** Of functions of whole arrays, entries are moved unequally, so that ties break. */
function nudged(x: Tensor, { entries, node }: KinkedNode, side: number): Tensor {
  const step = (entry: number, weight: number) => entry + side * weight * 1e-9 * Math.max(1, Math.abs(entry));
  if (typeof x === "number") return step(x, 1);
  const isWhole = node.primitive?.kind === "structural";
  const chosen = new Set(entries);
  return new NdArray(
    x.shape,
    x.values.map((entry, i) => (isWhole ? step(entry, (i + 1) / x.size) : chosen.has(i) ? step(entry, 1) : entry)),
  );
}

/**
 * The stretch of a graph that one hand gradient has to cross: from the values whose gradients were also given (or the loss) back
 * to its own. Carrying the learner's gradients over it with the engine's rules tells whether this step is right, whatever was
 * wrong before; carrying them with one rule altered tells which mistake would have led here.
 */
import type { Tensor } from "../array/ndarray.ts";
import { topologicalOrder } from "../graph/order.ts";
import type { Value } from "../graph/value.ts";
import { flowAlong, flowsOf, type Flow } from "../gradient/sweep.ts";
import { tensors } from "../ops/tensors.ts";

/** A use of a value: `node` has it as its input number `index`. */
export interface Use {
  readonly node: Value;
  readonly index: number;
}

/** The graph of a loss, looked at from its values. */
export interface Circuit {
  readonly loss: Value;
  /** Inputs first. */
  readonly order: readonly Value[];
  readonly place: ReadonlyMap<Value, number>;
  readonly uses: ReadonlyMap<Value, readonly Use[]>;
}

export function circuitOf(loss: Value): Circuit {
  const order = topologicalOrder(loss, "compareGradients");
  const place = new Map(order.map((node, k) => [node, k]));
  const uses = new Map<Value, Use[]>(order.map((node) => [node, []]));
  for (const node of order) for (const [index, input] of node.inputs.entries()) uses.get(input)?.push({ node, index });
  return { loss, order, place, uses };
}

/** What nodes are, and which gradients are known already. */
export interface Setting {
  readonly read: (node: Value) => Tensor;
  /** The gradient that a sweep finds at a node instead of what arrives there; the loss must have one. */
  readonly given: (node: Value) => Tensor | undefined;
}

export interface Segment {
  readonly target: Value;
  /** The nodes between, from the loss down; the first on every way is a given one. */
  readonly nodes: readonly Value[];
  /** The target and what lies strictly between. */
  readonly inside: ReadonlySet<Value>;
  /** The uses along which something comes back. */
  readonly edges: readonly Use[];
}

/** What lies between `target` and the next nodes for which `isGiven`. */
export function segmentOf(circuit: Circuit, target: Value, isGiven: (node: Value) => boolean): Segment {
  const inside = new Set([target]);
  const nodes = new Set<Value>();
  const edges: Use[] = [];
  const waiting = [target];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop())
    for (const use of circuit.uses.get(value) ?? []) {
      edges.push(use);
      nodes.add(use.node);
      if (isGiven(use.node) || inside.has(use.node)) continue;
      inside.add(use.node);
      waiting.push(use.node);
    }
  const byPlace = (a: Value, b: Value) => circuit.place.get(b)! - circuit.place.get(a)!;
  edges.sort((a, b) => byPlace(a.node, b.node) || a.index - b.index);
  return { target, nodes: [...nodes].sort(byPlace), inside, edges };
}

/** One edge during a sweep: what the rule hands back, and what it was made of. */
export interface Edge extends Use {
  readonly input: Value;
  /** The gradient of `node`. */
  readonly g: Tensor;
  readonly local: Tensor | undefined;
  readonly contribution: Tensor;
  readonly read: (node: Value) => Tensor;
}

/** A rule altered: what comes back along an edge instead; undefined for nothing. */
export type Alteration = (edge: Edge) => Tensor | undefined;

/** The gradient that arrives at the target of the segment. Undefined where nothing does, or where shapes no longer fit. */
export function carriedBack(segment: Segment, setting: Setting, alter?: Alteration): Tensor | undefined {
  return arrivals(segment, setting, alter).get(segment.target);
}

/** The gradients that arrive at every node of the segment. */
export function arrivals({ target, nodes, inside }: Segment, { read, given }: Setting, alter?: Alteration): Map<Value, Tensor> {
  const arrived = new Map<Value, Tensor>();
  for (const node of nodes) {
    const g = node === target ? undefined : (given(node) ?? arrived.get(node));
    if (g === undefined) continue;
    for (const flow of flowsOf(node, g, tensors, read)) {
      const input = node.inputs[flow.index]!;
      if (!inside.has(input)) continue;
      const contribution = alter ? alter({ ...flow, input, g, read }) : flow.contribution;
      if (contribution === undefined) continue;
      const before = arrived.get(input);
      arrived.set(input, before === undefined ? contribution : tensors.add(before, contribution));
    }
  }
  return arrived;
}

/** What the rule of an edge hands back for another upstream gradient, or with other operands. */
export const rerun = (edge: Edge, { g = edge.g, read = edge.read }: { readonly g?: Tensor; readonly read?: Edge["read"] }): Flow<Tensor> =>
  flowAlong(edge, g, tensors, read);

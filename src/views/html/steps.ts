/**
 * The passes as a list of steps, without a word or a picture: forward, one step for every value that is computed; backward, the
 * start, then one step for every edge, because that is where the chain rule happens. What is folded in the drawing is one step.
 */
import type { Tensor } from "../../array/ndarray.ts";
import { tensors } from "../../ops/tensors.ts";
import type { Drawing, DrawnEdge, DrawnNode } from "../drawing.ts";
import type { GraphData, GraphEdge } from "../graph-data.ts";
import { grouped } from "../grouped.ts";
import type { TraceFlow } from "../../gradient/trace.ts";

interface Place {
  /** The box that is worked out: the value computed, or the one that receives. */
  readonly box: string;
  /** The box whose gradient goes back. */
  readonly sender: string | null;
  /** The arrows along which something moves. */
  readonly arrows: readonly string[];
}

/** A contribution to the gradient of a value: along which edge it came. */
export interface Term {
  readonly edge: GraphEdge;
  readonly value: Tensor;
}

export type Step = Place &
  (
    | { readonly kind: "compute"; readonly node: number }
    | { readonly kind: "computeFolded"; readonly count: number }
    | { readonly kind: "start"; readonly node: number; readonly seed: Tensor }
    | {
        readonly kind: "edge";
        readonly edge: GraphEdge;
        readonly flow: TraceFlow;
        /** What has arrived at the receiver, this contribution last, and their sum. */
        readonly terms: readonly Term[];
        readonly sum: Tensor;
        /** How many contributions it gets in all. */
        readonly uses: number;
      }
    | { readonly kind: "edgesFolded"; readonly count: number }
  );

export const isForward = ({ kind }: Step): boolean => kind === "compute" || kind === "computeFolded";

/** All steps of the forward pass, then all of the backward pass. `order` has the edges in the order in which the sweep meets them. */
export function stepsOf(graph: GraphData, drawing: Drawing, order: readonly GraphEdge[]): Step[] {
  const boxOf = new Map(drawing.nodes.flatMap((box) => box.nodes.map((id) => [id, box] as const)));
  return [...forwardSteps(graph, drawing), ...startOf(graph, boxOf), ...backwardSteps(drawing, order, boxOf)];
}

const isFolded = ({ kind }: DrawnNode): boolean => kind === "scope" || kind === "cut";

/** Boxes in the order of their last node: all inputs of it are then computed. */
function forwardSteps(graph: GraphData, { nodes, edges }: Drawing): Step[] {
  const arrowsTo = grouped(edges, ({ to }) => to);
  const last = (box: DrawnNode) => box.nodes[box.nodes.length - 1]!;
  return nodes
    .filter((box) => box.nodes.some((id) => graph.nodes[id]!.value.primitive !== null))
    .sort((a, b) => last(a) - last(b))
    .map((box) => {
      const place = { box: box.id, sender: null, arrows: (arrowsTo.get(box.id) ?? []).map(({ id }) => id) };
      return isFolded(box) ? { ...place, kind: "computeFolded", count: box.nodes.length } : { ...place, kind: "compute", node: last(box) };
    });
}

function startOf({ nodes, root }: GraphData, boxOf: ReadonlyMap<number, DrawnNode>): Step[] {
  const seed = nodes[root]!.gradient;
  return seed === undefined ? [] : [{ kind: "start", box: boxOf.get(root)!.id, sender: null, arrows: [], node: root, seed }];
}

function backwardSteps({ edges }: Drawing, order: readonly GraphEdge[], boxOf: ReadonlyMap<number, DrawnNode>): Step[] {
  const arrowOf = new Map(edges.flatMap((arrow) => arrow.edges.map((id) => [id, arrow] as const)));
  const counts = new Map<DrawnEdge, number>();
  for (const { id } of order) {
    const arrow = arrowOf.get(id);
    if (arrow) counts.set(arrow, (counts.get(arrow) ?? 0) + 1);
  }
  const met = new Map<DrawnEdge, number>();
  const arrivals = arrivalsOf(order);
  const received = new Map<number, Received>();
  return order.flatMap((edge): Step[] => {
    const now = receive(received, edge);
    const arrow = arrowOf.get(edge.id);
    if (arrow === undefined) return [];
    const count = counts.get(arrow)!;
    met.set(arrow, (met.get(arrow) ?? 0) + 1);
    if (met.get(arrow)! < count) return [];
    const [from, to] = [boxOf.get(edge.from)!, boxOf.get(edge.to)!];
    const place = { box: from.id, sender: to.id, arrows: [arrow.id] };
    if (isFolded(from) || isFolded(to)) return [{ ...place, kind: "edgesFolded", count }];
    return [{ ...place, kind: "edge", edge, flow: edge.flow!, ...now, uses: arrivals.get(edge.from)! }];
  });
}

interface Received {
  readonly terms: readonly Term[];
  readonly sum: Tensor;
}

/** Adds in the order of the sweep, so that the last sum is the gradient, bit for bit. */
function receive(received: Map<number, Received>, edge: GraphEdge): Received {
  const value = edge.flow!.contribution;
  const before = received.get(edge.from);
  const now = before
    ? { terms: [...before.terms, { edge, value }], sum: tensors.add(before.sum, value) }
    : { terms: [{ edge, value }], sum: value };
  received.set(edge.from, now);
  return now;
}

function arrivalsOf(order: readonly GraphEdge[]): Map<number, number> {
  const arrivals = new Map<number, number>();
  for (const { from } of order) arrivals.set(from, (arrivals.get(from) ?? 0) + 1);
  return arrivals;
}

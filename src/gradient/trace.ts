/**
 * The trace of a sweep: what drawings, explanations and the checker read. For every node the gradient that arrived; for every
 * edge upstream gradient, local derivative and their product, the contribution. The gradient of a node is the sum of the
 * contributions on the edges that leave it, always.
 */
import { entriesOf, zerosOf, type Tensor } from "../array/ndarray.ts";
import { nodesOf, topologicalOrder } from "../graph/order.ts";
import type { TensorLike } from "../graph/lift.ts";
import { currentTracer } from "../graph/tracer.ts";
import type { Value } from "../graph/value.ts";
import { tensors } from "../ops/tensors.ts";
import { seedOf } from "./backward.ts";
import { sweep, type Flow } from "./sweep.ts";

/** A value in a trace. */
export interface TraceNode {
  /** Its index in `nodes`; the same for the same program, in every process. */
  readonly id: number;
  readonly value: Value;
  /** ∂loss/∂value; undefined for constants. */
  readonly gradient: Tensor | undefined;
}

/** One use of a value: `to` was computed from `from`. x·x has two edges from x. */
export interface TraceEdge {
  readonly id: number;
  readonly from: TraceNode;
  readonly to: TraceNode;
  /** Which input of `to` this is. */
  readonly index: number;
  /** What the sweep carried back along it; undefined where `from` is a constant. */
  readonly flow: TraceFlow | undefined;
}

/** What the sweep carried back along one edge: contribution = upstream × local. */
export interface TraceFlow {
  /** The gradient of `to`. */
  readonly upstream: Tensor;
  /** ∂to/∂from entry by entry, for pointwise functions; undefined where the rule is not a product. */
  readonly local: Tensor | undefined;
  readonly contribution: Tensor;
  /** An upstream 0 met a local derivative of ∞ or NaN and counted as 0: "0 · ∞". */
  readonly isStrongZero: boolean;
}

/** A whole sweep: every value, every use of one, and what was carried along it. */
export interface Trace {
  readonly root: TraceNode;
  /** Every node, constants too, inputs before what is computed from them. */
  readonly nodes: readonly TraceNode[];
  /** Every use, in the order of `nodes` and of their inputs. */
  readonly edges: readonly TraceEdge[];
  /** The edges that carry a gradient, in the order in which the sweep meets them. */
  readonly steps: readonly TraceEdge[];
  /** The node of a value; undefined for one that the root does not depend on. */
  node(value: Value): TraceNode | undefined;
}

/**
 * The sweep from `loss` as data. Touches no `.grad`.
 *
 * @throws as `backward`.
 */
export function trace(loss: Value, gradient?: TensorLike): Trace {
  const seed = seedOf("trace", loss, gradient);
  currentTracer()?.reads(loss, "the trace");
  const flows: Flow<Tensor>[] = [];
  const order = topologicalOrder(loss, "trace");
  const gradients =
    order.length === 0
      ? []
      : sweep(
          order,
          seed,
          tensors,
          (node) => node.payload,
          (flow) => flows.push(flow),
        );
  const gradientAt = (node: Value) => (order[node.place] === node ? (gradients[node.place] ?? zerosOf(node.shape)) : undefined);
  const nodes = nodesOf(loss).map((value, id) => ({ id, value, gradient: gradientAt(value) }));
  return assembled(nodes, flows);
}

function assembled(nodes: readonly TraceNode[], flows: readonly Flow<Tensor>[]): Trace {
  const byValue = new Map(nodes.map((node) => [node.value, node]));
  const firstFlow = firstFlows(flows);
  const edges: TraceEdge[] = [];
  const stepOf = new Array<TraceEdge>(flows.length);
  for (const to of nodes) {
    // The flows of a node follow one another, in the order of its inputs.
    let next = firstFlow.get(to.value) ?? flows.length;
    for (const [index, input] of to.value.inputs.entries()) {
      const flow = flows[next]?.node === to.value && flows[next]!.index === index ? flows[next] : undefined;
      const edge = { id: edges.length, from: byValue.get(input)!, to, index, flow: flow && flowData(to, flow) };
      edges.push(edge);
      if (flow !== undefined) stepOf[next++] = edge;
    }
  }
  return { root: nodes[nodes.length - 1]!, nodes, edges, steps: stepOf, node: (value) => byValue.get(value) };
}

/** The place of the first flow of each node. */
function firstFlows(flows: readonly Flow<Tensor>[]): Map<Value, number> {
  const first = new Map<Value, number>();
  for (const [place, { node }] of flows.entries()) if (flows[place - 1]?.node !== node) first.set(node, place);
  return first;
}

function flowData(to: TraceNode, { local, contribution }: Flow<Tensor>): TraceFlow {
  const upstream = to.gradient!;
  return { upstream, local, contribution, isStrongZero: local !== undefined && meetsStrongZero(upstream, local) };
}

function meetsStrongZero(upstream: Tensor, local: Tensor): boolean {
  if (typeof local === "number" && typeof upstream === "number") return upstream === 0 && !Number.isFinite(local);
  const [g, d] = [entriesOf(upstream), entriesOf(local)];
  return d.some((x, i) => !Number.isFinite(x) && (g.length === 1 ? g[0] : g[i]) === 0);
}

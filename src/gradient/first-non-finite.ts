/**
 * `firstNonFinite`: who made the NaN. The first node, in the order of computing and then of the sweep, that made ∞ or NaN out of
 * finite numbers; the many that only passed it on are not worth a look.
 */
import { entriesOf, type Tensor } from "../array/ndarray.ts";
import { indexOf } from "../array/shape.ts";
import { nodesOf } from "../graph/order.ts";
import { checkValue, type TensorLike } from "../graph/lift.ts";
import { currentTracer } from "../graph/tracer.ts";
import { nameOf, type Value } from "../graph/value.ts";
import { trace, type Trace, type TraceEdge, type TraceNode } from "./trace.ts";

/** Who made a NaN or an infinity out of finite numbers. */
export interface NonFinite {
  /** Made while computing, or while sweeping back. */
  readonly phase: "forward" | "backward";
  /** Forward: the node whose data is not finite. Backward: the node that handed a gradient back that is not. */
  readonly node: Value;
  /** Backward: the input whose gradient it is. */
  readonly input?: Value;
  /** Which entry, of the node or, backward, of the input. */
  readonly index: readonly number[];
  readonly value: number;
  /** The finding as a sentence. */
  readonly message: string;
}

/**
 * The first node of the graph of `loss` that made a number that is not finite; undefined where there is none. Data that was given
 * as ∞ or NaN is found as a leaf. The gradients are looked at where all data is finite, or computed so far, and touched nowhere.
 *
 * @param gradient of the loss itself, for the sweep, of its shape; 1 for a number. Without it an array is not swept.
 * @example
 * firstNonFinite(value(0, "x").log().neg())?.message; // "log made -Infinity from finite numbers"
 */
export function firstNonFinite(loss: Value, gradient?: TensorLike): NonFinite | undefined {
  checkValue("firstNonFinite", loss);
  currentTracer()?.reads(loss, "what firstNonFinite tells");
  for (const node of nodesOf(loss)) {
    const found = madeForward(node);
    if (found) return found;
  }
  if (!loss.takesGradient || (gradient === undefined && loss.shape.length > 0)) return undefined;
  return madeBackward(trace(loss, gradient));
}

const firstBad = (x: Tensor): number => entriesOf(x).findIndex((entry) => !Number.isFinite(entry));
const isFinite = (x: Tensor): boolean => firstBad(x) < 0;

function madeForward(node: Value): NonFinite | undefined {
  const place = firstBad(node.payload);
  if (place < 0 || !node.inputs.every((x) => isFinite(x.payload))) return undefined;
  const [index, value] = [indexOf(place, node.shape), entriesOf(node.payload)[place]!];
  const what = node.primitive ? `${node.op} made ${value} from finite numbers` : `${nameOf(node)} was given as ${value}`;
  const label = node.primitive && node.label !== "" ? ` in ${nameOf(node)}` : "";
  return { phase: "forward", node, index, value, message: `${what}${label}${entryText(index)}` };
}

const entryText = (index: readonly number[]): string => (index.length === 0 ? "" : ` at [${index.join(", ")}]`);

/** An edge that makes ∞ or NaN of a finite upstream gradient; or a node where finite contributions add up to one. */
function madeBackward({ steps, nodes }: Trace): NonFinite | undefined {
  const edge = steps.find(({ flow }) => isFinite(flow!.upstream) && !isFinite(flow!.contribution));
  if (edge) return onEdge(edge);
  const node = nodes.find(({ gradient }) => gradient !== undefined && !isFinite(gradient));
  return node && inSum(node);
}

function onEdge({ from, to, flow }: TraceEdge): NonFinite {
  const place = firstBad(flow!.contribution);
  const [index, value] = [indexOf(place, from.value.shape), entriesOf(flow!.contribution)[place]!];
  const message = `${to.value.op} handed ${value} back to ${nameOf(from.value)}${entryText(index)}, where a finite gradient had arrived`;
  return { phase: "backward", node: to.value, input: from.value, index, value, message };
}

function inSum({ value: node, gradient }: TraceNode): NonFinite {
  const place = firstBad(gradient!);
  const [index, value] = [indexOf(place, node.shape), entriesOf(gradient!)[place]!];
  const message = `the gradients that arrived at ${nameOf(node)} were finite and add up to ${value}${entryText(index)}`;
  return { phase: "backward", node, index, value, message };
}

/** The boxes of a drawing. */
import type { Tensor } from "../array/ndarray.ts";
import { Leaf } from "../graph/value.ts";
import { clusterOf } from "./clusters.ts";
import type { DrawnNode, Emphasis, NodeKind } from "./drawing.ts";
import { magnitude } from "./edge-label.ts";
import type { GraphData, GraphNode } from "./graph-data.ts";
import { grouped } from "./grouped.ts";
import { cutRows, nodeRows, scopeRows } from "./node-rows.ts";
import { rampLimits } from "./palette.ts";
import type { Context, Picture } from "./picture.ts";
import { nodeCount, nodeText } from "./spoken.ts";
import type { Unit } from "./units.ts";

/** The boxes, and the largest |gradient| that the ramp of colours is relative to. */
export function drawnNodes(context: Context): { nodes: DrawnNode[]; largest: number } {
  const { picture, folded, options } = context;
  const [contributions, outputs] = [contributionsOf(picture.graph), outputsOf(context)];
  const largest = largestGradient(picture.graph);
  const nodes = folded.units.map((unit, place) => ({
    ...boxOf(context, unit),
    rows: rowsOf(context, unit, [...(outputs.get(place) ?? [])], contributions),
    shade: options.color === "gradient" ? shadeOf(picture.graph, unit, largest) : undefined,
  }));
  return { nodes, largest };
}

function boxOf({ picture, path, options }: Context, unit: Unit): Omit<DrawnNode, "rows" | "shade"> {
  const { graph } = picture;
  const first = graph.nodes[unit.nodes[0]!]!;
  const isNode = unit.kind === "node";
  return {
    id: unit.id,
    kind: kindOf(picture, unit, first),
    isResult: isNode ? first.id === graph.root : unit.nodes.includes(graph.root),
    cluster: clusterOf(picture, unit),
    verdict: isNode ? options.marks?.get(first.value)?.verdict : undefined,
    emphasis: emphasisOf(unit, path?.nodes),
    nodes: unit.nodes,
    tooltip: isNode ? nodeText(first) : nodeCount(unit.nodes.length, options.language),
  };
}

function kindOf(picture: Picture, unit: Unit, node: GraphNode): NodeKind {
  if (unit.kind !== "node") return unit.kind;
  if (picture.isGradient(node.id)) return "gradient";
  if (node.value.primitive !== null) return node.id === picture.graph.root ? "result" : "computed";
  return node.value instanceof Leaf ? "leaf" : "constant";
}

function rowsOf({ picture, options }: Context, unit: Unit, outputs: readonly number[], contributions: ReadonlyMap<number, Tensor[]>) {
  const { graph } = picture;
  if (unit.kind === "scope") return scopeRows(graph, unit, outputs, options);
  if (unit.kind === "cut") return cutRows(graph, unit, options);
  const node = graph.nodes[unit.nodes[0]!]!;
  return nodeRows(node, picture.nameOf(node), contributions.get(node.id) ?? [], options);
}

const emphasisOf = ({ nodes }: Unit, path: ReadonlySet<number> | undefined): Emphasis =>
  path === undefined ? "none" : nodes.some((id) => path.has(id)) ? "path" : "faded";

/** What the sweep brought to each node, in the order of its uses. */
function contributionsOf({ edges }: GraphData): Map<number, Tensor[]> {
  const flows = edges.filter(({ flow }) => flow !== undefined);
  const groups = grouped(flows, ({ from }) => from);
  return new Map([...groups].map(([id, uses]) => [id, uses.map(({ flow }) => flow!.contribution)]));
}

/** The nodes of each box that others use, and the root. */
function outputsOf({ picture: { graph }, folded: { unitOf } }: Context): Map<number, Set<number>> {
  const outputs = new Map([[unitOf[graph.root]!, new Set([graph.root])]]);
  for (const { from, to } of graph.edges) {
    const unit = unitOf[from]!;
    if (unit === unitOf[to]) continue;
    const known = outputs.get(unit);
    if (known) known.add(from);
    else outputs.set(unit, new Set([from]));
  }
  return outputs;
}

function largestGradient({ nodes }: GraphData): number {
  let largest = 0;
  for (const { gradient } of nodes) {
    const size = gradient === undefined ? 0 : magnitude(gradient);
    if (Number.isFinite(size)) largest = Math.max(largest, size);
  }
  return largest;
}

/** The place of the largest |gradient| of a box in the ramp; undefined where it has none. */
function shadeOf({ nodes }: GraphData, unit: Unit, largest: number): number | undefined {
  const gradients = unit.nodes.map((id) => nodes[id]!.gradient).filter((g) => g !== undefined);
  if (gradients.length === 0) return undefined;
  const share = gradients.reduce<number>((most, g) => Math.max(most, magnitude(g)), 0) / (largest || 1);
  if (share === 0) return 0;
  const place = rampLimits.findIndex((limit) => (limit === 1 ? share <= 1 : share < limit));
  return place < 0 ? rampLimits.length : place + 1;
}

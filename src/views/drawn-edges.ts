/**
 * The arrows of a drawing. Every use is one, so x·x has two; only between closed boxes are they gathered. The arrow points the
 * way of what is drawn: grey and forward without gradients; with them orange and back, as wide as the contribution is large.
 */
import type { DrawnEdge, EdgeKind, Emphasis } from "./drawing.ts";
import { edgeLabel, magnitude } from "./edge-label.ts";
import type { GraphEdge } from "./graph-data.ts";
import type { Language } from "../graph/language.ts";
import type { Context } from "./picture.ts";
import { edgeCount, flowText } from "./spoken.ts";

/** Above this many arrows, labels and widths would only be noise, and blocked arrows step back. */
const crowded = 200;

export function drawnEdges(context: Context): DrawnEdge[] {
  const groups = gathered(context);
  const largest = groups.reduce((most, edges) => Math.max(most, sizeOf(edges)), 0);
  return groups.map((edges) => drawnEdge(context, edges, largest, groups.length > crowded));
}

/** One group for every use between two open nodes; one for all uses between two boxes of which one is closed. */
function gathered({ picture: { graph }, folded: { units, unitOf } }: Context): GraphEdge[][] {
  const groups: GraphEdge[][] = [];
  const known = new Map<string, GraphEdge[]>();
  for (const edge of graph.edges) {
    const [a, b] = [unitOf[edge.from]!, unitOf[edge.to]!];
    if (a === b) continue;
    const isOpen = units[a]!.kind === "node" && units[b]!.kind === "node";
    const key = `${a} ${b}`;
    const group = isOpen ? undefined : known.get(key);
    if (group) group.push(edge);
    else {
      const fresh = [edge];
      groups.push(fresh);
      if (!isOpen) known.set(key, fresh);
    }
  }
  return groups;
}

/** The largest finite |contribution| of some edges. */
function sizeOf(edges: readonly GraphEdge[]): number {
  let size = 0;
  for (const { flow } of edges) {
    const most = flow === undefined ? 0 : magnitude(flow.contribution);
    if (Number.isFinite(most)) size = Math.max(size, most);
  }
  return size;
}

/** What is infinite is as thick as the largest number. */
const hasInfinite = (edges: readonly GraphEdge[]): boolean =>
  edges.some(({ flow }) => flow !== undefined && magnitude(flow.contribution) === Infinity);

function drawnEdge(context: Context, edges: readonly GraphEdge[], largest: number, isCrowded: boolean): DrawnEdge {
  const { picture, folded, path, options } = context;
  const first = edges[0]!;
  const [from, to] = [folded.units[folded.unitOf[first.from]!]!, folded.units[folded.unitOf[first.to]!]!];
  const kind = kindOf(context, edges);
  const emphasis = isCrowded && kind === "dead" ? "faded" : emphasisOf(edges, path?.edges);
  const isLabelled = edges.length === 1 && !isCrowded && emphasis !== "faded" && from.kind === "node" && to.kind === "node";
  return {
    id: `e${first.id}`,
    from: from.id,
    to: to.id,
    kind,
    label: isLabelled ? edgeLabel(first.flow, options) : "",
    width: isCrowded ? 0.9 : widthOf(kind, hasInfinite(edges) ? 1 : sizeOf(edges) / (largest || 1)),
    emphasis,
    isSpine: picture.graph.nodes[first.from]!.value.primitive !== null || !picture.graph.nodes[first.from]!.value.takesGradient,
    edges: edges.map(({ id }) => id),
    tooltip: tooltipOf(edges, options.language),
  };
}

function tooltipOf(edges: readonly GraphEdge[], language: Language): string {
  if (edges.length > 1) return edgeCount(edges.length, language);
  const { flow } = edges[0]!;
  return flow ? flowText(flow, language) : "";
}

function kindOf({ picture }: Context, edges: readonly GraphEdge[]): EdgeKind {
  const first = edges[0]!;
  const flows = edges.filter(({ flow }) => flow !== undefined);
  if (flows.length === 0) return !picture.isGradient(first.to) ? "value" : picture.isGradient(first.from) ? "gradient" : "reuse";
  return flows.every(({ flow }) => magnitude(flow!.contribution) === 0) ? "dead" : "flow";
}

/** Of a contribution that is such a share of the largest. */
const widthOf = (kind: EdgeKind, share: number): number => (kind === "flow" ? Math.round(100 * (0.8 + 1.6 * Math.min(share, 1))) / 100 : 1);

const emphasisOf = (edges: readonly GraphEdge[], path: ReadonlySet<number> | undefined): Emphasis =>
  path === undefined ? "none" : edges.some(({ id }) => path.has(id)) ? "path" : "faded";

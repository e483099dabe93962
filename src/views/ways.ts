/** The paths from a value to the loss: counted without walking each, and walked where they are few. */
import type { Trace, TraceEdge, TraceNode } from "../gradient/trace.ts";

export interface Ways {
  readonly from: TraceNode;
  /** How many paths there are; in float64, so approximate from 2⁵³ on. */
  readonly count: number;
  /** The uses on the way, by the id of what is used. */
  readonly uses: ReadonlyMap<number, readonly TraceEdge[]>;
  /** The ids of all values on the way, from both ends included. */
  readonly nodes: ReadonlySet<number>;
}

/** Edges are sorted by what they lead to, so one pass from each end suffices. */
export function waysOf({ edges, root }: Trace, from: TraceNode): Ways {
  const counts = new Map([[root.id, 1]]);
  for (let k = edges.length - 1; k >= 0; k--) {
    const edge = edges[k]!;
    const onward = edge.flow === undefined ? undefined : counts.get(edge.to.id);
    if (onward !== undefined) counts.set(edge.from.id, (counts.get(edge.from.id) ?? 0) + onward);
  }
  const nodes = new Set([from.id]);
  const uses = new Map<number, TraceEdge[]>();
  for (const edge of edges) {
    if (edge.flow === undefined || !nodes.has(edge.from.id) || !counts.has(edge.to.id)) continue;
    nodes.add(edge.to.id);
    const known = uses.get(edge.from.id);
    if (known) known.push(edge);
    else uses.set(edge.from.id, [edge]);
  }
  return { from, count: counts.get(from.id) ?? 0, uses, nodes };
}

/** Every path, each from the loss back to the value. Only for few. */
export function pathsOf({ from, uses }: Ways): TraceEdge[][] {
  const paths: TraceEdge[][] = [];
  const stack: { readonly at: number; readonly path: readonly TraceEdge[] }[] = [{ at: from.id, path: [] }];
  for (let way = stack.pop(); way !== undefined; way = stack.pop()) {
    const { at, path } = way;
    const onward = uses.get(at) ?? [];
    if (onward.length === 0) paths.push([...path].reverse());
    for (let k = onward.length - 1; k >= 0; k--) stack.push({ at: onward[k]!.to.id, path: [...path, onward[k]!] });
  }
  return paths;
}

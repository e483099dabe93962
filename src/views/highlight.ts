/** Which nodes and edges stand out: every path from a value to the root, or the one path along given values. */
import { Value } from "../graph/value.ts";
import type { GraphData, GraphEdge } from "./graph-data.ts";

export interface Highlighted {
  readonly nodes: ReadonlySet<number>;
  readonly edges: ReadonlySet<number>;
}

/** @throws RangeError for a value that the graph does not contain, or neighbours of a path that no edge joins. */
export function highlighted(operation: string, graph: GraphData, asked: Value | readonly Value[] | undefined): Highlighted | undefined {
  if (asked === undefined) return undefined;
  const ids = (asked instanceof Value ? [asked] : asked).map((v) => {
    const id = graph.idOf(v);
    if (id === undefined) throw new RangeError(`${operation}: highlight names ${v.toString()}, which this graph does not contain`);
    return id;
  });
  return ids.length === 1 ? allPaths(graph, ids[0]!) : onePath(operation, graph, new Set(ids));
}

/** Edges are sorted by their ends, so one pass finds all that depends on the node. */
function allPaths({ edges }: GraphData, from: number): Highlighted {
  const nodes = new Set([from]);
  const onPath = new Set<number>();
  for (const edge of edges)
    if (nodes.has(edge.from)) {
      nodes.add(edge.to);
      onPath.add(edge.id);
    }
  return { nodes, edges: onPath };
}

function onePath(operation: string, { edges }: GraphData, nodes: ReadonlySet<number>): Highlighted {
  const along = edges.filter((edge: GraphEdge) => nodes.has(edge.from) && nodes.has(edge.to));
  if (new Set(along.map(({ from }) => from)).size < nodes.size - 1)
    throw new RangeError(`${operation}: highlight lists ${nodes.size} values that are not joined by edges into one path`);
  return { nodes, edges: new Set(along.map(({ id }) => id)) };
}

/** The graph as JSON, every number with all its digits: for programs, and for tests of what is drawn. */
import type { Tensor } from "../array/ndarray.ts";
import type { Nested } from "../array/nested.ts";
import type { Scope } from "../graph/scope.ts";
import { checkValue } from "../graph/lift.ts";
import { Leaf, signOf, type Value } from "../graph/value.ts";
import { ruleOf } from "./rule.ts";
import { graphData, pathOf, type GraphData, type GraphEdge, type GraphNode } from "./graph-data.ts";

/** A number or nested lists; what JSON has no word for is "NaN", "Infinity", "-Infinity" or "-0". */
export type JsonTensor = number | string | readonly JsonTensor[];

/** A value, with its numbers in full. */
export interface JsonNode {
  readonly id: number;
  readonly label: string;
  readonly kind: "leaf" | "constant" | "computed";
  /** The name of the operation, and the sign a drawing shows for it. */
  readonly op: string;
  readonly sign: string;
  readonly shape: readonly number[];
  readonly data: JsonTensor;
  /** Null before a sweep, and for constants. */
  readonly grad: JsonTensor | null;
  /** Places in `scopes`, or null. */
  readonly scope: number | null;
}

/** One use of a value, with what was carried back along it. */
export interface JsonEdge {
  readonly id: number;
  readonly from: number;
  readonly to: number;
  readonly index: number;
  /**
   * Null where nothing flows back. Where contribution = upstream × local is not the rule, `local` is null and `rule` says it, in terms
   * of the upstream gradient g, the inputs x₁, x₂ … and the output y; `isStrongZero` marks 0 · ∞.
   */
  readonly flow: {
    readonly upstream: JsonTensor;
    readonly local: JsonTensor | null;
    readonly rule: string | null;
    readonly contribution: JsonTensor;
    readonly isStrongZero: boolean;
  } | null;
}

export interface JsonScope {
  readonly name: string;
  readonly kind: string;
  readonly formula: string;
  readonly parent: number | null;
}

/** A graph and its sweep as plain data. */
export interface JsonGraph {
  readonly root: number;
  readonly nodes: readonly JsonNode[];
  readonly edges: readonly JsonEdge[];
  readonly scopes: readonly JsonScope[];
}

/**
 * Nodes, edges and scopes of the graph of `root` as JSON text; gradients where a sweep has been, those of `root` alone.
 *
 * @throws as `trace`, where data was written since.
 */
export function toJson(root: Value): string {
  checkValue("toJson", root);
  return `${JSON.stringify(jsonGraph(root), null, 1)}\n`;
}

/** The same as an object; with gradients also where no sweep has been, if they are asked for. */
export function jsonGraph(root: Value, hasGradients?: boolean): JsonGraph {
  const graph = graphData(root, hasGradients);
  const scopes = scopesOf(graph);
  return {
    root: graph.root,
    nodes: graph.nodes.map((node) => jsonNode(node, scopes)),
    edges: graph.edges.map((edge) => jsonEdge(edge, graph.nodes)),
    scopes: [...scopes.keys()].map(({ name, kind, formula, parent }) => ({ name, kind, formula, parent: placeOf(parent, scopes) })),
  };
}

/** Outer scopes before those inside. */
function scopesOf({ nodes }: GraphData): Map<Scope, number> {
  const places = new Map<Scope, number>();
  for (const scope of new Set(nodes.map((node) => node.scope)))
    for (const outer of pathOf(scope).reverse()) if (!places.has(outer)) places.set(outer, places.size);
  return places;
}

const placeOf = (scope: Scope | null, places: ReadonlyMap<Scope, number>): number | null => (scope === null ? null : places.get(scope)!);

const jsonNode = ({ id, value, gradient, scope }: GraphNode, scopes: ReadonlyMap<Scope, number>): JsonNode => ({
  id,
  label: value.label,
  kind: value.primitive !== null ? "computed" : value instanceof Leaf ? "leaf" : "constant",
  op: value.op,
  sign: signOf(value),
  shape: value.shape,
  data: jsonTensor(value.payload),
  grad: gradient === undefined ? null : jsonTensor(gradient),
  scope: placeOf(scope, scopes),
});

const jsonEdge = ({ id, from, to, index, flow }: GraphEdge, nodes: readonly GraphNode[]): JsonEdge => ({
  id,
  from,
  to,
  index,
  flow: flow
    ? {
        upstream: jsonTensor(flow.upstream),
        local: flow.local === undefined ? null : jsonTensor(flow.local),
        rule: flow.local === undefined ? ruleOf(nodes[to]!.value, index) : null,
        contribution: jsonTensor(flow.contribution),
        isStrongZero: flow.isStrongZero,
      }
    : null,
});

const jsonNumber = (x: number): number | string => (Object.is(x, -0) ? "-0" : Number.isFinite(x) ? x : String(x));

function jsonTensor(x: Tensor): JsonTensor {
  return encoded(typeof x === "number" ? x : x.toArray());
}

const encoded = (x: Nested): JsonTensor => (typeof x === "number" ? jsonNumber(x) : x.map(encoded));

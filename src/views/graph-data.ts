/**
 * What every view reads: the nodes and edges of a graph in the order of the trace, with gradients only where a sweep has been.
 * The gradients are those of this root alone, computed afresh, never what earlier sweeps left in `.grad`; where the two differ
 * a note says so.
 */
import { entriesOf, type Tensor } from "../array/ndarray.ts";
import { nodesOf } from "../graph/order.ts";
import type { Scope } from "../graph/scope.ts";
import { currentTracer } from "../graph/tracer.ts";
import { Leaf, type Value } from "../graph/value.ts";
import { gradientOf } from "../gradient/gradient.ts";
import { trace, type TraceFlow } from "../gradient/trace.ts";

export interface GraphNode {
  /** The id of the trace: its place among the nodes, inputs first; the same in every process. */
  readonly id: number;
  readonly value: Value;
  /** ∂root/∂value; undefined before a sweep, and for constants. */
  readonly gradient: Tensor | undefined;
  /** The scope it is drawn in. */
  readonly scope: Scope | null;
  /** The value it is the gradient of, where `gradient` made it. */
  readonly gradientOf: Value | undefined;
}

export interface GraphEdge {
  readonly id: number;
  readonly from: number;
  readonly to: number;
  /** Which input of `to` this is. */
  readonly index: number;
  readonly flow: TraceFlow | undefined;
}

export interface GraphData {
  readonly root: number;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Whether a sweep has been; else there are no gradients. */
  readonly hasGradients: boolean;
  /** Leaves whose `.grad` holds something else than the gradient of this root, from other sweeps. */
  readonly accumulated: readonly number[];
  idOf(value: Value): number | undefined;
}

/**
 * The graph of `root`, with gradients where `root.hasGrad`, or where they are asked for.
 *
 * @throws as `trace`, where a leaf was written after the root was computed from it.
 */
export function graphData(root: Value, hasGradients = root.hasGrad): GraphData {
  if (!hasGradients) return untraced(shownNodes(root));
  const traced = trace(root, root.shape.length === 0 ? undefined : (root.gradient ?? undefined));
  const values = traced.nodes.map(({ value }) => value);
  const gradients = traced.nodes.map(({ gradient }) => gradient);
  const edges = traced.edges.map(({ id, from, to, index, flow }) => ({ id, from: from.id, to: to.id, index, flow }));
  const accumulated = traced.nodes.filter(({ value, gradient }) => value instanceof Leaf && differs(value.gradient, gradient));
  const ids = new Map(values.map((value, id) => [value, id]));
  return {
    root: traced.root.id,
    nodes: nodesWith(values, gradients, edges),
    edges,
    hasGradients: true,
    accumulated: accumulated.map(({ id }) => id),
    idOf: (value) => ids.get(value),
  };
}

/** All that `root` is computed from, to be shown with its numbers. */
export function shownNodes(root: Value): Value[] {
  currentTracer()?.reads(root, "the graph");
  return nodesOf(root);
}

/** The graph of these values without gradients; the root is the last. */
export function untraced(values: readonly Value[]): GraphData {
  const ids = new Map(values.map((value, id) => [value, id]));
  const edges: GraphEdge[] = [];
  for (const [to, value] of values.entries())
    for (const [index, input] of value.inputs.entries())
      edges.push({ id: edges.length, from: ids.get(input)!, to, index, flow: undefined });
  return {
    root: values.length - 1,
    nodes: nodesWith(values, [], edges),
    edges,
    hasGradients: false,
    accumulated: [],
    idOf: (value) => ids.get(value),
  };
}

function differs(held: Tensor | null, gradient: Tensor | undefined): boolean {
  if (held === null || gradient === undefined) return false;
  const [a, b] = [entriesOf(held), entriesOf(gradient)];
  return a.some((x, i) => x !== b[i] && !(Number.isNaN(x) && Number.isNaN(b[i])));
}

function nodesWith(values: readonly Value[], gradients: readonly (Tensor | undefined)[], edges: readonly GraphEdge[]): GraphNode[] {
  const scopes = drawnScopes(values, edges);
  return values.map((value, id) => ({
    id,
    value,
    gradient: gradients[id],
    scope: scopes[id]!,
    gradientOf: gradientOf(value),
  }));
}

/**
 * A computed value is drawn in the scope that computed it. A parameter of a scope, and a number written into a formula, is older
 * than the computation, so it goes where all its uses are; inputs and data stay outside.
 */
function drawnScopes(values: readonly Value[], edges: readonly GraphEdge[]): (Scope | null)[] {
  const scopes = values.map(({ scope }) => scope);
  const uses = new Map<number, Scope | null>();
  for (const { from, to } of edges) {
    const known = uses.get(from);
    uses.set(from, known === undefined ? scopes[to]! : commonScope(known, scopes[to]!));
  }
  const parameters = parametersOf(scopes);
  return values.map((value, id) => {
    if (parameters.has(value)) return uses.get(id) ?? null;
    if (value.primitive !== null || scopes[id] !== null) return scopes[id]!;
    const isNumber = !value.takesGradient && value.label === "";
    return isNumber ? (uses.get(id) ?? null) : null;
  });
}

/** What the scopes of a graph own. */
function parametersOf(scopes: readonly (Scope | null)[]): Set<Value> {
  const owned = new Set<Value>();
  for (const scope of new Set(scopes)) for (const around of pathOf(scope)) for (const parameter of around.parameters) owned.add(parameter);
  return owned;
}

function commonScope(a: Scope | null, b: Scope | null): Scope | null {
  const around = new Set(pathOf(a));
  return pathOf(b).find((scope) => around.has(scope)) ?? null;
}

/** A scope and those around it, innermost first. */
export function pathOf(scope: Scope | null): Scope[] {
  const path: Scope[] = [];
  for (let at = scope; at !== null; at = at.parent) path.push(at);
  return path;
}

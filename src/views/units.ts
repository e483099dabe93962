/**
 * What becomes one box: a node, a closed scope, or a cut through a graph too large to show. Scopes close from the innermost
 * out until the drawing is small enough; what is still too many is cut in the middle, level by level. Neither can make a cycle:
 * a scope is an interval of the computation, and an edge always leads to a lower level.
 */
import type { Scope } from "../graph/scope.ts";
import { pathOf, type GraphData } from "./graph-data.ts";

export interface Unit {
  readonly kind: "node" | "scope" | "cut";
  readonly id: string;
  readonly nodes: readonly number[];
  /** The closed scope. */
  readonly closed: Scope | null;
  /** The open scope it is drawn in. */
  readonly scope: Scope | null;
}

export interface Folded {
  readonly units: readonly Unit[];
  /** The unit of each node, by the node's id. */
  readonly unitOf: readonly number[];
  /** Whether scopes were closed to stay below the limit. */
  readonly closedScopes: boolean;
  /** How many nodes the cut hides; 0 where there is none. */
  readonly cut: number;
}

/** Which scopes to close: by name, or all inside the outermost so many; 0 closes all. */
export type Collapse = number | string | readonly string[];

export function fold(graph: GraphData, collapse: Collapse | undefined, maxNodes: number): Folded {
  const paths = scopePaths(graph);
  const deepest = paths.reduce((depth, path) => Math.max(depth, path.length), 0);
  const asked = closedBy(collapse);
  let outermost = outermostClosed(paths, asked, Infinity);
  let depth = deepest;
  while (countOf(outermost) > maxNodes && depth > 0) outermost = outermostClosed(paths, asked, --depth);
  const folded = unitsOf(graph, outermost);
  const closedScopes = depth < deepest;
  if (folded.units.length <= maxNodes) return { ...folded, closedScopes, cut: 0 };
  return { ...cutInTheMiddle(graph, folded, maxNodes), closedScopes };
}

/** The scopes of every node, outermost first. One list a scope, not a node: a graph may have a million. */
function scopePaths(graph: GraphData): readonly (readonly Scope[])[] {
  const known = new Map<Scope | null, readonly Scope[]>();
  return graph.nodes.map(({ scope }) => {
    const path = known.get(scope) ?? pathOf(scope).reverse();
    known.set(scope, path);
    return path;
  });
}

function closedBy(collapse: Collapse | undefined): (scope: Scope, depth: number) => boolean {
  if (collapse === undefined) return () => false;
  if (typeof collapse === "number") return (_, depth) => depth >= collapse;
  const names = new Set(typeof collapse === "string" ? [collapse] : collapse);
  return ({ name }) => names.has(name);
}

type Closes = (scope: Scope, depth: number) => boolean;

/** For every node the outermost closed scope it is in. */
function outermostClosed(paths: readonly (readonly Scope[])[], closes: Closes, limit: number): (Scope | null)[] {
  const known = new Map<readonly Scope[], Scope | null>();
  return paths.map((path) => {
    let scope = known.get(path);
    if (scope === undefined) known.set(path, (scope = path.find((s, depth) => depth >= limit || closes(s, depth)) ?? null));
    return scope;
  });
}

function countOf(closed: readonly (Scope | null)[]): number {
  let open = 0;
  for (const scope of closed) if (scope === null) open++;
  return open + new Set(closed.filter((scope) => scope !== null)).size;
}

function unitsOf(graph: GraphData, closed: readonly (Scope | null)[]): { units: Unit[]; unitOf: number[] } {
  const units: (Unit & { nodes: number[] })[] = [];
  const placeOf = new Map<Scope, number>();
  const unitOf = graph.nodes.map(({ id, scope }) => {
    const box = closed[id] ?? null;
    const known = box === null ? undefined : placeOf.get(box);
    if (known !== undefined) {
      units[known]!.nodes.push(id);
      return known;
    }
    if (box !== null) placeOf.set(box, units.length);
    units.push(
      box !== null
        ? { kind: "scope", id: `s${id}`, nodes: [id], closed: box, scope: box.parent }
        : { kind: "node", id: `n${id}`, nodes: [id], closed: null, scope },
    );
    return units.length - 1;
  });
  return { units, unitOf };
}

/** Keeps whole levels from both ends of the graph, the root's first, and makes one box of those between. */
function cutInTheMiddle(graph: GraphData, { units, unitOf }: { units: Unit[]; unitOf: number[] }, maxNodes: number) {
  const levels = levelsOf(graph, units.length, unitOf);
  const kept = keptUnits(levels, Math.max(maxNodes, 2) - 1);
  const hidden = units.filter((_, k) => !kept.has(k));
  const nodes = hidden.flatMap((unit) => unit.nodes);
  const cut: Unit = { kind: "cut", id: "cut", nodes: nodes.sort((a, b) => a - b), closed: null, scope: null };
  const remaining = units.filter((_, k) => kept.has(k));
  const placeOf = new Map(remaining.map((unit, place) => [unit, place]));
  const all = [...remaining, cut];
  return { units: all, unitOf: unitOf.map((k) => placeOf.get(units[k]!) ?? remaining.length), cut: nodes.length };
}

function keptUnits(levels: readonly (readonly number[])[], budget: number): Set<number> {
  const kept = new Set<number>();
  let [first, last] = [0, levels.length - 1];
  while (first <= last) {
    const level = first <= levels.length - 1 - last ? levels[first++]! : levels[last--]!;
    const room = budget - kept.size;
    for (const unit of level.slice(0, room)) kept.add(unit);
    if (level.length >= room) break;
  }
  return kept;
}

/** The units by their longest distance from the root. Nodes are in an order in which inputs come first, so one pass suffices. */
function levelsOf(graph: GraphData, count: number, unitOf: readonly number[]): number[][] {
  const level = unitLevels(graph, count, unitOf);
  const levels: number[][] = [];
  for (const [unit, depth] of level.entries()) (levels[depth] ??= []).push(unit);
  return levels.filter((units) => units.length > 0);
}

function unitLevels(graph: GraphData, count: number, unitOf: readonly number[]): number[] {
  const inputs: number[][] = Array.from({ length: count }, () => []);
  const waiting = new Array<number>(count).fill(0);
  for (const { from, to } of graph.edges) {
    const [a, b] = [unitOf[from]!, unitOf[to]!];
    if (a === b) continue;
    inputs[b]!.push(a);
    waiting[a]!++;
  }
  const level = new Array<number>(count).fill(0);
  const ready = [...waiting.keys()].filter((unit) => waiting[unit] === 0);
  for (let unit = ready.pop(); unit !== undefined; unit = ready.pop())
    for (const input of inputs[unit]!) {
      level[input] = Math.max(level[input]!, level[unit]! + 1);
      waiting[input]! -= 1;
      if (waiting[input] === 0) ready.push(input);
    }
  return level;
}

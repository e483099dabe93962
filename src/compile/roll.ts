/**
 * Rolling: a graph of numbers that does the same for a hundred examples is read as a graph of arrays that does it once. It is run on
 * arrays as anybody would, so that the gradient of what comes out is again the one sweep's; only the order of additions changes.
 */
import type { Value } from "../graph/value.ts";
import { pointwiseValue, structuralValue, values } from "../graph/values.ts";
import { listing, sourcesAt, type Listing } from "./listing.ts";
import { detached, Lockstep } from "./lockstep.ts";
import { repetitions, type Repetition } from "./repetition.ts";

/** The same graph with its repetitions rolled; itself where it has none. */
export function rolled(graph: Listing): Listing {
  const { found, owners } = repetitions(graph);
  if (found.length === 0) return graph;
  const made: (Value | undefined)[] = [];
  const at = (place: number): Value => made[place]!;
  const isGone = goneFrom(graph, found, owners);
  const sums = new Map(found.map((repetition) => [repetition.place, repetition]));
  for (let place = 0; place < graph.nodes.length; place++) {
    if (isGone[place] === 1) continue;
    const sum = sums.get(place);
    made[place] = sum ? joined(graph, owners, sum, at) : again(graph, graph.nodes[place]!, sourcesAt(graph, place).map(at));
  }
  return listing(made.at(-1)!, [...graph.inputs], graph.origins);
}

/** What members of groups own, and the additions between them. */
function goneFrom({ nodes }: Listing, found: readonly Repetition[], owners: Int32Array): Uint8Array {
  const isGone = new Uint8Array(nodes.length);
  const isGrouped = new Uint8Array(Math.max(...found.map(({ first, terms }) => first + terms.length)));
  for (const { first, groups } of found) for (const k of groups.flat()) isGrouped[first + k] = 1;
  for (let place = 0; place < nodes.length; place++) if (owners[place]! >= 0) isGone[place] = isGrouped[owners[place]!] ?? 0;
  for (const { inner } of found) for (const place of inner) isGone[place] = 1;
  return isGone;
}

/** The groups' sums, then the terms that are in none; of a stack, the one group. */
function joined(graph: Listing, owners: Int32Array, { place, terms, groups }: Repetition, at: (place: number) => Value): Value {
  const arrays = groups.map((members) => new Lockstep(graph, owners, members.length, at).array(members.map((k) => terms[k]!)));
  if (graph.nodes[place]!.primitive!.name === "concat") return values.reshape(arrays, { shape: graph.nodes[place]!.shape });
  const isGrouped = new Set(groups.flat());
  const rest = terms.filter((_, k) => !isGrouped.has(k)).map(at);
  const totals = arrays.map((array) => values.sum([array], { axes: [0], keepdims: false }));
  return [...totals, ...rest].reduce((total, x) => values.add(total, x));
}

/** The same function of what its operands have become. */
function again({ origins }: Listing, node: Value, operands: readonly Value[]): Value {
  const { primitive, inputs } = node;
  if (primitive === null) return operands[0] === undefined || operands[0] === origins.get(node) ? node : detached(operands[0], origins);
  if (operands.every((x, k) => x === inputs[k])) return node;
  return primitive.kind === "pointwise" ? pointwiseValue(primitive, operands) : structuralValue(primitive, operands);
}

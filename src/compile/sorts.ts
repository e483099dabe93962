/**
 * What stands at each place of a graph, as a number: whoever looks for repetition passes a large graph several times, and a list of
 * numbers is read in a fraction of the time that the nodes themselves take.
 */
import { pointwisePrimitives, type Primitive } from "../ops/primitive.ts";
import { isConstant, type Listing } from "./listing.ts";

/** Sorts of nodes that are no functions of numbers; whatever gives no number is `other`. */
export const [other, constant, leaf, detached] = [0, 1, 2, 3];
/** Functions that others ask for by name; the rest are numbered from the last of these on. */
export const [add, sumOf, dot, reshape] = [4, 5, 6, 7];

const structuralSorts = new Map([["sumOf", sumOf], ["dot", dot], ["reshape", reshape]]); // prettier-ignore

/** By place; two nodes are of one sort where they apply the same function to numbers. */
export function sortsOf(graph: Listing): Int32Array {
  const { nodes } = graph;
  const sorts = new Int32Array(nodes.length);
  const functions = new Map<Primitive, number>([[pointwisePrimitives.add, add]]);
  for (let place = 0; place < nodes.length; place++) {
    const { primitive, payload } = nodes[place]!;
    if (typeof payload !== "number") continue;
    if (primitive === null) sorts[place] = sortOfGiven(graph, place);
    else if (primitive.kind === "structural") sorts[place] = structuralSorts.get(primitive.name) ?? other;
    else sorts[place] = numbered(functions, primitive);
  }
  return sorts;
}

/** A number that nothing computes, or that was detached. */
function sortOfGiven(graph: Listing, place: number): number {
  const { nodes, first } = graph;
  if (first[place] !== first[place + 1]) return detached;
  return isConstant(nodes[place]!, graph) ? constant : leaf;
}

function numbered(functions: Map<Primitive, number>, primitive: Primitive): number {
  const known = functions.get(primitive);
  if (known !== undefined) return known;
  functions.set(primitive, reshape + functions.size);
  return reshape + functions.size - 1;
}

/**
 * The sums of a graph of numbers: what is added up, whatever additions it takes, and the stacks, whose entries are looked at in the same
 * way. What one term of a sum alone uses belongs to it; what several use, or nobody, is common.
 */
import { sourcesAt, usesOf, type Listing } from "./listing.ts";
import { add, sumOf } from "./sorts.ts";

/** A sum of many terms, or a stack. All by place. */
export interface Sum {
  readonly place: number;
  /** From left to right. */
  readonly terms: readonly number[];
  /** What only joins the terms. */
  readonly inner: readonly number[];
  /** The number of the first term; the terms of all sums are numbered in a row. */
  readonly first: number;
}

export interface OwnedSums {
  /** None of them inside a term of another. */
  readonly sums: readonly Sum[];
  /** By place: the number of the term that alone uses a node; below 0 where there is none, or are several. */
  readonly owners: Int32Array;
}

/** Fewer terms than this are not worth a loop. */
export const fewestMembers = 4;
const [nobody, several] = [-1, -2];

/** Additions by place; those that one other addition alone uses are part of its sum. */
export interface Additions {
  readonly isAddition: Uint8Array;
  readonly isInner: Uint8Array;
  readonly uses: Int32Array;
}

export function additionsOf(graph: Listing, sorts: Int32Array): Additions {
  const { nodes, sources, first } = graph;
  const uses = usesOf(graph);
  const isAddition = new Uint8Array(nodes.length);
  const isInner = new Uint8Array(nodes.length);
  for (let place = 0; place < nodes.length; place++) {
    if (sorts[place] !== add && sorts[place] !== sumOf) continue;
    isAddition[place] = 1;
    for (let k = first[place]!; k < first[place + 1]!; k++) {
      const source = sources[k]!;
      if (uses[source] === 1) isInner[source] = isAddition[source]!;
    }
  }
  return { isAddition, isInner, uses };
}

/** Sums from the last node to the first; what is inside a term of one is not opened. `isClosed` tells sums to pass over. */
export function ownedSums(graph: Listing, additions: Additions, isClosed: Uint8Array): OwnedSums {
  const { nodes, sources, first } = graph;
  const owners = new Int32Array(nodes.length).fill(nobody);
  const isJoint = new Uint8Array(nodes.length);
  const sums: Sum[] = [];
  let terms = 0;
  for (let place = nodes.length - 1; place >= 0; place--) {
    if (isJoint[place] === 1) continue;
    const owner = owners[place]!;
    const sum = owner < 0 && isClosed[place] === 0 ? sumAt(graph, additions, place, terms) : undefined;
    if (sum) {
      sums.push(sum);
      for (const part of sum.inner) isJoint[part] = 1;
      for (const term of sum.terms) claim(owners, term, terms++);
    } else for (let k = first[place]!; k < first[place + 1]!; k++) claim(owners, sources[k]!, owner < 0 ? several : owner);
  }
  return { sums, owners };
}

function claim(owners: Int32Array, place: number, term: number): void {
  const owner = owners[place]!;
  if (owner !== term) owners[place] = owner === nobody ? term : several;
}

function sumAt(graph: Listing, { isAddition, isInner, uses }: Additions, place: number, first: number): Sum | undefined {
  const parts = isAddition[place] === 1 && isInner[place] === 0 ? addedAt(graph, isInner, place) : stackedAt(graph, uses, place);
  return parts && parts.terms.length >= fewestMembers ? { place, first, ...parts } : undefined;
}

type Parts = Pick<Sum, "terms" | "inner">;

function addedAt(graph: Listing, isInner: Uint8Array, place: number): Parts {
  const [terms, inner]: [number[], number[]] = [[], []];
  const { sources, first } = graph;
  const stack: number[] = [];
  const open = (sum: number): void => {
    for (let k = first[sum + 1]! - 1; k >= first[sum]!; k--) stack.push(sources[k]!);
  };
  open(place);
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (isInner[next] === 0) terms.push(next);
    else {
      inner.push(next);
      open(next);
    }
  }
  return { terms, inner };
}

/** Numbers that were stacked: an array whose parts are numbers with a shape. */
function stackedAt(graph: Listing, uses: Int32Array, place: number): Parts | undefined {
  const { nodes, sources, first } = graph;
  if (nodes[place]!.primitive?.name !== "concat") return undefined;
  const inner = sourcesAt(graph, place);
  if (!inner.every((part) => nodes[part]!.primitive?.name === "reshape" && uses[part] === 1)) return undefined;
  const terms = inner.map((part) => sources[first[part]!]!);
  return terms.every((term) => typeof nodes[term]!.payload === "number") ? { terms, inner } : undefined;
}

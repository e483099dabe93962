/**
 * Where a graph of numbers does the same again and again with other numbers. The terms of a long sum (a loss over examples), or the
 * entries of a stack, are looked at: what one term alone uses is its own, everything else is common to all; terms whose own
 * parts have the same form, whatever numbers and leaves stand in them, are a group.
 */
import type { Primitive } from "../ops/primitive.ts";
import { entryOf, isConstant, type Listing } from "./listing.ts";

/** A sum or a stack, and which of its terms are computed alike. */
export interface Repetition extends Sum {
  /** Each group by the numbers of its terms. */
  readonly groups: readonly (readonly number[])[];
}

/** A sum of many terms, whatever additions it is made of; or a stack, whose terms are its entries. All by place. */
interface Sum {
  readonly place: number;
  readonly terms: readonly number[];
  /** What only joins the terms. */
  readonly inner: readonly number[];
}

/** Which term of which sum alone uses a node. The terms of all sums are numbered in a row. */
export interface Owners {
  /** By place: the number of the term; below 0 where there is none, or are several. */
  readonly of: Int32Array;
  /** By the place of a sum: the number of its first term. */
  readonly first: ReadonlyMap<number, number>;
}

/** Fewer terms, or less work in all of them, are not worth a loop; nor is a term that mostly reads leaves of its own. */
const [fewestMembers, leastWork, workPerLeaf] = [4, 32, 2];
/** As often sums are looked for inside the terms of sums. */
const mostRounds = 6;
const [nobody, several] = [-1, -2];

/** The repetitions of a graph, none inside another, and who owns what; undefined where there is none. */
export function repetitions(graph: Listing): { found: readonly Repetition[]; owners: Owners } | undefined {
  let candidates = sumsOf(graph);
  const found: Repetition[] = [];
  for (let round = 0; round < mostRounds && candidates.length > 0; round++) {
    const owners = ownersIn(graph, [...found, ...candidates]);
    const outermost = candidates.filter(({ place }) => owners.of[place]! < 0);
    const classes = classesOf(graph, owners);
    const fresh: Repetition[] = [];
    for (const sum of outermost) {
      const groups = groupsOf(graph, sum, owners, classes);
      if (groups.length > 0) fresh.push({ ...sum, groups });
    }
    found.push(...fresh);
    // Sums inside the terms of a sum without groups get their turn.
    const isTaken = takenBy(fresh, owners);
    candidates = candidates.filter(({ place }) => owners.of[place]! >= 0 && !isTaken(owners.of[place]!));
  }
  return found.length === 0 ? undefined : { found, owners: ownersIn(graph, found) };
}

/** Whether a term, by its number, is one of these sums'. */
function takenBy(sums: readonly Sum[], { first }: Owners): (term: number) => boolean {
  const taken = new Set(sums.flatMap(({ place, terms }) => terms.map((_, k) => first.get(place)! + k)));
  return (term) => taken.has(term);
}

/** Sums and stacks of enough terms. Additions that only another addition uses belong to its sum. */
function sumsOf(graph: Listing): Sum[] {
  const { uses } = graph;
  const isAddition = Uint8Array.from(graph.nodes, ({ primitive, payload }) => Number(typeof payload === "number" && additions.has(primitive?.name ?? "")));
  const isInner = new Uint8Array(graph.nodes.length);
  for (const [place, from] of graph.sources.entries())
    if (isAddition[place] === 1) for (const source of from) if (uses[source] === 1 && isAddition[source] === 1) isInner[source] = 1;
  const sums: Sum[] = [];
  for (const place of graph.nodes.keys()) {
    const sum = isAddition[place] === 1 && isInner[place] === 0 ? opened(graph, place, isInner) : stackOf(graph, place);
    if (sum && sum.terms.length >= fewestMembers) sums.push(sum);
  }
  return sums;
} // prettier-ignore

const additions = new Set(["add", "sumOf"]);

/** The terms from left to right. */
function opened({ sources }: Listing, place: number, isInner: Uint8Array): Sum {
  const [terms, inner]: [number[], number[]] = [[], []];
  const stack = sources[place]!.toReversed();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (isInner[next] === 0) terms.push(next);
    else {
      inner.push(next);
      for (const source of sources[next]!.toReversed()) stack.push(source);
    }
  }
  return { place, terms, inner };
}

/** Numbers that were stacked: an array whose parts are numbers with a shape. */
function stackOf({ nodes, sources, uses }: Listing, place: number): Sum | undefined {
  if (nodes[place]!.primitive?.name !== "concat") return undefined;
  const inner = sources[place]!;
  if (!inner.every((part) => nodes[part]!.primitive?.name === "reshape" && uses[part] === 1)) return undefined;
  const terms = inner.map((part) => sources[part]![0]!);
  return terms.every((term) => typeof nodes[term]!.payload === "number") ? { place, terms, inner } : undefined;
}

/** From the last node to the first: a node belongs to who alone uses it. */
function ownersIn({ nodes, sources }: Listing, sums: readonly Sum[]): Owners {
  const of = new Int32Array(nodes.length).fill(nobody);
  const claim = (place: number, term: number): void => {
    of[place] = of[place] === nobody || of[place] === term ? term : several;
  };
  const first = new Map<number, number>();
  const sumAt = new Map(sums.map((sum) => [sum.place, sum]));
  const isInner = new Uint8Array(nodes.length);
  let count = 0;
  for (const { place, terms } of sums) {
    first.set(place, count);
    count += terms.length;
  }
  for (let place = nodes.length - 1; place >= 0; place--) {
    const owner = of[place]!;
    const sum = owner < 0 ? sumAt.get(place) : undefined;
    if (sum) {
      for (const part of sum.inner) isInner[part] = 1;
      for (let k = 0; k < sum.terms.length; k++) claim(sum.terms[k]!, first.get(place)! + k);
    } else if (isInner[place] === 0) for (const source of sources[place]!) claim(source, owner < 0 ? several : owner);
  }
  return { of, first };
}

/** Numbers for forms; common nodes have one each, by their place behind these. */
const [constantClass, leafClass, firstClass] = [0, 1, 2];

/** By place: the form of what a term owns. Two nodes of one class are the same functions of the same common nodes. */
function classesOf(graph: Listing, owners: Owners): Int32Array {
  const { nodes, sources } = graph;
  const classes = new Int32Array(nodes.length);
  const known = new Map<number | string, number>();
  const forms = new Map<Primitive | string, number>();
  const seenFrom = (place: number, source: number): number =>
    owners.of[source] === owners.of[place] || classes[source] === constantClass ? classes[source]! : firstClass + source;
  const classOf = (form: Primitive | string, place: number, from: readonly number[]): number => {
    const operands = from.map((source) => seenFrom(place, source));
    const key = keyOf(numbered(forms, form), operands);
    const one = known.get(key) ?? firstClass + nodes.length + known.size;
    known.set(key, one);
    return one;
  };
  for (let place = 0; place < nodes.length; place++) {
    const { primitive, payload } = nodes[place]!;
    classes[place] = firstClass + place;
    if (typeof payload !== "number") continue;
    if (primitive === null && isConstant(nodes[place]!, graph)) classes[place] = constantClass;
    if (owners.of[place]! < 0) continue;
    const entry = entryOf(graph, place);
    if (entry) classes[place] = classOf("entry", place, [entry.array]);
    else if (primitive === null && sources[place]!.length === 0) classes[place] = leafClass;
    else if (primitive === null) classes[place] = classOf("detached", place, sources[place]!);
    else if (isEntrywise(primitive))
      classes[place] = classOf(primitive.kind === "pointwise" ? primitive : primitive.name, place, sources[place]!);
  }
  return classes;
}

function numbered<T>(numbers: Map<T, number>, x: T): number {
  const known = numbers.get(x);
  if (known !== undefined) return known;
  numbers.set(x, numbers.size);
  return numbers.size - 1;
}

/** A number where function and classes fit into a double, for a large graph has many nodes; else text. */
function keyOf(form: number, operands: readonly number[]): number | string {
  const [a, b] = [operands[0]!, operands.length > 1 ? operands[1]! : 0];
  if (operands.length <= 2 && a < classLimit && b < classLimit && form < formLimit) return (form * classLimit + a) * classLimit + b;
  return `${form} ${operands.join(" ")}`;
}

const [classLimit, formLimit] = [2 ** 22, 2 ** 9];

/** Functions that a loop over the members can apply, entry by entry. */
const isEntrywise = (primitive: Primitive): boolean =>
  primitive.kind === "pointwise" || primitive.name === "sumOf" || primitive.name === "dot";

/** Terms of one class that are worth a loop. All entries of a stack must be in one group. */
function groupsOf(graph: Listing, { place, terms }: Sum, owners: Owners, classes: Int32Array): number[][] {
  const byClass = new Map<number, number[]>();
  for (const [k, term] of terms.entries()) {
    const form = owners.of[term] === owners.first.get(place)! + k ? classes[term]! : constantClass;
    const alike = byClass.get(form);
    if (alike) alike.push(k);
    else byClass.set(form, [k]);
  }
  const isStack = !additions.has(graph.nodes[place]!.primitive!.name);
  return [...byClass].flatMap(([form, members]) => {
    if (form < firstClass + graph.nodes.length || members.length < (isStack ? terms.length : fewestMembers)) return [];
    return isWorthwhile(graph, owners, terms[members[0]!]!, members.length) ? [members] : [];
  });
}

/** Whether a member, and so each, computes enough beside reading leaves that are its own. */
function isWorthwhile({ sources }: Listing, owners: Owners, member: number, members: number): boolean {
  const own = new Set([member]);
  let [functions, leaves] = [0, 0];
  for (const place of own) {
    const from = sources[place]!;
    if (from.length === 0) leaves++;
    else functions++;
    for (const source of from) if (owners.of[source] === owners.of[member]) own.add(source);
  }
  return functions * members >= leastWork && functions >= workPerLeaf * leaves;
} // prettier-ignore

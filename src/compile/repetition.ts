/**
 * Where a graph of numbers does the same again and again with other numbers: terms of a long sum (a loss over examples), or entries
 * of a stack, whose own parts have the same form, whatever numbers and leaves stand in them, are a group.
 */
import { entryOf, sourcesAt, type Listing } from "./listing.ts";
import { constant, detached, leaf, other, reshape, sortsOf } from "./sorts.ts";
import { additionsOf, fewestMembers, ownedSums, type Additions, type Sum } from "./sums.ts";
import { Triples } from "./triples.ts";

/** A sum or a stack, and which of its terms are computed alike. */
export interface Repetition extends Sum {
  /** Each group by the numbers of its terms in this sum. */
  readonly groups: readonly (readonly number[])[];
}

/** Less work in all terms together is not worth a loop; nor is a term that mostly reads leaves of its own. */
const [leastWork, workPerLeaf] = [32, 2];
/** Leaves of all members are copied one by one, and their gradients too; with more of them nothing is gained. */
const mostLeaves = 4096;
/** As often sums are looked for inside the terms of sums. */
const mostRounds = 6;

/** The repetitions of a graph, none inside another, and by place the term that alone uses a node. */
export function repetitions(graph: Listing): { found: readonly Repetition[]; owners: Int32Array } {
  const sorts = sortsOf(graph);
  if (workIn(graph, sorts) < leastWork) return { found: [], owners: new Int32Array(graph.nodes.length).fill(-1) };
  const additions = additionsOf(graph, sorts);
  const isClosed = new Uint8Array(graph.nodes.length);
  for (let round = 1; ; round++) {
    const { sums, owners } = ownedSums(graph, additions, isClosed);
    const classes = sums.length > 0 ? classesOf(graph, owners, sorts) : owners;
    const found: Repetition[] = [];
    const isBare = new Uint8Array(sums.reduce((count, { terms }) => count + terms.length, 0));
    for (const sum of sums) {
      const groups = groupsOf(graph, sum, owners, classes, sorts);
      if (groups.length > 0) found.push({ ...sum, groups });
      else {
        isClosed[sum.place] = 1;
        isBare.fill(1, sum.first, sum.first + sum.terms.length);
      }
    }
    if (!hasHidden(additions, owners, isBare) || round === mostRounds) return { found, owners };
  }
}

/** The functions of numbers in a whole graph; an entry of an array is a slice and a reshape. */
function workIn({ nodes }: Listing, sorts: Int32Array): number {
  let work = 0;
  for (let place = 0; place < nodes.length; place++) if (sorts[place]! >= detached) work += sorts[place] === reshape ? 2 : 1;
  return work;
}

/** Whether there are sums inside the terms of a sum without groups: they get their turn. */
function hasHidden({ isAddition, isInner }: Additions, owners: Int32Array, isBare: Uint8Array): boolean {
  for (let place = 0; place < owners.length; place++)
    if (isAddition[place] === 1 && isInner[place] === 0 && owners[place]! >= 0 && isBare[owners[place]!] === 1) return true;
  return false;
}

/** Numbers for forms; common nodes have one each, by their place behind these. */
const [constantClass, leafClass, firstClass] = [0, 1, 2];

/** In place of a function: the operands so far, and one more. In place of an operand: there is none. */
const [oneMore, none] = [-1, -1];

/** By place: the form of what a term owns. Two nodes of one class are the same functions of the same common nodes. */
function classesOf(graph: Listing, owners: Int32Array, sorts: Int32Array): Int32Array {
  const { nodes, sources, first } = graph;
  const classes = new Int32Array(nodes.length);
  const forms = new Triples();
  const firstForm = firstClass + nodes.length;
  const seenBy = (owner: number, source: number): number =>
    owners[source] === owner || classes[source] === constantClass ? classes[source]! : firstClass + source;
  const applied = (f: number, place: number): number => {
    const owner = owners[place]!;
    const begin = first[place]!;
    const end = first[place + 1]!;
    let form = forms.numberOf(f, seenBy(owner, sources[begin]!), begin + 1 < end ? seenBy(owner, sources[begin + 1]!) : none);
    for (let k = begin + 2; k < end; k++) form = forms.numberOf(oneMore, firstForm + form, seenBy(owner, sources[k]!));
    return firstForm + form;
  };
  for (let place = 0; place < nodes.length; place++) {
    const sort = sorts[place]!;
    const owner = owners[place]!;
    if (sort === constant) classes[place] = constantClass;
    else if (sort === other || owner < 0) classes[place] = firstClass + place;
    else if (sort === leaf) classes[place] = leafClass;
    else if (sort !== reshape) classes[place] = applied(sort, place);
    else {
      const entry = entryOf(graph, place);
      classes[place] = entry ? firstForm + forms.numberOf(reshape, seenBy(owner, entry.array), none) : firstClass + place;
    }
  }
  return classes;
}

/** Terms of one class that are worth a loop. All entries of a stack must be in one group. */
function groupsOf(graph: Listing, { place, terms, first }: Sum, owners: Int32Array, classes: Int32Array, sorts: Int32Array): number[][] {
  const byClass = new Map<number, number[]>();
  for (const [k, term] of terms.entries()) {
    const form = owners[term] === first + k ? classes[term]! : constantClass;
    const alike = byClass.get(form);
    if (alike) alike.push(k);
    else byClass.set(form, [k]);
  }
  const fewest = graph.nodes[place]!.primitive!.name === "concat" ? terms.length : fewestMembers;
  return [...byClass].flatMap(([form, members]) => {
    if (form < firstClass + graph.nodes.length || members.length < fewest) return [];
    return isWorthwhile(graph, owners, sorts, terms[members[0]!]!, members.length) ? [members] : [];
  });
}

/** Whether a member, and so each, computes enough beside reading leaves that are its own. */
function isWorthwhile(graph: Listing, owners: Int32Array, sorts: Int32Array, member: number, members: number): boolean {
  const own = new Set([member]);
  let [functions, leaves] = [0, 0];
  for (const place of own) {
    const from = sourcesAt(graph, place);
    if (from.length > 0) functions++;
    else if (sorts[place] !== constant) leaves++;
    for (const source of from) if (owners[source] === owners[member]) own.add(source);
  }
  return functions * members >= leastWork && functions >= workPerLeaf * leaves && leaves * members <= mostLeaves;
}

/** A recorded graph by numbers: its nodes in an order in which sources come first, and of each the places of its sources. */
import { stridesOf } from "../array/shape.ts";
import { inputAt } from "../graph/order.ts";
import { Leaf, type Value } from "../graph/value.ts";

/** A detached value, and the value it was detached from: no gradient passes, but it is computed anew at every call. */
export type Origins = Map<Value, Value>;

export interface Listing {
  readonly nodes: readonly Value[];
  /** Of all nodes in a row: the places of what they are computed from, with multiplicity. */
  readonly sources: Int32Array;
  /** By place: where a node's sources begin; those of the next begin where they end. */
  readonly first: Int32Array;
  readonly origins: Origins;
  /** Values that are passed in, whatever they hold now. */
  readonly inputs: ReadonlySet<Value>;
}

/**
 * Everything `root` is computed from; a detached value comes after the one it was detached from. The way down from the root is a path
 * of nodes and, for each, the number of sources already looked at, as in a sweep.
 */
export function listing(root: Value, inputs: readonly Value[], origins: Origins): Listing {
  const places = new Places();
  const { nodes } = places;
  let [sources, first, end] = [new Int32Array(room), new Int32Array(room), 0];
  const [path, looked]: [Value[], number[]] = [[], []];
  let node: Value | undefined = root;
  let k = 0;
  while (node !== undefined) {
    // Nearly all nodes have one or two inputs: those are not asked for by a call.
    const { a, b }: Value = node;
    const source: Value | null = a === null ? sourceAt(node, k, origins) : k === 0 ? a : k === 1 ? b : null;
    k++;
    if (source === null) {
      while (end + k > sources.length) sources = grown(sources);
      if (a === null) for (let own = 0; own < k - 1; own++) sources[end++] = places.of(sourceAt(node, own, origins)!);
      else sources[end++] = places.of(a);
      if (b !== null) sources[end++] = places.of(b);
      places.add(node);
      if (nodes.length === first.length) first = grown(first);
      first[nodes.length] = end;
      node = path.pop();
      k = looked.pop() ?? 0;
    } else if (places.of(source) < 0) {
      path.push(node);
      looked.push(k);
      node = source;
      k = 0;
    }
  }
  return { nodes, sources: sources.subarray(0, end), first: first.subarray(0, nodes.length + 1), origins, inputs: new Set(inputs) };
}

/** Room for a small graph. A list of V8's own would be copied more often while it grows, and leave ten times as much behind. */
const room = 256;

function grown(list: Int32Array): Int32Array<ArrayBuffer> {
  const more = new Int32Array(4 * list.length);
  more.set(list);
  return more;
}

/** By place: how many times a node is a source. */
export function usesOf({ nodes, sources, first }: Listing): Int32Array {
  const uses = new Int32Array(nodes.length);
  for (let k = 0; k < first[nodes.length]!; k++) uses[sources[k]!]! += 1;
  return uses;
}

/** Nodes that have a place. A node remembers its own; only where that says which gradient of an earlier sweep is the node's, a map does. */
class Places {
  readonly nodes: Value[] = [];
  readonly #others = new Map<Value, number>();

  /** −1 where it has none. */
  of(node: Value): number {
    const place = node.swept.gradients === null ? node.place : (this.#others.get(node) ?? 0);
    return place < this.nodes.length && this.nodes[place] === node ? place : -1;
  }

  add(node: Value): void {
    if (node.swept.gradients === null) node.place = this.nodes.length;
    else this.#others.set(node, this.nodes.length);
    this.nodes.push(node);
  }
}

/** Number k of what a node is computed from, of a detached value what it was detached from; null where there are no more. */
const sourceAt = (node: Value, k: number, origins: Origins): Value | null =>
  node.primitive === null && k === 0 ? (origins.get(node) ?? null) : inputAt(node, k);

/** What a node is computed from; of a detached value, what it was detached from. */
export function sourcesOf(node: Value, origins: Origins): readonly Value[] {
  const origin = node.primitive === null ? origins.get(node) : undefined;
  return origin ? [origin] : node.inputs;
}

/** The places of a node's sources. */
export const sourcesAt = ({ sources, first }: Listing, place: number): number[] =>
  Array.from({ length: first[place + 1]! - first[place]! }, (_, k) => sources[first[place]! + k]!);

/** Whether a node is a number or array that never changes. */
export const isConstant = (node: Value, { origins, inputs }: Listing): boolean =>
  node.primitive === null && !(node instanceof Leaf) && !origins.has(node) && !inputs.has(node);

/** A number that is one entry of an array, as `x.at(2, 1)` is: the place of the array, and which entry in a row. */
export function entryOf({ nodes, sources, first }: Listing, place: number): { array: number; index: number } | undefined {
  if (nodes[place]!.primitive?.name !== "reshape" || typeof nodes[place]!.payload !== "number") return undefined;
  const part = sources[first[place]!]!;
  const { primitive } = nodes[part]!;
  if (primitive?.kind !== "structural" || primitive.name !== "slice") return undefined;
  const array = sources[first[part]!]!;
  const strides = stridesOf(nodes[array]!.shape);
  return { array, index: primitive.options.ranges.reduce((index, { begin }, axis) => index + begin * strides[axis]!, 0) };
}

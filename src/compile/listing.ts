/** A recorded graph by numbers: its nodes in an order in which sources come first, and of each the places of its sources. */
import { stridesOf } from "../array/shape.ts";
import { Leaf, NaryValue, type Value } from "../graph/value.ts";
import type { StructuralOptions } from "../ops/vocabulary.ts";

/** A detached value, and the value it was detached from: no gradient passes, but it is computed anew at every call. */
export type Origins = Map<Value, Value>;

export interface Listing {
  readonly nodes: readonly Value[];
  /** By place: the places of what the node is computed from, with multiplicity. */
  readonly sources: readonly (readonly number[])[];
  readonly uses: Int32Array;
  readonly origins: Origins;
  /** Values that are passed in, whatever they hold now. */
  readonly inputs: ReadonlySet<Value>;
}

const open = -1;
const none: readonly number[] = [];

/** Everything `root` is computed from; a detached value comes after the one it was detached from. No recursion. */
export function listing(root: Value, inputs: readonly Value[], origins: Origins): Listing {
  const nodes: Value[] = [];
  const sources: (readonly number[])[] = [];
  const placeOf = new Map<Value, number>();
  const stack = [root];
  while (stack.length > 0) {
    const node = stack[stack.length - 1]!;
    const place = placeOf.get(node);
    if (place === undefined) {
      placeOf.set(node, open);
      const from = sourcesOf(node, origins);
      for (let k = from.length - 1; k >= 0; k--) if (!placeOf.has(from[k]!)) stack.push(from[k]!);
      continue;
    }
    stack.pop();
    if (place !== open) continue;
    placeOf.set(node, nodes.length);
    nodes.push(node);
    const from = sourcesOf(node, origins);
    sources.push(from.length === 0 ? none : from.map((x) => placeOf.get(x)!));
  }
  const uses = new Int32Array(nodes.length);
  for (const from of sources) for (const source of from) uses[source]! += 1;
  return { nodes, sources, uses, origins, inputs: new Set(inputs) };
}

/** What a node is computed from; of a detached value, what it was detached from. */
export function sourcesOf(node: Value, origins: Origins): readonly Value[] {
  if (node.primitive !== null) return node instanceof NaryValue ? node.operands : node.inputs;
  const origin = origins.get(node);
  return origin ? [origin] : [];
}

/** Whether a node is a number or array that never changes. */
export const isConstant = (node: Value, { origins, inputs }: Listing): boolean =>
  node.primitive === null && !(node instanceof Leaf) && !origins.has(node) && !inputs.has(node);

/** A number that is one entry of an array, as `x.at(2, 1)` is: the place of the array, and which entry in a row. */
export function entryOf({ nodes, sources }: Listing, place: number): { array: number; index: number } | undefined {
  if (nodes[place]!.primitive?.name !== "reshape" || typeof nodes[place]!.payload !== "number") return undefined;
  const part = sources[place]![0]!;
  const { primitive } = nodes[part]!;
  if (primitive?.name !== "slice") return undefined;
  const array = sources[part]![0]!;
  const strides = stridesOf(nodes[array]!.shape);
  const { ranges } = primitive.options as StructuralOptions["slice"];
  return { array, index: ranges.reduce((index, { begin }, axis) => index + begin * strides[axis]!, 0) };
}

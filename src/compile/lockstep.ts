/**
 * Members of a group taken together: what they do in step is done once, over an array with an entry for each of them. Numbers that
 * differ become an array of constants, leaves of their own are stacked, entries of one array are sliced from it, and what
 * is the same for all stays a number.
 */
import { NdArray } from "../array/ndarray.ts";
import { sizeOf } from "../array/shape.ts";
import { Value } from "../graph/value.ts";
import { pointwiseValue, values } from "../graph/values.ts";
import { pointwisePrimitives, type PointwisePrimitive } from "../ops/primitive.ts";
import { entryOf, isConstant, type Listing } from "./listing.ts";

/** The places of one node of each member. */
type Members = readonly number[];

export class Lockstep {
  readonly #graph: Listing;
  /** What a node that is common to the members has become. */
  readonly #common: (place: number) => Value;
  /** By the first member: nodes that were taken together already. */
  readonly #known = new Map<number, { members: Members; value: Value }[]>();
  readonly #stretched = new Map<Value, Value>();
  readonly #n: number;

  constructor(graph: Listing, n: number, common: (place: number) => Value) {
    this.#graph = graph;
    this.#n = n;
    this.#common = common;
  }

  /** An array with an entry for each member. */
  array(members: Members): Value {
    return this.#stretch(this.#together(members));
  }

  /** An array, or a number where all members are the same. No recursion: members may be deep. */
  #together(last: Members): Value {
    const open = (members: Members) => ({ members, operands: this.#operandsOf(members) });
    const stack = [open(last)];
    for (;;) {
      const { members, operands } = stack.at(-1)!;
      const missing = operands.filter((x) => this.#lookup(x) === undefined);
      if (missing.length > 0) for (const x of missing.reverse()) stack.push(open(x));
      else {
        stack.pop();
        const value = this.#lookup(members) ?? this.#made(members, operands.map((x) => this.#lookup(x)!)); // prettier-ignore
        this.#remember(members, value);
        if (stack.length === 0) return value;
      }
    }
  }

  #lookup(members: Members): Value | undefined {
    return this.#known.get(members[0]!)?.find(({ members: known }) => known === members || areEqual(known, members))?.value;
  }

  #remember(members: Members, value: Value): void {
    const known = this.#known.get(members[0]!);
    if (known) known.push({ members, value });
    else this.#known.set(members[0]!, [{ members, value }]);
  }

  /** What has to be taken together first; nothing where the members are read as they are. */
  #operandsOf(members: Members): Members[] {
    const { sources, first } = this.#graph;
    const [one] = members as [number];
    if (areSame(members) || entryOf(this.#graph, one)) return [];
    const count = first[one + 1]! - first[one]!;
    return Array.from({ length: count }, (_, k) => members.map((place) => sources[first[place]! + k]!));
  }

  #made(members: Members, operands: readonly Value[]): Value {
    const { nodes, origins } = this.#graph;
    const [first] = members as [number];
    const node = nodes[first]!;
    if (areSame(members)) return this.#common(first);
    if (isConstant(node, this.#graph)) return constants(members.map((place) => nodes[place]!.payload as number));
    if (entryOf(this.#graph, first)) return this.#entries(members);
    if (node.primitive?.kind === "pointwise") return this.#applied(node.primitive, operands);
    if (node.primitive !== null) return this.#added(node.primitive.name, operands);
    const [source] = operands;
    return source ? detached(source, origins) : values.concat(members.map((place) => values.reshape([nodes[place]!], { shape: [1] })), { axis: 0 }); // prettier-ignore
  }

  /** Once, where all operands are common; else for every member. Constants stand beside arrays as they are. */
  #applied(primitive: PointwisePrimitive, operands: readonly Value[]): Value {
    const areCommon = operands.every(({ payload }) => typeof payload === "number");
    return pointwiseValue(primitive, areCommon ? operands : operands.map((x) => (x.takesGradient ? this.#stretch(x) : x)));
  }

  /** `sumOf` and `dot`, written out. */
  #added(name: string, operands: readonly Value[]): Value {
    const { add, mul } = pointwisePrimitives;
    const half = operands.length / 2;
    const terms = name === "dot" ? operands.slice(0, half).map((w, i) => this.#applied(mul, [w, operands[half + i]!])) : operands;
    return terms.slice(1).reduce((total, x) => this.#applied(add, [total, x]), terms[0]!);
  }

  #stretch(x: Value): Value {
    if (typeof x.payload !== "number") return x;
    const known = this.#stretched.get(x) ?? values.broadcastTo([x], { shape: [this.#n] });
    this.#stretched.set(x, known);
    return known;
  }

  /** Entries of one array, at equal distances where they can be sliced. */
  #entries(members: Members): Value {
    const [first, ...others] = members.map((place) => entryOf(this.#graph, place)!);
    const array = this.#common(first!.array);
    const row = values.reshape([array], { shape: [sizeOf(array.shape)] });
    const step = others[0]!.index - first!.index;
    const isEven = step !== 0 && others.every(({ index }, k) => index === first!.index + (k + 1) * step);
    if (isEven) return values.slice([row], { ranges: [{ begin: first!.index, step, count: members.length }] });
    const indices = [first!, ...others].map(({ index }) => index);
    if (new Set(indices).size > 1) return values.take([row], { indices: vector(indices), axis: 0 });
    return values.reshape([values.slice([row], { ranges: [{ begin: indices[0]!, step: 1, count: 1 }] })], { shape: [] });
  }
}

const areEqual = (a: Members, b: Members): boolean => a.every((place, k) => place === b[k]);
const areSame = (members: Members): boolean => members.every((place) => place === members[0]);
const vector = (numbers: readonly number[]): NdArray => new NdArray([numbers.length], Float64Array.from(numbers));
const constantOf = (payload: number | NdArray): Value => new Value(payload, null, null, null);

function constants(numbers: readonly number[]): Value {
  return constantOf(numbers.every((x) => Object.is(x, numbers[0])) ? numbers[0]! : vector(numbers));
}

/** The same numbers, which no gradient passes. */
export function detached(source: Value, origins: Listing["origins"]): Value {
  const made = constantOf(source.payload);
  origins.set(made, source);
  return made;
}

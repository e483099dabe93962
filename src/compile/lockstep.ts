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

/** The places of one node of each member; the one place of a node that is common to all. */
type Members = Int32Array;

/** A node of all members, and what it is computed from. */
interface Step {
  readonly members: Members;
  readonly operands: Step[];
  value?: Value;
}

export class Lockstep {
  readonly #graph: Listing;
  readonly #owners: Int32Array;
  /** What a node that is common to the members has become. */
  readonly #common: (place: number) => Value;
  /** By the first member. */
  readonly #steps = new Map<number, Step[]>();
  readonly #stretched = new Map<Value, Value>();
  readonly #n: number;

  constructor(graph: Listing, owners: Int32Array, n: number, common: (place: number) => Value) {
    this.#graph = graph;
    this.#owners = owners;
    this.#n = n;
    this.#common = common;
  }

  /** An array with an entry for each member, of which these are the places. */
  array(members: readonly number[]): Value {
    const last = this.#stepOf(Int32Array.from(members));
    // Sources come first in a listing, and so do those of the first member.
    for (const step of this.#stepsBelow(last)) step.value = this.#made(step);
    return this.#stretch(last.value!);
  }

  /** A step and what it needs, however far down, each after its operands. */
  #stepsBelow(last: Step): Step[] {
    const found = [last];
    for (const { members, operands } of found)
      for (const places of this.#operandsOf(members)) {
        const known = this.#known(places);
        operands.push(known ?? this.#stepOf(places));
        if (known === undefined) found.push(operands.at(-1)!);
      }
    return found.sort((a, b) => a.members[0]! - b.members[0]!);
  }

  #known(members: Members): Step | undefined {
    return this.#steps.get(members[0]!)?.find((step) => areEqual(step.members, members));
  }

  #stepOf(members: Members): Step {
    const step: Step = { members, operands: [] };
    const beside = this.#steps.get(members[0]!);
    if (beside) beside.push(step);
    else this.#steps.set(members[0]!, [step]);
    return step;
  }

  /** The places of each operand; none where the members are read as they are. */
  #operandsOf(members: Members): Members[] {
    const { sources, first } = this.#graph;
    const one = members[0]!;
    if (areSame(members) || entryOf(this.#graph, one)) return [];
    return Array.from({ length: first[one + 1]! - first[one]! }, (_, k) => {
      if (this.#isCommon(sources[first[one]! + k]!, one)) return Int32Array.of(sources[first[one]! + k]!);
      const operand = new Int32Array(members.length);
      for (let i = 0; i < members.length; i++) operand[i] = sources[first[members[i]!]! + k]!;
      return operand;
    });
  }

  /** Whether what the first member reads is none of its own: nodes of one form read the same of what is common, but constants. */
  #isCommon(source: number, one: number): boolean {
    return this.#owners[source] !== this.#owners[one] && !isConstant(this.#graph.nodes[source]!, this.#graph);
  }

  /** An array, or a number where all members are the same. */
  #made({ members, operands }: Step): Value {
    const { nodes, origins } = this.#graph;
    const first = members[0]!;
    const node = nodes[first]!;
    if (areSame(members)) return this.#common(first);
    if (isConstant(node, this.#graph)) return constants(Float64Array.from(members, (place) => nodes[place]!.payload as number));
    if (entryOf(this.#graph, first)) return this.#entries(members);
    const made = operands.map(({ value }) => value!);
    if (node.primitive?.kind === "pointwise") return this.#applied(node.primitive, made);
    if (node.primitive !== null) return this.#added(node.primitive.name, made);
    const [source] = made;
    return source ? detached(source, origins) : this.#stacked(members);
  }

  /** Leaves of their own, side by side. */
  #stacked(members: Members): Value {
    const parts = Array.from(members, (place) => values.reshape([this.#graph.nodes[place]!], { shape: [1] }));
    return values.concat(parts, { axis: 0 });
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
    const [first, ...others] = Array.from(members, (place) => entryOf(this.#graph, place)!);
    const array = this.#common(first!.array);
    const row = values.reshape([array], { shape: [sizeOf(array.shape)] });
    const step = others[0]!.index - first!.index;
    const isEven = step !== 0 && others.every(({ index }, k) => index === first!.index + (k + 1) * step);
    if (isEven) return values.slice([row], { ranges: [{ begin: first!.index, step, count: members.length }] });
    const indices = [first!, ...others].map(({ index }) => index);
    if (new Set(indices).size > 1) return values.take([row], { indices: vector(Float64Array.from(indices)), axis: 0 });
    return values.reshape([values.slice([row], { ranges: [{ begin: indices[0]!, step: 1, count: 1 }] })], { shape: [] });
  }
}

function areEqual(a: Members, b: Members): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function areSame(members: Members): boolean {
  for (let i = 1; i < members.length; i++) if (members[i] !== members[0]) return false;
  return true;
}

const vector = (numbers: Float64Array): NdArray => new NdArray([numbers.length], numbers);
const constantOf = (payload: number | NdArray): Value => new Value(payload, null, null, null);

function constants(numbers: Float64Array): Value {
  return constantOf(numbers.every((x) => Object.is(x, numbers[0])) ? numbers[0]! : vector(numbers));
}

/** The same numbers, which no gradient passes. */
export function detached(source: Value, origins: Listing["origins"]): Value {
  const made = constantOf(source.payload);
  origins.set(made, source);
  return made;
}

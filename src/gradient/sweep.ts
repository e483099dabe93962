/**
 * The chain rule, once. A sweep goes through the values of a graph from the last to the first; each hands its gradient back
 * to its inputs, contribution = upstream gradient × local derivative, and what arrives on several ways is added.
 * It does not know whether its letters are numbers, values that can be differentiated again, or lines of code.
 */
import type { Tensor } from "../array/ndarray.ts";
import { zeroed } from "../array/slab.ts";
import { never } from "../graph/moment.ts";
import { NaryValue, type Value } from "../graph/value.ts";
import { hasStrongZero, type PointwisePrimitive, type Primitive, type StructuralPrimitive } from "../ops/primitive.ts";
import { binary } from "../ops/pointwise.ts";
import { numbers, tensors } from "../ops/tensors.ts";
import type { Algebra, Operand, Pointwise } from "../ops/vocabulary.ts";

/** What flows along one edge, from `node` back to its input number `index`. */
export interface Flow<T> {
  readonly node: Value;
  readonly index: number;
  /** ∂node/∂input, for pointwise functions; undefined where the rule is not a product (a matrix product, a sum). */
  readonly local: Operand<T> | undefined;
  readonly contribution: T;
}

/**
 * Carries `seed`, the gradient of the last node of `order`, back to every node of it; gradients by place in the order.
 *
 * @param watch sees what flows along each edge.
 * @param call gives the gradient of a node, once all of it has arrived, the form in which it goes on: a name, in a formula.
 */
export function sweep<T>(
  order: readonly Value[],
  seed: T,
  m: Algebra<T>,
  read: (node: Value) => T,
  watch?: (flow: Flow<T>) => void,
  call?: (node: Value, gradient: T) => T,
): (T | undefined)[] {
  const gradients = new Array<T | undefined>(order.length);
  gradients[order.length - 1] = seed;
  const receive: Receive<T> = (input, contribution, node, index, local) => {
    const before = gradients[input.place];
    gradients[input.place] = before === undefined ? contribution : m.add(before, contribution);
    watch?.({ node, index, local, contribution });
  };
  for (let place = order.length - 1; place >= 0; place--) {
    const arrived = gradients[place];
    if (arrived === undefined) continue;
    const node = order[place]!;
    carryBack(node, call === undefined ? arrived : call(node, arrived), m, read, receive);
  }
  return gradients;
}

/** Takes what arrives at `input`, which is number `index` of the inputs of `node`. */
type Receive<T> = (input: Value, contribution: T, node: Value, index: number, local: Operand<T> | undefined) => void;

/** The contributions of one node to those of its inputs that take a gradient. */
export function flowsOf<T>(node: Value, g: T, m: Algebra<T>, read: (node: Value) => T): Flow<T>[] {
  const flows: Flow<T>[] = [];
  carryBack(node, g, m, read, (_input, contribution, from, index, local) => flows.push({ node: from, index, local, contribution }));
  return flows;
}

/** That of one node to its input number `index`, which takes a gradient. */
export const flowAlong = <T>({ node, index }: Pick<Flow<T>, "node" | "index">, g: T, m: Algebra<T>, read: (node: Value) => T): Flow<T> =>
  flowsOf(node, g, m, read).find((flow) => flow.index === index)!;

function carryBack<T>(node: Value, g: T, m: Algebra<T>, read: (node: Value) => T, receive: Receive<T>): void {
  const { primitive } = node;
  if (primitive === null) return;
  if (primitive.kind === "pointwise") pointwiseBack(node, primitive, g, m, read, receive);
  else structuralBack(node, primitive, g, m, read, receive);
}

type Partial<T> = (m: Algebra<T>, ...args: T[]) => Operand<T>;

/** Written out for one and two inputs: a list of them, and a call with that list spread out, take several times longer. */
function pointwiseBack<T>(
  node: Value,
  primitive: PointwisePrimitive,
  g: T,
  m: Algebra<T>,
  read: (node: Value) => T,
  receive: Receive<T>,
): void {
  const partials = primitive.row.partials as unknown as readonly Partial<T>[];
  const { a, b } = node;
  const y = read(node);
  if (a === null) {
    const args = inputsOf(node).map(read);
    for (const [index, input] of inputsOf(node).entries()) {
      if (input.swept === never) continue;
      const local = partials[index]!(m, ...args, y);
      receive(input, product(m, primitive, index, g, local), node, index, local);
    }
  } else if (b === null) {
    const local = partials[0]!(m, read(a), y);
    receive(a, product(m, primitive, 0, g, local), node, 0, local);
  } else {
    const p = read(a);
    const q = read(b);
    if (a.swept !== never) {
      const local = partials[0]!(m, p, q, y);
      receive(a, product(m, primitive, 0, g, local), node, 0, local);
    }
    if (b.swept !== never) {
      const local = partials[1]!(m, p, q, y);
      receive(b, product(m, primitive, 1, g, local), node, 1, local);
    }
  }
}

/** g · d, d being the slope towards input number `index`; nothing to multiply where it is plainly 1 or −1. */
function product<T>(m: Algebra<T>, primitive: PointwisePrimitive, index: number, g: T, d: Operand<T>): T {
  if (d === 1) return g;
  if (d === -1) return m.neg(g);
  return hasStrongZero(primitive, index) ? m.gradientProduct(g, d) : m.chain(g, d);
}

type Vjp<T> = (m: Algebra<T>, g: T, operands: readonly T[], y: T, options: unknown, needs: (index: number) => boolean) => readonly T[];

/** Written out for one and two inputs, as above. */
function structuralBack<T>(
  node: Value,
  { row, options }: StructuralPrimitive,
  g: T,
  m: Algebra<T>,
  read: (node: Value) => T,
  receive: Receive<T>,
): void {
  const vjp = row.vjp as Vjp<T>;
  const { a, b } = node;
  const y = read(node);
  if (a === null) {
    const inputs = inputsOf(node);
    const needs = (index: number) => inputs[index]!.swept !== never;
    const carried = vjp(m, g, inputs.map(read), y, options, needs);
    for (let index = 0; index < carried.length; index++) if (needs(index)) receive(inputs[index]!, carried[index]!, node, index, undefined);
  } else if (b === null) {
    receive(a, vjp(m, g, [read(a)], y, options, always)[0]!, node, 0, undefined);
  } else {
    const carried = vjp(m, g, [read(a), read(b)], y, options, (index) => (index === 0 ? a : b).swept !== never);
    if (a.swept !== never) receive(a, carried[0]!, node, 0, undefined);
    if (b.swept !== never) receive(b, carried[1]!, node, 1, undefined);
  }
}

/** A value is only swept because one of its inputs takes a gradient: where there is one input, that one. */
const always = (): boolean => true;

/** Like `inputs`, without a copy of a long list. */
const inputsOf = (node: Value): readonly Value[] => (node.a === null && node instanceof NaryValue ? node.operands : node.inputs);

const payloadOf = (node: Value): Tensor => node.payload;

/** The same sweep over tensors, by a loop over plain numbers where the whole graph is scalar; that of arrays nearly always begins with one. */
export function sweepTensors(order: readonly Value[], seed: Tensor): readonly (Tensor | undefined)[] | Float64Array {
  const isScalar = typeof seed === "number" && typeof order[0]!.payload === "number";
  return (isScalar ? sweepNumbers(order, seed) : undefined) ?? sweep(order, seed, tensors, payloadOf);
}

type NumberPartial = (m: Pointwise<number>, a: number, b: number, y?: number) => number;

/**
 * What `sweep` does where T is number, with nothing allocated for functions of one or two inputs: a graph of scalars has a million
 * nodes. Undefined where it meets an array.
 */
function sweepNumbers(order: readonly Value[], seed: number): Float64Array | undefined {
  // −0 is the number that changes nothing it is added to, not even −0.
  const gradients = zeroed(order.length).fill(-0);
  gradients[order.length - 1] = seed;
  for (let place = order.length - 1; place >= 0; place--) {
    const node = order[place]!;
    const { primitive, a, b, payload: y } = node;
    if (primitive === null) continue;
    if (typeof y !== "number") return undefined;
    const g = gradients[place]!;
    if (a === null || primitive.kind === "structural") {
      if (!numbersBack(node, primitive, g, gradients)) return undefined;
      continue;
    }
    const partials = primitive.row.partials as unknown as readonly NumberPartial[];
    const x = a.payload as number;
    if (b === null) {
      gradients[a.place]! += chain(g, partials[0]!(numbers, x, y));
      continue;
    }
    if (a.swept !== never) gradients[a.place]! += numberProduct(primitive, 0, g, partials[0]!(numbers, x, b.payload as number, y));
    if (b.swept !== never) gradients[b.place]! += numberProduct(primitive, 1, g, partials[1]!(numbers, x, b.payload as number, y));
  }
  return gradients;
}

/** A list of numbers, as of `dot` and `sumOf`; false where one of them is an array. */
function numbersBack(node: Value, primitive: Primitive, g: number, gradients: Float64Array): boolean {
  const inputs = inputsOf(node);
  if (primitive.kind === "pointwise") return false;
  const payloads = inputs.map(payloadOf);
  for (const payload of payloads) if (typeof payload !== "number") return false;
  const carried = (primitive.row.vjp as Vjp<Tensor>)(
    tensors,
    g,
    payloads,
    node.payload,
    primitive.options,
    (k) => inputs[k]!.swept !== never,
  );
  for (let k = 0; k < inputs.length; k++) if (inputs[k]!.swept !== never) gradients[inputs[k]!.place]! += carried[k] as number;
  return true;
}

const chain = binary.chain.forward;
const gradientProduct = binary.gradientProduct.forward;

/** g · d, as `product` has it. */
const numberProduct = (primitive: PointwisePrimitive, index: number, g: number, d: number): number =>
  hasStrongZero(primitive, index) ? gradientProduct(g, d) : chain(g, d);

/** The nodes of a graph in an order in which every value comes after its inputs. No recursion: a chain may be a million deep. */
import type { Tensor } from "../array/ndarray.ts";
import { formatShape } from "../array/shape.ts";
import { never, now, sweepMoment, type Moment } from "./moment.ts";
import { nameOf, type Leaf, type NaryValue, type Value } from "./value.ts";

/** What a sweep from a value passes. */
export interface Sweepable {
  /** All values that take a gradient, inputs before what is computed from them. */
  readonly order: readonly Value[];
  /** Those of them that somebody wrote down. */
  readonly leaves: readonly Value[];
  /** What every computed value of the order is stamped with. */
  readonly moment: Moment;
}

/**
 * All values that take a gradient and that `root` depends on, inputs first.
 *
 * @param operation what asks for it, as errors say.
 * @throws Error where a leaf was written after something was computed from it: gradients would mix old data with new.
 */
export const topologicalOrder = (root: Value, operation: string): readonly Value[] => sweepable(root, operation).order;

/**
 * The same, with its leaves. The way down from the root is a path of values and, for each, the number of inputs already looked at. A
 * value is stamped and gets its place when all its inputs have theirs. Gradients of an earlier sweep go on being told.
 */
export function sweepable(root: Value, operation: string): Sweepable {
  const order = new Array<Value>(expected);
  const leaves: Value[] = [];
  const moment = sweepMoment();
  let placed = 0;
  const path = new Array<Value>(roomForPath);
  const looked = new Array<number>(roomForPath);
  let depth = 0;
  let node = root.swept === never ? undefined : root;
  let k = 0;
  while (node !== undefined) {
    if (k === 0) checkInputs(node, operation);
    const input = inputAt(node, k++);
    if (input === null) {
      stamp(node, placed, moment, leaves);
      order[placed++] = node;
      node = depth === 0 ? undefined : path[--depth];
      k = looked[depth]!;
    } else if (isOpen(input, moment)) {
      path[depth] = node;
      looked[depth++] = k;
      node = input;
      k = 0;
    }
  }
  if (placed < order.length) order.length = placed;
  expected = Math.min(placed, longestExpected);
  return { order, leaves, moment };
}

/** Room for as many values as the last sweep passed: steps of a training are alike, and an array that grows is copied again and again. */
let expected = 0;
const longestExpected = 100_000;
const roomForPath = 32;

/** Classes told apart by their fields: `instanceof` walks the prototypes, a million times. */
type Nary = Value & Pick<NaryValue, "operands">;
type Written = Value & Pick<Leaf, "written">;

/** Input number k; null where there are no more. */
export function inputAt(node: Value, k: number): Value | null {
  if (node.a !== null) return k === 0 ? node.a : k === 1 ? node.b : null;
  if (node.primitive === null) return null;
  const { operands } = node as Nary;
  return k < operands.length ? operands[k]! : null;
}

/** Whether an input has no place yet. */
function isOpen(input: Value, moment: Moment): boolean {
  const { swept } = input;
  return swept !== never && swept !== moment && !(input.primitive === null && swept === now());
}

/** Before anything below is stamped, so that the first value from the root whose record is stale is named. */
function checkInputs(node: Value, operation: string): void {
  if (node.b !== null) checkFresh(node.b, node, operation);
  if (node.a !== null) checkFresh(node.a, node, operation);
  else if (node.primitive !== null) {
    const { operands } = node as Nary;
    for (let k = operands.length - 1; k >= 0; k--) checkFresh(operands[k]!, node, operation);
  }
}

function checkFresh(input: Value, node: Value, operation: string): void {
  if (input.primitive === null && input.swept !== never && (input as Written).written > node.swept.clock)
    throw staleError(input, node, operation);
}

/** A leaf, which may outlive the graph, is stamped with a moment that never holds the gradients of the others. */
function stamp(node: Value, place: number, moment: Moment, leaves: Value[]): void {
  if (node.primitive === null) {
    node.swept = now();
    leaves.push(node);
  } else {
    if (node.swept.gradients !== null) keepGradient(node, place, moment);
    node.swept = moment;
  }
  node.place = place;
}

/** `trace` and `gradient` pass a graph without changing what `.grad` tells: what an earlier backward left moves to the new moment. */
function keepGradient(node: Value, place: number, moment: Moment): void {
  const kept = (moment.gradients ??= []) as (Tensor | undefined)[];
  while (kept.length < place) kept.push(undefined);
  kept.push(node.gradient ?? undefined);
}

const staleError = (leaf: Value, node: Value, operation: string): Error =>
  new Error(
    `${operation}: ${nameOf(leaf)} (shape ${formatShape(leaf.shape)}) was written after ${nameOf(node)} was computed from it. ` +
      "Compute the loss again from the new data before taking its gradient",
  );

/** Every node of the graph of these roots, constants too, inputs first; for drawings and listings. */
export function nodesOf(...roots: readonly Value[]): Value[] {
  const order: Value[] = [];
  const seen = new Set<Value>();
  const placed = new Set<Value>();
  const stack = [...roots].reverse();
  while (stack.length > 0) {
    const node = stack[stack.length - 1]!;
    if (!seen.has(node)) {
      seen.add(node);
      const { inputs } = node;
      for (let k = inputs.length - 1; k >= 0; k--) if (!seen.has(inputs[k]!)) stack.push(inputs[k]!);
      continue;
    }
    stack.pop();
    if (placed.has(node)) continue;
    placed.add(node);
    order.push(node);
  }
  return order;
}

/** The nodes of a graph in an order in which every value comes after its inputs. No recursion: a chain may be a million deep. */
import { formatShape } from "../array/shape.ts";
import { nameOf, never, tick, type Leaf, type NaryValue, type Value } from "./value.ts";

/**
 * What a sweep from `root` passes: all values that take a gradient, inputs first. Marks each with the sweep's clock and its place.
 *
 * @throws Error where a leaf was written after something was computed from it: gradients would mix old data with new.
 */
export function topologicalOrder(root: Value): Value[] {
  const order: Value[] = [];
  if (root.swept === never) return order;
  const clock = tick();
  const stack: Value[] = [root];
  while (stack.length > 0) {
    const node = stack[stack.length - 1]!;
    if (node.swept !== clock) {
      visit(node, clock, stack);
      continue;
    }
    stack.pop();
    if (node.place >= 0) continue;
    node.place = order.length;
    order.push(node);
  }
  return order;
}

/** Classes told apart by their fields: `instanceof` walks the prototypes, a million times. */
type Nary = Value & Pick<NaryValue, "operands">;
type Written = Value & Pick<Leaf, "written">;

/** The second input is pushed first, so that the first is ordered first. */
function visit(node: Value, clock: number, stack: Value[]): void {
  if (node.b !== null) push(node.b, node, clock, stack);
  if (node.a !== null) push(node.a, node, clock, stack);
  else if (node.primitive !== null) {
    const { operands } = node as Nary;
    for (let k = operands.length - 1; k >= 0; k--) push(operands[k]!, node, clock, stack);
  }
  node.swept = clock;
  node.place = -1;
}

function push(input: Value, node: Value, clock: number, stack: Value[]): void {
  if (input.swept === never) return;
  if (input.primitive === null && (input as Written).written > node.swept) throw staleError(input, node);
  if (input.swept !== clock) stack.push(input);
}

const staleError = (leaf: Value, node: Value): Error =>
  new Error(
    `backward: ${nameOf(leaf)} (shape ${formatShape(leaf.shape)}) was written after ${nameOf(node)} was computed from it. ` +
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

/** `expand`: a tensor graph opened into the scalar graph of its entries, so that a layer on a batch can be looked at product by product. */
import { formatShape, indexOf, type Shape } from "../array/shape.ts";
import { entries, entriesFrom, type Entries } from "./entries.ts";
import { nodesOf, topologicalOrder } from "./order.ts";
import { applied } from "../ops/algebra.ts";
import { within } from "./scope.ts";
import { checkValue } from "./lift.ts";
import { currentTracer } from "./tracer.ts";
import { Leaf, Value } from "./value.ts";

/**
 * The graph of `loss` with a value for every entry: the same numbers and gradients, labels such as `W[0,1]`, the same scopes. Its leaves
 * are new, copies of the entries; nothing of the graph it came from is touched.
 *
 * @throws RangeError where the loss is an array; Error where data was written since.
 * @example
 * expand(matmul(value([[1, 2]], "X"), [[3], [4]]).sum()).data; // 11
 */
export function expand(loss: Value): Value<number> {
  checkValue("expand", loss);
  if (loss.shape.length > 0)
    throw new RangeError(`expand: the loss has shape ${formatShape(loss.shape)}; take .sum() or .mean() first, or one entry by .at(…)`);
  currentTracer()?.reads(loss, "the expanded graph");
  // The entries of leaves are those of now: beside what was computed before a write they would be another graph. The order refuses it.
  topologicalOrder(loss, "expand");
  const made = new Map<Value, Entries>();
  for (const node of nodesOf(loss)) {
    const { primitive } = node;
    const operands = node.inputs.map((x) => made.get(x)!);
    const opened = primitive ? within(node.scope, () => applied(entries, primitive, operands)) : leavesOf(node);
    if (node.label !== "") name(opened, node.label);
    made.set(node, opened);
  }
  return made.get(loss)!.values[0] as Value<number>;
}

const leavesOf = (node: Value): Entries =>
  entriesFrom(node.payload, (x) => (node instanceof Leaf ? new Leaf(x) : new Value(x, null, null, null)));

/** Labels entries that have no label yet; those a selection passes on keep theirs. */
function name({ shape, values }: Entries, label: string): void {
  for (const [place, entry] of values.entries()) if (entry.label === "") entry.label = label + indexText(place, shape);
}

/** "[1,0]" for a place in row-major order; "" for the one place of a number. */
const indexText = (place: number, shape: Shape): string => (shape.length === 0 ? "" : `[${indexOf(place, shape).join(",")}]`);

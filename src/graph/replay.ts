/**
 * A recorded graph, computed again by anybody's arithmetic: the record is a program, and an algebra says what its words mean.
 * Forward mode is a replay with dual numbers, `expand` one with lists of entries.
 */
import { applied } from "../ops/algebra.ts";
import type { Algebra } from "../ops/vocabulary.ts";
import type { Value } from "./value.ts";

/**
 * What every node of `order` is in the arithmetic `m`.
 *
 * @param order inputs before what is computed from them, as `nodesOf` gives it.
 * @param given what a node is without computing: needed for leaves and constants; undefined for nodes to be computed.
 */
export function replay<T>(order: readonly Value[], m: Algebra<T>, given: (node: Value) => T | undefined): Map<Value, T> {
  const made = new Map<Value, T>();
  for (const node of order) {
    const known = given(node);
    if (known !== undefined) made.set(node, known);
    else if (node.primitive)
      made.set(
        node,
        applied(
          m,
          node.primitive,
          node.inputs.map((x) => made.get(x)!),
        ),
      );
    else throw new Error("replay: a leaf is not given");
  }
  return made;
}

/**
 * A recorded graph, computed again by anybody's arithmetic: the record is a program, and an algebra says what its words mean.
 * Forward mode is a replay with dual numbers, `expand` one with lists of entries.
 */
import type { Primitive } from "../ops/primitive.ts";
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

/** One primitive applied in the arithmetic `m`. */
export function applied<T>(m: Algebra<T>, primitive: Primitive, operands: readonly T[]): T {
  if (primitive.kind === "pointwise") return m.apply(primitive, operands);
  return (m[primitive.name] as (operands: readonly T[], options: unknown) => T)(operands, primitive.options);
}

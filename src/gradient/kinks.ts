/** `kinks`: where a graph was evaluated at a point without a derivative, and what was answered there. */
import { entriesOf } from "../array/ndarray.ts";
import { indexOf } from "../array/shape.ts";
import { nodesOf } from "../graph/order.ts";
import { checkValue } from "../graph/lift.ts";
import { currentTracer } from "../graph/tracer.ts";
import type { Value } from "../graph/value.ts";
import type { PointwisePrimitive, StructuralPrimitive } from "../ops/primitive.ts";

/** A place where a function without a derivative there was evaluated. */
export interface KinkFound {
  readonly node: Value;
  /** Which entry of the node; `[]` for a number. */
  readonly index: readonly number[];
  /** What is answered there: "relu'(0) = 0". */
  readonly convention: string;
}

/**
 * Every entry of every node of the graph of `loss` that stands at a kink of its function, inputs first. Nodes that depend
 * on no leaf are left out: no gradient passes them.
 *
 * @example
 * kinks(value([-1, 0], "z").relu().sum()); // one: index [1], "relu'(0) = 0"
 */
export function kinks(loss: Value): KinkFound[] {
  checkValue("kinks", loss);
  currentTracer()?.reads(loss, "what kinks tells");
  const found: KinkFound[] = [];
  for (const node of nodesOf(loss)) {
    const { primitive, shape } = node;
    const kink = primitive?.row.kink;
    if (!primitive || !kink || !node.takesGradient) continue;
    const places = primitive.kind === "pointwise" ? pointwisePlaces(node, primitive) : structuralPlaces(node, primitive);
    for (const place of places) found.push({ node, index: indexOf(place, shape), convention: kink.convention });
  }
  return found;
}

function pointwisePlaces({ payload, inputs }: Value, { row }: PointwisePrimitive): number[] {
  const operands = inputs.map((x) => entriesOf(x.payload));
  const entry = (i: number) => operands.map((x) => (x.length === 1 ? x[0]! : x[i]!));
  return [...entriesOf(payload).keys()].filter((i) => row.kink!.at(...entry(i)));
}

function structuralPlaces({ payload, inputs }: Value, { row, options }: StructuralPrimitive): number[] {
  const at = row.kink!.at as (operands: readonly unknown[], y: unknown, options: unknown) => ReturnType<typeof row.forward>;
  const marks = entriesOf(
    at(
      inputs.map((x) => x.payload),
      payload,
      options,
    ),
  );
  return [...marks.keys()].filter((i) => marks[i] === 1);
}

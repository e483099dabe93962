/** The recording arithmetic: values compute like tensors and remember it. The public operations and gradients of gradients are this algebra. */
import type { Tensor } from "../array/ndarray.ts";
import { forwardOf, pointwiseAlgebra, structuralAlgebra } from "../ops/algebra.ts";
import type { PointwisePrimitive, StructuralPrimitive } from "../ops/primitive.ts";
import type { Algebra, Operand } from "../ops/vocabulary.ts";
import { NaryValue, Value } from "./value.ts";

const lifted = (x: Operand<Value>): Value => (typeof x === "number" ? new Value(x, null, null, null) : x);

const payloadOf = ({ payload }: Value): Tensor => payload;

/** Computes and records one pointwise function of operands of one shape (numbers beside arrays only as constants). */
export function pointwiseValue(primitive: PointwisePrimitive, operands: readonly Value[]): Value {
  const a = operands[0]!;
  if (operands.length === 1) return new Value(primitive.compute(a.payload), primitive, a, null);
  const b = operands[1]!;
  if (operands.length === 2) return new Value(primitive.compute(a.payload, b.payload), primitive, a, b);
  return new NaryValue(primitive.compute(...operands.map(payloadOf)), primitive, operands);
}

export function structuralValue(primitive: StructuralPrimitive, operands: readonly Value[]): Value {
  const a = operands[0]!;
  if (operands.length === 1) return new Value(forwardOf(primitive, [a.payload]), primitive, a, null);
  const b = operands[1]!;
  if (operands.length === 2) return new Value(forwardOf(primitive, [a.payload, b.payload]), primitive, a, b);
  return new NaryValue(forwardOf(primitive, operands.map(payloadOf)), primitive, operands);
}

export const values: Algebra<Value> = {
  ...pointwiseAlgebra<Value>(
    (primitive) =>
      (...args) =>
        pointwiseValue(primitive, args.map(lifted)),
  ),
  ...structuralAlgebra<Value>(structuralValue),
  shapeOf: (x) => (typeof x === "number" ? [] : x.shape),
  apply: (primitive, args) => pointwiseValue(primitive, args.map(lifted)),
};

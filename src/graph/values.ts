/** The recording arithmetic: values compute like tensors and remember it. The public operations and gradients of gradients are this algebra. */
import type { Tensor } from "../array/ndarray.ts";
import { forwardOf, pointwiseAlgebra, structuralAlgebra } from "../ops/algebra.ts";
import type { PointwisePrimitive, StructuralPrimitive } from "../ops/primitive.ts";
import { applyPointwise } from "../ops/tensors.ts";
import type { Algebra, Operand } from "../ops/vocabulary.ts";
import { NaryValue, Value } from "./value.ts";

const lifted = (x: Operand<Value>): Value => (typeof x === "number" ? new Value(x, null, null, null) : x);

/** Computes and records one pointwise function of operands of one shape (numbers beside arrays only as constants). */
export function pointwiseValue(primitive: PointwisePrimitive, operands: readonly Value[]): Value {
  const [a, b] = operands;
  const apply = applyPointwise(primitive);
  switch (operands.length) {
    case 1:
      return new Value(apply(a!.payload), primitive, a!, null);
    case 2:
      return new Value(apply(a!.payload, b!.payload), primitive, a!, b!);
    default: {
      const all = operands.map(({ payload }) => payload);
      return new NaryValue(apply(...all), primitive, operands);
    }
  }
}

export function structuralValue(primitive: StructuralPrimitive, operands: readonly Value[]): Value {
  const payload: Tensor = forwardOf(
    primitive,
    operands.map((x) => x.payload),
  );
  const [a, b] = operands;
  if (operands.length === 1) return new Value(payload, primitive, a!, null);
  return operands.length === 2 ? new Value(payload, primitive, a!, b!) : new NaryValue(payload, primitive, operands);
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

/** The eager arithmetic: numbers and arrays, computed at once, nothing recorded. */
import { shapeOf, type Tensor } from "../array/ndarray.ts";
import { forwardOf, pointwiseAlgebra, structuralAlgebra } from "./algebra.ts";
import type { Algebra, Pointwise } from "./vocabulary.ts";

/** The forward column itself. */
export const numbers: Pointwise<number> = pointwiseAlgebra<number>(({ forward }) => forward);

export const tensors: Algebra<Tensor> = {
  ...pointwiseAlgebra<Tensor>(({ compute }) => compute),
  ...structuralAlgebra<Tensor>(forwardOf),
  shapeOf,
  apply: (primitive, args) => primitive.compute(...args),
};

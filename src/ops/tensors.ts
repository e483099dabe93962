/** The eager arithmetic: numbers and arrays, computed at once, nothing recorded. */
import { shapeOf, type Tensor } from "../array/ndarray.ts";
import { pointwiseAlgebra } from "./algebra.ts";
import { structural } from "./structural.ts";
import type { Algebra, Pointwise, Structural } from "./vocabulary.ts";

/** The forward column itself. */
export const numbers: Pointwise<number> = pointwiseAlgebra<number>(({ forward }) => forward);

export const tensors: Algebra<Tensor> = {
  ...pointwiseAlgebra<Tensor>(({ compute }) => compute),
  ...(Object.fromEntries(Object.entries(structural).map(([name, { forward }]) => [name, forward])) as Structural<Tensor>),
  shapeOf,
  apply: (primitive, args) => primitive.compute(...args),
};

/** The eager arithmetic: numbers and arrays, computed at once, nothing recorded. */
import { map1, map2, mapAll } from "../array/map.ts";
import { shapeOf, type Tensor } from "../array/ndarray.ts";
import { forwardOf, pointwiseAlgebra, structuralAlgebra } from "./algebra.ts";
import type { PointwisePrimitive } from "./primitive.ts";
import type { Algebra, Pointwise } from "./vocabulary.ts";

/** The forward column itself. */
export const numbers: Pointwise<number> = pointwiseAlgebra<number>(({ forward }) => forward);

/** One pointwise function over tensors; asks first whether everything is a number. */
function word({ forward, row }: PointwisePrimitive): (...args: Tensor[]) => Tensor {
  switch (row.partials.length) {
    case 1:
      return (x) => (typeof x === "number" ? forward(x) : map1(forward, x));
    case 2:
      return (a, b) => (typeof a === "number" && typeof b === "number" ? forward(a, b) : map2(forward, a, b));
    case 3:
      return (...args) => mapAll(forward, args);
  }
}

const words = new WeakMap<PointwisePrimitive, (...args: Tensor[]) => Tensor>();

/** `word` made once for each primitive. */
export function applyPointwise(primitive: PointwisePrimitive): (...args: Tensor[]) => Tensor {
  const known = words.get(primitive);
  if (known) return known;
  const made = word(primitive);
  words.set(primitive, made);
  return made;
}

export const tensors: Algebra<Tensor> = {
  ...pointwiseAlgebra<Tensor>(applyPointwise),
  ...structuralAlgebra<Tensor>(forwardOf),
  shapeOf,
  apply: (primitive, args) => applyPointwise(primitive)(...args),
};

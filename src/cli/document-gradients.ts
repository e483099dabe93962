/** The gradients that the document derives by hand (4.2, "Backpropagation"), line by line as its program has them, for any number of rows. */
import { array, entriesOf, type NdArray } from "../array/ndarray.ts";
import { matmul } from "../graph/products.ts";
import { mul, sub } from "../graph/pointwise-functions.ts";
import { sum } from "../graph/reductions.ts";
import { transpose } from "../graph/shape-functions.ts";
import { value } from "../graph/lift.ts";
import type { Value } from "../graph/value.ts";

/** What the forward pass left. */
export interface ForwardPass {
  readonly X: NdArray;
  readonly y: NdArray;
  readonly W2: NdArray;
  readonly z1: NdArray;
  readonly a1: NdArray;
  readonly a2: NdArray;
}

export const parameterNames = ["W1", "b1", "W2", "b2"] as const;

export type ParameterName = (typeof parameterNames)[number];

const payload = (v: Value): NdArray => v.payload as NdArray;

/** relu_deriv: np.where(z > 0, 1, 0) */
const reluDerivative = (z: NdArray): NdArray => array(entriesOf(z).map((x) => (x > 0 ? 1 : 0)), z.shape); // prettier-ignore

/** sum(g, axis=0, keepdims=True) */
const overRows = (g: Value): Value => sum(g, { axis: 0, keepdims: true });

export function documentGradients({ X, y, W2, z1, a1, a2 }: ForwardPass): Record<ParameterName, NdArray> {
  const dL_da2 = sub(value(a2), y);
  const dL_dz2 = mul(dL_da2, mul(a2, sub(1, value(a2))));
  const dL_dW2 = matmul(transpose(a1), dL_dz2);
  const dL_db2 = overRows(dL_dz2);
  const dL_da1 = matmul(dL_dz2, transpose(W2));
  const dL_dz1 = mul(dL_da1, reluDerivative(z1));
  const dL_dW1 = matmul(transpose(X), dL_dz1);
  const dL_db1 = overRows(dL_dz1);
  return { W1: payload(dL_dW1), b1: payload(dL_db1), W2: payload(dL_dW2), b2: payload(dL_db2) };
}

/**
 * `cadena/engine`: values, operations and derivatives, without pictures, networks, checks and compiler. An empty process reaches its
 * first gradient sooner with it; the values are those of `cadena`.
 *
 * @packageDocumentation
 */
import "./graph/methods.ts";
export { arange, array, full, linspace, NdArray, ones, zeros, type Tensor } from "./array/ndarray.ts";
export type { Nested } from "./array/nested.ts";
export type { Shape } from "./array/shape.ts";
export { numpyRandom } from "./random/numpy-random.ts";
export { pythonRandom } from "./random/python-random.ts";
export type { Random } from "./random/random.ts";
export { constant, value, type ValueLike, type TensorLike } from "./graph/lift.ts";
export { Value } from "./graph/value.ts";
export {
  abs, acos, acosh, add, asin, asinh, atan, atanh, clip, cos, cosh, div, elu, exp, expm1, gelu, leakyRelu, log, log1p, logSigmoid,
  maximum, minimum, mul, neg, pow, reciprocal, relu, sigmoid, sign, silu, sin, sinh, softplus, sqrt, square, sub, tan, tanh,
} from "./graph/pointwise-functions.ts"; // prettier-ignore
export {
  cumsum,
  logSoftmax,
  logsumexp,
  max,
  mean,
  min,
  norm,
  prod,
  softmax,
  std,
  sum,
  variance,
  variance as var,
} from "./graph/reductions.ts";
export { at, broadcastTo, concat, reshape, slice, stack, sumOf, take, transpose, where } from "./graph/shape-functions.ts";
export { dot, matmul, outer } from "./graph/products.ts";
export { scoped } from "./graph/scope.ts";
export { defineOp, type CustomRow } from "./graph/define-op.ts";
export { expand } from "./graph/expand.ts";
export { backward } from "./gradient/backward.ts";
export { grad, valueAndGrad, vjp, type Argnums, type ValueFunction } from "./gradient/function.ts";
export { gradient, gradientOf } from "./gradient/gradient.ts";
export { hessian, hvp, jacobian } from "./gradient/jacobian.ts";
export { jvp } from "./gradient/jvp.ts";
export { kinks, type KinkFound } from "./gradient/kinks.ts";
export { firstNonFinite, type NonFinite } from "./gradient/first-non-finite.ts";
export { trace, type Trace, type TraceEdge, type TraceFlow, type TraceNode } from "./gradient/trace.ts";

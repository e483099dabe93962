/**
 * The functions as methods of `Value`: `x.mul(2)` for `mul(x, 2)`. The interface says what there is; the table below it must
 * fill every entry, or it does not compile.
 */
import type { NdArray, Tensor } from "../array/ndarray.ts";
import type { Nested } from "../array/nested.ts";
import type { Shape } from "../array/shape.ts";
import * as pointwise from "./pointwise-functions.ts";
import * as products from "./products.ts";
import * as reductions from "./reductions.ts";
import type { AxisOptions } from "./reductions.ts";
import * as shapes from "./shape-functions.ts";
import type { SliceRange } from "./shape-functions.ts";
import type { ValueLike } from "./lift.ts";
import { Value } from "./value.ts";

/** A number with a number is a number; with an array, an array. */
type Joined<P, Q> = [P, Q] extends [number, number] ? number : NdArray extends P | Q ? (Tensor extends P | Q ? Tensor : NdArray) : Tensor;

/** What computing with another operand gives. */
export interface BinaryMethod<P extends Tensor> {
  (b: number): Value<P>;
  <Q extends Tensor>(b: Value<Q>): Value<Joined<P, Q>>;
  (b: ValueLike): Value;
}

export interface ReductionMethod<More = unknown> {
  (options?: More & { readonly axis?: null; readonly keepdims?: false }): Value<number>;
  (options: More & AxisOptions): Value;
}

export interface Methods<P extends Tensor> {
  add: BinaryMethod<P>;
  sub: BinaryMethod<P>;
  mul: BinaryMethod<P>;
  div: BinaryMethod<P>;
  pow: BinaryMethod<P>;
  maximum: BinaryMethod<P>;
  minimum: BinaryMethod<P>;
  neg(): Value<P>;
  square(): Value<P>;
  sqrt(): Value<P>;
  reciprocal(): Value<P>;
  abs(): Value<P>;
  sign(): Value<P>;
  exp(): Value<P>;
  expm1(): Value<P>;
  log(): Value<P>;
  log1p(): Value<P>;
  sin(): Value<P>;
  cos(): Value<P>;
  tan(): Value<P>;
  asin(): Value<P>;
  acos(): Value<P>;
  atan(): Value<P>;
  sinh(): Value<P>;
  cosh(): Value<P>;
  tanh(): Value<P>;
  asinh(): Value<P>;
  acosh(): Value<P>;
  atanh(): Value<P>;
  sigmoid(): Value<P>;
  logSigmoid(): Value<P>;
  relu(): Value<P>;
  silu(): Value<P>;
  softplus(): Value<P>;
  leakyRelu(options?: { readonly slope?: number }): Value<P>;
  elu(options?: { readonly alpha?: number }): Value<P>;
  /** x·Φ(x), or its approximation by tanh. */
  gelu(options?: { readonly approximate?: "none" | "tanh" }): Value<P>;
  clip(options?: { readonly min?: number; readonly max?: number }): Value<P>;
  sum: ReductionMethod;
  mean: ReductionMethod;
  prod: ReductionMethod;
  max: ReductionMethod;
  min: ReductionMethod;
  var: ReductionMethod<{ readonly ddof?: number }>;
  std: ReductionMethod<{ readonly ddof?: number }>;
  norm: ReductionMethod<{ readonly ord?: number }>;
  logsumexp: ReductionMethod;
  softmax(options?: { readonly axis?: number }): Value<NdArray>;
  logSoftmax(options?: { readonly axis?: number }): Value<NdArray>;
  cumsum(options?: { readonly axis?: number | null }): Value<NdArray>;
  matmul(b: ValueLike): Value;
  dot(b: ValueLike): Value;
  /** Every entry of this times every entry of b. */
  outer(b: ValueLike): Value<NdArray>;
  transpose(axes?: readonly number[]): Value<P>;
  reshape(shape: Shape | number, ...more: number[]): Value;
  broadcastTo(shape: Shape): Value;
  slice(...ranges: readonly SliceRange[]): Value<P>;
  take(indices: number | Nested | NdArray, options?: { readonly axis?: number | null }): Value;
  /** One entry, or what is left when the first axes are fixed; negative places count from the end. */
  at(...index: readonly number[]): Value;
  /** The transpose: all axes reversed. */
  readonly T: Value<P>;
}

type Name = Exclude<keyof Methods<Tensor>, "T">;

const { variance, ...reducing } = reductions;
const { transpose, broadcastTo, slice, take, at } = shapes;

const table: { readonly [N in Name]: (x: Value, ...rest: never[]) => Value } = {
  ...pointwise,
  ...reducing,
  ...products,
  transpose,
  broadcastTo,
  slice,
  take,
  at,
  var: variance,
  reshape: (x: Value, shape: Shape | number, ...more: number[]) => shapes.reshape(x, typeof shape === "number" ? [shape, ...more] : shape),
};

/** Methods of a list of arguments; the others take two at most, which is several times faster to pass on. */
const variadic: ReadonlySet<Name> = new Set<Name>(["slice", "at", "reshape"]);

for (const name of Object.keys(table) as Name[]) {
  const f = table[name] as (x: Value, ...rest: unknown[]) => Value;
  const method = variadic.has(name)
    ? function (this: Value, ...rest: unknown[]) {
        return f(this, ...rest);
      }
    : function (this: Value, b: unknown, options: unknown) {
        return f(this, b, options);
      };
  Object.defineProperty(Value.prototype, name, { configurable: true, writable: true, value: method });
}

Object.defineProperty(Value.prototype, "T", {
  configurable: true,
  get(this: Value) {
    return shapes.transpose(this);
  },
});

declare module "./value.ts" {
  // The merged interface is what makes the methods of the table methods of the class.
  interface Value<P extends Tensor = Tensor> extends Methods<P> {} // eslint-disable-line
}

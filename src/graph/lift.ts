/** How data become values: leaves, constants, and whatever an operation is given. */
import { toTensor, type NdArray, type TypedArray } from "../array/ndarray.ts";
import type { Nested } from "../array/nested.ts";
import { describe } from "../array/shape.ts";
import { Leaf, Value } from "./value.ts";

/** What numbers may come as. */
export type TensorLike = Nested | NdArray | TypedArray;

/** A leaf: an input or a parameter, with its label. The data is copied. */
export function value(data: number, label?: string): Value<number>;
export function value(data: readonly Nested[] | NdArray | TypedArray, label?: string): Value<NdArray>;
export function value(data: TensorLike, label?: string): Value;
export function value(data: TensorLike, label = ""): Value {
  const leaf = new Leaf(toTensor("value", data));
  if (label !== "") leaf.label = label;
  return leaf;
}

/** A value that takes part and gets no gradient. Plain numbers in operations become constants. */
export function constant(data: number, label?: string): Value<number>;
export function constant(data: readonly Nested[] | NdArray | TypedArray, label?: string): Value<NdArray>;
export function constant(data: TensorLike, label?: string): Value;
export function constant(data: TensorLike, label = ""): Value {
  const made = new Value(toTensor("constant", data), null, null, null);
  if (label !== "") made.label = label;
  return made;
}

/** @throws TypeError for what is not a value, where data alone will not do: there is no record to differentiate. */
export function checkValue(operation: string, x: unknown): asserts x is Value {
  if (!(x instanceof Value))
    throw new TypeError(`${operation}: expected a value, made by value(…) or computed from one, got ${describe(x)}`);
}

/** What operations accept. */
export type ValueLike = Value | TensorLike;

/** A value of whatever was given; numbers and arrays become constants. */
export function lift(operation: string, x: ValueLike): Value {
  if (x instanceof Value) return x;
  if (typeof x === "number") return new Value(x, null, null, null);
  return new Value(toTensor(operation, x), null, null, null);
}

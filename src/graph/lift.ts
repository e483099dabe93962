/** How data become values: leaves, constants, and whatever an operation is given. */
import { toTensor, type NdArray, type Tensor, type TypedArray } from "../array/ndarray.ts";
import type { Nested } from "../array/nested.ts";
import { describe } from "../array/shape.ts";
import { Leaf, nameOf, Value } from "./value.ts";

/** What numbers may come as. */
export type TensorLike = Nested | NdArray | TypedArray;

/** A leaf: an input or a parameter, with its label. The data is copied. */
export function value(data: number, label?: string): Value<number>;
export function value(data: readonly Nested[] | NdArray | TypedArray, label?: string): Value<NdArray>;
export function value(data: TensorLike, label?: string): Value;
export function value(data: TensorLike, label = ""): Value {
  const leaf = new Leaf(dataOf("value", data));
  if (label !== "") leaf.label = label;
  return leaf;
}

/** A value that takes part and gets no gradient. Plain numbers in operations become constants. */
export function constant(data: number, label?: string): Value<number>;
export function constant(data: readonly Nested[] | NdArray | TypedArray, label?: string): Value<NdArray>;
export function constant(data: TensorLike, label?: string): Value;
export function constant(data: TensorLike, label = ""): Value {
  const made = new Value(dataOf("constant", data), null, null, null);
  if (label !== "") made.label = label;
  return made;
}

function dataOf(operation: string, data: unknown): Tensor {
  if (data instanceof Value)
    throw new TypeError(`${operation}: ${nameOf(data as Value)} is a value already; ${operation}(x.data) makes one of its own of its data`);
  return tensorOf(operation, data);
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
  return new Value(tensorOf(operation, x), null, null, null);
}

function tensorOf(operation: string, data: unknown): Tensor {
  if (isListOfValues(data)) throw new TypeError(`${operation}: got a list of values; stack([…]) makes one value of them`);
  return toTensor(operation, data);
}

/** Whether a list has a value in it. */
export const isListOfValues = (xs: unknown): boolean => Array.isArray(xs) && xs.some((x) => x instanceof Value);

/** Whose shapes an error tells; nothing where no value has a label. */
export const ownersOf = (...values: readonly Value[]): string =>
  values.every(({ label }) => label === "") ? "" : `; they are those of ${values.map(nameOf).join(" and ")}`;

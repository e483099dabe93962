/**
 * How an algebra is made from the table: say once what any pointwise row and any structural row become, and every word of
 * the vocabulary follows. A word without a row is a compile error in the table, a row without a word one in the vocabulary. And the
 * way back, from a primitive, as a graph records it, to the word that it is in anybody's arithmetic.
 */
import type { Tensor } from "../array/ndarray.ts";
import type { Shape } from "../array/shape.ts";
import { parametric } from "./pointwise.ts";
import {
  parametricPrimitive,
  pointwisePrimitives,
  structuralPrimitives,
  type PointwisePrimitive,
  type Primitive,
  type StructuralPrimitive,
} from "./primitive.ts";
import { structural } from "./structural.ts";
import type {
  Algebra,
  Operand,
  ParametricName,
  ParametricOptions,
  Pointwise,
  Structural,
  StructuralName,
  StructuralOptions,
} from "./vocabulary.ts";

/** Applies one pointwise primitive; the arguments are as many as it takes. */
export type ApplyPointwise<T> = (primitive: PointwisePrimitive, args: readonly Operand<T>[]) => T;
export type ApplyStructural<T> = (primitive: StructuralPrimitive, operands: readonly T[]) => T;

/** Every pointwise word, each made by `word` from its primitive. */
export function pointwiseAlgebra<T>(word: (primitive: PointwisePrimitive) => (...args: Operand<T>[]) => T): Pointwise<T> {
  const fixed = Object.entries(pointwisePrimitives).map(([name, primitive]) => [name, word(primitive)]);
  const withOptions = (Object.keys(parametric) as ParametricName[]).map((name) => [
    name,
    (x: Operand<T>, options: ParametricOptions[typeof name]) => word(parametricPrimitive(name, options))(x),
  ]);
  return Object.fromEntries([...fixed, ...withOptions]) as Pointwise<T>;
}

/** Every structural word. */
export function structuralAlgebra<T>(apply: ApplyStructural<T>): Structural<T> {
  const words = (Object.keys(structural) as StructuralName[]).map((name) => {
    const primitive = structuralPrimitives(name);
    return [name, (operands: readonly T[], options: StructuralOptions[typeof name]) => apply(primitive(options), operands)];
  });
  return Object.fromEntries(words) as Structural<T>;
}

/** A whole algebra from what it does with one row of each kind. */
export function algebra<T>(shapeOf: (x: Operand<T>) => Shape, pointwise: ApplyPointwise<T>, apply: ApplyStructural<T>): Algebra<T> {
  return {
    ...pointwiseAlgebra<T>(
      (primitive) =>
        (...args) =>
          pointwise(primitive, args),
    ),
    ...structuralAlgebra(apply),
    shapeOf,
    apply: pointwise,
  };
}

/** One primitive of either kind, applied in the arithmetic `m`. */
export function applied<T>(m: Algebra<T>, primitive: Primitive, operands: readonly T[]): T {
  if (primitive.kind === "pointwise") return m.apply(primitive, operands);
  return (m[primitive.name] as (operands: readonly T[], options: unknown) => T)(operands, primitive.options);
}

/** Applies a structural row's own forward column. */
export const forwardOf = ({ row, options }: StructuralPrimitive, operands: readonly Tensor[]): Tensor =>
  (row.forward as (operands: readonly Tensor[], options: unknown) => Tensor)(operands, options);

/** The shape that a structural row gives of operands of these shapes. */
export const resultShape = ({ row, options }: StructuralPrimitive, shapes: readonly Shape[]): Shape =>
  (row.shape as (shapes: readonly Shape[], options: unknown) => Shape)(shapes, options);

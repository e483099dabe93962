/**
 * How an algebra is made from the table: say once what any pointwise row and any structural row become, and every word of
 * the vocabulary follows. A word without a row is a compile error in the table, a row without a word one in the vocabulary.
 */
import type { Shape } from "../array/shape.ts";
import { parametric } from "./pointwise.ts";
import {
  parametricPrimitive,
  pointwisePrimitives,
  structuralPrimitives,
  type PointwisePrimitive,
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

/** Applies a structural row's own forward column. */
export const forwardOf = <T>({ row, options }: StructuralPrimitive, operands: readonly T[]): T =>
  (row.forward as (operands: readonly unknown[], options: unknown) => T)(operands, options);

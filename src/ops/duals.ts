/**
 * Dual numbers: a value and its rate of change, carried along together. They are forward mode, and a check of reverse mode that
 * shares none of its code: pointwise functions give Σ ∂y/∂xᵢ · tangentᵢ, structural ones say their own Jacobian-vector product.
 */
import { algebra, applied } from "./algebra.ts";
import { hasStrongZero, type PointwisePrimitive, type StructuralPrimitive } from "./primitive.ts";
import { none } from "./structural-words.ts";
import type { Algebra, Operand } from "./vocabulary.ts";

export interface Dual<T> {
  readonly primal: T;
  /** The rate of change; undefined for what does not change. */
  readonly tangent: T | undefined;
}

/** Dual numbers whose two halves are computed by `m`. */
export const duals = <T>(m: Algebra<T>): Algebra<Dual<T>> =>
  algebra<Dual<T>>(
    (x) => m.shapeOf(primalOf(x)),
    (primitive, args) => pointwiseDual(m, primitive, args),
    (primitive, operands) => structuralDual(m, primitive, operands),
  );

const primalOf = <T>(x: Operand<Dual<T>>): Operand<T> => (typeof x === "number" ? x : x.primal);

function pointwiseDual<T>(m: Algebra<T>, primitive: PointwisePrimitive, args: readonly Operand<Dual<T>>[]): Dual<T> {
  const primals = args.map(primalOf);
  const primal = m.apply(primitive, primals);
  let tangent: T | undefined;
  for (const [i, partial] of primitive.row.partials.entries()) {
    const arg = args[i]!;
    if (typeof arg === "number" || arg.tangent === undefined) continue;
    const slope = (partial as (m: Algebra<T>, ...args: Operand<T>[]) => Operand<T>)(m, ...primals, primal);
    const term =
      slope === 1 ? arg.tangent : hasStrongZero(primitive, i) ? m.gradientProduct(arg.tangent, slope) : m.chain(arg.tangent, slope);
    tangent = tangent === undefined ? term : m.add(tangent, term);
  }
  return { primal, tangent };
}

function structuralDual<T>(m: Algebra<T>, primitive: StructuralPrimitive, operands: readonly Dual<T>[]): Dual<T> {
  const { row, options } = primitive;
  const primals = operands.map(({ primal }) => primal);
  const primal = applied(m, primitive, primals);
  if (operands.every(({ tangent }) => tangent === undefined)) return { primal, tangent: undefined };
  const tangents = operands.map((x) => x.tangent ?? none(m, x.primal));
  if (row.jvp === "linear") return { primal, tangent: applied(m, primitive, tangents) };
  const jvp = row.jvp as (m: Algebra<T>, tangents: readonly T[], operands: readonly T[], y: T, options: unknown) => T;
  return { primal, tangent: jvp(m, tangents, primals, primal, options) };
}

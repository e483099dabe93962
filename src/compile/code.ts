/** The `code` arithmetic: the words of the vocabulary append lines to a program. What rules say in it is the derived backward pass. */
import type { Reduced } from "../array/reduce.ts";
import type { Shape } from "../array/shape.ts";
import { algebra } from "../ops/algebra.ts";
import { pointwisePrimitives, structuralPrimitive, type Primitive, type StructuralPrimitive } from "../ops/primitive.ts";
import type { Algebra, Operand, StructuralOptions } from "../ops/vocabulary.ts";
import type { Instruction, ProgramBuilder } from "./program.ts";
import { lanesOf, pointwiseLine, reductionAsRun, structuralLine } from "./simplify.ts";

/** A line's name stands for the line: `m.mul(x, y)` appends a product and gives its name. */
export function codeAlgebra(builder: ProgramBuilder): Algebra<Instruction> {
  const lifted = (x: Operand<Instruction>): Instruction => (typeof x === "number" ? builder.constant(x) : x);
  return algebra<Instruction>(
    (x) => (typeof x === "number" ? [] : x.shape),
    (primitive, args) => appended(builder, primitive, args.map(lifted)),
    (primitive, operands) => appended(builder, primitive, operands),
  );
}

/** The line that applies any primitive. */
export function appended(builder: ProgramBuilder, primitive: Primitive, operands: readonly Instruction[]): Instruction {
  if (primitive.kind === "pointwise") return pointwiseLine(builder, primitive, operands);
  const [x] = operands;
  // A selection by a condition that is known is a selection by a constant of zeros and ones.
  if (primitive.name === "where")
    return pointwiseLine(builder, pointwisePrimitives.select, [
      builder.constant((primitive.options as StructuralOptions["where"]).condition),
      ...operands,
    ]);
  const { axes } = primitive.options as Partial<Reduced>;
  const isRun = axes === undefined || !("keepdims" in primitive.options) || x!.shape.length === 0 || lanesOf(x!.shape, axes) !== undefined;
  return isRun ? structuralLine(builder, primitive, operands) : scatteredReduction(builder, primitive, x!, axes);
}

/** A reduction over axes that are no neighbours: they are moved together first, as the eager kernels do. */
function scatteredReduction(builder: ProgramBuilder, primitive: StructuralPrimitive, x: Instruction, axes: readonly number[]): Instruction {
  const run = reductionAsRun(builder, x, axes);
  const along = structuralPrimitive(primitive.name as "sum", { axes: [run.shape.length - 1], keepdims: false });
  const shapeOf = primitive.row.shape as (shapes: readonly Shape[], options: unknown) => Shape;
  const shape = shapeOf([x.shape], primitive.options);
  return structuralLine(builder, structuralPrimitive("reshape", { shape }), [structuralLine(builder, along, [run])]);
}

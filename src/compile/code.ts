/** The `code` arithmetic: the words of the vocabulary append lines to a program. What rules say in it is the derived backward pass. */
import { algebra } from "../ops/algebra.ts";
import { pointwisePrimitives, type Primitive } from "../ops/primitive.ts";
import type { Algebra, Operand } from "../ops/vocabulary.ts";
import type { Instruction, ProgramBuilder } from "./program.ts";
import { pointwiseLine, structuralLine } from "./simplify.ts";

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
  // A selection by a condition that is known is a selection by a constant of zeros and ones.
  if (primitive.name === "where")
    return pointwiseLine(builder, pointwisePrimitives.select, [builder.constant(primitive.options.condition), ...operands]);
  return structuralLine(builder, primitive, operands);
}

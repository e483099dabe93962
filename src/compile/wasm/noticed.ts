/**
 * Which lines cannot be NaN unnoticed. A NaN stays NaN in most arithmetic; where it is certain to end in a parameter it is enough
 * to look at the parameters when a run is over, and what guards against 0 · ∞ on the way may be left out until one shows up.
 */
import { sizeOf } from "../../array/shape.ts";
import type { Assignment } from "../kernel.ts";
import { nameOf, operandsOf, type Instruction, type Program } from "../program.ts";

/** Lines of which some entry is NaN whenever some entry of any operand is; those with a strong zero as the quick code computes them. */
const strict = new Set([
  "neg", "square", "sqrt", "exp", "log", "sigmoid", "sigmoidDerivative", "tanh", "tanhDerivative", "oneMinusSquare", "relu", "softplus",
  "add", "sub", "mul", "div", "chain", "gradientProduct", "matmul", "sum", "sumOf", "dot", "reshape", "transpose", "broadcastTo", "concat",
]); // prettier-ignore

/** The lines whose every NaN ends in a parameter, and stays there; none where a parameter could lose its own. */
export function noticedLines({ instructions }: Program, assignments: readonly Assignment[]): ReadonlySet<Instruction> {
  const noticed = new Set(assignments.map(({ line }) => line));
  for (const line of instructions.toReversed())
    if (noticed.has(line) && strict.has(nameOf(line)) && sizeOf(line.shape) > 0)
      for (const operand of operandsOf(line)) noticed.add(operand);
  return assignments.every(({ input }) => noticed.has(input)) ? noticed : new Set();
}

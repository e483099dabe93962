/** What a program is divided into: loops over entries, matrix products with what is done to their sums, and lines by themselves. */
import { isCallOf, type Instruction, type Program } from "./program.ts";
import type { Reads } from "./reads.ts";
import type { Precision } from "./wasm/lanes.ts";

export interface ElementwiseKernel {
  readonly kind: "elementwise";
  readonly size: number;
  /** How many entries a row has, where an operand is a row or a column. */
  inner: number | null;
  readonly lines: Instruction[];
  /** Sums of all entries of some of the lines, kept while the loop runs. */
  readonly totals: Instruction[];
}

/** A matrix product, and lines that are computed of its entries before they leave the registers. */
export interface ProductKernel {
  readonly kind: "matmul";
  readonly line: Instruction;
  readonly epilogue: Instruction[];
}

/** A function of the entries along an axis, or all that are computed of the same shares: softmax, logSoftmax, logsumexp. */
export interface LanesKernel {
  readonly kind: "lanes";
  readonly lines: Instruction[];
}

/** One line by itself. */
export interface SingleKernel {
  readonly kind: "sum" | "copy" | "indexed";
  readonly line: Instruction;
}

export type Kernel = ElementwiseKernel | ProductKernel | LanesKernel | SingleKernel;

export const areOfShares = (line: Instruction): boolean =>
  isCallOf(line, "softmax") || isCallOf(line, "logSoftmax") || isCallOf(line, "logsumexp");

/** At the end of a step the input takes the value of the line. */
export interface Assignment {
  readonly input: Instruction;
  readonly line: Instruction;
}

/** What a step computes. */
export interface Computation {
  readonly program: Program;
  readonly precision: Precision;
  readonly assignments: readonly Assignment[];
}

/** How: by which kernels, one after another. */
export interface Plan extends Computation {
  readonly kernels: readonly Kernel[];
  /** Lines that memory must hold. */
  readonly stored: ReadonlySet<Instruction>;
  readonly reads: Reads;
}

/** The lines that a kernel computes. */
export function linesOf(kernel: Kernel): readonly Instruction[] {
  if (kernel.kind === "elementwise") return [...kernel.lines, ...kernel.totals];
  if (kernel.kind === "lanes") return kernel.lines;
  return kernel.kind === "matmul" ? [kernel.line, ...kernel.epilogue] : [kernel.line];
}

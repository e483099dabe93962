/**
 * Which loops a program becomes. Lines that visit the same entries in the same order share one loop and never leave their
 * registers; a reshape is the same memory, a stretched row is read again and again; what remains gets a kernel of its own.
 */
import { isSameShape, sizeOf } from "../array/shape.ts";
import { cut } from "./cut.ts";
import { withEpilogues } from "./epilogues.ts";
import type { StructuralName } from "../ops/vocabulary.ts";
import { isCallOf, nameOf, numbersOf, operandsOf, type Instruction, type Program } from "./program.ts";
import { bytesOf, lanesOf, type Precision } from "./wasm/lanes.ts";

/** How a loop reads an operand: each entry, one number, a row again and again, or one number for each row. */
export type Access = "linear" | "number" | "row" | "column";

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

/** One line by itself. */
export interface SingleKernel {
  readonly kind: "sum" | "copy" | "lanes" | "indexed";
  readonly line: Instruction;
}

export type Kernel = ElementwiseKernel | ProductKernel | SingleKernel;

/** At the end of a step the input takes the value of the line. */
export interface Assignment {
  readonly input: Instruction;
  readonly line: Instruction;
}

export interface Plan {
  readonly program: Program;
  readonly precision: Precision;
  readonly kernels: readonly Kernel[];
  /** Lines that memory must hold. */
  readonly stored: ReadonlySet<Instruction>;
  readonly assignments: readonly Assignment[];
}

const isReshape = (line: Instruction): boolean => isCallOf(line, "reshape");

/** The line whose memory holds this line's entries: a reshape moves nothing. */
export function rootOf(line: Instruction): Instruction {
  let root = line;
  while (isReshape(root)) root = operandsOf(root)[0]!;
  return root;
}

const elementwiseNames = new Set(["sumOf", "dot"]);

/** Whether a line is computed entry by entry. */
export const isElementwise = ({ definition }: Instruction): boolean =>
  definition.kind === "apply" && (definition.primitive.kind === "pointwise" || elementwiseNames.has(definition.primitive.name));

/** How a stretched line repeats its operand: rows of `inner` entries, each the operand, or each one entry of it. */
export function stretchOf(line: Instruction): { access: "row" | "column"; inner: number } | undefined {
  if (!isCallOf(line, "broadcastTo")) return undefined;
  const from = operandsOf(line)[0]!.shape.filter((_, k, shape) => shape.slice(0, k + 1).some((n) => n !== 1));
  const to = line.shape;
  const size = sizeOf(from);
  if (isSameShape(from, to.slice(to.length - from.length))) return { access: "row", inner: size };
  const aligned = [...new Array<number>(Math.max(0, to.length - operandsOf(line)[0]!.shape.length)).fill(1), ...operandsOf(line)[0]!.shape];
  const lastKept = aligned.findLastIndex((n) => n !== 1);
  if (isSameShape(aligned.slice(0, lastKept + 1), to.slice(0, lastKept + 1)))
    return { access: "column", inner: sizeOf(to.slice(lastKept + 1)) };
  return undefined;
}

/** How the loop of `line` reads `operand`, and from which line's memory. Rows and columns are those of the line's last axis. */
export function accessOf(
  operand: Instruction,
  line: Instruction,
  precision: Precision,
): { access: Access; from: Instruction; inner: number } {
  const root = rootOf(operand);
  if (root.shape.length === 0 && line.shape.length === 0) return { access: "linear", from: root, inner: 0 };
  if (sizeOf(root.shape) === 1 && sizeOf(line.shape) !== 1) return { access: "number", from: root, inner: 0 };
  if (isCallOf(root, "broadcastTo")) {
    const from = rootOf(operandsOf(root)[0]!);
    if (sizeOf(from.shape) === 1) return { access: "number", from, inner: 0 };
    const stretch = stretchOf(root);
    const last = line.shape.at(-1) ?? 1;
    if (stretch?.inner === last && last % lanesOf[precision] === 0) return { ...stretch, from };
  }
  return { access: "linear", from: root, inner: 0 };
}

/** Words that are never a kernel of their own: a view, said by other words, or computed entry by entry. */
type Elsewhere = "reshape" | "sumTo" | "where" | "sumOf" | "dot";

const singleKinds: { readonly [N in Exclude<StructuralName, Elsewhere | "matmul">]: SingleKernel["kind"] } = {
  sum: "sum",
  broadcastTo: "copy",
  transpose: "copy",
  slice: "copy",
  unslice: "copy",
  concat: "copy",
  take: "indexed",
  scatter: "indexed",
  norm: "lanes",
  cumsum: "lanes",
  softmax: "lanes",
  logSoftmax: "lanes",
  logsumexp: "lanes",
  max: "lanes",
  min: "lanes",
  relative: "lanes",
  balance: "lanes",
};

/** A stretched array, or a transpose that left factors of matrix products read column by column: perhaps nobody needs it in memory. */
const isOnlyAView = (line: Instruction): boolean => isSwapOfLast(line) || isCallOf(line, "broadcastTo");

export function isSwapOfLast(line: Instruction): boolean {
  const { definition } = line;
  if (definition.kind !== "apply" || definition.primitive.name !== "transpose") return false;
  const { axes } = definition.primitive.options as { axes: readonly number[] };
  const rank = axes.length;
  return axes.every((k, i) => k === (i < rank - 2 ? i : 2 * rank - 3 - i));
}

/** Divides the lines of a program among kernels. */
export function plan(program: Program, precision: Precision, assignments: readonly Assignment[] = []): Plan {
  const planner = new Planner(program, precision);
  for (const line of program.instructions) planner.place(line);
  const kernels = withEpilogues(program, planner.kernels, precision, assignments).flatMap((kernel): readonly Kernel[] =>
    kernel.kind === "elementwise" ? cut(kernel, precision) : [kernel],
  );
  return { program, precision, kernels, stored: storedBy(program, kernels, precision, assignments), assignments };
}

/** The lines that a kernel computes. */
export function linesOf(kernel: Kernel): readonly Instruction[] {
  if (kernel.kind === "elementwise") return [...kernel.lines, ...kernel.totals];
  return kernel.kind === "matmul" ? [kernel.line, ...kernel.epilogue] : [kernel.line];
}

/** The lines that another kernel reads, or that come out. */
function storedBy(
  program: Program,
  kernels: readonly Kernel[],
  precision: Precision,
  assignments: readonly Assignment[],
): Set<Instruction> {
  const stored = new Set<Instruction>([...program.outputs, ...assignments.map(({ line }) => line)].map(rootOf));
  const madeBy = numbersOf(program, -1);
  for (const [at, kernel] of kernels.entries()) for (const { index } of linesOf(kernel)) madeBy[index] = at;
  for (const [at, kernel] of kernels.entries())
    for (const line of linesOf(kernel)) for (const root of sourcesOf(line, precision)) if (madeBy[root.index] !== at) stored.add(root);
  return stored;
}

class Planner {
  readonly kernels: Kernel[] = [];
  readonly #program: Program;
  readonly #precision: Precision;
  /** The kernel after which a line's entries are there; −1 from the start. */
  readonly #position: Int32Array;
  readonly #needed: ReadonlySet<Instruction>;

  constructor(program: Program, precision: Precision) {
    this.#program = program;
    this.#precision = precision;
    this.#position = numbersOf(program, -1);
    this.#needed = this.#neededInMemory();
  }

  /** Lines whose entries somebody reads from memory; of stretched and transposed ones that is not sure. */
  #neededInMemory(): Set<Instruction> {
    const needed = new Set(this.#program.outputs.map(rootOf));
    if (!this.#program.instructions.some(isOnlyAView)) return needed;
    for (const line of this.#program.instructions.toReversed()) {
      if (isReshape(line) || (isOnlyAView(line) && !needed.has(line))) continue;
      for (const from of sourcesOf(line, this.#precision)) needed.add(from);
    }
    return needed;
  }

  place(line: Instruction): void {
    if (line.definition.kind !== "apply" || isReshape(line)) return;
    if (isElementwise(line)) {
      this.#join(line);
      return;
    }
    if (isOnlyAView(line) && !this.#needed.has(line)) return;
    if (this.#joinTotal(line)) return;
    if (isCallOf(line, "matmul")) this.kernels.push({ kind: "matmul", line, epilogue: [] });
    else this.kernels.push({ kind: singleKinds[nameOf(line) as keyof typeof singleKinds], line });
    this.#position[line.index] = this.kernels.length - 1;
  }

  /** The sum of all that a loop computes is kept while the loop runs. */
  #joinTotal(line: Instruction): boolean {
    if (!isCallOf(line, "sum") || sizeOf(line.shape) !== 1) return false;
    const summed = rootOf(operandsOf(line)[0]!);
    const at = this.#position[summed.index]!;
    const kernel = this.kernels[at];
    if (kernel?.kind !== "elementwise" || kernel.size !== sizeOf(summed.shape) || kernel.size === 1) return false;
    kernel.totals.push(line);
    this.#position[line.index] = at;
    return true;
  }

  /** Joins the first loop over as many entries that runs after the operands are there. */
  #join(line: Instruction): void {
    const size = sizeOf(line.shape);
    let [earliest, inner] = [0, null as number | null];
    for (const operand of operandsOf(line)) {
      const read = accessOf(operand, line, this.#precision);
      const at = this.#position[read.from.index]!;
      const kernel = this.kernels[at];
      const isSameLoop = kernel?.kind === "elementwise" && kernel.size === size && read.access === "linear";
      earliest = Math.max(earliest, isSameLoop ? at : at + 1);
      if (read.inner > 0) inner = read.inner;
    }
    const fits = (kernel: Kernel): kernel is ElementwiseKernel =>
      kernel.kind === "elementwise" && kernel.size === size && (inner === null || kernel.inner === null || kernel.inner === inner);
    let at = earliest;
    while (at < this.kernels.length && !fits(this.kernels[at]!)) at++;
    if (at === this.kernels.length) this.kernels.push({ kind: "elementwise", size, inner, lines: [], totals: [] });
    const kernel = this.kernels[at] as ElementwiseKernel;
    kernel.inner ??= inner;
    kernel.lines.push(line);
    this.#position[line.index] = at;
  }
}

/** The lines whose memory a line reads. */
export function sourcesOf(line: Instruction, precision: Precision): readonly Instruction[] {
  const isNumber = line.shape.length === 0;
  if (isElementwise(line) && isNumber) return operandsOf(line).some(isReshape) ? operandsOf(line).map(rootOf) : operandsOf(line);
  if (isElementwise(line)) return operandsOf(line).map((operand) => accessOf(operand, line, precision).from);
  return operandsOf(line).map((operand, k) => (isCallOf(line, "matmul") && k === 0 ? leftFactorOf(operand).from : rootOf(operand)));
}

/** The left factor of a matrix product as it lies in memory: transposed or not. */
export function leftFactorOf(operand: Instruction): { from: Instruction; isTransposed: boolean } {
  const isTransposed = isSwapOfLast(operand);
  return { from: rootOf(isTransposed ? operandsOf(operand)[0]! : operand), isTransposed };
}

/** Bytes that a line's entries take, with room for a vector that reads past the end. */
export const roomFor = (line: Instruction, precision: Precision): number =>
  16 * Math.ceil((sizeOf(line.shape) * bytesOf[precision]) / 16) + 16;

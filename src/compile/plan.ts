/**
 * Which kernels a program becomes. Lines that visit the same entries in the same order share one loop and never leave their
 * registers; what remains gets a kernel of its own.
 */
import { sizeOf } from "../array/shape.ts";
import type { StructuralName } from "../ops/vocabulary.ts";
import { isElementwise, isReshape, isSwapOfLast, rootOf, runReadBy } from "./access.ts";
import { cut } from "./cut.ts";
import { withEpilogues } from "./epilogues.ts";
import {
  areOfShares,
  linesOf,
  type Assignment,
  type ElementwiseKernel,
  type Kernel,
  type LanesKernel,
  type Plan,
  type SingleKernel,
} from "./kernel.ts";
import { isCallOf, nameOf, numbersOf, operandsOf, type Instruction, type Program } from "./program.ts";
import { Reads } from "./reads.ts";
import type { Precision } from "./wasm/lanes.ts";

/** Words that are never a kernel of their own: a view, said by other words, or computed entry by entry. */
type Elsewhere = "reshape" | "sumTo" | "where" | "sumOf" | "dot";

const singleKinds: { readonly [N in Exclude<StructuralName, Elsewhere | "matmul">]: (SingleKernel | LanesKernel)["kind"] } = {
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

function readSameLanes(a: Instruction, b: Instruction): boolean {
  const [p, q] = [runReadBy(a), runReadBy(b)];
  return operandsOf(a)[0] === operandsOf(b)[0] && p.n === q.n && p.inner === q.inner;
}

/** Divides the lines of a program among kernels. */
export function plan(program: Program, precision: Precision, assignments: readonly Assignment[] = []): Plan {
  const reads = new Reads(precision);
  const planner = new Planner(program, reads);
  for (const line of program.instructions) planner.place(line);
  const kernels = withEpilogues({ program, precision, assignments, reads }, planner.kernels).flatMap((kernel): readonly Kernel[] =>
    kernel.kind === "elementwise" ? cut(kernel, reads) : [kernel],
  );
  return { program, precision, kernels, stored: storedBy(program, kernels, reads, assignments), assignments, reads };
}

/** The lines that another kernel reads, or that come out. */
function storedBy(program: Program, kernels: readonly Kernel[], reads: Reads, assignments: readonly Assignment[]): Set<Instruction> {
  const stored = new Set<Instruction>([...program.outputs, ...assignments.map(({ line }) => line)].map(rootOf));
  const madeBy = numbersOf(program, -1);
  for (const [at, kernel] of kernels.entries()) for (const { index } of linesOf(kernel)) madeBy[index] = at;
  for (const [at, kernel] of kernels.entries())
    for (const line of linesOf(kernel)) for (const root of reads.sourcesOf(line)) if (madeBy[root.index] !== at) stored.add(root);
  return stored;
}

class Planner {
  readonly kernels: Kernel[] = [];
  readonly #program: Program;
  readonly #reads: Reads;
  /** The kernel after which a line's entries are there; −1 from the start. */
  readonly #position: Int32Array;
  readonly #needed: ReadonlySet<Instruction>;

  constructor(program: Program, reads: Reads) {
    this.#program = program;
    this.#reads = reads;
    this.#position = numbersOf(program, -1);
    this.#needed = this.#neededInMemory();
  }

  /** Lines whose entries somebody reads from memory; of stretched and transposed ones that is not sure. */
  #neededInMemory(): Set<Instruction> {
    const needed = new Set(this.#program.outputs.map(rootOf));
    if (!this.#program.instructions.some(isOnlyAView)) return needed;
    for (const line of this.#program.instructions.toReversed()) {
      if (isReshape(line) || (isOnlyAView(line) && !needed.has(line))) continue;
      for (const from of this.#reads.sourcesOf(line)) needed.add(from);
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
    if (this.#joinTotal(line) || this.#joinShares(line)) return;
    if (isCallOf(line, "matmul")) this.kernels.push({ kind: "matmul", line, epilogue: [] });
    else {
      const kind = singleKinds[nameOf(line) as keyof typeof singleKinds];
      this.kernels.push(kind === "lanes" ? { kind, lines: [line] } : { kind, line });
    }
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

  /** softmax, logSoftmax and logsumexp of the same lanes are one kernel. */
  #joinShares(line: Instruction): boolean {
    if (!areOfShares(line)) return false;
    const at = this.kernels.findIndex(
      (kernel) => kernel.kind === "lanes" && areOfShares(kernel.lines[0]!) && readSameLanes(kernel.lines[0]!, line),
    );
    if (at < 0) return false;
    (this.kernels[at] as LanesKernel).lines.push(line);
    this.#position[line.index] = at;
    return true;
  }

  /** Joins the first loop over as many entries that runs after the operands are there. */
  #join(line: Instruction): void {
    const size = sizeOf(line.shape);
    const { sources, accesses, inner: ofRow } = this.#reads.of(line);
    const inner = ofRow > 0 ? ofRow : null;
    let earliest = 0;
    for (let k = 0; k < sources.length; k++) {
      const at = this.#position[sources[k]!.index]!;
      const kernel = this.kernels[at];
      const isSameLoop = kernel?.kind === "elementwise" && kernel.size === size && accesses[k] === "linear";
      earliest = Math.max(earliest, isSameLoop ? at : at + 1);
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

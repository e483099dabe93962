/**
 * What a loop does with the entries of a matrix product, its bias, its activation, the update of a weight by its gradient, joins the
 * product's kernel: it is done to the sums while they are in registers, and the product itself may never reach memory.
 */
import { rootOf } from "./access.ts";
import { linesOf, type ElementwiseKernel, type Kernel, type Plan, type ProductKernel } from "./kernel.ts";
import { numbersOf, operandsOf, type Instruction } from "./program.ts";
import type { Reads } from "./reads.ts";
import { lengthOf } from "./wasm/elementwise.ts";
import { lanesOf, type Precision } from "./wasm/lanes.ts";

/** The most bytes of code for one vector: it is written out for each vector of a tile. An exponential alone is longer. */
const longestEpilogue = 256;

/** The kernels, with lines moved from loops to the products that they read; a loop that has lost all its lines is left out. */
export function withEpilogues(planned: Planned, kernels: readonly Kernel[]): readonly Kernel[] {
  const products = kernels.filter((kernel) => kernel.kind === "matmul");
  if (products.length === 0) return kernels;
  const joiner = new Joiner(planned, kernels);
  for (const product of products) joiner.join(product);
  return kernels.filter((kernel) => kernel.kind !== "elementwise" || kernel.lines.length > 0);
}

/** What is known before the kernels are. */
type Planned = Omit<Plan, "kernels" | "stored">;

class Joiner {
  readonly #precision: Precision;
  readonly #reads: Reads;
  readonly #kernels: readonly Kernel[];
  /** By a line's index: its kernel; −1 of what is there from the start. */
  readonly #position: Int32Array;
  /** Of products, and of inputs that take over a line. */
  readonly #readers: ReadonlyMap<Instruction, Instruction[]>;
  /** By a line: the input that takes it over. */
  readonly #inputOf: ReadonlyMap<Instruction, Instruction>;

  constructor({ program, precision, assignments, reads }: Planned, kernels: readonly Kernel[]) {
    this.#precision = precision;
    this.#reads = reads;
    this.#kernels = kernels;
    this.#position = numbersOf(program, -1);
    this.#inputOf = new Map(assignments.map(({ input, line }) => [rootOf(line), input]));
    const products = kernels.flatMap((kernel) => (kernel.kind === "matmul" ? [kernel.line] : []));
    this.#readers = new Map([...products, ...this.#inputOf.values()].map((line) => [line, []]));
    for (const [at, kernel] of kernels.entries())
      for (const line of linesOf(kernel)) {
        this.#position[line.index] = at;
        for (const from of this.#reads.sourcesOf(line)) this.#readers.get(from)?.push(line);
      }
  }

  /** Rows that are not whole vectors stay as they are: a loop over all entries has no vector half empty at the end of each. */
  join(product: ProductKernel): void {
    const { line, epilogue } = product;
    if (line.shape.at(-1)! % lanesOf[this.#precision] !== 0) return;
    const loops = new Set(this.#readers.get(line)!.map(({ index }) => this.#kernels[this.#position[index]!]!));
    for (const loop of loops) {
      if (loop.kind !== "elementwise") continue;
      const moved = this.#movedFrom(loop, line);
      if (!this.#canJoin(product, loop, moved)) continue;
      for (const { index } of moved) this.#position[index] = this.#position[line.index]!;
      epilogue.push(...moved);
      loop.lines.splice(0, Infinity, ...loop.lines.filter((other) => !moved.has(other)));
    }
  }

  /** All that a loop computes from the product, and all that it computes for that. */
  #movedFrom({ lines }: ElementwiseKernel, product: Instruction): Set<Instruction> {
    const wanted = new Set([product]);
    for (const line of lines) if (this.#reads.sourcesOf(line).some((from) => wanted.has(from))) wanted.add(line);
    for (const line of lines.toReversed()) if (wanted.has(line)) for (const from of this.#reads.sourcesOf(line)) wanted.add(from);
    return new Set(lines.filter((line) => wanted.has(line)));
  }

  /** All or nothing: a part would be stored for the rest to load. What is summed stays in the loop that keeps the sum. */
  #canJoin({ line: product, epilogue }: ProductKernel, { totals }: ElementwiseKernel, moved: ReadonlySet<Instruction>): boolean {
    if (totals.some((total) => moved.has(rootOf(operandsOf(total)[0]!)))) return false;
    const together = new Set([product, ...epilogue, ...moved]);
    for (const line of moved) if (!this.#isReady(line, product, together) || !this.#isLastToRead(line, product, together)) return false;
    return lengthOf([...epilogue, ...moved], this.#precision) <= longestEpilogue;
  }

  /** Whether a line reads the product's tile where it stands, and what is there before the product. */
  #isReady(line: Instruction, product: Instruction, together: ReadonlySet<Instruction>): boolean {
    const { sources, accesses, inner } = this.#reads.of(line);
    return sources.every((from, k) => {
      if (together.has(from)) return accesses[k] === "linear";
      return this.#position[from.index]! < this.#position[product.index]! && (inner === 0 || inner === product.shape.at(-1));
    });
  }

  /** Where the product itself or a later kernel reads the input that a line replaces, the line would have to be copied there. */
  #isLastToRead(line: Instruction, product: Instruction, together: ReadonlySet<Instruction>): boolean {
    const input = this.#inputOf.get(line);
    if (input === undefined) return true;
    const isBefore = ({ index }: Instruction): boolean => this.#position[index]! < this.#position[product.index]!;
    return this.#readers.get(input)!.every((reader) => reader !== product && (together.has(reader) || isBefore(reader)));
  }
}

/**
 * Straight line over the batch: a small program without any loop but that over the steps. Every entry is a local; two rows of the
 * batch share a vector, and what is the same for all rows, a weight, has its number in both lanes. Nothing touches memory
 * between the steps.
 */
import { entriesOf } from "../../array/ndarray.ts";
import { sizeOf } from "../../array/shape.ts";
import type { Computation } from "../kernel.ts";
import { isCallOf, operandsOf, type Instruction } from "../program.ts";
import { FunctionCode, type Local } from "./function.ts";
import type { Loop } from "./generate.ts";
import { bytesOf, Lanes, lanesOf, type HostCalls } from "./lanes.ts";
import { noticedLines } from "./noticed.ts";
import { OpenedLines } from "./opened-lines.ts";
import { Unsupported, type Opened } from "./opened.ts";

/** More vector operations than this make code that V8 compiles badly. */
const mostCells = 2000;

export interface StraightInputs {
  /** Inputs whose rows are the batch. */
  readonly batch: readonly Instruction[];
  readonly addressOf: (line: Instruction) => number;
  readonly host: HostCalls;
  readonly loop: Loop;
}

/** The two ways to write `steps(n, begin)`. */
export interface Straight {
  /** Without guards against 0 · ∞. Gives whether a parameter has become NaN; memory is then as it was. */
  readonly quick: FunctionCode;
  /** Most runs never need it, so it is written when the first does. */
  readonly careful: () => FunctionCode;
}

/** undefined where the program is too large or has lines that cross the batch. */
export function straight(computation: Computation, inputs: StraightInputs): Straight | undefined {
  if (inputs.loop.rows || inputs.loop.numbers || !inputs.loop.loss || computation.precision !== "f64") return undefined;
  if (inputs.batch.length === 0 || inputs.batch.some(({ shape }) => shape[0]! % lanesOf.f64 !== 0)) return undefined;
  if (estimate(computation) > mostCells) return undefined;
  try {
    const noticed = noticedLines(computation.program, computation.assignments);
    return { quick: new Writer(computation, inputs, noticed).write(), careful: () => new Writer(computation, inputs).write() };
  } catch (error) {
    if (error instanceof Unsupported) return undefined;
    throw error;
  }
}

/** About how many vector operations there will be. */
function estimate({ program }: Computation): number {
  let cells = 0;
  for (const line of program.instructions)
    cells += isCallOf(line, "matmul") ? sizeOf(line.shape) * operandsOf(line)[0]!.shape.at(-1)! : sizeOf(line.shape);
  return cells;
}

const lanes = lanesOf.f64;

class Writer {
  readonly #computation: Computation;
  readonly #inputs: StraightInputs;
  readonly #code: FunctionCode;
  readonly #m: Lanes;
  readonly #lines: OpenedLines;
  readonly #isQuick: boolean;

  /** @param noticed lines whose every NaN is found at the end, for the quick way. */
  constructor(computation: Computation, inputs: StraightInputs, noticed?: ReadonlySet<Instruction>) {
    this.#computation = computation;
    this.#inputs = inputs;
    this.#isQuick = noticed !== undefined;
    this.#code = new FunctionCode(["i32", "i32"], this.#isQuick ? ["i32"] : []);
    this.#m = new Lanes(this.#code, "f64", inputs.host);
    this.#lines = new OpenedLines(this.#m, noticed);
  }

  write(): FunctionCode {
    const code = this.#code;
    const { program, assignments } = this.#computation;
    const { loss } = this.#inputs.loop;
    for (const line of program.instructions) if (line.definition.kind !== "apply") this.#lines.open(line, this.#loaded(line));
    const step = code.local("i32");
    code.i32(0).set(step);
    code.loop(() => {
      for (const line of program.instructions) if (line.definition.kind === "apply") this.#lines.apply(line);
      code.get(step).i32(3).op("i32.shl").get(this.#lines.of(loss!.line).cells[0]!).lane("f64x2.extract_lane", 0).memory("f64.store", loss!.address); // prettier-ignore
      this.#assign();
      code.get(step).i32(1).op("i32.add").tee(step).get(0).op("i32.ne"); // prettier-ignore
    });
    const cells = assignments.flatMap(({ input }) =>
      this.#lines.of(input).cells.map((cell, i) => ({ cell, address: this.#inputs.addressOf(input) + i * bytesOf.f64 })),
    );
    if (this.#isQuick) this.#returnIfNaN(cells.map(({ cell }) => cell));
    for (const { cell, address } of cells) code.i32(0).get(cell).storeLane("f64", address, 0);
    return this.#isQuick ? code.i32(0) : code;
  }

  #returnIfNaN(cells: readonly Local[]): void {
    const code = this.#code;
    code.zeros();
    for (const cell of cells) code.get(cell).get(cell).op("f64x2.ne", "v128.or");
    code.op("v128.any_true").when(() => code.i32(1).op("return"));
  }

  /** All new values are read before the first is written. */
  #assign(): void {
    const { assignments } = this.#computation;
    const pairs = assignments.flatMap(({ input, line }) => {
      const [from, to] = [this.#lines.of(line), this.#lines.of(input)];
      if (from.isBatch || to.isBatch) throw new Unsupported();
      return to.cells.map((cell, i) => [from.cells[i]!, cell] as const);
    });
    for (const [from] of pairs) this.#code.get(from);
    for (const [, to] of pairs.toReversed()) this.#code.set(to);
  }

  /** Before the loop: one local for each entry, or for each pair of rows. */
  #loaded(line: Instruction): Opened {
    const { shape, definition } = line;
    const isBatch = this.#inputs.batch.includes(line);
    const size = sizeOf(shape);
    if (!isBatch && definition.kind === "constant") {
      const entries = entriesOf(definition.value);
      return { shape, isBatch, cells: Array.from(entries, (x) => this.#m.constant(x)) };
    }
    const address = this.#inputs.addressOf(line);
    const width = isBatch ? size / shape[0]! : 1;
    const cells: Local[] = [];
    for (let i = 0; i < size; i += isBatch ? lanes * width : 1)
      for (let j = 0; j < width; j++) {
        const cell = this.#code.local("v128");
        this.#code.i32(0).memory("v128.load64_splat", address + (i + j) * bytesOf.f64);
        if (isBatch) this.#code.i32(0).memory("f64.load", address + (i + width + j) * bytesOf.f64).lane("f64x2.replace_lane", 1); // prettier-ignore
        this.#code.set(cell);
        cells.push(cell);
      }
    return { shape, isBatch, cells };
  }
}

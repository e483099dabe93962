/** What each line reads, and how, worked out once: the plan, the arena and the code all ask for it. */
import { accessOf, isElementwise, isReshape, leftFactorOf, rootOf, type Access } from "./access.ts";
import { isCallOf, operandsOf, type Instruction } from "./program.ts";
import type { Precision } from "./wasm/lanes.ts";

/** Of each operand of a line, in order: the line whose memory is read, and how. */
export interface Read {
  readonly sources: readonly Instruction[];
  readonly accesses: readonly Access[];
  /** The entries of a row, where an operand is a row or a column; else 0. */
  readonly inner: number;
}

export class Reads {
  readonly #precision: Precision;
  /** By a line's index; numbers are not kept, for they read their operands as they are, and may be half a million. */
  readonly #known: (Read | undefined)[] = [];

  constructor(precision: Precision) {
    this.#precision = precision;
  }

  of(line: Instruction): Read {
    if (!isOfNumbers(line)) return (this.#known[line.index] ??= this.#worked(line));
    const sources = operandsOf(line);
    return { sources, accesses: sources.length > 2 ? sources.map(() => "linear") : bothLinear, inner: 0 };
  }

  /** The lines whose memory a line reads. */
  sourcesOf(line: Instruction): readonly Instruction[] {
    return isOfNumbers(line) ? operandsOf(line) : this.of(line).sources;
  }

  #worked(line: Instruction): Read {
    const operands = operandsOf(line);
    if (!isElementwise(line)) {
      const isProduct = isCallOf(line, "matmul");
      const sources = operands.map((operand, k) => (isProduct && k === 0 ? leftFactorOf(operand).from : rootOf(operand)));
      return { sources, accesses: operands.map(() => "linear"), inner: 0 };
    }
    const [sources, accesses]: [Instruction[], Access[]] = [[], []];
    let inner = 0;
    for (const operand of operands) {
      const read = accessOf(operand, line, this.#precision);
      sources.push(read.from);
      accesses.push(read.access);
      if (read.inner > 0) inner = read.inner;
    }
    return { sources, accesses, inner };
  }
}

/** Whether a line computes a number of numbers that lie where they were computed. */
const isOfNumbers = (line: Instruction): boolean => line.shape.length === 0 && isElementwise(line) && !operandsOf(line).some(isReshape);

const bothLinear: readonly Access[] = ["linear", "linear"];

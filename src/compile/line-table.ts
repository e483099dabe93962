/**
 * Finds the line that applies a function to one or two lines, if there is one. A table of our own: a large graph has half a million
 * lines, and a key for each, as a text or as a double, would take longer than everything else.
 */
import type { Primitive } from "../ops/primitive.ts";
import type { Instruction } from "./program.ts";

export class LineTable {
  /** The index of a line and 1, where the hash of its function and operands, or the first free slot behind it, points; else 0. */
  #slots = new Int32Array(1 << 10);
  readonly #lines: Instruction[] = [];
  readonly #hashes: number[] = [];

  find(hash: number, primitive: Primitive, a: Instruction, b: Instruction | undefined): Instruction | undefined {
    const last = this.#slots.length - 1;
    for (let slot = hash & last; this.#slots[slot] !== 0; slot = (slot + 1) & last) {
      const line = this.#lines[this.#slots[slot]! - 1]!;
      if (line.definition.kind !== "apply") continue;
      const { primitive: other, operands } = line.definition;
      if (other === primitive && operands[0] === a && operands[1] === b) return line;
    }
    return undefined;
  }

  add(hash: number, line: Instruction): void {
    this.#lines.push(line);
    this.#hashes.push(hash);
    if (2 * this.#lines.length <= this.#slots.length) this.#place(this.#lines.length - 1);
    else {
      this.#slots = new Int32Array(4 * this.#slots.length);
      for (let k = 0; k < this.#lines.length; k++) this.#place(k);
    }
  }

  #place(k: number): void {
    const last = this.#slots.length - 1;
    let slot = this.#hashes[k]! & last;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & last;
    this.#slots[slot] = k + 1;
  }
}

/** Of a function's number and its operands' indices, spread over 32 bits. */
export function hashOf(f: number, a: number, b: number): number {
  const mixed = Math.imul(Math.imul(f ^ Math.imul(a, 0x9e3779b1), 0x85ebca6b) ^ (b + 1), 0xc2b2ae35);
  return mixed ^ (mixed >>> 15);
}

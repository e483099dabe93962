/**
 * What lies in memory behind the lines: constants, tables, room to work in. It grows while code is written; when the program is loaded
 * it is complete.
 */
import { entriesOf } from "../../array/ndarray.ts";
import type { Instruction } from "../program.ts";

/** What has to be in memory before the first step. */
export interface Segment {
  readonly address: number;
  readonly entries: Float64Array | Int32Array;
}

export class Room {
  readonly segments: Segment[] = [];
  readonly #constants = new Map<string, number>();
  #end: number;
  #isComplete = false;

  /** @param start the first byte that is free. */
  constructor(start: number) {
    this.#end = start;
  }

  /** The first byte behind everything. */
  get end(): number {
    return this.#end;
  }

  /** The address of so many bytes that begin as zeros. */
  zeros(bytes: number): number {
    const address = this.#end;
    this.#end += 16 * Math.ceil(bytes / 16);
    return address;
  }

  /** The address of 32-bit whole numbers. */
  table(entries: Int32Array): number {
    const address = this.zeros(4 * entries.length);
    this.segments.push({ address, entries });
    return address;
  }

  /** The address of 16 bytes that never change; undefined where they come too late. */
  constant(key: string, bytes: () => readonly number[]): number | undefined {
    const known = this.#constants.get(key);
    if (known !== undefined || this.#isComplete) return known;
    const address = this.table(new Int32Array(Uint8Array.from(bytes()).buffer));
    this.#constants.set(key, address);
    return address;
  }

  /** Nothing is added from now on but the entries of the lines that are constants. */
  complete(lines: readonly Instruction[], addressOf: (line: Instruction) => number): void {
    this.#isComplete = true;
    for (const line of lines)
      if (line.definition.kind === "constant") this.segments.push({ address: addressOf(line), entries: entriesOf(line.definition.value) });
  }
}

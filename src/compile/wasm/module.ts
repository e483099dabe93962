/** Puts functions together into a WebAssembly module: types, imports, code, exports. */
import type { FunctionCode } from "./function.ts";
import { unsigned } from "./number-bytes.ts";
import { types, type Type } from "./opcodes.ts";

export interface Import {
  readonly name: string;
  readonly parameters: readonly Type[];
  readonly results: readonly Type[];
}

/** Bytes in pieces, as they follow one another. */
type Pieces = readonly (readonly number[])[];

const lengthOf = (pieces: Pieces): number => pieces.reduce((length, piece) => length + piece.length, 0);
const section = (id: number, body: Pieces): Pieces => [[id, ...unsigned(lengthOf(body))], ...body];
/** How many there are, and their bytes. */
const list = (items: readonly (readonly number[])[]): Pieces => [unsigned(items.length), ...items];
const text = (name: string): number[] => [...unsigned(name.length), ...new TextEncoder().encode(name)];
const signature = ({ parameters, results }: Omit<Import, "name">): number[] => [
  0x60,
  ...unsigned(parameters.length),
  ...parameters.map((t) => types[t]),
  ...unsigned(results.length),
  ...results.map((t) => types[t]),
];

/** A module that imports a memory and functions of the host, and exports some of its own. */
export class ModuleCode {
  readonly #imports: readonly Import[];
  readonly #functions: FunctionCode[] = [];
  readonly #exports: { name: string; index: number }[] = [];

  constructor(imports: readonly Import[]) {
    this.#imports = imports;
  }

  /** Adds a function and gives the number by which it is called. */
  add(code: FunctionCode, exported?: string): number {
    this.#functions.push(code);
    const index = this.#imports.length + this.#functions.length - 1;
    if (exported !== undefined) this.#exports.push({ name: exported, index });
    return index;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const memory = [...text("host"), ...text("memory"), 0x02, 0x00, 0x00];
    const functions = this.#imports.map(({ name }, i) => [...text("host"), ...text(name), 0x00, ...unsigned(i)]);
    const pieces = [
      [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, list([...this.#imports, ...this.#functions].map(signature))),
      ...section(2, list([memory, ...functions])),
      ...section(3, list(this.#functions.map((_, i) => unsigned(this.#imports.length + i)))),
      ...section(7, list(this.#exports.map(({ name, index }) => [...text(name), 0x00, ...unsigned(index)]))),
      ...section(10, [unsigned(this.#functions.length), ...this.#functions.flatMap((code) => code.encoded())]),
    ];
    const bytes = new Uint8Array(lengthOf(pieces));
    let end = 0;
    for (const piece of pieces) {
      bytes.set(piece, end);
      end += piece.length;
    }
    return bytes;
  }
}

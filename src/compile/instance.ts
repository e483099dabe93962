/** A program in memory and ready to run: inputs are written into their places, results are read from theirs. */
import { tensor, type Tensor } from "../array/ndarray.ts";
import { sizeOf } from "../array/shape.ts";
import { rootOf } from "./access.ts";
import type { Instruction } from "./program.ts";
import { FunctionCode } from "./wasm/function.ts";
import type { Generated } from "./wasm/generate.ts";
import type { Precision } from "./wasm/lanes.ts";
import { ModuleCode } from "./wasm/module.ts";

const pageBytes = 65536;

/** Why this host runs no WebAssembly with vectors; null where it does. */
export function whyNoWebAssembly(): string | null {
  if (typeof WebAssembly !== "object") return "this host has no WebAssembly";
  if (refusalOf(moduleWithVector()) === null) return null;
  const refusal = refusalOf(new ModuleCode([]));
  return refusal === null ? "this host's WebAssembly has no vectors (SIMD)" : `this host forbids WebAssembly (${refusal})`;
}

/** Browsers may forbid all modules by policy, and then making one throws as where it is wrong. */
function refusalOf(module: ModuleCode): string | null {
  try {
    new WebAssembly.Module(module.bytes());
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function moduleWithVector(): ModuleCode {
  const module = new ModuleCode([]);
  const code = new FunctionCode([], []);
  module.add(code.zeros().set(code.local("v128")));
  return module;
}

/** Memory with room for so many bytes. */
export const memoryOf = (bytes: number): WebAssembly.Memory => new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) + 1 });

type Steps = (n: number, begin: number) => unknown;

export class Instance {
  readonly generated: Generated;
  readonly #memory: WebAssembly.Memory;
  readonly #view: Float64Array | Float32Array;
  /** Runs all kernels n times; batches begin at a row of the order. */
  readonly steps: Steps;

  /** @param memory shared with other programs; a memory of its own where none is given. */
  constructor(precision: Precision, generated: Generated, memory = memoryOf(generated.room.end)) {
    this.generated = generated;
    this.#memory = memory;
    this.#view = precision === "f64" ? new Float64Array(memory.buffer) : new Float32Array(memory.buffer);
    for (const { address, entries } of generated.room.segments) {
      if (entries instanceof Int32Array) new Int32Array(memory.buffer).set(entries, address / 4);
      else this.#view.set(entries, address / this.#view.BYTES_PER_ELEMENT);
    }
    const { bytes, careful } = generated;
    this.steps = careful ? this.#noticing(this.#stepsOf(bytes), careful) : this.#stepsOf(bytes);
  }

  /** The careful code starts again where the quick one has met a NaN. */
  #noticing(quick: Steps, careful: () => Uint8Array<ArrayBuffer>): Steps {
    let guarded: Steps | undefined;
    return (n, begin) => {
      if (quick(n, begin) !== 0) (guarded ??= this.#stepsOf(careful()))(n, begin);
    };
  }

  #stepsOf(bytes: Uint8Array<ArrayBuffer>): Steps {
    return new WebAssembly.Instance(new WebAssembly.Module(bytes), { host: this.#host() }).exports.steps as Steps;
  }

  #host(): Record<string, WebAssembly.ImportValue> {
    const functions = this.generated.hosted.map(({ forward }) => forward);
    return {
      memory: this.#memory,
      unary: (place: number, x: number) => functions[place]!(x),
      binary: (place: number, a: number, b: number) => functions[place]!(a, b),
      ternary: (place: number, a: number, b: number, c: number) => functions[place]!(a, b, c),
    };
  }

  write(line: Instruction, data: Tensor): void {
    this.writer(line)(data);
  }

  /** A copy of a line's entries. */
  read(line: Instruction): Tensor {
    return this.reader(line)();
  }

  /** Writes one line, again and again: its place is looked up once. */
  writer(line: Instruction): (data: Tensor) => void {
    const view = this.#view;
    const at = this.#placeOf(line);
    return (data) => {
      if (typeof data === "number") view[at] = data;
      else view.set(data.values, at);
    };
  }

  reader(line: Instruction): () => Tensor {
    const view = this.#view;
    const at = this.#placeOf(rootOf(line));
    const { shape } = line;
    if (shape.length === 0) return () => view[at]!;
    return () => tensor(shape, Float64Array.from(view.subarray(at, at + sizeOf(shape))));
  }

  #placeOf(line: Instruction): number {
    return this.generated.arena.addressOf(line) / this.#view.BYTES_PER_ELEMENT;
  }
}

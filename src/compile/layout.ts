/** Where everything lies that outlives a step of a training: data, batch, weights, what the optimiser remembers, losses, and the numbers of each step. */
import type { NdArray } from "../array/ndarray.ts";
import { sizeOf } from "../array/shape.ts";
import type { Value } from "../graph/value.ts";
import type { Instruction } from "./program.ts";
import type { Step } from "./step.ts";
import { areStill, type Updating } from "./training-options.ts";
import { firstAddress, generate, type Generated, type Loop } from "./wasm/generate.ts";
import { bytesOf, type Precision } from "./wasm/lanes.ts";

/** The most steps of one call into compiled code: short, so that V8 may replace it by better code between calls. */
export const longestCall = 4096;

/** The steps of whole and of remaining batches share it. */
export class Layout {
  readonly end: number;
  readonly #addresses = new Map<string, number>();
  readonly #precision: Precision;
  readonly #data: readonly [NdArray, NdArray];
  readonly #isPart: boolean;
  /** Of the numbers of an update, in the order of their lines. */
  readonly #names: readonly string[];
  readonly #areStill: boolean;
  /** Where the weights of each trained parameter lie; a step that only reads them reads them there. */
  readonly #weights = new Map<Value, number>();

  /** @param steps those of whole and of remaining batches, which need not train the same parameters. */
  constructor(data: readonly [NdArray, NdArray], isPart: boolean, steps: readonly Step[], optimizer: Updating, precision: Precision) {
    this.#precision = precision;
    this.#data = data;
    this.#isPart = isPart;
    const [step] = steps as [Step];
    this.#names = step.names;
    this.#areStill = areStill(optimizer);
    let end = firstAddress;
    const reserve = (key: string, bytes: number): void => {
      this.#addresses.set(key, end);
      end += 16 * Math.ceil(bytes / 16) + 16;
    };
    const width = bytesOf[precision];
    reserve("losses", longestCall * 8);
    reserve("numbers", this.#names.length * width);
    if (!this.#areStill) reserve("table", longestCall * this.#names.length * width);
    for (const { index, line, memory } of steps.flatMap(({ parameters }) => parameters)) {
      const parameter = optimizer.parameters[index]!;
      if (this.#weights.has(parameter)) continue;
      this.#weights.set(parameter, end);
      reserve(`parameter ${index}`, sizeOf(line.shape) * width);
      for (const [key, slot] of Object.entries(memory)) reserve(`${key} ${index}`, sizeOf(slot.shape) * width);
    }
    reserve("x", sizeOf(step.x.shape) * width);
    reserve("y", sizeOf(step.y.shape) * width);
    if (isPart) {
      reserve("X", data[0].size * width);
      reserve("Y", data[1].size * width);
      reserve("order", data[0].shape[0]! * 4);
    }
    this.end = end;
  }

  #at(key: string): number {
    return this.#addresses.get(key)!;
  }

  /** The module of a step whose batches have so many rows. */
  generated(step: Step, batch: number, start: number): Generated {
    const assignments = step.parameters.flatMap((kept) => kept.assignments);
    const computation = { program: step.program, precision: this.#precision, assignments };
    return generate(computation, { start, fixed: this.#fixed(step), loop: this.#loop(step, batch), batch: [step.x, step.y] });
  }

  #fixed(step: Step): Map<Instruction, number> {
    const width = bytesOf[this.#precision];
    const fixed = new Map<Instruction, number>([[step.x, this.#at("x")], [step.y, this.#at("y")]]); // prettier-ignore
    for (const [k, line] of step.numbers.entries()) fixed.set(line, this.#at("numbers") + k * width);
    for (const { index, line, memory } of step.parameters) {
      fixed.set(line, this.#at(`parameter ${index}`));
      for (const [key, slot] of Object.entries(memory)) fixed.set(slot, this.#at(`${key} ${index}`));
    }
    for (const { value, line } of step.others) {
      const address = this.#weights.get(value);
      if (address !== undefined) fixed.set(line, address);
    }
    return fixed;
  }

  #loop(step: Step, batch: number): Loop {
    const width = bytesOf[this.#precision];
    const move = (from: string, to: string, { shape }: NdArray) => ({
      from: this.#at(from),
      to: this.#at(to),
      bytes: sizeOf(shape.slice(1)) * width,
    });
    return {
      loss: { line: step.loss, address: this.#at("losses") },
      ...(!this.#areStill && { numbers: { table: this.#at("table"), to: this.#at("numbers"), bytes: this.#names.length * width } }),
      ...(this.#isPart && {
        rows: { order: this.#at("order"), batch, moves: [move("X", "x", this.#data[0]), move("Y", "y", this.#data[1])] },
      }),
    };
  }

  #entries({ buffer }: WebAssembly.Memory): Float64Array | Float32Array {
    return this.#precision === "f64" ? new Float64Array(buffer) : new Float32Array(buffer);
  }

  writeData(memory: WebAssembly.Memory): void {
    const [x, y] = this.#isPart ? ["X", "Y"] : ["x", "y"];
    const width = bytesOf[this.#precision];
    this.#entries(memory).set(this.#data[0].values, this.#at(x) / width);
    this.#entries(memory).set(this.#data[1].values, this.#at(y) / width);
  }

  writeOrder(memory: WebAssembly.Memory, order: readonly number[] | undefined): void {
    const n = this.#data[0].shape[0]!;
    const rows = new Int32Array(memory.buffer, this.#at("order"), n);
    for (let i = 0; i < n; i++) rows[i] = order?.[i] ?? i;
  }

  /** The numbers of the next steps: once where they are the same for every step, else a row of the table for each. */
  writeNumbers(memory: WebAssembly.Memory, optimizer: Updating, stepsBefore: number, steps: number): void {
    const width = bytesOf[this.#precision];
    const entries = this.#entries(memory);
    const at = this.#at(this.#areStill ? "numbers" : "table") / width;
    const [names, rule] = [this.#names, optimizer.rule];
    for (let i = 0; i < (this.#areStill ? 1 : steps); i++) {
      const step = stepsBefore + i;
      const row = rule.numbers(step + 1, optimizer.rateAt(step));
      for (let k = 0; k < names.length; k++) entries[at + i * names.length + k] = row[names[k]!]!;
    }
  }

  losses({ buffer }: WebAssembly.Memory, steps: number): Float64Array {
    return new Float64Array(buffer, this.#at("losses"), steps);
  }
}

/**
 * `compileTraining`: forward, backward, the optimiser's update and the loop over steps in one compiled program. The update is the
 * optimiser's own rule, said in the `code` arithmetic as the backward pass is; nothing of either is written here.
 */
import { NdArray, toTensor, zerosOf, type Tensor } from "../array/ndarray.ts";
import { describe, formatShape, sizeOf } from "../array/shape.ts";
import { constant, Leaf, type TensorLike, type Value } from "../graph/value.ts";
import type { Operand, Pointwise } from "../ops/vocabulary.ts";
import type { Random } from "../random/random.ts";
import { codeAlgebra } from "./code.ts";
import { Instance, memoryOf, whyNoWebAssembly } from "./instance.ts";
import { plan, type Assignment } from "./plan.ts";
import type { Instruction, Program } from "./program.ts";
import { source } from "./source.ts";
import { appendGradients, tracedFunction } from "./trace.ts";
import { firstAddress, generate, type Loop } from "./wasm/generate.ts";
import { bytesOf, type Precision } from "./wasm/lanes.ts";

type Named<T> = Readonly<Record<string, T>>;

/** How an optimiser updates a parameter, said in the words of the table; every optimiser of this library is one of these. */
export interface Updating {
  readonly parameters: readonly Value[];
  readonly learningRate: number | ((step: number) => number);
  readonly rule: {
    readonly memory: readonly string[];
    readonly numbers: (t: number, learningRate: number) => Named<number>;
    readonly update: <T>(
      m: Pointwise<T>,
      parameter: T,
      gradient: T,
      memory: Named<T>,
      numbers: Named<Operand<T>>,
    ) => { readonly parameter: T; readonly memory: Named<T> };
  };
  state: { readonly step: number; readonly memory: readonly Named<Tensor>[] };
}

/** What a compiled training is made from. */
export interface CompileTrainingOptions {
  readonly model: { forward(x: Value): Value };
  /** (prediction, target) → a number. */
  readonly loss: (prediction: Value, target: Value) => Value;
  readonly optimizer: Updating;
  /** [X, y], one example a row. */
  readonly data: readonly [X: TensorLike, y: TensorLike];
  /** Rows of a step; all where none is given. The last batch of an epoch may have fewer. */
  readonly batchSize?: number;
  /** Shuffles the rows before each epoch, where there are several batches. */
  readonly random?: Random;
  readonly precision?: Precision;
}

export interface CompiledTraining {
  /**
   * Does so many steps and gives the loss before each. Weights and the optimiser's state are as after as many eager steps; where a
   * loss is not finite they stay as they were before the run.
   */
  run(steps: number): Float64Array;
  /** The program of one step as text: forward, backward, update. */
  readonly source: string;
}

/** The most steps of one call into compiled code: short, so that V8 may replace it by better code between calls. */
const longestCall = 4096;

/**
 * @throws Error where the host forbids WebAssembly; TypeError where model or loss read data; RangeError for a loss that is not a
 * number, and for a target that the loss reads as data while batches change.
 * @example
 * const model = new MLP([2, 3, 1], { activations: ["relu", "sigmoid"], random: numpyRandom(42) });
 * const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
 * const data = [[[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [1]]] as const; // prettier-ignore
 * const training = compileTraining({ model, loss: halfSquaredError, optimizer, data });
 * training.run(1000).length; // 1000
 */
export function compileTraining(options: CompileTrainingOptions): CompiledTraining {
  const note = whyNoWebAssembly();
  if (note !== null) throw new Error(`compileTraining: ${note}`);
  return new Training(options);
}

/** One step for batches of so many rows, and the lines of it that have to do with the world outside. */
interface Step {
  readonly program: Program;
  readonly loss: Instruction;
  readonly x: Instruction;
  readonly y: Instruction;
  readonly numbers: readonly Instruction[];
  readonly parameters: readonly Kept[];
  /** Leaves that are not trained. */
  readonly others: readonly { value: Value; line: Instruction }[];
}

/** A trained parameter, what is remembered of it, and what becomes of both. */
interface Kept {
  readonly index: number;
  readonly line: Instruction;
  readonly memory: Named<Instruction>;
  readonly assignments: readonly Assignment[];
}

function stepOf({ model, loss, optimizer }: CompileTrainingOptions, X: NdArray, Y: NdArray, isPart: boolean): Step {
  const [x, y] = [constant(X, "X"), constant(Y, "y")];
  const trace = tracedFunction("compileTraining", (a, b) => loss(model.forward(a), b), [x, y]);
  const { builder, lineOf, output } = trace;
  if (output.shape.length > 0)
    throw new RangeError(`compileTraining: the loss has shape ${formatShape(output.shape)}; give it the reduction "mean" or "sum"`);
  const trained = optimizer.parameters.flatMap((p, index) => (lineOf.has(p) && p.takesGradient ? [{ p, index }] : []));
  const gradients = appendGradients(trace, trained.map(({ p }) => p)); // prettier-ignore
  const { rule } = optimizer;
  const names = Object.keys(rule.numbers(1, rateAt(optimizer, 0)));
  const numbers = names.map(() => builder.input([]));
  const m = codeAlgebra(builder);
  const parameters = trained.map(({ p, index }, i): Kept => {
    const line = lineOf.get(p)!;
    const memory = Object.fromEntries(rule.memory.map((key) => [key, builder.input(p.shape)]));
    const updated = rule.update<Instruction>(m, line, gradients[i]!, memory, Object.fromEntries(names.map((name, k) => [name, numbers[k]!])));
    const assignments = [{ input: line, line: updated.parameter }, ...Object.keys(updated.memory).map((key) => ({ input: memory[key]!, line: updated.memory[key]! }))];
    return { index, line, memory, assignments: assignments.map(({ input, line: result }) => ({ input, line: m.broadcastTo([result], { shape: input.shape }) })) };
  }); // prettier-ignore
  const program = builder.program([output, ...parameters.flatMap(({ assignments }) => assignments.map(({ line }) => line))]);
  checkTarget(program, lineOf.get(y)!, isPart);
  const own = new Set(optimizer.parameters);
  const others = [...lineOf].flatMap(([value, line]) => (value instanceof Leaf && !own.has(value) ? [{ value, line }] : []));
  return { program, loss: output, x: lineOf.get(x)!, y: lineOf.get(y)!, numbers, parameters, others };
}

/** A loss that looks at the target's numbers, as at classes to make them one-hot, has frozen those of the first batch. */
function checkTarget({ instructions }: Program, y: Instruction, isPart: boolean): void {
  if (!isPart || instructions.includes(y)) return;
  throw new RangeError(
    "compileTraining: the loss does not compute with the target but reads it, so that of the first batch would be frozen into every step. " +
      "Give classes as one-hot rows, or train on all rows at once",
  );
}

const rateAt = ({ learningRate }: Updating, step: number): number => (typeof learningRate === "number" ? learningRate : learningRate(step));

class Training implements CompiledTraining {
  readonly source: string;
  readonly #options: CompileTrainingOptions;
  readonly #data: readonly [NdArray, NdArray];
  readonly #batch: number;
  readonly #whole: Runnable;
  readonly #rest: Runnable | null = null;
  readonly #memory: WebAssembly.Memory;
  readonly #layout: Layout;
  /** The row of the epoch's order at which the next batch begins. */
  #row = 0;

  constructor(options: CompileTrainingOptions) {
    this.#options = options;
    const precision = options.precision ?? "f64";
    this.#data = [rowsOf("X", options.data[0]), rowsOf("y", options.data[1])];
    const [X, Y] = this.#data;
    const n = X.shape[0]!;
    if (Y.shape[0] !== n) throw new RangeError(`compileTraining: X has ${n} rows and y ${Y.shape[0]!}; every example needs its target`);
    this.#batch = Math.min(n, checkedBatchSize(options.batchSize ?? n));
    const isPart = this.#batch < n;
    const whole = stepOf(options, first(X, this.#batch), first(Y, this.#batch), isPart);
    const remainder = n % this.#batch;
    const rest = remainder > 0 ? stepOf(options, first(X, remainder), first(Y, remainder), isPart) : null;
    this.#layout = new Layout(this.#data, isPart, whole, options.optimizer, precision);
    this.source = source(whole.program);
    const generatedWhole = this.#layout.generated(whole, this.#batch, this.#layout.end);
    const generatedRest = rest && this.#layout.generated(rest, remainder, generatedWhole.generated.memory);
    this.#memory = memoryOf((generatedRest ?? generatedWhole).generated.memory);
    this.#whole = { step: whole, instance: new Instance(generatedWhole.plan, generatedWhole.generated, this.#memory) };
    if (rest && generatedRest)
      this.#rest = { step: rest, instance: new Instance(generatedRest.plan, generatedRest.generated, this.#memory) };
    this.#layout.writeData(this.#memory);
  }

  run(steps: number): Float64Array {
    if (!Number.isInteger(steps) || steps < 0)
      throw new RangeError(`run: the number of steps is a whole number from 0, got ${describe(steps)}`);
    const losses = new Float64Array(steps);
    this.#load();
    let [done, call] = [0, 16];
    while (done < steps) {
      const now = this.#call(Math.min(steps - done, call), this.#options.optimizer.state.step + done);
      losses.set(this.#layout.losses(this.#memory, now), done);
      done += now;
      call = Math.min(2 * call, longestCall);
    }
    if (losses.every(Number.isFinite)) this.#store(steps);
    return losses;
  }

  /** At most `wanted` steps, of one batch size and one epoch; gives how many. */
  #call(wanted: number, stepsBefore: number): number {
    const n = this.#data[0].shape[0]!;
    if (this.#batch === n) {
      this.#layout.writeNumbers(this.#memory, this.#options.optimizer, stepsBefore, wanted);
      this.#whole.instance.steps(wanted, 0);
      return wanted;
    }
    if (this.#row === 0) this.#layout.writeOrder(this.#memory, this.#options.random?.permutation(n));
    const left = Math.floor((n - this.#row) / this.#batch);
    const steps = left === 0 ? 1 : Math.min(wanted, left);
    this.#layout.writeNumbers(this.#memory, this.#options.optimizer, stepsBefore, steps);
    (left === 0 ? this.#rest! : this.#whole).instance.steps(steps, this.#row);
    this.#row += left === 0 ? n - this.#row : steps * this.#batch;
    if (this.#row === n) this.#row = 0;
    return steps;
  }

  /** Weights and what is remembered of them, as they are now, into memory. */
  #load(): void {
    const { parameters, state } = this.#options.optimizer;
    const { step, instance } = this.#whole;
    for (const { index, line, memory } of step.parameters) {
      const parameter = parameters[index]!;
      instance.write(line, parameter.payload);
      for (const [key, slot] of Object.entries(memory)) instance.write(slot, state.memory[index]![key] ?? zerosOf(parameter.shape));
    }
    for (const { step: one, instance: running } of [this.#whole, ...(this.#rest ? [this.#rest] : [])])
      for (const { value, line } of one.others) if (one.program.instructions.includes(line)) running.write(line, value.payload);
  }

  /** And back. */
  #store(steps: number): void {
    const { optimizer } = this.#options;
    const before = optimizer.state;
    const { step, instance } = this.#whole;
    const memory = [...before.memory];
    for (const { index, line, memory: slots } of step.parameters) {
      optimizer.parameters[index]!.data = instance.read(line);
      const remembered = Object.entries(slots).map(([key, slot]) => [key, instance.read(slot)]);
      memory[index] = { ...memory[index], ...(Object.fromEntries(remembered) as Named<Tensor>) };
    }
    optimizer.state = { step: before.step + steps, memory };
  }
}

interface Runnable {
  readonly step: Step;
  readonly instance: Instance;
}

const first = (x: NdArray, rows: number): NdArray =>
  rows === x.shape[0] ? x : new NdArray([rows, ...x.shape.slice(1)], x.values.slice(0, rows * sizeOf(x.shape.slice(1))));

function rowsOf(name: string, data: TensorLike): NdArray {
  const rows = toTensor(`compileTraining: ${name}`, data);
  if (typeof rows === "number" || rows.size === 0)
    throw new RangeError(`compileTraining: ${name} needs one row for each example, got ${typeof rows === "number" ? rows : "no entries"}`);
  return rows;
}

function checkedBatchSize(batchSize: number): number {
  if (Number.isInteger(batchSize) && batchSize > 0) return batchSize;
  throw new RangeError(`compileTraining: batchSize is a whole number from 1, got ${describe(batchSize)}`);
}

/** Where everything lies that outlives a step; the steps of whole and of remaining batches share it. */
class Layout {
  readonly end: number;
  readonly #addresses = new Map<string, number>();
  readonly #precision: Precision;
  readonly #data: readonly [NdArray, NdArray];
  readonly #isPart: boolean;
  readonly #names: number;
  readonly #areStill: boolean;

  constructor(data: readonly [NdArray, NdArray], isPart: boolean, step: Step, optimizer: Updating, precision: Precision) {
    this.#precision = precision;
    this.#data = data;
    this.#isPart = isPart;
    this.#names = step.numbers.length;
    this.#areStill = areStill(optimizer);
    let end = firstAddress;
    const reserve = (key: string, bytes: number): void => {
      this.#addresses.set(key, end);
      end += 16 * Math.ceil(bytes / 16) + 16;
    };
    const width = bytesOf[precision];
    reserve("losses", longestCall * 8);
    reserve("numbers", this.#names * width);
    if (!this.#areStill) reserve("table", longestCall * this.#names * width);
    for (const { index, line, memory } of step.parameters) {
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
  generated(step: Step, batch: number, start: number): { plan: ReturnType<typeof plan>; generated: ReturnType<typeof generate> } {
    const assignments = step.parameters.flatMap((kept) => kept.assignments);
    const planned = plan(step.program, this.#precision, assignments);
    return {
      plan: planned,
      generated: generate(planned, { start, fixed: this.#fixed(step), loop: this.#loop(step, batch), batch: [step.x, step.y] }),
    };
  }

  #fixed(step: Step): Map<Instruction, number> {
    const width = bytesOf[this.#precision];
    const fixed = new Map<Instruction, number>([[step.x, this.#at("x")], [step.y, this.#at("y")]]); // prettier-ignore
    for (const [k, line] of step.numbers.entries()) fixed.set(line, this.#at("numbers") + k * width);
    for (const { index, line, memory } of step.parameters) {
      fixed.set(line, this.#at(`parameter ${index}`));
      for (const [key, slot] of Object.entries(memory)) fixed.set(slot, this.#at(`${key} ${index}`));
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
      ...(!this.#areStill && { numbers: { table: this.#at("table"), to: this.#at("numbers"), bytes: this.#names * width } }),
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
    for (let i = 0; i < (this.#areStill ? 1 : steps); i++) {
      const step = stepsBefore + i;
      const row = Object.values(optimizer.rule.numbers(step + 1, rateAt(optimizer, step)));
      entries.set(row, at + i * this.#names);
    }
  }

  losses({ buffer }: WebAssembly.Memory, steps: number): Float64Array {
    return new Float64Array(buffer, this.#at("losses"), steps);
  }
}

/** Whether the numbers of an update do not change from step to step. */
function areStill(optimizer: Updating): boolean {
  const { learningRate, rule } = optimizer;
  if (typeof learningRate !== "number") return false;
  const [one, two] = [1, 2].map((t) => Object.values(rule.numbers(t, learningRate)));
  return one!.every((x, k) => x === two![k]);
}

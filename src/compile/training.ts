/**
 * `compileTraining`: forward, backward, the optimiser's update and the loop over steps in one compiled program. A run is cut into
 * calls of some thousand steps, each of one batch size and one epoch.
 */
import { entriesOf, zerosOf, type NdArray, type Tensor } from "../array/ndarray.ts";
import { checkedExamples, placeIn } from "../graph/examples.ts";
import { nameOf } from "../graph/value.ts";
import { whyNoWebAssembly } from "./instance.ts";
import { longestCall } from "./layout.ts";
import { source } from "./source.ts";
import { allFinite, lossesOf } from "./losses.ts";
import { checkLaterTargets } from "./step.ts";
import { trainingCode, type TrainingCode } from "./training-code.ts";
import { batchSizeOf, checkParts, writtenOf, type CompileTrainingOptions, type Named, type Updating } from "./training-options.ts";

export type { CompileTrainingOptions, Updating } from "./training-options.ts";

export interface CompiledTraining {
  /**
   * Does so many steps and gives the loss before each. Weights and the optimiser's state are as after as many eager steps; where a
   * loss or a new weight is not finite they stay as they were before the run, and the stream too. `losses`, of as many entries, is
   * filled and given back instead of a new array.
   *
   * @throws RangeError for steps that are no whole number, or another number of entries than of steps; for a weight that is not finite
   *   any more while all losses are.
   */
  run(steps: number, losses?: Float64Array): Float64Array;
  /** The program of one step as text: forward, backward, update. */
  readonly source: string;
}

/**
 * @throws Error where the host forbids WebAssembly; TypeError where model or loss read data; RangeError for data that `train` refuses
 * too, for a loss that is not a number, for a target that the loss reads as data while batches change, and for an optimiser of
 * single entries, as a neuron of a layer has them.
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

class Training implements CompiledTraining {
  readonly #options: CompileTrainingOptions;
  readonly #data: readonly [NdArray, NdArray];
  readonly #batch: number;
  #code: TrainingCode;
  #written: Named<unknown>;
  /** The row of the epoch's order at which the next batch begins. */
  #row = 0;
  #order: readonly number[] | undefined;
  /** Steps of the next call: few at first, for V8 replaces its quick code by its fast code between calls only. */
  #callLength = 16;

  constructor(options: CompileTrainingOptions) {
    checkParts(options);
    this.#options = options;
    this.#data = checkedExamples("compileTraining", options.data);
    const [X, Y] = this.#data;
    const n = X.shape[0]!;
    this.#batch = batchSizeOf(options, n);
    this.#written = writtenOf(options.optimizer);
    this.#code = trainingCode(options, this.#data, this.#batch);
    if (this.#batch < n) checkLaterTargets(options.loss, this.#code.whole.step.predictionShape, Y, this.#batch);
  }

  /** Compiles again where momentum, decay, … are others than those that were written into the code. */
  #refresh(): void {
    const written = writtenOf(this.#options.optimizer);
    if (Object.keys(written).every((key) => Object.is(written[key], this.#written[key]))) return;
    this.#code = trainingCode(this.#options, this.#data, this.#batch);
    this.#written = written;
    if (this.#row > 0) this.#code.layout.writeOrder(this.#code.memory, this.#order);
  }

  /** Printed when it is asked for: a large graph has a long program. */
  get source(): string {
    return source(this.#code.whole.step.program);
  }

  run(steps: number, given?: Float64Array): Float64Array {
    const losses = lossesOf(steps, given);
    if (steps === 0) return losses;
    this.#refresh();
    const before = this.#options.optimizer.state;
    this.#load(before);
    const goBack = this.#place();
    let areKept = false;
    try {
      areKept = this.#steps(losses, before.step) && this.#isTrained(steps);
    } finally {
      if (!areKept) goBack();
    }
    if (areKept) this.#store(before, steps);
    return losses;
  }

  /** A step for each of `losses`; whether all of them are finite. */
  #steps(losses: Float64Array, stepsBefore: number): boolean {
    let [done, areFinite] = [0, true];
    while (done < losses.length) {
      const now = this.#call(Math.min(losses.length - done, this.#callLength), stepsBefore + done);
      const last = this.#code.layout.losses(this.#code.memory, now);
      losses.set(last, done);
      areFinite &&= allFinite(last);
      done += now;
      this.#callLength = Math.min(2 * this.#callLength, longestCall);
    }
    return areFinite;
  }

  /** True, for no loss tells of a weight that the last step spoilt. @throws RangeError naming the first that is not finite any more. */
  #isTrained(steps: number): boolean {
    for (const [{ index, line }, instance] of this.#code.kept) {
      const parameter = this.#options.optimizer.parameters[index]!;
      const [before, after] = [entriesOf(parameter.payload), instance.read(line)];
      const bad = allFinite(before) ? entriesOf(after).findIndex((x) => !Number.isFinite(x)) : -1;
      if (bad < 0) continue;
      const became = `${nameOf(parameter)} became ${entriesOf(after)[bad]!}${placeIn(after, bad)}`;
      const within = `within ${steps} ${steps === 1 ? "step" : "steps"}`;
      throw new RangeError(`run: ${became} ${within}; all weights are as they were before. A smaller learning rate may help`);
    }
    return true;
  }

  /** Remembers row, order and stream; the function goes back there, for steps that are not kept. */
  #place(): () => void {
    if (this.#batch === this.#data[0].shape[0]) return () => undefined;
    const { random } = this.#options;
    const [row, order, state] = [this.#row, this.#order, random?.state];
    return () => {
      [this.#row, this.#order] = [row, order];
      if (row > 0) this.#code.layout.writeOrder(this.#code.memory, order);
      if (random && state) random.state = state;
    };
  }

  /** At most `wanted` steps, of one batch size and one epoch; gives how many. */
  #call(wanted: number, stepsBefore: number): number {
    const n = this.#data[0].shape[0]!;
    const { optimizer, random } = this.#options;
    const { layout, memory, whole, rest } = this.#code;
    if (this.#batch === n) {
      layout.writeNumbers(memory, optimizer, stepsBefore, wanted);
      whole.instance.steps(wanted, 0);
      return wanted;
    }
    if (this.#row === 0) layout.writeOrder(memory, (this.#order = random?.permutation(n)));
    const left = Math.floor((n - this.#row) / this.#batch);
    const steps = left === 0 ? 1 : Math.min(wanted, left);
    layout.writeNumbers(memory, optimizer, stepsBefore, steps);
    (left === 0 ? rest! : whole).instance.steps(steps, this.#row);
    this.#row += left === 0 ? n - this.#row : steps * this.#batch;
    if (this.#row === n) this.#row = 0;
    return steps;
  }

  /** Weights and what is remembered of them, as they are now, into memory. */
  #load(state: OptimizerState): void {
    const { parameters } = this.#options.optimizer;
    const { whole, rest, kept } = this.#code;
    for (const [{ index, line, memory }, instance] of kept) {
      const parameter = parameters[index]!;
      instance.write(line, parameter.payload);
      for (const [key, slot] of Object.entries(memory)) instance.write(slot, state.memory[index]![key] ?? zerosOf(parameter.shape));
    }
    for (const { step: one, instance: running } of [whole, ...(rest ? [rest] : [])])
      for (const { value, line } of one.others) if (one.program.instructions.includes(line)) running.write(line, value.payload);
  }

  /** And back. */
  #store(before: OptimizerState, steps: number): void {
    const { optimizer } = this.#options;
    const memory = [...before.memory];
    for (const [{ index, line, memory: slots }, instance] of this.#code.kept) {
      optimizer.parameters[index]!.data = instance.read(line);
      const remembered = Object.entries(slots).map(([key, slot]) => [key, instance.read(slot)]);
      memory[index] = { ...memory[index], ...(Object.fromEntries(remembered) as Named<Tensor>) };
    }
    optimizer.state = { step: before.step + steps, memory };
  }
}

type OptimizerState = Updating["state"];

/** What a compiled training is made from: a model, a loss, rows of data, and how an optimiser updates, said in the words of the table. */
import { NdArray, type Tensor } from "../array/ndarray.ts";
import { describe, sizeOf } from "../array/shape.ts";
import type { TensorLike } from "../graph/lift.ts";
import { checkMethods, checkOptions, checkPair } from "../graph/options.ts";
import { Leaf, nameOf, type Value } from "../graph/value.ts";
import type { Operand, Pointwise } from "../ops/vocabulary.ts";
import { checkRandom, type Random } from "../random/random.ts";
import type { Precision } from "./wasm/lanes.ts";

export type Named<T> = Readonly<Record<string, T>>;

/** How an optimiser updates a parameter, said in the words of the table; every optimiser of this library is one of these. */
export interface Updating {
  readonly parameters: readonly Value[];
  readonly learningRate: number | ((step: number) => number);
  /** The learning rate after so many steps. @throws RangeError where a schedule gives none. */
  readonly rateAt: (step: number) => number;
  readonly rule: {
    readonly memory: readonly string[];
    readonly numbers: (t: number, learningRate: number) => Named<number>;
    /** That the numbers do not depend on t; where it is not said, they are asked for at every step. */
    readonly isStationary?: true;
    readonly update: <T>(
      m: Pointwise<T>,
      parameter: T,
      gradient: T,
      memory: Named<T>,
      numbers: Named<Operand<T>>,
    ) => { readonly parameter: T; readonly memory: Named<T> };
  };
  /** What it can be set to, momentum and decay; compiled again where one is changed. */
  readonly settings?: Named<unknown>;
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

/** Whether the numbers of an update do not change from step to step: as the rule says, for a look at some steps would not tell of others. */
export const areStill = ({ learningRate, rule }: Updating): boolean => typeof learningRate === "number" && rule.isStationary === true;

/** What is written into the program of an optimiser: its settings, and of the learning rate whether it is a number. */
export const writtenOf = ({ settings, learningRate }: Updating): Named<unknown> => ({ ...settings, learningRate: typeof learningRate });

const optionNames: readonly (keyof CompileTrainingOptions)[] = [
  "model", "loss", "optimizer", "data", "batchSize", "random", "precision",
]; // prettier-ignore

/** @throws TypeError or RangeError for what no training can be made of. */
export function checkParts(options: CompileTrainingOptions): void {
  checkOptions("compileTraining", options, optionNames);
  const { precision = "f64" } = options;
  if ((precision as string) !== "f64" && (precision as string) !== "f32")
    throw new RangeError(`compileTraining: precision is "f64" or "f32", got ${describe(precision)}`);
  checkMethods("compileTraining", "model", options.model, ["forward"], "new MLP(…)");
  checkOptimizer(options.optimizer);
  if (typeof (options.loss as unknown) !== "function")
    throw new TypeError(`compileTraining: the loss is a function of prediction and target, got ${describe(options.loss)}`);
  checkPair("compileTraining", options.data);
  checkRandom("compileTraining", options.random);
  for (const parameter of options.optimizer.parameters) checkWhole(parameter);
}

function checkOptimizer(optimizer: unknown): void {
  checkMethods("compileTraining", "optimizer", optimizer, ["rateAt"], "new SGD(…)");
  const { parameters, rule, state } = optimizer as Partial<Record<keyof Updating, unknown>>;
  if (Array.isArray(parameters) && typeof rule === "object" && typeof state === "object") return;
  throw new TypeError(
    `compileTraining: optimizer is one such as new SGD(…), with parameters, a rule and a state, got ${describe(optimizer)}`,
  );
}

/** What is in memory is arrays: the weight w₁₂ of a neuron has no place of its own there, and its update would be lost. */
function checkWhole(parameter: Value): void {
  const array = parameter instanceof Leaf ? (parameter as Leaf).entry()?.array : undefined;
  if (array === undefined) return;
  throw new RangeError(
    `compileTraining: the optimizer's ${nameOf(parameter)} is one entry of ${nameOf(array)}, and compiled steps update whole arrays. ` +
      "Make the optimizer of the parameters of layers, as model.parameters()",
  );
}

/** Some rows of an array. */
export const rowsFrom = (x: NdArray, begin: number, rows: number): NdArray => {
  if (rows === x.shape[0]) return x;
  const width = sizeOf(x.shape.slice(1));
  return new NdArray([rows, ...x.shape.slice(1)], x.values.slice(begin * width, (begin + rows) * width));
};

/** Rows of a step, at most n. @throws RangeError for a size that is no whole number from 1. */
export function batchSizeOf({ batchSize }: CompileTrainingOptions, n: number): number {
  if (batchSize === undefined) return n;
  if (Number.isInteger(batchSize) && batchSize > 0) return Math.min(n, batchSize);
  throw new RangeError(`compileTraining: batchSize is a whole number from 1, got ${describe(batchSize)}`);
}

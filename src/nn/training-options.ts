/** What `train` takes and gives back; how a compiled training is plugged in, which lies on a floor beside this one. */
import type { NdArray } from "../array/ndarray.ts";
import type { Value } from "../graph/value.ts";
import type { Random } from "../random/random.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Model } from "./module.ts";
import type { Optimizer } from "./optimizer.ts";
import type { TrainingData } from "./training-data.ts";

/** Where a training stands after an epoch. */
export interface Progress {
  /** The epoch just done, the first being 0. */
  readonly epoch: number;
  /** How many there are to be. */
  readonly epochs: number;
  /** The loss of the epoch: the mean over its batches, each before its step. */
  readonly loss: number;
}

/** What a training did. */
export interface History {
  /** The loss of every epoch. */
  readonly losses: readonly number[];
  /** "done", or "aborted" by the signal. */
  readonly ended: "done" | "aborted";
  /** Whether all steps ran compiled. */
  readonly compiled: boolean;
  /** Why not, and from which epoch on, where that was asked for. */
  readonly note?: string;
}

/** (prediction, target) → a number. */
export type TrainingLoss = (prediction: Value, target: Value) => Value;

/** What a compiled training is made from. */
export interface TrainingParts {
  readonly model: Model;
  readonly loss: TrainingLoss;
  readonly data: readonly [X: NdArray, y: NdArray];
  readonly optimizer: Optimizer;
  readonly batchSize: number;
  readonly random?: Random;
}

/** Steps that run elsewhere. `run` does so many, leaves weights and state where they are expected, and gives the loss before each. */
export interface CompiledTraining {
  /** Does so many steps and gives the loss before each. */
  run(steps: number): ArrayLike<number>;
}

/** Throws where it cannot compile these parts; the message is what `train` says. */
export type CompileTraining = (parts: TrainingParts) => CompiledTraining;

/** What `train` takes. */
export interface TrainOptions {
  readonly model: Model;
  readonly loss: TrainingLoss;
  /** [X, y], one example a row. */
  readonly data: TrainingData;
  readonly optimizer: Optimizer;
  readonly epochs: number;
  /** Rows of a step; all where none is given. */
  readonly batchSize?: number;
  /** Shuffles the rows before each epoch, where there are several batches. */
  readonly random?: Random;
  /** Called after every epoch. */
  readonly onEpoch?: (progress: Progress) => void;
  /** Called every so many epochs, and at the end however it comes. */
  readonly checkpoint?: { readonly every?: number; readonly save: (checkpoint: Checkpoint) => void };
  /** Starts where a checkpoint was taken: weights, optimiser and stream are set to it. */
  readonly resume?: Checkpoint;
  /** Stops after the epoch in which it is aborted. */
  readonly signal?: AbortSignal;
  /** False for no progress bar on a terminal either. */
  readonly progress?: boolean;
  /** Compiles the steps, where it can. */
  readonly compile?: CompileTraining;
}

export const optionNames: readonly (keyof TrainOptions)[] = [
  "model", "loss", "data", "optimizer", "epochs", "batchSize", "random", "onEpoch", "checkpoint", "resume", "signal", "progress", "compile",
]; // prettier-ignore

/** A training between two epochs as data: resumed from it, it gives the same bits as if it had never stopped. */
import { NdArray, shapeOf, type Tensor } from "../array/ndarray.ts";
import { describe, formatShape, isSameShape } from "../array/shape.ts";
import { checkState, type Random, type RandomState } from "../random/random.ts";
import type { Model } from "./module.ts";
import type { Optimizer, OptimizerState } from "./optimizer.ts";
import type { TrainOptions } from "./training-options.ts";

/** What resuming needs, to the bit; taken between two epochs. */
export interface Checkpoint {
  /** Epochs done. */
  readonly epochs: number;
  readonly losses: readonly number[];
  readonly parameters: readonly (readonly [name: string, data: Tensor])[];
  readonly optimizer: OptimizerState;
  readonly random: RandomState | null;
}

export function checkpointOf(model: Model, optimizer: Optimizer, random: Random | undefined, losses: readonly number[]): Checkpoint {
  const parameters = model.namedParameters().map(([name, { data }]) => [name, data] as const);
  return { epochs: losses.length, losses: [...losses], parameters, optimizer: optimizer.state, random: random?.state ?? null };
}

/** Sets model, optimiser and stream to the checkpoint, if there is one, and gives the losses so far. */
export function resumed({ model, optimizer, random, resume }: TrainOptions): number[] {
  if (resume === undefined) return [];
  checkCheckpoint(resume);
  checkSameParameters(model, resume);
  if (random !== undefined && resume.random === null) throw new RangeError("train: the checkpoint was taken without a random stream");
  if (random !== undefined) checkState("train: the random stream of the checkpoint", resume.random);
  optimizer.state = resume.optimizer;
  for (const [k, [, parameter]] of model.namedParameters().entries()) parameter.data = resume.parameters[k]![1];
  if (random !== undefined) random.state = resume.random!;
  return [...resume.losses];
}

/** The parts of it, before one of them is used. */
function checkCheckpoint(resume: unknown): void {
  const { losses, parameters, optimizer } = (resume ?? {}) as Partial<Record<keyof Checkpoint, unknown>>;
  const isPair = (entry: unknown): boolean => Array.isArray(entry) && entry.length === 2 && isTensor(entry[1]);
  if (!Array.isArray(losses) || !Array.isArray(parameters) || !parameters.every(isPair) || typeof optimizer !== "object")
    throw new TypeError(
      `train: resume is a checkpoint as \`save\` was given it, with epochs, losses, parameters, optimizer and random; got ${describe(resume)}`,
    );
}

const isTensor = (x: unknown): boolean => typeof x === "number" || x instanceof NdArray;

function checkSameParameters(model: Model, { parameters }: Checkpoint): void {
  const list = (entries: readonly (readonly [string, readonly number[]])[]) =>
    entries.map(([name, shape]) => `${name} ${formatShape(shape)}`).join(", ");
  const mine = model.namedParameters().map(([name, { shape }]) => [name, shape] as const);
  const saved = parameters.map(([name, data]) => [name, shapeOf(data)] as const);
  const isSame =
    mine.length === saved.length && mine.every(([name, shape], k) => name === saved[k]![0] && isSameShape(shape, saved[k]![1]));
  if (!isSame) throw new RangeError(`train: the checkpoint is of the parameters ${list(saved)}, the model has ${list(mine)}`);
}

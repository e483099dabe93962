/**
 * `train`: forward, backward, step, epoch after epoch, on data that were checked first. It stops at the first number that is not
 * finite and keeps the last good weights. A compiled form of the step may be passed in; without one, or where it cannot, steps are eager.
 */
import { describe } from "../array/shape.ts";
import { checkedExamples } from "../graph/examples.ts";
import { checkFunction, checkMethods, checkOptions, checkPair } from "../graph/options.ts";
import { checkRandom } from "../random/random.ts";
import { checkpointOf, resumed } from "./checkpoint.ts";
import { epochRunner, lossOf } from "./epochs.ts";
import { checkRange } from "./hyper-parameters.ts";
import { Optimizer } from "./optimizer.ts";
import { ProgressBar } from "./progress-bar.ts";
import { wholeBatch } from "./training-data.ts";
import { optionNames, type History, type TrainingParts, type TrainOptions } from "./training-options.ts";

/**
 * @throws RangeError for data, epochs or batch sizes that cannot be, before the first step; TrainingStopped at the first loss or
 * parameter that is not finite.
 * @example
 * const model = new MLP([2, 3, 1], { activations: ["relu", "sigmoid"], random: numpyRandom(42) });
 * const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
 * const { losses } = train({ model, loss: halfSquaredError, data: datasets.or(), optimizer, epochs: 1000 });
 */
export function train(options: TrainOptions): History {
  const epochs = training(options);
  for (;;) {
    const { done, value } = epochs.next();
    if (done) return value;
  }
}

/** The same, letting others have their turn (timers, a page, Ctrl-C) several times a second. */
export async function trainAsync(options: TrainOptions): Promise<History> {
  const epochs = training(options);
  let pause = performance.now() + slice;
  for (;;) {
    const { done, value } = epochs.next();
    if (done) return value;
    if (performance.now() < pause) continue;
    await new Promise((resume) => setTimeout(resume));
    pause = performance.now() + slice;
  }
}

const slice = 30; // milliseconds

/** Yields after every call of the runner, which does one epoch or, compiled, many. */
function* training(options: TrainOptions): Generator<undefined, History> {
  const parts = checkedParts(options);
  const { model, optimizer, epochs, onEpoch, checkpoint, signal, progress = true } = options;
  const losses = resumed(options);
  const runner = epochRunner(parts, options.compile);
  const bar = progress ? new ProgressBar() : undefined;
  const save = (): void => checkpoint?.save(checkpointOf(model, optimizer, parts.random, losses));
  try {
    while (losses.length < epochs && signal?.aborted !== true) {
      for (const loss of runner.runEpochs(losses.length, epochsUntilSeen(options, losses.length))) {
        losses.push(loss);
        onEpoch?.({ epoch: losses.length - 1, epochs, loss });
      }
      bar?.show({ epoch: losses.length, epochs, loss: losses.at(-1)! });
      if (losses.length < epochs && losses.length % (checkpoint?.every ?? Infinity) === 0) save();
      yield;
    }
  } finally {
    bar?.clear();
  }
  save();
  const { compiled, note } = runner;
  return { losses, ended: losses.length < epochs ? "aborted" : "done", compiled, ...(note !== undefined && { note }) };
}

/** How many epochs may pass before somebody looks at the model: onEpoch after each, a checkpoint after some. */
function epochsUntilSeen({ epochs, onEpoch, checkpoint }: TrainOptions, done: number): number {
  const every = onEpoch ? 1 : (checkpoint?.every ?? Infinity);
  return Math.min(epochs - done, every === Infinity ? Infinity : every - (done % every));
}

/** Each option by itself: what it is, and its range. */
function checkKinds({ model, loss, data, optimizer, epochs, batchSize, random, ...more }: TrainOptions): void {
  checkMethods("train", "model", model, ["forward", "namedParameters"], "new MLP(…)");
  if (!((optimizer as unknown) instanceof Optimizer))
    throw new TypeError(`train: the optimizer is one such as new SGD(model.parameters(), { … }), got ${describe(optimizer)}`);
  if (typeof (loss as unknown) !== "function")
    throw new TypeError(`train: the loss is a function of prediction and target, got ${describe(loss)}`);
  checkPair("train", data);
  checkRange("train", "epochs", epochs);
  if (batchSize !== undefined) checkRange("train", "batchSize", batchSize);
  checkRandom("train", random);
  checkFunction("train", "onEpoch", more.onEpoch);
  checkFunction("train", "compile", more.compile);
  checkSignal(more.signal);
  if (more.checkpoint !== undefined) checkCheckpoint(more.checkpoint);
}

function checkCheckpoint(checkpoint: NonNullable<TrainOptions["checkpoint"]>): void {
  checkOptions("train: checkpoint", checkpoint, ["every", "save"]);
  const { every, save } = checkpoint;
  if (typeof (save as unknown) !== "function") throw new TypeError(`train: save of checkpoint is a function, got ${describe(save)}`);
  if (every !== undefined) checkRange("train", "every", every);
}

/** A controller is not its signal, and a training that was given one could not be stopped. */
function checkSignal(signal: unknown): void {
  if (signal === undefined || (typeof signal === "object" && signal !== null && "aborted" in signal)) return;
  throw new TypeError(`train: signal is the signal of an AbortController, controller.signal, got ${describe(signal)}`);
}

function checkedParts(options: TrainOptions): TrainingParts {
  checkOptions("train", options, optionNames);
  checkKinds(options);
  const { model, loss, data, optimizer, random, batchSize } = options;
  const parameters = model.namedParameters().map(([, parameter]) => parameter);
  if (!optimizer.parameters.some((p) => parameters.includes(p)))
    throw new RangeError("train: the optimizer holds none of the model's parameters; make it of model.parameters()");
  const rows = checkedExamples("train", data);
  const parts = {
    model,
    loss,
    data: rows,
    optimizer,
    batchSize: Math.min(batchSize ?? Infinity, rows[0].shape[0]!),
    ...(random && { random }),
  };
  // All examples once, so that a target the loss refuses is refused before anything changes.
  lossOf(parts, wholeBatch(rows));
  return parts;
}

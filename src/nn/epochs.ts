/** Epochs of training, eager or compiled, with a safeguard around the steps. */
import { describe, formatShape } from "../array/shape.ts";
import { backward } from "../gradient/backward.ts";
import { Value } from "../graph/value.ts";
import { Safeguard, type Standing } from "./safeguard.ts";
import { batches, type Batch } from "./training-data.ts";
import type { CompiledTraining, CompileTraining, TrainingParts } from "./training-options.ts";

/** The loss of a batch. @throws RangeError where it is not a number. */
export function lossOf({ model, loss }: TrainingParts, { X, y }: Batch): Value<number> {
  const L: unknown = loss(model.forward(X), y);
  if (!(L instanceof Value)) throw new TypeError(`train: the loss gives a value, got ${describe(L)}; compute it with losses or operations`);
  if (L.shape.length > 0) throw new RangeError(`train: the loss has shape ${formatShape(L.shape)}; give it the reduction "mean" or "sum"`);
  return L as Value<number>;
}

/** Does at least one epoch and at most so many, the first being number `epoch`; gives the loss of each. */
type RunEpochs = (epoch: number, atMost: number) => number[];

/** Compiled steps may meet what they cannot do: then it runs others, and its note says why. */
interface Runner {
  runEpochs: RunEpochs;
  compiled: boolean;
  note?: string;
}

/** Compiled where that is asked for and possible; else eager, with the reason. */
export function epochRunner(parts: TrainingParts, compile: CompileTraining | undefined): Runner {
  if (compile === undefined) return { runEpochs: eagerEpochs(parts), compiled: false };
  try {
    return compiledEpochs(parts, compile(parts));
  } catch (error) {
    return { runEpochs: eagerEpochs(parts), compiled: false, note: `trained without compiling: ${reasonOf(error)}` };
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** One at a time. The safeguard may know a last loss from compiled steps before. */
function eagerEpochs(parts: TrainingParts, safeguard = safeguardOf(parts)): RunEpochs {
  const { model, optimizer } = parts;
  const epochBatches = batches(parts);
  const parameters = model.namedParameters();
  return (epoch) => {
    let [total, rows] = [0, 0];
    for (const batch of epochBatches()) {
      const L = lossOf(parts, batch);
      safeguard.keep(L.data, epoch);
      for (const [, parameter] of parameters) parameter.zeroGrad();
      optimizer.zeroGrad();
      backward(L);
      optimizer.step();
      safeguard.checkParameters(epoch);
      total += L.data * batch.rows;
      rows += batch.rows;
    }
    return [total / rows];
  };
}

const safeguardOf = ({ model, optimizer }: TrainingParts): Safeguard => new Safeguard(model.namedParameters(), optimizer);

const longestCall = 50; // milliseconds: progress is shown and Ctrl-C heard between calls

/**
 * Many at a time, more as long as they are quick. Compiled code does not say where a number stops being finite: then all goes back to
 * before the call, and eager steps find the place.
 */
function compiledEpochs(parts: TrainingParts, compiled: CompiledTraining): Runner {
  const { data, batchSize, random } = parts;
  const n = data[0].shape[0]!;
  const steps = Math.ceil(n / batchSize);
  const safeguard = safeguardOf(parts);
  let epochs = 1;
  const runEpochs: RunEpochs = (epoch, atMost) => {
    const [before, stream, start] = [safeguard.standing(), random?.state, performance.now()];
    const count = Math.min(epochs, atMost);
    try {
      const { losses, lastGood } = run(compiled, count * steps, safeguard);
      safeguard.keep(losses.at(-1)!, epoch, lastGood);
      if (performance.now() - start < longestCall) epochs *= 2;
      return Array.from({ length: count }, (_, k) => meanOver(losses.slice(k * steps, (k + 1) * steps), batchSize, n));
    } catch (error) {
      safeguard.restore(before);
      if (random && stream) random.state = stream;
      const note = `trained without compiling from epoch ${epoch} on: ${reasonOf(error)}`;
      Object.assign(runner, { runEpochs: eagerEpochs(parts, safeguard), compiled: false, note });
      return runner.runEpochs(epoch, atMost);
    }
  };
  const runner: Runner = { runEpochs, compiled: true };
  return runner;
}

/**
 * The losses of so many steps, and the weights before the last, which are those of its loss. The last step runs by itself: should the
 * next call begin with a loss that is not finite, the weights to go back to are known. @throws where a number is not finite.
 */
function run(compiled: CompiledTraining, steps: number, safeguard: Safeguard): { losses: number[]; lastGood: Standing } {
  const losses = steps > 1 ? Array.from(compiled.run(steps - 1)) : [];
  checkFinite(losses.every(Number.isFinite));
  const lastGood = safeguard.standing();
  losses.push(compiled.run(1)[0]!);
  checkFinite(Number.isFinite(losses.at(-1)) && safeguard.badParameter() === undefined);
  return { losses, lastGood };
}

function checkFinite(areFinite: boolean): void {
  if (!areFinite) throw new RangeError("compiled steps met a number that is not finite");
}

/** The mean over n rows of the means over batches; the last batch may have fewer rows. */
const meanOver = (losses: readonly number[], batchSize: number, n: number): number =>
  losses.reduce((sum, loss, k) => sum + loss * Math.min(batchSize, n - k * batchSize), 0) / n;

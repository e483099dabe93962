/** One epoch of training, eager or compiled, with a safeguard around each step. */
import { formatShape } from "../array/shape.ts";
import { backward } from "../gradient/backward.ts";
import type { Value } from "../graph/value.ts";
import { Safeguard } from "./safeguard.ts";
import { batches, type Batch } from "./training-data.ts";
import type { CompiledTraining, CompileTraining, TrainingParts } from "./training-options.ts";

/** The loss of a batch. @throws RangeError where it is not a number. */
export function lossOf({ model, loss }: TrainingParts, { X, y }: Batch): Value<number> {
  const L = loss(model.forward(X), y);
  if (L.shape.length > 0) throw new RangeError(`train: the loss has shape ${formatShape(L.shape)}; give it the reduction "mean" or "sum"`);
  return L as Value<number>;
}

interface Runner {
  readonly epoch: (epoch: number) => number;
  readonly compiled: boolean;
  readonly note?: string;
}

/** Compiled where that is asked for and possible; else eager, with the reason. */
export function epochRunner(parts: TrainingParts, compile: CompileTraining | undefined): Runner {
  if (compile === undefined) return { epoch: eagerEpochs(parts), compiled: false };
  try {
    return { epoch: compiledEpochs(parts, compile(parts)), compiled: true };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { epoch: eagerEpochs(parts), compiled: false, note: `trained without compiling: ${reason}` };
  }
}

function eagerEpochs(parts: TrainingParts): (epoch: number) => number {
  const { model, optimizer } = parts;
  const epochBatches = batches(parts);
  const parameters = model.namedParameters();
  const safeguard = new Safeguard(parameters, optimizer);
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
    return total / rows;
  };
}

/** Looks at what the compiled code did after every epoch. */
function compiledEpochs({ model, data, optimizer, batchSize }: TrainingParts, compiled: CompiledTraining): (epoch: number) => number {
  const n = data[0].shape[0]!;
  const safeguard = new Safeguard(model.namedParameters(), optimizer);
  return (epoch) => {
    const losses = Array.from(compiled.run(Math.ceil(n / batchSize)));
    for (const [step, loss] of losses.entries()) safeguard.checkLoss(loss, epoch, step);
    safeguard.checkParameters(epoch, losses.length - 1);
    safeguard.keep(losses.at(-1)!, epoch);
    return losses.reduce((sum, loss, k) => sum + loss * Math.min(batchSize, n - k * batchSize), 0) / n;
  };
}

/** Training that can be watched: epochs run in short turns, and between them the page draws what was reached. */
import { halfSquaredError } from "../nn/losses.ts";
import { SGD } from "../nn/sgd.ts";
import { trainAsync } from "../nn/training.ts";
import type { Network } from "./network-program.ts";

export interface Training {
  readonly losses: number[];
  /** Resolves when it has stopped; rejects with the reason where a number stopped being finite. */
  readonly ended: Promise<void>;
  readonly stop: () => void;
}

export function startTraining({ model, data }: Network, learningRate: number, losses: number[], onTurn: () => void): Training {
  const controller = new AbortController();
  let asked = false;
  const turn = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      onTurn();
    });
  };
  const ended = trainAsync({
    model,
    data,
    loss: halfSquaredError,
    optimizer: new SGD(model.parameters(), { learningRate }),
    epochs: 20_000,
    progress: false,
    signal: controller.signal,
    onEpoch: ({ loss }) => {
      losses.push(loss);
      turn();
    },
  }).then(() => undefined);
  return { losses, ended, stop: () => controller.abort() };
}

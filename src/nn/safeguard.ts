/** Keeps the weights with which the loss was last finite, and stops a training at the first number that is not. */
import { entriesOf, type Tensor } from "../array/ndarray.ts";
import { placeIn } from "../graph/examples.ts";
import type { Value } from "../graph/value.ts";
import type { Optimizer, OptimizerState } from "./optimizer.ts";

/** A training that met a loss or a parameter that is not finite. The model has the last good weights. */
export class TrainingStopped extends Error {
  /** "loss", or the name of the parameter. */
  readonly what: string;
  /** Steps done when it was met. */
  readonly steps: number;
  readonly epoch: number;
  /** Undefined where the first loss already was not finite. */
  readonly lastLoss: number | undefined;

  constructor(message: string, at: { what: string; steps: number; epoch: number; lastLoss: number | undefined }) {
    super(message);
    this.name = "TrainingStopped";
    ({ what: this.what, steps: this.steps, epoch: this.epoch, lastLoss: this.lastLoss } = at);
  }
}

/** Weights and optimiser at one moment. */
export interface Standing {
  /** The arrays themselves: a write to a leaf replaces its array and does not change it. */
  readonly weights: readonly Tensor[];
  readonly state: OptimizerState;
}

export class Safeguard {
  readonly #parameters: readonly (readonly [name: string, parameter: Value])[];
  readonly #optimizer: Optimizer;
  #kept: Standing;
  #lastLoss: number | undefined;

  constructor(parameters: readonly (readonly [name: string, parameter: Value])[], optimizer: Optimizer) {
    this.#parameters = parameters;
    this.#optimizer = optimizer;
    this.#kept = this.standing();
  }

  /** Weights and optimiser as they are now. */
  standing(): Standing {
    return { weights: this.#parameters.map(([, { payload }]) => payload), state: this.#optimizer.snapshot() };
  }

  /** A loss and the weights it was computed with, those of now where no others are given, are what to fall back on, if it is finite. */
  keep(loss: number, epoch: number, standing = this.standing()): void {
    if (!Number.isFinite(loss)) throw this.#stopped("loss", `the loss became ${loss}`, epoch);
    this.#lastLoss = loss;
    this.#kept = standing;
  }

  checkParameters(epoch: number): void {
    const bad = this.badParameter();
    if (bad) throw this.#stopped(bad.name, bad.became, epoch);
  }

  /** The first parameter that is not finite, and where. */
  badParameter(): { name: string; became: string } | undefined {
    for (const [name, { payload }] of this.#parameters) {
      const entries = entriesOf(payload);
      const bad = entries.findIndex((x) => !Number.isFinite(x));
      if (bad >= 0) return { name, became: `${name} became ${entries[bad]!}${placeIn(payload, bad)}` };
    }
    return undefined;
  }

  /** Weights and optimiser as they were then. */
  restore({ weights, state }: Standing): void {
    for (const [k, [, parameter]] of this.#parameters.entries()) parameter.data = weights[k]!;
    this.#optimizer.restore(state);
  }

  #stopped(what: string, happened: string, epoch: number): TrainingStopped {
    this.restore(this.#kept);
    const lastLoss = this.#lastLoss;
    const steps = this.#kept.state.step + (lastLoss === undefined ? 0 : 1);
    const kept =
      lastLoss === undefined ? "the weights are those of the start" : `the last finite loss was ${lastLoss}, and its weights are kept`;
    const advice = lastLoss === undefined ? "firstNonFinite(loss) says where it arose" : "A smaller learning rate may help";
    const message = `train: ${happened} after ${steps} ${steps === 1 ? "step" : "steps"} (epoch ${epoch}); ${kept}. ${advice}`;
    return new TrainingStopped(message, { what, steps, epoch, lastLoss });
  }
}

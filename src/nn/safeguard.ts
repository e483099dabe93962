/** Keeps the weights with which the loss was last finite, and stops a training at the first number that is not. */
import { entriesOf, type Tensor } from "../array/ndarray.ts";
import type { Value } from "../graph/value.ts";
import type { Optimizer, OptimizerState } from "./optimizer.ts";
import { placeIn } from "./targets.ts";

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

export class Safeguard {
  readonly #parameters: readonly (readonly [name: string, parameter: Value])[];
  readonly #optimizer: Optimizer;
  /** The arrays themselves: a write to a leaf replaces its array and does not change it. */
  #weights: readonly Tensor[] = [];
  #state: OptimizerState;
  #lastLoss: number | undefined;

  constructor(parameters: readonly (readonly [name: string, parameter: Value])[], optimizer: Optimizer) {
    this.#parameters = parameters;
    this.#optimizer = optimizer;
    this.#weights = parameters.map(([, { payload }]) => payload);
    this.#state = optimizer.snapshot();
  }

  /** The weights as they are now and their loss are what to fall back on, if it is finite. */
  keep(loss: number, epoch: number): void {
    if (!Number.isFinite(loss)) throw this.#stopped("loss", `the loss became ${loss}`, epoch);
    this.#lastLoss = loss;
    this.#weights = this.#parameters.map(([, { payload }]) => payload);
    this.#state = this.#optimizer.snapshot();
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

  /** Weights and optimiser as they were when they were last kept. */
  restore(): void {
    for (const [k, [, parameter]] of this.#parameters.entries()) parameter.data = this.#weights[k]!;
    this.#optimizer.restore(this.#state);
  }

  #stopped(what: string, happened: string, epoch: number): TrainingStopped {
    this.restore();
    const lastLoss = this.#lastLoss;
    const steps = this.#state.step + (lastLoss === undefined ? 0 : 1);
    const kept =
      lastLoss === undefined ? "the weights are those of the start" : `the last finite loss was ${lastLoss}, and its weights are kept`;
    const advice = lastLoss === undefined ? "firstNonFinite(loss) says where it arose" : "A smaller learning rate may help";
    const message = `train: ${happened} after ${steps} ${steps === 1 ? "step" : "steps"} (epoch ${epoch}); ${kept}. ${advice}`;
    return new TrainingStopped(message, { what, steps, epoch, lastLoss });
  }
}

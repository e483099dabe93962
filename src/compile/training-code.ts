/** A training in memory, ready to run: the step of a whole batch, that of the shorter last batch of an epoch, and where everything lies. */
import type { NdArray } from "../array/ndarray.ts";
import { Instance, memoryOf } from "./instance.ts";
import { Layout } from "./layout.ts";
import { stepOf, type Kept, type Step } from "./step.ts";
import { rowsFrom, type CompileTrainingOptions } from "./training-options.ts";
import type { Generated } from "./wasm/generate.ts";

export interface Runnable {
  readonly step: Step;
  readonly instance: Instance;
}

export interface TrainingCode {
  readonly whole: Runnable;
  readonly rest: Runnable | null;
  /** Every trained parameter once, with a program in whose memory it lies. */
  readonly kept: readonly (readonly [Kept, Instance])[];
  readonly layout: Layout;
  readonly memory: WebAssembly.Memory;
}

/** Traces and generates both steps, with the optimiser as it is set now. */
export function trainingCode(options: CompileTrainingOptions, data: readonly [NdArray, NdArray], batch: number): TrainingCode {
  const { optimizer, precision = "f64" } = options;
  const [X, Y] = data;
  const n = X.shape[0]!;
  const isPart = batch < n;
  const remainder = n % batch;
  const whole = stepOf(options, rowsFrom(X, 0, batch), rowsFrom(Y, 0, batch), isPart);
  const rest = remainder > 0 ? stepOf(options, rowsFrom(X, 0, remainder), rowsFrom(Y, 0, remainder), isPart) : null;
  const layout = new Layout(data, isPart, rest ? [whole, rest] : [whole], optimizer, precision);
  const generated = layout.generated(whole, batch, layout.end);
  const generatedRest = rest && layout.generated(rest, remainder, generated.room.end);
  const memory = memoryOf((generatedRest ?? generated).room.end);
  layout.writeData(memory);
  const runnable = (step: Step, code: Generated): Runnable => ({ step, instance: new Instance(precision, code, memory) });
  const both = { whole: runnable(whole, generated), rest: rest && generatedRest && runnable(rest, generatedRest) };
  return { ...both, kept: keptOf(both.whole, both.rest), layout, memory };
}

/** A parameter may be trained by one of them only: the shorter batch may leave out what the whole one computes. */
function keptOf(whole: Runnable, rest: Runnable | null): TrainingCode["kept"] {
  const found = new Map<number, readonly [Kept, Instance]>();
  for (const { step, instance } of rest ? [rest, whole] : [whole])
    for (const kept of step.parameters) found.set(kept.index, [kept, instance]);
  return [...found.values()];
}

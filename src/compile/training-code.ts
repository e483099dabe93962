/** A training in memory, ready to run: the step of a whole batch, that of the shorter last batch of an epoch, and where everything lies. */
import type { NdArray } from "../array/ndarray.ts";
import { Instance, memoryOf } from "./instance.ts";
import { Layout } from "./layout.ts";
import { stepOf, type Step } from "./step.ts";
import { rowsFrom, type CompileTrainingOptions } from "./training-options.ts";

export interface Runnable {
  readonly step: Step;
  readonly instance: Instance;
}

export interface TrainingCode {
  readonly whole: Runnable;
  readonly rest: Runnable | null;
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
  const layout = new Layout(data, isPart, whole, optimizer, precision);
  const generated = layout.generated(whole, batch, layout.end);
  const generatedRest = rest && layout.generated(rest, remainder, generated.room.end);
  const memory = memoryOf((generatedRest ?? generated).room.end);
  layout.writeData(memory);
  return {
    whole: { step: whole, instance: new Instance(precision, generated, memory) },
    rest: rest && generatedRest && { step: rest, instance: new Instance(precision, generatedRest, memory) },
    layout,
    memory,
  };
}

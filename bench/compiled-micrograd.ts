/** W2 compiled: micrograd's demo, 2-16-16-1 on 100 points, 500 steps inside compiled code, beside C that gcc vectorises layer by layer. */
import { layerDemo, type Variant } from "./micrograd-demo.ts";
import { c } from "./process.ts";
import { bestOf, cadena, trainingFromStart, type Contender, type Round, type Workload } from "./workload.ts";

const { compileTraining } = cadena;

const steps = 500;

function compiled(variant: Variant): () => Round {
  const demo = layerDemo(variant);
  const { parameters } = demo.optimizer;
  const training = compileTraining(demo);
  const run = trainingFromStart(training, parameters, steps);
  for (let k = 0; k < 10; k++) run();
  // As the C program reports it.
  return () => bestOf(10, run);
}

const contenders = (variant: Variant) => (): Contender[] => [
  { name: "cadena, compiled", round: compiled(variant) },
  c("C by layers, gcc -O3 -ffast-math, SSE4.2", "compiled_micrograd.c", ["-msse4.2", "-ffast-math"], variant),
  c("C by layers, gcc -O3 -march=native", "compiled_micrograd.c", ["-march=native"], variant),
];

export const compiledMicrograd: readonly Workload[] = (["a", "b"] as const).map((variant) => ({
  id: `W2${variant.toUpperCase()}-COMPILED`,
  title: `micrograd's demo (${variant}) compiled from tensors, a step`,
  unit: "µs",
  tolerance: 1e-7,
  contenders: contenders(variant),
}));

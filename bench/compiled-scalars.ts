/**
 * W2 from scalar values, compiled: micrograd's demo as micrograd builds it, 65,000 numbers a step, 500 steps inside compiled code,
 * beside C that goes point by point. gcc vectorises that over neurons and is slower for it; so it is asked for both.
 */
import { learningRate, scalarDemo, type Variant } from "./micrograd-demo.ts";
import { c } from "./process.ts";
import { bestOf, cadena, trainingFromStart, type Contender, type Round, type Workload } from "./workload.ts";

const { compileTraining, SGD } = cadena;

const steps = 500;
/** The best of so many runs is a round's time, as in the C program. */
const runs = 10;

function compiled(variant: Variant): () => Round {
  const { parameters, lossOf } = scalarDemo(variant);
  // The points are numbers of the graph: there is nothing to pass in.
  const training = compileTraining({
    model: { forward: lossOf },
    loss: (loss) => loss,
    optimizer: new SGD(parameters, { learningRate }),
    data: [[0], [0]],
  });
  const run = trainingFromStart(training, parameters, steps);
  for (let k = 0; k < runs; k++) run();
  return () => bestOf(runs, run);
}

const contenders = (variant: Variant) => (): Contender[] => [
  { name: "cadena, compiled from scalar values", round: compiled(variant) },
  c("C point by point, gcc -O3 -fno-tree-vectorize", "scalar_micrograd.c", ["-fno-tree-vectorize"], variant),
  c("C point by point, gcc -O3", "scalar_micrograd.c", [], variant),
];

export const compiledScalars: readonly Workload[] = (["a", "b"] as const).map((variant) => ({
  id: `W2${variant.toUpperCase()}-SCALARS-COMPILED`,
  title: `micrograd's demo (${variant}) compiled from scalar values, a step`,
  unit: "µs",
  tolerance: 1e-9,
  contenders: contenders(variant),
}));

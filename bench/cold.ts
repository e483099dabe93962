/**
 * One of the computations of first-steps.ts, by name, once in a process in which nothing ran before: prints its milliseconds, from
 * the loaded library to the result, and the result.
 */
import type { CompileTrainingOptions, SGD, Value } from "../src/index.ts";
import { irregular, inputs } from "./compiled-irregular.ts";
import { layerDemo, learningRate, scalarDemo, type Variant } from "./micrograd-demo.ts";
import { cadena, milliseconds } from "./workload.ts";

const { compile, compileTraining, constant, MLP, numpyRandom, value } = cadena;

type Training = CompileTrainingOptions & { readonly optimizer: SGD };

/** As many steps, compiled; the loss before the last one. */
const compiled = (training: Training, steps: number): number => compileTraining(training).run(steps).at(-1)!;

function eager({ model, loss, optimizer, data }: Training, steps: number): number {
  const [x, y] = data.map((rows) => constant(rows as number[][]));
  let last = 0;
  for (let k = 0; k < steps; k++) {
    const result = loss(model.forward(x!), y!);
    last = result.data as number;
    optimizer.zeroGrad();
    result.backward();
    optimizer.step();
  }
  return last;
}

const scalars = (variant: Variant): Training => {
  const { parameters, lossOf } = scalarDemo(variant);
  return {
    model: { forward: lossOf },
    loss: (loss) => loss,
    optimizer: new cadena.SGD(parameters, { learningRate }),
    data: [[0], [0]],
  };
};

/** Ten layers of 64 neurons, a batch of 32. */
function tenLayers(): Training {
  const model = new MLP(new Array<number>(11).fill(64), { random: numpyRandom(1) });
  const random = numpyRandom(2);
  const rows = (): number[][] => Array.from({ length: 32 }, () => Array.from({ length: 64 }, () => random.uniform(0, 1)));
  const loss = (prediction: Value, target: Value): Value => prediction.sub(target).square().mean();
  return { model, loss, optimizer: new cadena.SGD(model.parameters(), { learningRate: 0.01 }), data: [rows(), rows()] };
}

const irregularEager = (): number => {
  const y = irregular(...inputs.map((x) => value(x)));
  y.backward();
  return y.data as number;
};

const computations: Record<string, () => number> = {
  "irregular compiled": () => compile(irregular, inputs).valueAndGrad(...inputs)[0] as number,
  "irregular eager": irregularEager,
  "layers compiled": () => compiled(tenLayers(), 1),
  "layers eager": () => eager(tenLayers(), 1),
  "a compiled": () => compiled(layerDemo("a"), 2),
  "a eager": () => eager(layerDemo("a"), 2),
  "b compiled": () => compiled(layerDemo("b"), 2),
  "b eager": () => eager(layerDemo("b"), 2),
  "a scalars compiled": () => compiled(scalars("a"), 2),
  "a scalars eager": () => eager(scalars("a"), 2),
};

let checksum = 0;
const time = milliseconds(() => {
  checksum = computations[process.argv[2]!]!();
});
console.log(JSON.stringify({ time, checksum }));

/** W2 compiled: micrograd's demo, 2-16-16-1 on 100 points, 500 steps inside compiled code, beside C that gcc vectorises layer by layer. */
import type { CompileTrainingOptions, SGD, Value } from "../src/index.ts";
import { c } from "./process.ts";
import { bestOf, cadena, milliseconds, type Contender, type Round, type Workload } from "./workload.ts";

const { compileTraining, value, sumOf } = cadena;

type Variant = "a" | "b";

const sizes = [2, 16, 16, 1] as const;
const steps = 500;

/** Points and first weights by a formula that C repeats exactly. */
const x = Array.from({ length: 100 }, (_, i) => [((i * 37) % 100) / 50 - 1, ((i * 61) % 100) / 50 - 1]);
const y = x.map(([p, q]) => [p! * q! > 0 ? 1 : -1]);
const weight = (k: number): number => ((k * 7919) % 1000) / 1000 - 0.4995;

function initial(): number[][][] {
  let k = 0;
  return sizes
    .slice(1)
    .flatMap((n, l) => [
      Array.from({ length: sizes[l]! }, () => Array.from({ length: n }, () => weight(k++))),
      [new Array<number>(n).fill(0)],
    ]);
}

/** The demo from tensors, layer by layer. */
export function layerDemo(variant: Variant): CompileTrainingOptions & { readonly optimizer: SGD } {
  const parameters: Value[] = initial().map((data) => value(data));
  const forward = (input: Value): Value => {
    let a = input;
    for (let l = 0; l < 3; l++) {
      const z = a.matmul(parameters[2 * l]!).add(parameters[2 * l + 1]!);
      a = variant === "b" ? z.tanh() : l < 2 ? z.relu() : z;
    }
    return a;
  };
  const loss = (prediction: Value, target: Value): Value => {
    if (variant === "b") return prediction.sub(target).square().mean();
    const hinge = target.neg().mul(prediction).add(1).relu().mean();
    return hinge.add(sumOf(parameters.map((p) => p.square().sum())).mul(1e-4));
  };
  return { model: { forward }, loss, optimizer: new cadena.SGD(parameters, { learningRate: 0.05 }), data: [x, y] };
}

function compiled(variant: Variant): () => Round {
  const demo = layerDemo(variant);
  const { parameters } = demo.optimizer;
  const start = parameters.map(({ data }) => data);
  const training = compileTraining(demo);
  const run = (): Round => {
    for (const [i, parameter] of parameters.entries()) parameter.data = start[i] as never;
    let losses: Float64Array = new Float64Array();
    const time = milliseconds(() => {
      losses = training.run(steps);
    });
    return { time: (time * 1e3) / steps, checksum: losses.at(-1)! };
  };
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

/** W2: micrograd's demo, full-batch steps of gradient descent, eager. */
import type { Value } from "../src/index.ts";
import { layerDemo, learningRate, scalarDemo, type Variant } from "./micrograd-demo.ts";
import { c, python } from "./process.ts";
import { cadena, milliseconds, type Contender, type Round, type Workload } from "./workload.ts";

const steps = 20;

function step(parameters: readonly Value[], loss: Value): void {
  loss.backward();
  for (const parameter of parameters) {
    parameter.data = (
      typeof parameter.data === "number" ? parameter.data - learningRate * (parameter.grad as number) : moved(parameter)
    ) as never;
    parameter.zeroGrad();
  }
}

function moved(parameter: Value): unknown {
  const [data, gradient] = [parameter.data, parameter.grad] as unknown as { values: Float64Array }[];
  for (let i = 0; i < data!.values.length; i++) data!.values[i]! -= learningRate * gradient!.values[i]!;
  return data;
}

function fromTensors(variant: Variant): Round {
  const { model, loss, optimizer, data } = layerDemo(variant);
  const [inputs, targets] = data.map((rows) => cadena.constant(rows)) as [Value, Value];
  return trained(optimizer.parameters, () => loss(model.forward(inputs), targets) as Value<number>, 1e3);
}

function fromScalars(variant: Variant): Round {
  const { parameters, lossOf } = scalarDemo(variant);
  return trained(parameters, lossOf, 1);
}

/** Time of a step in milliseconds times `scale`. A step is a function: what it made is garbage when it returns, not when the next is done. */
function trained(parameters: readonly Value[], lossOf: () => Value<number>, scale: number): Round {
  let checksum = 0;
  const oneStep = (): void => {
    const loss = lossOf();
    checksum = loss.data;
    step(parameters, loss);
  };
  const time = milliseconds(() => {
    for (let k = 0; k < steps; k++) oneStep();
  });
  return { time: (time / steps) * scale, checksum };
}

/**
 * The first steps run in V8's interpreter and quick compiler, as C never does, and are not counted: about half a second. A round is
 * several trainings from the start, so that it is long enough to be timed.
 */
function warm(training: () => Round, trainings: number): () => Round {
  const round = (): Round => {
    const all = Array.from({ length: trainings }, training);
    return { time: all.reduce((sum, { time }) => sum + time, 0) / trainings, checksum: all[0]!.checksum };
  };
  for (let k = 0; k < 3; k++) round();
  return round;
}

const peers = (variant: Variant, unit: string): Contender[] => [
  c("C, gcc -O3 -msse2", "micrograd.c", [], variant, unit),
  python("torch from tensors, one thread", "torch_peer.py", "torch", "micrograd", variant, unit),
];

export const micrograd: readonly Workload[] = (["a", "b"] as const).flatMap((variant) => [
  {
    id: `W2${variant.toUpperCase()}-TENSORS`,
    title: `micrograd's demo (${variant}) from tensors, a step`,
    unit: "µs",
    tolerance: 1e-9,
    contenders: () => [{ name: "cadena, eager", round: warm(() => fromTensors(variant), 40) }, ...peers(variant, "us")],
  },
  {
    id: `W2${variant.toUpperCase()}-SCALARS`,
    title: `micrograd's demo (${variant}) from scalar values, a step`,
    unit: "ms",
    tolerance: 1e-9,
    contenders: () => [{ name: "cadena, eager", round: warm(() => fromScalars(variant), 2) }, ...peers(variant, "ms")],
  },
]);

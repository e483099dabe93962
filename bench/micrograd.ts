/**
 * W2: micrograd's demo, 2-16-16-1 on 100 points, 337 parameters, full-batch steps of gradient descent: (a) relu, hinge loss and
 * weight decay as Karpathy's; (b) tanh and mean squared error. Once from tensors, once from scalar values.
 */
import { c } from "./process.ts";
import type { Value } from "../src/index.ts";
import { cadena, milliseconds, type Contender, type Round, type Workload } from "./workload.ts";

const { constant, value, sumOf } = cadena;

export type Variant = "a" | "b";

const sizes = [2, 16, 16, 1] as const;
const steps = 20;
const learningRate = 0.05;

/** Points and first weights by a formula that C repeats exactly. */
const x = Array.from({ length: 100 }, (_, i) => [((i * 37) % 100) / 50 - 1, ((i * 61) % 100) / 50 - 1]);
const y = x.map(([p, q]) => (p! * q! > 0 ? 1 : -1));
const weight = (k: number): number => ((k * 7919) % 1000) / 1000 - 0.4995;

/** Weights layer by layer: w as rows of inputs, then b. */
function initial(): { w: number[][]; b: number[] }[] {
  let k = 0;
  return sizes.slice(1).map((n, l) => ({
    w: Array.from({ length: sizes[l]! }, () => Array.from({ length: n }, () => weight(k++))),
    b: new Array<number>(n).fill(0),
  }));
}

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
  const layers = initial().map(({ w, b }) => ({ w: value(w), b: value([b]) }));
  const parameters: Value[] = layers.flatMap(({ w, b }) => [w, b]);
  const [inputs, targets] = [constant(x), constant(y.map((t) => [t]))];
  const lossOf = (): Value<number> => {
    let a: Value = inputs;
    for (const [l, { w, b }] of layers.entries()) {
      const z = a.matmul(w).add(b);
      a = variant === "b" ? z.tanh() : l < 2 ? z.relu() : z;
    }
    if (variant === "b") return a.sub(targets).square().mean();
    const hinge = targets.neg().mul(a).add(1).relu().mean();
    return hinge.add(sumOf(parameters.map((p) => p.square().sum())).mul(1e-4)) as Value<number>;
  };
  return trained(parameters, lossOf, 1e3);
}

/** The demo as micrograd builds it: a number for each weight and each result, point by point. */
export function scalarDemo(variant: Variant): { parameters: Value<number>[]; lossOf: () => Value<number> } {
  const layers = initial().map(({ w, b }) => ({ w: w.map((row) => row.map((k) => value(k))), b: b.map((k) => value(k)) }));
  const parameters = layers.flatMap(({ w, b }) => [...w.flat(), ...b]);
  const forward = (point: readonly number[]): Value<number> => {
    let a: readonly (Value<number> | number)[] = point;
    for (const [l, { w, b }] of layers.entries())
      a = b.map((bias, j) => {
        let z = bias;
        for (let i = 0; i < a.length; i++) z = z.add(w[i]![j]!.mul(a[i] as Value<number>));
        return variant === "b" ? z.tanh() : l < 2 ? z.relu() : z;
      });
    return a[0] as Value<number>;
  };
  const total = (terms: Value<number>[]): Value<number> => terms.reduce((sum, term) => sum.add(term));
  const lossOf = (): Value<number> => {
    const scores = x.map(forward);
    if (variant === "b") return total(scores.map((s, i) => s.sub(y[i]!).square())).mul(1 / 100);
    const hinge = total(scores.map((s, i) => s.mul(-y[i]!).add(1).relu())).mul(1 / 100);
    return hinge.add(total(parameters.map((p) => p.mul(p))).mul(1e-4));
  };
  return { parameters, lossOf };
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

const peer = (variant: Variant, unit: string): Contender => c("C, gcc -O3 -msse2", "micrograd.c", [], variant, unit);

export const micrograd: readonly Workload[] = (["a", "b"] as const).flatMap((variant) => [
  {
    id: `W2${variant.toUpperCase()}-TENSORS`,
    title: `micrograd's demo (${variant}) from tensors, a step`,
    unit: "µs",
    tolerance: 1e-9,
    contenders: () => [{ name: "cadena, eager", round: warm(() => fromTensors(variant), 40) }, peer(variant, "us")],
  },
  {
    id: `W2${variant.toUpperCase()}-SCALARS`,
    title: `micrograd's demo (${variant}) from scalar values, a step`,
    unit: "ms",
    tolerance: 1e-9,
    contenders: () => [{ name: "cadena, eager", round: warm(() => fromScalars(variant), 2) }, peer(variant, "ms")],
  },
]);

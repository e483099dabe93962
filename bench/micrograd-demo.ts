/**
 * micrograd's demo, 2-16-16-1 on 100 points, 337 parameters: (a) relu, hinge loss and weight decay as Karpathy's; (b) tanh and mean
 * squared error. Once from tensors, once from scalar values.
 */
import type { CompileTrainingOptions, SGD, Value } from "../src/index.ts";
import { cadena } from "./workload.ts";

const { value, sumOf } = cadena;

export type Variant = "a" | "b";

const sizes = [2, 16, 16, 1] as const;
export const learningRate = 0.05;

/** Points and first weights by a formula that C repeats exactly. */
const x = Array.from({ length: 100 }, (_, i) => [((i * 37) % 100) / 50 - 1, ((i * 61) % 100) / 50 - 1]);
const y = x.map(([p, q]) => [p! * q! > 0 ? 1 : -1]);
const weight = (k: number): number => ((k * 7919) % 1000) / 1000 - 0.4995;

/** Weights layer by layer: w as rows of inputs, then b. */
function initial(): { w: number[][]; b: number[] }[] {
  let k = 0;
  return sizes.slice(1).map((n, l) => ({
    w: Array.from({ length: sizes[l]! }, () => Array.from({ length: n }, () => weight(k++))),
    b: new Array<number>(n).fill(0),
  }));
}

/** The demo from tensors, layer by layer. */
export function layerDemo(variant: Variant): CompileTrainingOptions & { readonly optimizer: SGD } {
  const parameters: Value[] = initial().flatMap(({ w, b }) => [value(w), value([b])]);
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
  return { model: { forward }, loss, optimizer: new cadena.SGD(parameters, { learningRate }), data: [x, y] };
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
    if (variant === "b") return total(scores.map((s, i) => s.sub(y[i]![0]!).square())).mul(1 / 100);
    const hinge = total(scores.map((s, i) => s.mul(-y[i]![0]!).add(1).relu())).mul(1 / 100);
    return hinge.add(total(parameters.map((p) => p.mul(p))).mul(1e-4));
  };
  return { parameters, lossOf };
}

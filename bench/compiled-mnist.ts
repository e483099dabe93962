/** W3: a network of MNIST's size, 784-128-10, relu, softmax cross-entropy, batches of 64, singles, one thread; beside NumPy in singles. */
import type { Value } from "../src/index.ts";
import { python } from "./process.ts";
import { cadena, milliseconds, type Contender, type Round, type Workload } from "./workload.ts";

const { array, compileTraining, SGD, value } = cadena;

const [rows, inputs, hidden, classes, steps] = [64, 784, 128, 10, 200] as const;

/** Numbers that NumPy makes too: whole numbers modulo a prime, scaled. */
const pattern = (n: number, factor: number, scale: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => (((i * factor) % 1009) / 1009 - 0.5) * scale);

function compiled(): () => Round {
  const parameters = [
    value(array(pattern(inputs * hidden, 7919, 0.1), [inputs, hidden])),
    value(array(pattern(hidden, 1, 0), [1, hidden])),
    value(array(pattern(hidden * classes, 6007, 0.2), [hidden, classes])),
    value(array(pattern(classes, 1, 0), [1, classes])),
  ] as const;
  const [w1, b1, w2, b2] = parameters;
  const start = parameters.map(({ data }) => data);
  const training = compileTraining({
    model: { forward: (x) => x.matmul(w1).add(b1).relu().matmul(w2).add(b2) },
    loss: (z: Value, y: Value) =>
      y
        .mul(z.logSoftmax())
        .sum()
        .mul(-1 / rows),
    optimizer: new SGD(parameters, { learningRate: 0.1 }),
    data: [
      array(pattern(rows * inputs, 4253, 2), [rows, inputs]),
      Array.from({ length: rows }, (_, i) => Array.from({ length: classes }, (__, k) => ((i * 7) % classes === k ? 1 : 0))),
    ],
    precision: "f32",
  });
  const round = (): Round => {
    for (const [i, parameter] of parameters.entries()) parameter.data = start[i]!;
    let losses: Float64Array = new Float64Array();
    const time = milliseconds(() => {
      losses = training.run(steps);
    });
    return { time: (time * 1e3) / steps, checksum: losses.at(-1)! };
  };
  for (let k = 0; k < 3; k++) round();
  return round;
}

const contenders = (): Contender[] => [
  { name: "cadena, compiled, f32", round: compiled() },
  python("NumPy f32, one thread", "mnist.py", "numpy"),
];

export const compiledMnist: readonly Workload[] = [
  { id: "W3-COMPILED", title: "784-128-10, batch 64, singles, a step", unit: "µs", tolerance: 2e-3, contenders },
];

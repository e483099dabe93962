/** W3: 784-128-10, ReLU, softmax cross-entropy, a batch of 64, steps of gradient descent; singles where the peer has singles. */
import type { NdArray, Value } from "../src/index.ts";
import { batch, mnistParameters, steps } from "./peers/data.mjs";
import { javascript, python } from "./process.ts";
import { cadena, milliseconds, trainingFromStart, type Contender, type Round, type Workload } from "./workload.ts";

const { compileTraining, constant, SGD, value } = cadena;
const rows = batch.x.length;

type Matrix = Value<NdArray>;
type Parameters = readonly [Matrix, Matrix, Matrix, Matrix];

const parametersOf = (): Parameters => mnistParameters().map((entries) => value(entries)) as readonly Matrix[] as Parameters;
const scores = ([w1, b1, w2, b2]: Parameters, x: Value): Value => x.matmul(w1).add(b1).relu().matmul(w2).add(b2);
const crossEntropy = (z: Value, y: Value): Value<number> =>
  z
    .logSoftmax()
    .mul(y)
    .sum()
    .mul(-1 / rows);

function eager(): Round {
  const parameters = parametersOf();
  const [X, y] = [constant(batch.x), constant(batch.oneHot)];
  let checksum = 0;
  const time = milliseconds(() => {
    for (let k = 0; k < steps; k++) {
      const loss = crossEntropy(scores(parameters, X), y);
      checksum = loss.data;
      loss.backward();
      for (const parameter of parameters) {
        const [data, gradient] = [parameter.data, parameter.grad];
        for (let i = 0; i < data.size; i++) data.values[i]! -= 0.1 * gradient.values[i]!;
        parameter.data = data;
        parameter.zeroGrad();
      }
    }
  });
  return { time: (time * 1e3) / steps, checksum };
}

/** Warm, as the other compiled workloads are. */
function compiled(): () => Round {
  const parameters = parametersOf();
  const training = compileTraining({
    model: { forward: (x) => scores(parameters, x) },
    loss: crossEntropy,
    optimizer: new SGD(parameters, { learningRate: 0.1 }),
    data: [batch.x, batch.oneHot],
    precision: "f32",
  });
  const round = trainingFromStart(training, parameters, steps);
  for (let k = 0; k < 20; k++) round();
  return round;
}

const peers = (): Contender[] => [
  python("NumPy, f32, one thread", "mnist_size.py", "numpy"),
  python("torch, f32, one thread", "torch_peer.py", "torch", "mnist"),
  javascript("jax-js, f32, jit", "jax_js.mjs", "@jax-js/jax", "mnist"),
  javascript("TensorFlow.js, WebAssembly", "tfjs.mjs", "@tensorflow/tfjs-backend-wasm", "wasm"),
  javascript("TensorFlow.js, plain JavaScript", "tfjs.mjs", "@tensorflow/tfjs", "cpu"),
];

const [unit, tolerance] = ["µs", 1e-5];

export const mnistSize: readonly Workload[] = [
  {
    id: "W3-COMPILED",
    title: "784-128-10 on a batch of 64, singles, a step",
    unit,
    tolerance,
    contenders: () => [{ name: "cadena, compiled, f32", round: compiled() }, ...peers()],
  },
  {
    id: "W3-EAGER",
    title: "784-128-10 on a batch of 64, a step",
    unit,
    tolerance,
    contenders: () => [{ name: "cadena, eager, f64", round: eager }, ...peers()],
  },
];

/** W3: 784-128-10, ReLU, softmax cross-entropy, a batch of 64, steps of gradient descent; f32 where the peer is f32. */
import type { Value } from "../src/index.ts";
import { batch, mnistParameters, steps } from "./peers/data.mjs";
import { javascript, python } from "./process.ts";
import { cadena, milliseconds, type Contender, type Round, type Workload } from "./workload.ts";

const { constant, matmul, value } = cadena;

function eager(): Round {
  const [w1, b1, w2, b2] = mnistParameters().map((rows) => value(rows));
  const [X, y] = [constant(batch.x), constant(batch.oneHot)];
  const parameters = [w1!, b1!, w2!, b2!];
  let checksum = 0;
  const time = milliseconds(() => {
    for (let k = 0; k < steps; k++) {
      const loss: Value<number> = matmul(matmul(X, w1!).add(b1!).relu(), w2!)
        .add(b2!)
        .logSoftmax()
        .mul(y)
        .sum()
        .mul(-1 / 64);
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

const contenders = (): Contender[] => [
  { name: "cadena, eager, f64", round: eager },
  python("NumPy, f32, one thread", "mnist_size.py", "numpy"),
  javascript("jax-js, f32, jit", "jax_js.mjs", "@jax-js/jax", "mnist"),
  javascript("TensorFlow.js, WebAssembly", "tfjs.mjs", "@tensorflow/tfjs-backend-wasm", "wasm"),
  javascript("TensorFlow.js, plain JavaScript", "tfjs.mjs", "@tensorflow/tfjs", "cpu"),
];

export const mnistSize: readonly Workload[] = [
  { id: "W3", title: "784-128-10 on a batch of 64, a step", unit: "µs", tolerance: 1e-5, contenders },
];

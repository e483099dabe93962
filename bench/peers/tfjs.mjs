// TensorFlow.js, the MNIST-size step: argument `cpu` or `wasm`; prints the time and the last loss.
import { performance } from "node:perf_hooks";
import console from "node:console";
import process from "node:process";
import tf from "@tensorflow/tfjs";
import { batch, mnistParameters, steps } from "./data.mjs";

const backend = process.argv[2];
if (backend === "wasm") {
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  const { createRequire } = await import("node:module");
  const { dirname } = await import("node:path");
  setWasmPaths(`${dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm/package.json"))}/dist/`);
}
await tf.setBackend(backend);
await tf.ready();
const [X, y] = [tf.tensor2d(batch.x), tf.tensor2d(batch.oneHot)];

function loss(w1, b1, w2, b2) {
  const z2 = tf.add(tf.matMul(tf.relu(tf.add(tf.matMul(X, w1), b1)), w2), b2);
  return tf.mul(tf.sum(tf.mul(tf.logSoftmax(z2), y)), -1 / batch.x.length);
}

function run(n) {
  let parameters = mnistParameters().map((rows) => tf.tensor2d(rows));
  const step = tf.valueAndGrads(loss);
  let last = 0;
  const from = performance.now();
  for (let k = 0; k < n; k++)
    parameters = tf.tidy(() => {
      const { value, grads } = step(parameters);
      if (k === n - 1) last = value.dataSync()[0];
      return parameters.map((p, i) => tf.sub(p, tf.mul(grads[i], 0.1)));
    });
  parameters[0].dataSync();
  return { time: ((performance.now() - from) * 1e3) / n, checksum: last };
}

run(2);
console.log(JSON.stringify(run(steps)));

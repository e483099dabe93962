// jax-js on its WebAssembly device: `document`, or `mnist`; prints the time and the last loss.
import { performance } from "node:perf_hooks";
import console from "node:console";
import process from "node:process";
import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np, valueAndGrad } from "@jax-js/jax";
import { batch, documentParameters, mnistParameters, steps } from "./data.mjs";

// What jax-js asks for and Node 20 lacks.
globalThis.navigator ??= {};
globalThis.Float16Array ??= Float32Array;
await init("wasm");
defaultDevice("wasm");
// nn.relu has the slope ½ at 0, where the document starts; this one 0, as the others.
const relu = (z) => np.where(np.greater(z.ref, 0), z, 0);
const tensor = (rows, dtype) => np.array(rows, { dtype });

function documentLoss(dtype) {
  const X = tensor([[0, 0], [0, 1], [1, 0], [1, 1]], dtype); // prettier-ignore
  const y = tensor([[0], [1], [1], [1]], dtype);
  return ([w1, b1, w2, b2]) => {
    const a1 = relu(np.matmul(X.ref, w1).add(b1));
    const a2 = nn.sigmoid(np.matmul(a1, w2).add(b2));
    return np.square(a2.sub(y.ref)).sum().mul(0.5);
  };
}

function mnistLoss(dtype) {
  const X = tensor(batch.x, dtype);
  const y = tensor(batch.oneHot, dtype);
  return ([w1, b1, w2, b2]) => {
    const a1 = relu(np.matmul(X.ref, w1).add(b1));
    const z2 = np.matmul(a1, w2).add(b2);
    return nn
      .logSoftmax(z2)
      .mul(y.ref)
      .sum()
      .mul(-1 / batch.x.length);
  };
}

const workloads = {
  document: {
    loss: documentLoss(np.float64),
    start: documentParameters,
    count: Number(process.argv[3] ?? 10_000),
    dtype: np.float64,
    scale: 1,
    divide: 4,
  },
  mnist: { loss: mnistLoss(np.float32), start: mnistParameters, count: steps, dtype: np.float32, scale: 1e3 / steps, divide: 1 },
};
const { loss, start, count, dtype, scale, divide } = workloads[process.argv[2]];
const step = jit((parameters) => {
  const [value, gradients] = valueAndGrad(loss)(parameters.map((p) => p.ref));
  return [value, parameters.map((p, i) => p.sub(gradients[i].mul(0.1)))];
});

async function run(n) {
  let parameters = start().map((rows) => tensor(rows, dtype));
  let value;
  const from = performance.now();
  for (let k = 0; k < n; k++) {
    value?.dispose();
    [value, parameters] = step(parameters);
    // Work that is only queued makes every further step slower.
    if (k % 10 === 9) await blockUntilReady(parameters);
  }
  await blockUntilReady(parameters);
  return { time: (performance.now() - from) * scale, checksum: value.js() / divide };
}

await run(3);
console.log(JSON.stringify(await run(count)));

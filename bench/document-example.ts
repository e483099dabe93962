/** W1: the document's network, 2-3-1, ReLU and sigmoid, four rows, 10,000 full-batch epochs of the gradient of the ½-sum. */
import { c, javascript, python } from "./process.ts";
import { cadena, milliseconds, type Contender, type Workload } from "./workload.ts";

const { constant, numpyRandom, value } = cadena;
const epochs = 10_000;
const learningRate = 0.1;

function eager(): { time: number; checksum: number } {
  const random = numpyRandom(42);
  const [w1, w2] = [random.randn(2, 3), random.randn(3, 1)].map((x) => value(x)) as [ReturnType<typeof value>, ReturnType<typeof value>];
  const [b1, b2] = [value([[0, 0, 0]]), value([[0]])];
  const X = constant([[0, 0], [0, 1], [1, 0], [1, 1]]); // prettier-ignore
  const y = constant([[0], [1], [1], [1]]);
  const parameters = [w1, b1, w2, b2];
  let loss = value(0);
  const time = milliseconds(() => {
    for (let epoch = 0; epoch < epochs; epoch++) {
      loss = X.matmul(w1).add(b1).relu().matmul(w2).add(b2).sigmoid().sub(y).square().sum().mul(0.5);
      loss.backward();
      for (const parameter of parameters) {
        const [data, gradient] = [parameter.data as { values: Float64Array }, parameter.grad as { values: Float64Array }];
        for (let i = 0; i < data.values.length; i++) data.values[i]! -= learningRate * gradient.values[i]!;
        parameter.data = data as never;
        parameter.zeroGrad();
      }
    }
  });
  return { time, checksum: loss.data / 4 };
}

const contenders = (): Contender[] => [
  { name: "cadena, eager", round: eager },
  python("NumPy", "document_example.py", "numpy"),
  python("torch, one thread", "torch_peer.py", "torch", "document"),
  c("C, gcc -O3", "document_example.c", []),
  // Its exponential is good to some eight digits, which 10,000 epochs keep.
  { ...javascript("jax-js, f64, jit", "jax_js.mjs", "@jax-js/jax", "document"), within: 1e-6 },
];

export const documentExample: readonly Workload[] = [
  { id: "W1", title: "the document's example, 10,000 epochs", unit: "ms", tolerance: 1e-9, contenders },
];

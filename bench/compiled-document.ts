/** W1 compiled: the document's network, 10,000 full-batch epochs inside compiled code, beside C vectorised over the rows by hand, and by gcc. */
import { c, python } from "./process.ts";
import { bestOf, cadena, trainingFromStart, type Contender, type Round, type Workload } from "./workload.ts";

const { compileTraining, numpyRandom, SGD, value } = cadena;
const epochs = 10_000;

const X = [[0, 0], [0, 1], [1, 0], [1, 1]]; // prettier-ignore
const y = [[0], [1], [1], [1]];
/** The columns of X, and y, as a peer reads them. */
const columns = ["0011", "0101", "0111"];

function compiled(): () => Round {
  const random = numpyRandom(42);
  const start = [random.randn(2, 3), value([[0, 0, 0]]).data, random.randn(3, 1), value([[0]]).data];
  const parameters = start.map((data) => value(data as number) as ReturnType<typeof value>);
  const [w1, b1, w2, b2] = parameters as [(typeof parameters)[0], (typeof parameters)[0], (typeof parameters)[0], (typeof parameters)[0]];
  const training = compileTraining({
    model: { forward: (x) => x.matmul(w1).add(b1).relu().matmul(w2).add(b2).sigmoid() },
    loss: (prediction, target) => target.sub(prediction).square().mul(0.5).sum(),
    optimizer: new SGD(parameters, { learningRate: 0.1 }),
    data: [X, y],
  });
  const train = trainingFromStart(training, parameters, epochs);
  const run = (): Round => {
    const { time, checksum } = train();
    return { time: (time * epochs) / 1e3, checksum: checksum / 4 };
  };
  for (let k = 0; k < 20; k++) run();
  // The best of twenty, as the C programs report it.
  return () => bestOf(20, run);
}

const contenders = (): Contender[] => [
  { name: "cadena, compiled", round: compiled() },
  c("C vectorised by hand, gcc -O3, SSE4.2", "vectorised_document.c", ["-msse4.2"], ...columns),
  c("C vectorised by hand, gcc -O3 -march=native", "vectorised_document.c", ["-march=native"], ...columns),
  // These have X and y in their source: gcc leaves out the products with 0 and 1.
  c("C over rows, gcc -O3 -ffast-math, SSE4.2", "compiled_document.c", ["-msse4.2", "-ffast-math"]),
  c("C over rows, gcc -O3 -ffast-math -march=native", "compiled_document.c", ["-march=native", "-ffast-math"]),
  c("C row by row, gcc -O3", "document_example.c", []),
  python("NumPy", "document_example.py", "numpy"),
];

export const compiledDocument: readonly Workload[] = [
  { id: "W1-COMPILED", title: "the document's example compiled, 10,000 epochs", unit: "ms", tolerance: 1e-9, contenders },
];

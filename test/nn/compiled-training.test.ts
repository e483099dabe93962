/** `train` compiled is `train` uncompiled: random networks, losses, optimisers and batches end with the same weights. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { entriesOf } from "../../src/array/ndarray.ts";
import * as cadena from "../../src/index.ts";
import { compileTraining, MLP, numpyRandom, train, type ActivationName, type Random } from "../../src/index.ts";
import { difference } from "../compile/agreement.ts";

type Targets = (random: Random, rows: number, outputs: number) => number[] | number[][];

const rowsOf = (entry: (random: Random) => number): Targets => (random, rows, outputs) =>
  Array.from({ length: rows }, () => Array.from({ length: outputs }, () => entry(random))); // prettier-ignore
const classes: Targets = (random, rows, outputs) => Array.from({ length: rows }, () => Math.floor(random.uniform(0, outputs)));
const oneHot: Targets = (random, rows, outputs) =>
  (classes(random, rows, outputs) as number[]).map((k) => Array.from({ length: outputs }, (_, j) => (j === k ? 1 : 0)));

const losses: readonly (readonly [cadena.Loss, Targets])[] = [
  [cadena.halfSquaredError, rowsOf((random) => random.normal())],
  [cadena.absoluteError, rowsOf((random) => random.normal())],
  [cadena.huber, rowsOf((random) => random.normal())],
  [cadena.hinge, rowsOf((random) => (random.uniform(0, 1) < 0.5 ? -1 : 1))],
  [cadena.binaryCrossEntropyWithLogits, rowsOf((random) => (random.uniform(0, 1) < 0.5 ? 0 : 1))],
  [cadena.crossEntropy, oneHot],
  [cadena.crossEntropy, classes],
];

const optimizers = [
  (model: MLP) => new cadena.SGD(model.parameters(), { learningRate: 0.03 }),
  (model: MLP) => new cadena.SGD(model.parameters(), { learningRate: 0.03, momentum: 0.9, weightDecay: 0.01 }),
  (model: MLP) => new cadena.Adam(model.parameters(), { learningRate: 0.03 }),
  (model: MLP) => new cadena.AdamW(model.parameters(), { learningRate: 0.03 }),
  (model: MLP) => new cadena.RMSProp(model.parameters(), { learningRate: 0.03 }),
];

const hidden = fc.tuple(fc.constantFrom(1, 3, 4, 16), fc.constantFrom<ActivationName>("relu", "sigmoid", "tanh", "leakyRelu", "gelu", "softplus", "softmax")); // prettier-ignore

test("random networks have the same losses and weights, compiled and not", () => {
  const parts = [fc.constantFrom(...losses), fc.constantFrom(...optimizers), fc.array(hidden, { maxLength: 2 }), fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 10 }), fc.nat(1000)] as const; // prettier-ignore
  fc.assert(
    fc.property(...parts, ([loss, targets], optimizer, layers, rows, batchSize, seed) => {
      const random = numpyRandom(seed);
      const data = [Array.from({ length: rows }, () => [random.normal(), random.normal()]), targets(random, rows, 2)] as const;
      const trained = (options: object) => {
        const activations = [...layers.map(([, activation]) => activation), "linear" as const];
        const model = new MLP([2, ...layers.map(([n]) => n), 2], { activations, random: numpyRandom(seed) });
        const history = train({ model, loss, optimizer: optimizer(model), data, epochs: 8, batchSize, random: numpyRandom(3), ...options });
        return { history, weights: model.parameters().map(({ payload }) => payload) };
      };
      const [eager, compiled] = [trained({}), trained({ compile: compileTraining })];
      expect(compiled.history.note).toBeUndefined();
      expect(difference(cadena.array([...compiled.history.losses]), cadena.array([...eager.history.losses]))).toBeLessThan(1e-12);
      for (const [i, w] of eager.weights.entries())
        expect(difference(compiled.weights[i]!, w, Math.max(...entriesOf(w)))).toBeLessThan(1e-11);
    }),
    { numRuns: 100, seed: 1 },
  );
});

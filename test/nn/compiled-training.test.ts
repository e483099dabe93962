/** `train` compiled is `train` uncompiled: random networks, losses, optimisers and batches end with the same weights. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { entriesOf } from "../../src/array/ndarray.ts";
import * as cadena from "../../src/index.ts";
import { compileTraining, MLP, numpyRandom, train, type ActivationName, type Random } from "../../src/index.ts";
import { difference } from "../compile/agreement.ts";
import "../closeness.ts";

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

type Trained = Pick<MLP, "parameters">;

const optimizers = [
  (model: Trained) => new cadena.SGD(model.parameters(), { learningRate: 0.03 }),
  (model: Trained) => new cadena.SGD(model.parameters(), { learningRate: 0.03, momentum: 0.9, weightDecay: 0.01 }),
  (model: Trained) => new cadena.Adam(model.parameters(), { learningRate: 0.03 }),
  (model: Trained) => new cadena.AdamW(model.parameters(), { learningRate: 0.03 }),
  (model: Trained) => new cadena.RMSProp(model.parameters(), { learningRate: 0.03 }),
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

test.each(optimizers.map((made) => [made({ parameters: () => [cadena.value(1)] })] as const))(
  "the numbers of an optimiser that says so do not depend on the step, those of others do: %#",
  ({ rule, name }) => {
    const numbers = [1, 2, 3, 10, 1000].map((t) => rule.numbers(t, 0.1));
    expect(numbers.every((each) => JSON.stringify(each) === JSON.stringify(numbers[0]))).toBe(rule.isStationary ?? false);
    expect(rule.isStationary ?? false).toBe(!name.startsWith("Adam"));
  },
);

test("a learning rate set after a run without one takes Adam's first steps as uncompiled", () => {
  const [eager, compiled] = [false, true].map((isCompiled) => {
    const w = cadena.value([[1]]);
    const optimizer = new cadena.Adam([w], { learningRate: 0, beta2: 0 });
    const model = { forward: (x: cadena.ValueLike) => w.mul(x), namedParameters: (): [string, cadena.Value][] => [["w", w]] };
    const options = { model, loss: cadena.squaredError, data: [[[1], [2]], [[0], [1]]] as const, optimizer }; // prettier-ignore
    const training = compileTraining(options);
    const run = (steps: number) => (isCompiled ? training.run(steps) : train({ ...options, epochs: steps, progress: false }));
    run(2);
    optimizer.learningRate = 0.1;
    run(5);
    return w.payload;
  });
  expect(difference(compiled!, eager!)).toBeLessThan(1e-12);
});

const rows = [[1, 2], [3, -1], [0.5, 0.2], [1, 1], [-2, 0.3], [0.1, 2], [1.5, -0.4]]; // prettier-ignore
const answers = [[1], [0], [1], [1], [0], [1], [0]];

test.each(optimizers.map((made, k) => [k, made] as const))("optimiser %i leaves a detached parameter alone, compiled too", (_k, made) => {
  const weights = [false, true].map((isCompiled) => {
    const [layer, detached] = [new MLP([2, 1], { random: numpyRandom(1) }), cadena.value([[0.7]], "c")];
    const parameters = [...layer.parameters(), detached];
    const model = {
      forward: (x: cadena.ValueLike) => layer.forward(x).add(detached.detach()),
      namedParameters: () => parameters.map((p): [string, cadena.Value] => [p.label, p]),
    };
    const optimizer = made({ parameters: () => parameters });
    optimizer.weightDecay = 0.1;
    train({ model, loss: cadena.squaredError, data: [rows, answers], optimizer, epochs: 5, progress: false, ...(isCompiled && { compile: compileTraining }) }); // prettier-ignore
    return parameters.map((p) => entriesOf(p.payload));
  });
  expect(weights[1]!.at(-1)).toEqual(weights[0]!.at(-1));
  expect(weights[0]!.at(-1)).toEqual(Float64Array.of(0.7));
  for (const [k, w] of weights[0]!.entries()) expect(difference(cadena.array(w), cadena.array(weights[1]![k]!))).toBeLessThan(1e-12);
});

test.each<[string, "SGD" | "Adam", string, unknown]>([
  ["a learning rate", "SGD", "learningRate", 0.2],
  ["a schedule for a number", "SGD", "learningRate", cadena.schedules.exponential(0.1, { factor: 0.5 })],
  ["a momentum", "SGD", "momentum", 0.2],
  ["no momentum", "SGD", "momentum", 0],
  ["a weight decay", "SGD", "weightDecay", 0.3],
  ["Nesterov's step", "SGD", "nesterov", true],
  ["how slowly a mean forgets", "Adam", "beta1", 0.2],
  ["what keeps a quotient finite", "Adam", "epsilon", 0.1],
])("%s set between two compiled runs, in the middle of an epoch, is followed as by eager steps", (_what, kind, key, x) => {
  const made = () => {
    const model = new MLP([2, 1], { random: numpyRandom(1) });
    const optimizer = kind === "SGD" ? new cadena.SGD(model.parameters(), { learningRate: 0.05, momentum: 0.9 }) : new cadena.Adam(model.parameters(), { learningRate: 0.05 }); // prettier-ignore
    return { model, optimizer };
  };
  const [eager, compiled] = [made(), made()];
  const order = numpyRandom(3).permutation(7);
  const step = (batch: readonly number[]): void => {
    eager.optimizer.zeroGrad();
    const of = (from: readonly number[][]) => cadena.constant(batch.map((i) => from[i]!));
    cadena.squaredError(eager.model.forward(of(rows)), of(answers)).backward();
    eager.optimizer.step();
  };
  const { model, optimizer } = compiled;
  const training = compileTraining({
    model,
    optimizer,
    loss: cadena.squaredError,
    data: [rows, answers],
    batchSize: 2,
    random: numpyRandom(3),
  });
  step(order.slice(0, 2));
  training.run(1);
  for (const { optimizer: each } of [eager, compiled]) Object.assign(each, { [key]: x });
  for (const begin of [2, 4, 6]) step(order.slice(begin, begin + 2));
  training.run(3);
  for (const [k, p] of eager.model.parameters().entries()) expect(model.parameters()[k]!).toBeClose(p.toArray());
});

type Pair = readonly [w: cadena.Value, b: cadena.Value];

test.each<[string, (x: cadena.Value, pair: Pair) => cadena.Value]>([
  ["only reads a weight", (x, [w, b]) => x.mul(x.shape[0] === 2 ? w : w.detach()).add(b)],
  ["alone trains a weight", (x, [w, b]) => (x.shape[0] === 2 ? x.add(b) : x.mul(w).add(b))],
  ["alone trains a weight that the others read", (x, [w, b]) => x.mul(x.shape[0] === 2 ? w.detach() : w).add(b)],
  ["has no use for a weight", (x, [w, b]) => (x.shape[0] === 2 ? x.mul(w).add(b) : x.add(b))],
])("a shorter last batch that %s is trained as uncompiled", (_what, forward) => {
  for (const made of optimizers) {
    const [eager, compiled] = [false, true].map((isCompiled) => {
      const pair = [cadena.value([[1]], "w"), cadena.value([[0.5]], "b")] as const;
      const model = {
        forward: (x: cadena.ValueLike) => forward(x as cadena.Value, pair),
        namedParameters: () => pair.map((p): [string, cadena.Value] => [p.label, p]),
      };
      const data = [[[1], [2], [3], [0.5], [-1]], [[1], [3], [5], [0], [1]]] as const; // prettier-ignore
      const optimizer = made({ parameters: () => [...pair] });
      const options = { model, loss: cadena.squaredError, data, optimizer, batchSize: 2, random: numpyRandom(2), epochs: 4 };
      const { losses, note } = train({ ...options, progress: false, ...(isCompiled && { compile: compileTraining }) });
      expect(note).toBeUndefined();
      return { losses, weights: pair.map((p) => p.toArray()), memory: optimizer.state.memory.flatMap((slots) => Object.values(slots)) };
    });
    expect(compiled!.losses).toBeClose(eager!.losses);
    expect(compiled!.weights).toBeClose(eager!.weights);
    for (const [k, slot] of eager!.memory.entries()) expect(compiled!.memory[k]!).toBeClose(slot);
  }
});

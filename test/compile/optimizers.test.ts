/** Every optimiser updates in compiled code as it does in eager steps, and classes become one-hot rows inside the program. */
import { describe, expect, test } from "vitest";
import {
  Adam, AdamW, compileTraining, crossEntropy, MLP, numpyRandom, RMSProp, SGD, squaredError, schedules, train, value,
  type CompileTrainingOptions, type Value,
} from "../../src/index.ts"; // prettier-ignore
import { difference } from "./agreement.ts";

const random = numpyRandom(8);
const rowsOf = (n: number, width: number): number[][] =>
  Array.from({ length: n }, () => Array.from({ length: width }, () => random.normal()));
const [points, targets] = [rowsOf(12, 3), rowsOf(12, 1)];

type Optimizer = CompileTrainingOptions["optimizer"] & { zeroGrad(): void; step(): void };

const optimizers: readonly [string, (parameters: readonly Value[]) => Optimizer][] = [
  ["SGD", (p) => new SGD(p, { learningRate: 0.05, weightDecay: 0.01 })],
  ["SGD with momentum", (p) => new SGD(p, { learningRate: 0.02, momentum: 0.9, weightDecay: 0.01 })],
  ["SGD with Nesterov's momentum", (p) => new SGD(p, { learningRate: 0.02, momentum: 0.9, nesterov: true })],
  ["Adam", (p) => new Adam(p, { learningRate: 0.01, weightDecay: 0.02 })],
  ["AdamW", (p) => new AdamW(p, { learningRate: 0.01, weightDecay: 0.02 })],
  ["AdamW with a schedule", (p) => new AdamW(p, { learningRate: schedules.step(0.02, { every: 30, factor: 0.5 }) })],
  ["RMSProp", (p) => new RMSProp(p, { learningRate: 0.005, weightDecay: 0.01 })],
  ["RMSProp with momentum", (p) => new RMSProp(p, { learningRate: 0.002, momentum: 0.8 })],
];

describe.each(["as loops", "as a straight line"])("written %s", (how) => {
  // An odd number of rows does not fit the vectors of the straight line.
  const n = how === "as loops" ? 11 : 12;
  const data = [points.slice(0, n), targets.slice(0, n)] as const;

  test.each(optimizers)("a hundred steps of %s are those of the eager engine", (_, optimizerOf) => {
    const make = (): MLP => new MLP([3, 4, 1], { activations: ["tanh", "linear"], random: numpyRandom(1) });
    const [eager, compiled] = [make(), make()];
    const optimizer = optimizerOf(eager.parameters());
    const losses = Array.from({ length: 100 }, () => {
      const loss = squaredError(eager.forward(value(data[0])), value(data[1]));
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      return loss.item();
    });
    const other = optimizerOf(compiled.parameters());
    const run = compileTraining({ model: compiled, loss: squaredError, optimizer: other, data }).run(100);
    expect(difference(value([...run]).data, value(losses).data)).toBeLessThan(1e-13);
    for (const [i, p] of compiled.parameters().entries()) expect(difference(p.data, eager.parameters()[i]!.data)).toBeLessThan(1e-12);
    expect(other.state.step).toBe(100);
    for (const [i, slots] of other.state.memory.entries())
      for (const [key, slot] of Object.entries(slots)) expect(difference(slot, optimizer.state.memory[i]![key]!)).toBeLessThan(1e-12);
  });
});

test.each(optimizers)("a loss that is a weight itself is told before each step of %s", (_, optimizerOf) => {
  const losses = (precision?: "f64" | "f32"): number[] => {
    const w = value([2]);
    const optimizer = optimizerOf([w]);
    const options = { model: { parameters: () => [w], forward: () => w } as never, loss: (p: Value) => p.reshape([]), optimizer };
    if (precision) return [...compileTraining({ ...options, data: [[[1]], [[1]]], precision }).run(3)];
    return [1, 2, 3].map(() => {
      const loss = w.reshape([]);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      return loss.data as number;
    });
  };
  const expected = losses();
  expect(expected[0]).toBe(2);
  for (const precision of ["f64", "f32"] as const)
    for (const [i, loss] of losses(precision).entries()) expect(loss).toBeCloseTo(expected[i]!, 6);
});

test.each([NaN, -1, Infinity])("a schedule that gives %s is refused at its step, and nothing is changed", (rate) => {
  const model = new MLP([3, 4, 1], { random: numpyRandom(1) });
  const optimizer = new SGD(model.parameters(), { learningRate: (step) => (step === 7 ? rate : 0.1) });
  const training = compileTraining({ model, loss: squaredError, optimizer, data: [points, targets] });
  training.run(5);
  const before = model.parameters().map((p) => value(p.data).data);
  expect(() => training.run(5)).toThrow(`SGD: the schedule at step 7: learningRate is a finite number from 0, got ${rate}`);
  expect(model.parameters().map((p) => p.data)).toEqual(before);
  expect(optimizer.state.step).toBe(5);
  expect(training.run(2).length).toBe(2);
});

describe("cross-entropy of class numbers", () => {
  const classes = Array.from({ length: 12 }, (_, i) => (i * 5) % 3);
  const runOf = (batchSize: number, isCompiled: boolean) => {
    const model = new MLP([3, 5, 3], { activations: ["relu", "linear"], random: numpyRandom(2) });
    const optimizer = new Adam(model.parameters(), { learningRate: 0.05 });
    const history = train({
      model, optimizer, loss: crossEntropy, data: [points, classes], epochs: 20, batchSize, random: numpyRandom(3), progress: false,
      ...(isCompiled && { compile: compileTraining }),
    }); // prettier-ignore
    return { history, weights: model.parameters().map((p) => p.data) };
  };

  test.each([12, 5])("is compiled in batches of %i rows and agrees with the eager one", (batchSize) => {
    const [eager, compiled] = [runOf(batchSize, false), runOf(batchSize, true)];
    expect([compiled.history.compiled, compiled.history.note]).toEqual([true, undefined]);
    expect(difference(value(compiled.history.losses as number[]).data, value(eager.history.losses as number[]).data)).toBeLessThan(1e-12);
    for (const [i, w] of compiled.weights.entries()) expect(difference(w, eager.weights[i]!)).toBeLessThan(1e-12);
  });

  test("a class that does not exist is refused wherever it is, before anything runs", () => {
    const model = new MLP([3, 3], { activations: ["linear"], random: numpyRandom(2) });
    const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
    const options = { model, optimizer, loss: crossEntropy, batchSize: 5 };
    expect(() => compileTraining({ ...options, data: [points, classes.with(11, 3)] })).toThrow(
      "crossEntropy: the class 3 in row 11 is not one of 0 … 2",
    );
  });
});

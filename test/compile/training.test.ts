/** Training in compiled code is the training that the eager engine does: the same losses, the same weights, the document's printed run. */
import { describe, expect, test } from "vitest";
import { compileTraining, type Updating } from "../../src/compile/training.ts";
import { entriesOf, zerosOf, type Tensor } from "../../src/array/ndarray.ts";
import { tensors } from "../../src/ops/tensors.ts";
import {
  binaryCrossEntropy,
  grad,
  gradient,
  hinge,
  Layer,
  type Loss,
  MLP,
  numpyRandom,
  SGD,
  stack,
  sumOf,
  train,
  value,
  where,
  type Value,
} from "../../src/index.ts";
import { difference } from "./agreement.ts";

const rated = (learningRate: Updating["learningRate"]): Pick<Updating, "learningRate" | "rateAt"> => ({
  learningRate,
  rateAt: (step) => (typeof learningRate === "number" ? learningRate : learningRate(step)),
});

/** Gradient descent with momentum, and Adam, as rules. */
const sgd = (parameters: readonly Value[], learningRate: Updating["learningRate"], momentum = 0): Updating => ({
  parameters,
  ...rated(learningRate),
  state: { step: 0, memory: parameters.map(() => ({})) },
  rule: {
    memory: momentum === 0 ? [] : ["velocity"],
    numbers: (_, rate) => ({ rate }),
    isStationary: true,
    update: (m, w, g, { velocity }, { rate }) => {
      if (velocity === undefined) return { parameter: m.sub(w, m.mul(rate!, g)), memory: {} };
      const v = m.add(m.mul(momentum, velocity), g);
      return { parameter: m.sub(w, m.mul(rate!, v)), memory: { velocity: v } };
    },
  },
});

const adam = (parameters: readonly Value[], learningRate: number): Updating => ({
  parameters,
  ...rated(learningRate),
  state: { step: 0, memory: parameters.map(() => ({})) },
  rule: {
    memory: ["mean", "meanSquare"],
    numbers: (t, rate) => ({ step: rate / (1 - 0.9 ** t), root: Math.sqrt(1 - 0.999 ** t) }),
    update: (m, w, g, { mean, meanSquare }, { step, root }) => {
      const first = m.add(m.mul(0.9, mean!), m.mul(0.1, g));
      const second = m.add(m.mul(0.999, meanSquare!), m.mul(0.001, m.square(g)));
      const size = m.add(m.div(m.sqrt(second), root!), 1e-8);
      return { parameter: m.sub(w, m.mul(step!, m.div(first, size))), memory: { mean: first, meanSquare: second } };
    },
  },
});

/** Polyak's heavy ball, which remembers the weights before: what is remembered is the parameter itself. */
const heavyBall = (parameters: readonly Value[], learningRate: number): Updating => ({
  parameters,
  ...rated(learningRate),
  state: { step: 0, memory: parameters.map((p) => ({ before: p.payload })) },
  rule: {
    memory: ["before"],
    numbers: (_, rate) => ({ rate }),
    isStationary: true,
    update: (m, w, g, { before }, { rate }) => ({
      parameter: m.add(m.sub(w, m.mul(rate!, g)), m.mul(0.5, m.sub(w, before!))),
      memory: { before: w },
    }),
  },
});

/** One eager step with the same rule; the loss before it. */
function eagerStep(loss: Value, optimizer: Updating): number {
  const { parameters, rule, state } = optimizer;
  for (const p of parameters) p.zeroGrad();
  loss.backward();
  const numbers = rule.numbers(state.step + 1, optimizer.rateAt(state.step));
  const memory = parameters.map((p, i) => {
    const before = Object.fromEntries(rule.memory.map((key) => [key, state.memory[i]![key] ?? zerosOf(p.shape)]));
    const updated = rule.update<Tensor>(tensors, p.payload, p.gradient!, before, numbers);
    p.data = updated.parameter;
    return updated.memory;
  });
  optimizer.state = { step: state.step + 1, memory };
  return loss.payload as number;
}

interface Network {
  readonly parameters: readonly Value[];
  forward(x: Value): Value;
}

function network(sizes: readonly number[], last: (z: Value) => Value, hidden: (z: Value) => Value, seed = 42): Network {
  const random = numpyRandom(seed);
  const layers = sizes.slice(1).map((n, l) => ({
    w: value(random.randn(sizes[l]!, n) as never, `W${l}`),
    b: value([new Array<number>(n).fill(0)], `b${l}`),
  }));
  return {
    parameters: layers.flatMap(({ w, b }) => [w, b]),
    forward: (x) =>
      layers.reduce((a: Value, { w, b }, l) => {
        const z = a.matmul(w).add(b);
        return l === layers.length - 1 ? last(z) : hidden(z);
      }, x),
  };
}

const squared = (p: Value, y: Value): Value => y.sub(p).square().mul(0.5).sum();
const X = [[0, 0], [0, 1], [1, 0], [1, 1]]; // prettier-ignore
const or = [[0], [1], [1], [1]];
const document = (): Network => network([2, 3, 1], (z) => z.sigmoid(), (z) => z.relu()); // prettier-ignore

describe("the document's run, compiled", () => {
  // From the document's own code under NumPy 2.4, printed with repr.
  test("matches NumPy's losses and predictions to 1e-11", () => {
    const model = document();
    const training = compileTraining({ model, loss: squared, optimizer: sgd(model.parameters, 0.1), data: [X, or] });
    const losses = training.run(10_000);
    const printed = { 0: 0.050646940528008846, 1000: 0.0013785798272023856, 9000: 0.00010696929672800906 };
    for (const [epoch, loss] of Object.entries(printed)) expect(Math.abs(losses[Number(epoch)]! / 4 / loss - 1)).toBeLessThan(1e-11);
    const predictions = [0.0258317771716, 0.9931080260974, 0.9931054389805, 0.9999987523917];
    for (const [i, p] of entriesOf(model.forward(value(X)).payload).entries()) expect(Math.abs(p - predictions[i]!)).toBeLessThan(1e-11);
  });

  test.each([4, 5])("weights of ∞ in a branch that is not taken change nothing, with %i rows", (rows) => {
    const [W, V] = [value([[0.5, -1], [2, 0.25]], "W"), value([[Infinity], [1]], "V")]; // prettier-ignore
    const forward = (x: Value): Value => {
      const hidden = x.matmul(W);
      return where(false, hidden.matmul(V), hidden.sum({ axis: 1, keepdims: true }));
    };
    const data = [X.concat([[2, 1]]).slice(0, rows), or.concat([[0]]).slice(0, rows)] as const;
    const eager = gradient(squared(forward(value(data[0])), value(data[1])), [W])[0];
    const updated = entriesOf(W.data).map((w, i) => w - 0.1 * entriesOf(eager.payload)[i]!);
    compileTraining({ model: { forward }, loss: squared, optimizer: sgd([W, V], 0.1), data }).run(1);
    expect(Array.from(entriesOf(W.data))).toEqual(Array.from(updated));
  });

  const mask = [[true], [false], [true], [false]];
  test.each<readonly [string, (z: Value) => Value, readonly number[][]]>([
    ["a root of 0 whose gradient is 0", (z) => z.relu().sqrt(), [[0], [1], [2], [0]]],
    ["a NaN that is not chosen", (z) => where(mask, z.add(0.1), z.sub(0.5).log().relu()), or],
    ["a NaN whose derivative is not chosen", (z) => where(mask, z, z.sub(0.5).log().relu().square()), or],
  ])("%s spoils no gradient", (_, f, y) => {
    const [W, V] = [value([[0.25], [0.5]]), value([[0.25], [0.5]])]; // prettier-ignore
    const forward = (w: Value) => (x: Value) => f(x.matmul(w));
    const loss = (p: Value, target: Value): Value => p.mul(target).sum();
    const optimizer = sgd([V], 0.1);
    const expected = Array.from({ length: 2 }, () => eagerStep(loss(forward(V)(value(X)), value(y)), optimizer));
    const losses = compileTraining({ model: { forward: forward(W) }, loss, optimizer: sgd([W], 0.1), data: [X, y] }).run(2);
    expect([...expected, ...entriesOf(V.data)].every(Number.isFinite)).toBe(true);
    expect(difference(value([...losses]).data, value(expected).data)).toBeLessThan(1e-13);
    expect(difference(W.data, V.data)).toBeLessThan(1e-13);
  });

  test("puts the losses where it is told to", () => {
    const [model, other] = [document(), document()];
    const training = compileTraining({ model, loss: squared, optimizer: sgd(model.parameters, 0.1), data: [X, or] });
    const whole = compileTraining({ model: other, loss: squared, optimizer: sgd(other.parameters, 0.1), data: [X, or] });
    const losses = new Float64Array(40).fill(NaN);
    const [first, last] = [losses.subarray(0, 30), losses.subarray(30)];
    expect(training.run(30, first)).toBe(first);
    training.run(10, last);
    expect([...losses]).toEqual([...whole.run(40)]);
  });

  test("is the same run in pieces of any length", () => {
    const [model, other] = [document(), document()];
    const training = compileTraining({ model, loss: squared, optimizer: sgd(model.parameters, 0.1), data: [X, or] });
    const whole = compileTraining({ model: other, loss: squared, optimizer: sgd(other.parameters, 0.1), data: [X, or] });
    const pieces = [1, 7, 0, 500, 4092].flatMap((steps) => [...training.run(steps)]);
    expect(pieces).toEqual([...whole.run(4600)]);
  });

  test("does nothing in a run of no steps, in singles too", () => {
    const w = value([[0.1], [0.1]]);
    const options = { model: { forward: (x: Value) => x.matmul(w) }, loss: squared, optimizer: sgd([w], 0.1), data: [X, or] } as const;
    expect(compileTraining({ ...options, precision: "f32" }).run(0)).toEqual(new Float64Array(0));
    expect(w.toArray()).toEqual([[0.1], [0.1]]);
  });

  test("takes no memory for a million steps", () => {
    const model = document();
    const training = compileTraining({ model, loss: squared, optimizer: sgd(model.parameters, 0.1), data: [X, or] });
    const losses = new Float64Array(100_000);
    const growth = [1, 2, 3].map(() => {
      const before = process.memoryUsage();
      for (let k = 0; k < 10; k++) training.run(100_000, losses);
      const after = process.memoryUsage();
      return after.heapUsed + after.external - before.heapUsed - before.external;
    });
    // One of three: V8's own compiler takes some megabytes now and then. A number a step would be eight.
    expect(Math.min(...growth)).toBeLessThan(1e6);
  });
});

test("a parameter whose new value is there early keeps the old one for those who read it later", () => {
  const make = (): readonly [Value, Value] => [value([[1, 2, 3], [4, 5, 6]]), value([[0.1], [0.2], [-0.3]])]; // prettier-ignore
  const forward = ([a, w]: readonly [Value, Value]) => (x: Value) => a.mul(a).sum().add(a.detach().matmul(w).tanh().sum()).add(x.sum()); // prettier-ignore
  const loss = (p: Value, y: Value): Value => p.add(y.sum());
  const [parameters, others] = [make(), make()];
  const optimizer = sgd(others, 0.1);
  const expected = Array.from({ length: 5 }, () => eagerStep(loss(forward(others)(value([1, 2, 3])), value([0, 0, 0])), optimizer));
  const losses = compileTraining({ model: { forward: forward(parameters) }, loss, optimizer: sgd(parameters, 0.1), data: [[1, 2, 3], [0, 0, 0]] }).run(5);
  expect(difference(value([...losses]).data, value(expected).data)).toBeLessThan(1e-13);
  for (const [i, p] of parameters.entries()) expect(difference(p.data, others[i]!.data)).toBeLessThan(1e-13);
}); // prettier-ignore

test("a step allocates nothing, whichever words of arrays it has", async () => {
  const w = value([[0.5, -0.25, 1]], "W");
  const loss = (p: Value, y: Value): Value => {
    const picked = p.take([2, 0, 0], { axis: 1 }).cumsum({ axis: 1 });
    return picked.norm({ axis: 1 }).add(p.softmax().max({ axis: 1 })).sub(y.reshape([4])).square().mean();
  };
  const training = compileTraining({ model: { forward: (x) => x.slice([0, 4], [0, 1]).add(w) }, loss, optimizer: sgd([w], 1e-3), data: [X, or] });
  training.run(1000);
  const collections: number[] = [];
  const observer = new PerformanceObserver((list) => collections.push(...list.getEntries().map(({ startTime }) => startTime)));
  observer.observe({ entryTypes: ["gc"] });
  const start = performance.now();
  training.run(100_000);
  const end = performance.now();
  await new Promise((resume) => setTimeout(resume, 10));
  observer.disconnect();
  expect(collections.filter((time) => time > start && time < end).length).toBeLessThan(3);
}); // prettier-ignore

const random = numpyRandom(5);
const points = Array.from({ length: 23 }, () => [random.normal(), random.normal(), random.normal()]);
const targets = points.map(([a, b]) => [a! * b! > 0 ? 1 : -1]);
const oneHot = points.map(([a, b, c]) => [0, 1, 2, 3].map((k) => ((a! > 0 ? 1 : 0) + (b! + c! > 0 ? 2 : 0) === k ? 1 : 0)));

/** Gradient descent that pauses after some steps, for which the numbers of the first steps are no guide. */
const pausing = (parameters: readonly Value[], learningRate: number): Updating => {
  const { rule, ...rest } = sgd(parameters, learningRate);
  return { ...rest, rule: { memory: rule.memory, numbers: (t, rate) => ({ rate: t > 3 && t < 20 ? 0 : rate }), update: rule.update } };
};

/** Adam whose numbers change places at every other step: they are known by their names. */
const swapping = (parameters: readonly Value[]): Updating => {
  const { rule, ...rest } = adam(parameters, 0.02);
  const numbers = (t: number, rate: number) => Object.fromEntries(t % 2 ? Object.entries(rule.numbers(t, rate)) : Object.entries(rule.numbers(t, rate)).reverse());
  return { ...rest, rule: { memory: rule.memory, numbers, update: rule.update } };
}; // prettier-ignore

const examples: readonly [string, () => Network, (model: Network) => (p: Value, y: Value) => Value, readonly number[][], (m: Network) => Updating][] = [
  ["the document's network", document, () => squared, X.map((x) => [...x]), (m) => sgd(m.parameters, 0.1)],
  ["tanh and the mean squared error", () => network([3, 8, 8, 1], (z) => z.tanh(), (z) => z.tanh()), () => (p, y) => p.sub(y).square().mean(), targets, (m) => sgd(m.parameters, 0.05, 0.9)],
  ["relu, hinge loss and weight decay", () => network([3, 7, 1], (z) => z, (z) => z.relu()), (m) => (p, y) => y.neg().mul(p).add(1).relu().mean().add(sumOf(m.parameters.map((w) => w.square().sum())).mul(1e-3)), targets, (m) => adam(m.parameters, 0.01)],
  ["softmax and cross-entropy", () => network([3, 6, 4], (z) => z, (z) => z.silu()), () => (z, y) => y.mul(z.logSoftmax()).sum().mul(-1 / 23), oneHot, (m) => adam(m.parameters, 0.02)],
  ["an optimiser that remembers the weights before, in a straight line", document, () => squared, X.map((x) => [...x]), (m) => heavyBall(m.parameters, 0.1)],
  ["an optimiser that remembers the weights before, in loops", () => network([3, 5, 1], (z) => z.sigmoid(), (z) => z.tanh()), () => squared, targets, (m) => heavyBall(m.parameters, 0.01)],
  ["numbers that change only after some steps", document, () => squared, X.map((x) => [...x]), (m) => pausing(m.parameters, 0.1)],
  ["numbers that change places", document, () => squared, X.map((x) => [...x]), (m) => swapping(m.parameters)],
  ["a schedule", () => network([3, 5, 1], (z) => z.sigmoid(), (z) => z.softplus()), () => squared, targets, (m) => sgd(m.parameters, (step) => 0.1 / (1 + step))],
]; // prettier-ignore

describe("every training example", () => {
  test.each(examples)("%s: compiled and eager agree step by step", (_, make, lossOf, y, optimizerOf) => {
    const [model, eager] = [make(), make()];
    const x = y.length === 4 ? X : points;
    const [rows, goals] = [x.slice(0, y.length), y.length === 4 ? or : y];
    const optimizer = optimizerOf(eager);
    const expected = Array.from({ length: 30 }, () => eagerStep(lossOf(eager)(eager.forward(value(rows)), value(goals)), optimizer));
    const compiled = compileTraining({ model, loss: lossOf(model), optimizer: optimizerOf(model), data: [rows, goals] });
    const losses = compiled.run(30);
    for (const [i, loss] of losses.entries()) expect(Math.abs(loss - expected[i]!)).toBeLessThanOrEqual(1e-12 * Math.abs(expected[i]!));
    for (const [i, p] of model.parameters.entries()) expect(difference(p.payload, eager.parameters[i]!.payload)).toBeLessThan(1e-11);
  });

  test("batches come in the order of the seeded stream, the last one short", () => {
    const make = (): Network => network([3, 8, 1], (z) => z.tanh(), (z) => z.tanh()); // prettier-ignore
    const [model, eager] = [make(), make()];
    const loss = (p: Value, y: Value): Value => p.sub(y).square().mean();
    const training = compileTraining({ model, loss, optimizer: sgd(model.parameters, 0.1, 0.5), data: [points, targets], batchSize: 5, random: numpyRandom(3) });
    const [stream, optimizer] = [numpyRandom(3), sgd(eager.parameters, 0.1, 0.5)];
    const expected: number[] = [];
    for (let epoch = 0; epoch < 4; epoch++) {
      const order = stream.permutation(23);
      for (let begin = 0; begin < 23; begin += 5) {
        const rows = order.slice(begin, begin + 5);
        expected.push(eagerStep(loss(eager.forward(value(rows.map((i) => points[i]!))), value(rows.map((i) => targets[i]!))), optimizer));
      }
    }
    const losses = [...training.run(7), ...training.run(13)];
    for (const [i, x] of losses.entries()) expect(Math.abs(x - expected[i]!)).toBeLessThanOrEqual(1e-12 * expected[i]!);
  }); // prettier-ignore

  test("in singles it agrees to six digits", () => {
    const [model, exact] = [document(), document()];
    const single = compileTraining({ model, loss: squared, optimizer: sgd(model.parameters, 0.1), data: [X, or], precision: "f32" });
    const double = compileTraining({ model: exact, loss: squared, optimizer: sgd(exact.parameters, 0.1), data: [X, or] });
    const [a, b] = [single.run(100), double.run(100)];
    for (const [i, x] of a.entries()) expect(Math.abs(x - b[i]!)).toBeLessThan(1e-6);
  });
});

test("a network that goes neuron by neuron trains the arrays that its neurons see", () => {
  const points = Array.from({ length: 9 }, (_, i) => [Math.sin(i), Math.cos(2 * i)] as const);
  const make = () => new MLP(2, [3, 1], { random: numpyRandom(4) });
  const [model, eager] = [make(), make()];
  const loss = (network: MLP): Value => sumOf(points.map(([x, y]) => network.forward([x, y]).sub(x * y).square())); // prettier-ignore
  const whole = (network: MLP): Value => loss(network).add(sumOf(network.parameters().map((p) => p.square().sum())));
  const optimizer = sgd(eager.parameters(), 0.01, 0.5);
  const training = compileTraining({
    model: { forward: () => whole(model) },
    loss: (total) => total,
    optimizer: sgd(model.parameters(), 0.01, 0.5),
    data: [[0], [0]],
  });
  const losses = training.run(5);
  for (const x of losses) expect(difference(x, eagerStep(whole(eager), optimizer))).toBeLessThan(1e-12);
  for (const [i, p] of model.parameters().entries()) expect(difference(p.data, eager.parameters()[i]!.data)).toBeLessThan(1e-12);
  expect(losses[4]).toBeLessThan(losses[0]!);
});

test("a network built number by number from the rows of a batch trains as the same network of arrays, odd batches too", () => {
  const random = numpyRandom(6);
  const X = Array.from({ length: 23 }, () => [random.normal(), random.normal()]);
  const y = X.map(([a, b]) => [Math.tanh(a! * b!)]);
  const start = Array.from({ length: 13 }, () => random.normal());
  const make = () => start.map((w) => value(w));
  const forward = (w: readonly Value[]) => (x: Value): Value => {
    const neuron = (i: number, from: number): Value => w[from]!.mul(x.at(i, 0)).add(w[from + 1]!.mul(x.at(i, 1))).add(w[from + 2]!).tanh();
    const row = (i: number): Value => [0, 3, 6].reduce((z, from, k) => z.add(neuron(i, from).mul(w[9 + k]!)), w[12]!);
    return stack(Array.from({ length: x.shape[0]! }, (_, i) => row(i))).reshape([-1, 1]);
  };
  const loss = (p: Value, t: Value): Value => p.sub(t).square().mean();
  const [ws, vs] = [make(), make()];
  const training = compileTraining({ model: { forward: forward(ws) }, loss, optimizer: sgd(ws, 0.1), data: [X, y], batchSize: 5 });
  expect(training.source).toMatch(/tanh\(v\d+\) +\[5\]/);
  const optimizer = sgd(vs, 0.1);
  for (const [k, x] of training.run(11).entries()) {
    const rows = (k % 5) * 5;
    const [bx, by] = [X, y].map((all) => value(all.slice(rows, rows + 5)));
    expect(difference(x, eagerStep(loss(forward(vs)(bx!), by!), optimizer))).toBeLessThan(1e-12);
  }
}); // prettier-ignore

test("a loss may choose by its target, batch after batch", () => {
  const y = [[1], [0], [0], [1], [1]];
  const rows = [[0, 1], [1, 0], [1, 1], [0, 0], [0.5, 2]]; // prettier-ignore
  const loss = (p: Value, t: Value): Value => where(t, p.log(), p.neg().log1p()).sum().neg();
  const [compiled, eager] = [document(), document()].map((model) => ({ model, optimizer: sgd(model.parameters, 0.1) }));
  const losses = compileTraining({ ...compiled!, loss, data: [rows, y], batchSize: 2 }).run(6);
  for (const [k, x] of losses.entries()) {
    const [begin, end] = [2 * (k % 3), 2 * (k % 3) + 2];
    const now = loss(eager!.model.forward(value(rows.slice(begin, end))), value(y.slice(begin, end)));
    expect(x).toBeCloseTo(eagerStep(now, eager!.optimizer), 12);
  }
});

describe("compileTraining refuses", () => {
  const model = document();
  const optimizer = sgd(model.parameters, 0.1);

  test("a derivative with respect to the batch, which is that of the first one", () => {
    const [w] = model.parameters as [Value];
    const sensitive = { forward: (x: Value): Value => grad((u: Value) => u.square().matmul(w).sum())(x) };
    expect(() => compileTraining({ model: sensitive, loss: (p) => p.sum(), optimizer, data: [X, or] })).toThrow(
      'compileTraining: the data of "X" was read while the function was traced',
    );
  });

  test("a loss that reads its target while batches change", () => {
    const loss = (p: Value, y: Value): Value => p.mul(Number(y.payload === 0)).sum();
    expect(() => compileTraining({ model, loss, optimizer, data: [X, or], batchSize: 2 })).toThrow(
      "compileTraining: the loss does not compute with the target but reads it, so that of the first batch would be frozen into every step. " +
        "Compute with it, as crossEntropy does with classes, or train on all rows at once",
    );
  });

  test("a loss that is no number, data without rows, and steps that are no number", () => {
    expect(() => compileTraining({ model, loss: (p, y) => p.sub(y), optimizer, data: [X, or] })).toThrow(
      'compileTraining: the loss has shape [4, 1]; give it the reduction "mean" or "sum"',
    );
    expect(() => compileTraining({ model, loss: squared, optimizer, data: [X, [[1]]] })).toThrow("compileTraining: X has 4 rows and y 1");
    expect(() => compileTraining({ model, loss: squared, optimizer, data: [X, or], batchSize: 0 })).toThrow(
      "batchSize is a whole number from 1",
    );
    const training = compileTraining({ model, loss: squared, optimizer, data: [X, or] });
    expect(() => training.run(1.5)).toThrow("run: the number of steps");
    expect(() => training.run(1e12)).toThrow(
      "run: this host has no array for the losses of 1000000000000 steps; run fewer steps at a time",
    );
    const before = model.parameters.map(({ data }) => data);
    expect(() => training.run(10, new Float64Array(9))).toThrow("run: losses has 9 entries for 10 steps; give an array of 10, or none");
    expect(() => training.run(2, [0, 0] as never)).toThrow("run: losses are put into a Float64Array, got a list of 2");
    expect(model.parameters.map(({ data }) => data)).toEqual(before);
  });

  test.each<[string, object, string]>([
    ["an option that does not exist", { batchsize: 2 }, 'there is no option "batchsize"'],
    ["another precision", { precision: "f16" }, 'precision is "f64" or "f32", got "f16" (a string)'],
    ["a function for a stream", { random: Math.random }, "random is a stream such as numpyRandom(0), got a function"],
    ["a model that is none", { model: undefined }, "model is one such as new MLP(…), with forward(), got undefined"],
    ["an optimiser that is none", { optimizer: "sgd" }, 'optimizer is one such as new SGD(…), with rateAt(), got "sgd" (a string)'],
    ["an optimiser without a rule", { optimizer: { parameters: [], rateAt: () => 0.1 } }, "optimizer is one such as new SGD(…), with parameters, a rule and a state, got an object (Object)"],
    ["batches of null", { batchSize: null }, "batchSize is a whole number from 1, got null"],
    ["a loss that is none", { loss: "mse" }, 'the loss is a function of prediction and target, got "mse" (a string)'],
    ["data that are no pair", { data: [X] }, "data is the pair [X, y], got a list of 1"],
    ["an optimiser of another model", { optimizer: sgd(document().parameters, 0.1) }, "the loss depends on none of the optimizer's parameters"],
  ])("%s", (_what, more, message) => {
    const options = { model, loss: squared, optimizer, data: [X, or], ...more };
    expect(() => compileTraining(options as never)).toThrow(`compileTraining: ${message}`);
  }); // prettier-ignore

  test.each<[string, unknown, string]>([
    ["NaN in a row", [[[0, 0], [0, NaN]], [[0], [1]]], "X has NaN in row 1, column 1; a number is needed there"],
    ["∞ in a target", [[[0, 0], [0, 1]], [[-Infinity], [1]]], "y has -Infinity in row 0, column 0; a number is needed there"],
    ["a number for rows", [1, [[0]]], "X is the number 1; it needs one row for each example"],
    ["no rows", [[], []], "X is empty, of shape [0]"],
  ])("%s, in the words of train", (_what, data, message) => {
    const named = { forward: (x: Value) => model.forward(x), namedParameters: () => model.parameters.map((p): [string, Value] => [p.label, p]) };
    const options = { model: named, loss: squared, data: data as never };
    expect(() => compileTraining({ ...options, optimizer })).toThrow(`compileTraining: ${message}`);
    expect(() => train({ ...options, optimizer: new SGD(model.parameters, { learningRate: 0.1 }), epochs: 1 })).toThrow(`train: ${message}`);
  }); // prettier-ignore

  test.each<[string, Loss, readonly number[][], string]>([
    ["no probability", binaryCrossEntropy, [[0], [1], [1], [2]], "binaryCrossEntropy: the target 2 in row 3, column 0 is outside [0, 1]"],
    ["no label", hinge, [[1], [1], [0], [1]], "hinge: the target 0 in row 2, column 0 is not one of -1, 1"],
  ])("a target of a later batch that is %s, by its row of the data", (_what, loss, y, message) => {
    expect(() => compileTraining({ model, loss, optimizer, data: [X, y], batchSize: 2 })).toThrow(message);
  });

  test("an optimiser of the neurons of a layer, whose weights are entries of its array", () => {
    const layer = new Layer(2, 3, { random: numpyRandom(1) });
    const shift = value(0);
    const parameters = [...layer.neurons.flatMap((neuron) => neuron.parameters()), shift];
    const forward = (x: Value): Value => layer.forward(x).sum({ axis: 1, keepdims: true }).add(shift);
    expect(() => compileTraining({ model: { forward }, loss: squared, optimizer: sgd(parameters, 0.1), data: [X, or] })).toThrow(
      `compileTraining: the optimizer's "W[0,0]" is one entry of "W", and compiled steps update whole arrays. ` +
        "Make the optimizer of the parameters of layers, as model.parameters()",
    );
  });

  test("to keep weights after a loss that is not finite", () => {
    const broken = document();
    const before = broken.parameters.map((p) => entriesOf(p.payload).slice());
    const training = compileTraining({ model: broken, loss: (p, y) => squared(p, y).mul(1e300).mul(1e300), optimizer: sgd(broken.parameters, 0.1), data: [X, or] });
    expect(training.run(3)[0]).toBe(Infinity);
    expect(broken.parameters.map((p) => entriesOf(p.payload))).toEqual(before);
  }); // prettier-ignore

  test.each([1, 3])("to keep a weight that the last of %i steps made infinite while its loss was finite", (steps) => {
    const [w, v] = [value([[1]], "w"), value([[1]], "v")];
    const optimizer = sgd([v, w], (step) => (step === steps - 1 ? 1e300 : 1e-302), 0.5);
    const loss = (p: Value, y: Value): Value => p.sub(y).square().mean().mul(1e300);
    const training = compileTraining({ model: { forward: (x) => x.mul(v.mul(1e-300).add(w)) }, loss, optimizer, data: [[[1]], [[0]]] });
    const state = optimizer.state;
    expect(() => training.run(steps)).toThrow(
      `run: "w" became -Infinity in row 0, column 0 within ${steps === 1 ? "1 step" : "3 steps"}; all weights are as they were before. A smaller learning rate may help`,
    );
    expect([w.toArray(), v.toArray(), optimizer.state]).toEqual([[[1]], [[1]], state]);
  }); // prettier-ignore

  test.each<[string, (step: number) => number]>([
    ["a loss that is not finite", (t) => (t === 5 ? NaN : 0.1)],
    ["a schedule that gives no rate", (t) => { if (t === 5) throw new RangeError("no rate"); return 0.1; }],
  ])("to go on elsewhere in the data after %s: the next run is as if there had been none", (what, broken) => {
    const made = () => {
      let schedule: (step: number) => number = () => 0.1;
      const [network, random] = [document(), numpyRandom(4)];
      const training = compileTraining({ model: network, loss: squared, optimizer: sgd(network.parameters, (t) => schedule(t)), data: [X, or], batchSize: 3, random });
      return { training, random, network, schedule: (other: typeof schedule) => (schedule = other) };
    };
    const [failed, other] = [made(), made()];
    for (const { training } of [failed, other]) training.run(1);
    const start = failed.random.state;
    failed.schedule(broken);
    const run = (): Float64Array => failed.training.run(9);
    if (what.startsWith("a schedule")) expect(run).toThrow("no rate");
    else expect(run().every(Number.isFinite)).toBe(false);
    expect(failed.random.state).toEqual(start);
    failed.schedule(() => 0.1);
    expect(failed.training.run(9)).toEqual(other.training.run(9));
    expect(failed.network.parameters.map((p) => p.payload)).toEqual(other.network.parameters.map((p) => p.payload));
  }); // prettier-ignore

  test.each([1, 2])("wherever it stands among the losses of batches of %i rows", (batchSize) => {
    const rows = Array.from({ length: 7 }, (_, i) => [i + 1]);
    for (const k of rows.keys()) {
      const w = value([[2]]);
      const data = [rows, rows.map(([y], i) => [i === k ? 1e308 : y!])] as const;
      // Its gradient does not depend on the targets, so the steps after the infinite loss have finite ones.
      const loss = (prediction: Value, target: Value): Value => prediction.square().mean().add(target.mul(10).sum());
      const training = compileTraining({ model: { forward: (x) => x.mul(w) }, loss, optimizer: sgd([w], 0.001), data, batchSize });
      expect([...training.run(Math.ceil(7 / batchSize))].filter((x) => !Number.isFinite(x))).toEqual([Infinity]);
      expect(entriesOf(w.payload)).toEqual(Float64Array.of(2));
    }
  });
});

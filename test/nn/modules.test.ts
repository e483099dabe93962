import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { array, halfSquaredError, Layer, MLP, Neuron, numpyRandom, pythonRandom, sumOf, trace, value } from "../../src/index.ts";
import type { NdArray, Value } from "../../src/index.ts";
import "../closeness.ts";

const X = [[0, 0], [0, 1], [1, 0], [1, 1]]; // prettier-ignore
const y = [[0], [1], [1], [1]];
const documentNetwork = () => new MLP([2, 3, 1], { activations: ["relu", "sigmoid"], random: numpyRandom(42) });

describe("the document's network", () => {
  test("starts from NumPy's draws to the last bit", () => {
    // numpy 2.4: np.random.seed(42); np.random.randn(2, 3).tolist(), np.random.randn(3, 1).tolist()
    const [first, second] = documentNetwork().layers;
    expect(first!.W.toArray()).toEqual([
      [0.4967141530112327, -0.13826430117118466, 0.6476885381006925],
      [1.5230298564080254, -0.23415337472333597, -0.23413695694918055],
    ]);
    expect(second!.W.toArray()).toEqual([[1.5792128155073915], [0.7674347291529088], [-0.4694743859349521]]);
    expect([first!.b.toArray(), second!.b.toArray()]).toEqual([[[0, 0, 0]], [[0]]]);
  });

  test("has the document's loss, and a quarter of its gradients: those are of the sum, the loss is a mean over four rows", () => {
    const model = documentNetwork();
    const loss = halfSquaredError(model.forward(X), y);
    loss.backward();
    expect(loss.data).toBeClose(0.050646940528008846);
    // numpy 2.4: dW1, db1, dW2, db2 of the document's script in its first epoch
    const byHand = [
      [[-0.14591527996489334, 0, 0.043378248825846295], [-0.01333753526814989, 0, 0.0010143986317842633]],
      [[-0.15584059218671747, 0, 0.043378248825846295]],
      [[-0.05875816622830078], [0], [-0.059338884491263726]],
      [[0.026317548428932386]],
    ]; // prettier-ignore
    for (const [k, parameter] of model.parameters().entries()) expect((parameter as Value<NdArray>).grad).toBeClose(quarter(byHand[k]!));
  });

  test("draws other weights for every module where no stream of random numbers is given", () => {
    const weights = [new MLP([2, 3, 3]), new MLP([2, 3, 3])].flatMap(({ layers }) =>
      layers.flatMap(({ W }) => (W.toArray() as number[][]).flat()),
    );
    expect(new Set(weights).size).toBe(2 * (6 + 9));
  });

  test("carries the document's names", () => {
    const model = documentNetwork();
    const loss = halfSquaredError(model.forward(X), y);
    const labels = trace(loss).nodes.map(({ value: v }) => v.label).filter((label) => label !== ""); // prettier-ignore
    expect(labels).toEqual(["y", "X", "W1", "b1", "z1", "a1", "W2", "b2", "z2", "a2", "L"]);
    expect(model.namedParameters().map(([name, { shape }]) => [name, shape])).toEqual([["W1", [2, 3]], ["b1", [1, 3]], ["W2", [3, 1]], ["b2", [1, 1]]]); // prettier-ignore
  });

  test("computes each layer in a scope with its formula", () => {
    const { nodes } = trace(halfSquaredError(documentNetwork().forward(X), y));
    const scopeOf = (label: string) => nodes.find(({ value: v }) => v.label === label)!.value.scope;
    expect(scopeOf("z1")).toMatchObject({ name: "layer 1", kind: "layer", formula: "a1 = relu(X·W1 + b1)", parent: { kind: "network" } });
    expect(scopeOf("a2")).toMatchObject({ name: "layer 2", kind: "layer", formula: "a2 = sigmoid(a1·W2 + b2)" });
    expect(scopeOf("L")?.parent).toMatchObject({ name: "halfSquaredError", kind: "loss", formula: "½(y − ŷ)²" });
    expect([scopeOf("X"), scopeOf("W1")]).toEqual([null, null]);
  });

  test("says its formula in English and Spanish", async () => {
    await expect(documentNetwork().formula()).toMatchFileSnapshot("snapshots/formula.en.txt");
    await expect(documentNetwork().formula({ language: "es" })).toMatchFileSnapshot("snapshots/formula.es.txt");
  });
});

const quarter = (x: readonly (readonly number[])[]): number[][] => x.map((row) => row.map((entry) => entry / 4));

describe("a layer", () => {
  const layers = fc.record({
    nIn: fc.integer({ min: 1, max: 4 }),
    nOut: fc.integer({ min: 1, max: 4 }),
    seed: fc.nat(1000),
    activation: fc.constantFrom("relu", "sigmoid", "tanh", "linear", "leakyRelu", "gelu", "softplus"),
  } as const);

  test("computes for a list, neuron by neuron, what it computes for a row, with the same gradients", () => {
    fc.assert(
      fc.property(layers, ({ nIn, nOut, seed, activation }) => {
        const random = numpyRandom(seed);
        const layer = new Layer(nIn, nOut, { activation, random, label: "1" });
        layer.b.data = array([Array.from({ length: nOut }, () => random.normal())]);
        const x = Array.from({ length: nIn }, () => random.normal());
        const [one, row] = [layer.forward(x), layer.forward([x])];
        expect(one.reshape(1, nOut)).toBeClose(row, { scale: 1 });
        const gradients = [one, row].map((out) => {
          layer.zeroGrad();
          out.square().sum().backward();
          return layer.parameters().map((parameter) => parameter.grad);
        });
        for (const [k, g] of gradients[0]!.entries()) expect(g).toBeClose(gradients[1]![k], { scale: 1 });
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  test("and its neurons share data, both ways", () => {
    const layer = new Layer(2, 3, { random: numpyRandom(1) });
    const neuron = layer.neurons[1]!;
    layer.W.data = array([[1, 2, 3], [4, 5, 6]]); // prettier-ignore
    expect(neuron.w.map((w) => w.data)).toEqual([2, 5]);
    neuron.w[0]!.data = 7;
    neuron.b.data = -1;
    expect([layer.W.toArray(), layer.b.toArray()]).toEqual([[[1, 7, 3], [4, 5, 6]], [[0, -1, 0]]]); // prettier-ignore
    expect(neuron.forward([[1, 1]]).toArray()).toEqual([[11]]);
    expect(layer.neurons[1]).toBe(neuron);
  });

  test("and its neurons share gradients, which add up whichever way they come", () => {
    const layer = new Layer(2, 2, { activation: "linear", random: numpyRandom(1) });
    const [, neuron] = layer.neurons;
    expect(neuron!.w[0]!.hasGrad).toBe(false);
    layer
      .forward([[3, 5]])
      .sum()
      .backward();
    expect([neuron!.w.map((w) => w.grad), neuron!.b.grad]).toEqual([[3, 5], 1]);
    neuron!.forward([10, 20]).backward();
    neuron!
      .forward([[100, 200]])
      .sum()
      .backward();
    expect([layer.W.grad.toArray(), layer.b.grad.toArray()]).toEqual([[[3, 113], [5, 225]], [[1, 3]]]); // prettier-ignore
    sumOf([layer.forward([[1, 1]]).sum(), neuron!.forward([1, 1])]).backward();
    expect(layer.W.grad.toArray()).toEqual([[4, 115], [6, 227]]); // prettier-ignore
    neuron!.zeroGrad();
    expect([layer.W.grad.toArray(), layer.b.grad.toArray()]).toEqual([[[4, 0], [6, 0]], [[2, 0]]]); // prettier-ignore
    layer.zeroGrad();
    expect(neuron!.w[0]!.hasGrad).toBe(false);
  });

  test("a write through a neuron makes records stale and leaves what was computed alone", () => {
    const layer = new Layer(2, 1, { random: numpyRandom(1), activation: "linear" });
    const before = layer.b.broadcastTo([1, 1]);
    const out = layer.forward([[1, 2]]).sum();
    layer.neurons[0]!.b.data = 9;
    expect(before.toArray()).toEqual([[0]]);
    expect(() => out.backward()).toThrow('backward: "b" (shape [1, 1]) was written after');
    const fromNeuron = layer.neurons[0]!.forward([1, 2]);
    layer.W.data = array([[1], [1]]);
    expect(() => fromNeuron.backward()).toThrow('"W[1,0]" (shape []) was written after');
  });

  test("refuses other numbers of inputs, names the layer, and says which axis is meant", () => {
    const layer = new Layer(2, 3, { random: numpyRandom(1), label: "1" });
    expect(() => layer.forward([[1, 2, 3]])).toThrow("layer 1: takes 2 inputs, the last axis of its argument, which has shape [1, 3]");
    expect(() => layer.forward([1, 2, 3])).toThrow("layer 1: takes 2 inputs, got a list of 3");
    expect(() => layer.neurons[0]!.forward([1])).toThrow("neuron 1: takes 2 inputs, got a list of 1");
    expect(() => layer.neurons[0]!.w[0]!.data = null as unknown as number).toThrow('data: expected a number'); // prettier-ignore
  });

  test("refuses what is no size, activation or initialiser", () => {
    expect(() => new Layer(0, 3)).toThrow("Layer: the numbers of inputs and outputs are whole numbers from 1, got 0");
    expect(() => new Layer(2, 1.5)).toThrow("got 1.5");
    for (const [a, shown] of [
      [undefined, "undefined"],
      [5, "5"],
    ] as const)
      // prettier-ignore
      expect(() => new Layer(2, 3, { activation: () => a as never }).forward([[1, 2]])).toThrow(`Layer: the activation gives a value, got ${shown}; compute it of z`);
    expect(() => new Layer(2, 3, { random: Math.random as never })).toThrow(
      "Layer: random is a stream such as numpyRandom(0), got a function",
    );
    expect(() => new MLP([2, 3], { activations: null as never })).toThrow("MLP: activations is a list, one for each layer, got null");
    expect(() => new Layer(2, 3, { activation: "mul" as never })).toThrow('Layer: "mul" (a string) is not an activation; take "relu"');
    expect(() => new Layer(2, 3, { activation: "constructor" as never })).toThrow("is not an activation");
    expect(() => new Layer(2, 3, { init: "toString" as never })).toThrow("Layer: init is one of normal, uniform, xavier, he, zeros");
    expect(() => new Layer(2, 3, { init: () => [1, 2] })).toThrow("Layer: the initialiser gave shape [2], W has [2, 3]");
  });
});

describe("micrograd's form", () => {
  test("a neuron takes a list and draws as micrograd does", () => {
    // Python: random.seed(1); [random.uniform(-1, 1) for _ in range(2)]
    const neuron = new Neuron(2, { random: pythonRandom(1) });
    expect(neuron.w.map((w) => w.data)).toEqual([-0.7312715117751976, 0.6948674738744653]);
    const x = [value(1), value(-2)];
    const out = neuron.forward(x);
    expect([out.data, out.label]).toEqual([0, "a"]);
    expect(neuron.preactivation(x).data).toBeClose(-0.7312715117751976 - 2 * 0.6948674738744653);
    expect(neuron.parameters().map(({ label }) => label)).toEqual(["w1", "w2", "b"]);
    expect(neuron.forward([[1, -2], [-1, 2]])).toBeClose([[0], [0.7312715117751976 + 2 * 0.6948674738744653]]); // prettier-ignore
  });

  test("a network of numbers has 337 weights and biases, a linear end, and one number for one output", () => {
    const model = new MLP(2, [16, 16, 1], { random: pythonRandom(1337) });
    const scalars = model.layers.flatMap((layer) => layer.neurons.flatMap((neuron) => neuron.parameters()));
    expect(scalars.length).toBe(337);
    const out = model.forward([value(2), value(3)]);
    expect(out.shape).toEqual([]);
    expect(out).toBeClose(model.forward([[2, 3]]).item(), { scale: 1 });
    // Python: random.seed(1337); the first two draws are the weights of the first neuron
    expect(model.layers[0]!.neurons[0]!.w.map((w) => w.data)).toEqual([0.23550571390294128, 0.06653114721000164]);
    expect(new MLP(2, [4, 3], { random: pythonRandom(1) }).forward([1, 2]).shape).toEqual([3]);
  });

  test("its two tests: -20 and 46; 24.704…, 138.83… and 645.57…", () => {
    const x = value(-4);
    const z = x.mul(2).add(2).add(x);
    const q = z.relu().add(z.mul(x));
    const h = z.mul(z).relu();
    const out = h.add(q).add(q.mul(x));
    out.backward();
    expect([out.data, x.grad]).toEqual([-20, 46]);

    const [a, b] = [value(-4), value(2)];
    let c = a.add(b);
    let d = a.mul(b).add(b.pow(3));
    c = c.add(c.add(1));
    c = c.add(c.add(1).sub(a));
    d = d.add(d.mul(2).add(b.add(a).relu()));
    d = d.add(d.mul(3).add(b.sub(a).relu()));
    const e = c.sub(d);
    const f = e.pow(2);
    const g = f.div(2).add(value(10).div(f));
    g.backward();
    expect(g.data).toBeClose(24.70408163265306);
    expect(a.grad).toBeClose(138.8338192419825);
    expect(b.grad).toBeClose(645.5772594752186);
  });
});

describe("an MLP", () => {
  test("and its parts refuse options that do not exist", () => {
    const made = [() => new MLP([2, 1], { activation: "relu" } as never), () => new Layer(2, 1, { bias: false } as never), () => new Neuron(2, { seed: 1 } as never)]; // prettier-ignore
    const said = ["activation", "bias", "seed"];
    for (const [k, make] of made.entries()) expect(make).toThrow(said[k]!);
  });

  test("refuses sizes and activations that do not fit", () => {
    expect(() => new MLP([2])).toThrow("MLP: needs at least an input size and one layer, as [2, 1]");
    expect(() => new MLP([2, 3, 1], { activations: ["relu"] })).toThrow("MLP: 2 layers take 2 activations, got 1");
    expect(() => new MLP("2" as never)).toThrow("MLP: takes the sizes of its layers as [2, 3, 1], or as 2, [3, 1]");
  });

  test("takes one example as a 1-D array, values that are computed, and passes gradients to its input", () => {
    const model = new MLP([2, 3, 1], { random: numpyRandom(3) });
    const x = value([[1, 2]], "x");
    model.forward(x.mul(2)).sum().backward();
    expect(x.grad.shape).toEqual([1, 2]);
    expect(model.forward(array([2, 4]))).toBeClose(model.forward(x.mul(2)));
  });
});

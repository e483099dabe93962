/**
 * Wrong derivations, and what must be said of them: the first wrong step is the one that was spoiled, and the mistake has its name.
 * The list is fixed; the checker has to meet it, not the other way round.
 */
import { describe, expect, test } from "vitest";
import { binaryCrossEntropy, compareGradients, constant, value } from "../../src/index.ts";
import type { MistakeName } from "../../src/check/catalogue.ts";
import { NdArray, type Tensor } from "../../src/array/ndarray.ts";
import type { TensorLike } from "../../src/graph/lift.ts";
import { networkNamed, networks, seeded, spoiled } from "./networks.ts";

type Row = readonly [network: string, spoilt: string, mistakes: MistakeName | readonly MistakeName[]];

const rows: readonly Row[] = [
  ["one neuron", "da = y - a", "sign"],
  ["one neuron", "da = 2*(a - y)", "constant missing"],
  ["one neuron", "dz = da", "derivative missing"],
  ["one neuron", "dz = da * sigmoid'(a)", "derivative at output"],
  ["one neuron", "dz = da * z*(1 - z)", "input for output"],
  ["one neuron", "dz = da * a", ["function for derivative", "part of derivative"]],
  ["one neuron", "dz = da * (1 - a)", "part of derivative"],
  ["one neuron", "dz = da * (1 - a^2)", "part of derivative"],
  ["one neuron", "dz = a*(1 - a)", "upstream dropped"],
  ["one neuron", "dw = dz", "factor missing"],
  ["one neuron", "dw = dz * w", "own factor"],
  ["one neuron", "db = dz * x", ["gradient of another", "another value"]],
  ["2-3-1", "da2 = a2 - y", "wrong reduction"],
  ["2-3-1", "da2 = (a2 - y)/2", ["ratio", "constant missing"]],
  ["2-3-1", "da2 = (a2 - y)/(a2*(1 - a2))/4", "another loss"],
  ["2-3-1", "dz2 = da2", "derivative missing"],
  ["2-3-1", "dz2 = da2 * (1 - a2^2)", ["part of derivative", "wrong derivative"]],
  ["2-3-1", "dz1 = da1", "derivative missing"],
  ["2-3-1", "dz1 = da1 * (z1 < 0)", "mask inverted"],
  ["2-3-1", "dz1 = da1 * relu(z1)", "function for derivative"],
  ["2-3-1", "dW2 = z1.T @ dz2", "another value"],
  ["2-3-1", "dW2 = dz2.T @ a1", "transposed"],
  ["2-3-1", "dW2 = a1.T @ dz2 / 4", "mean for sum"],
  ["2-3-1", "dW2 = a1.T @ da2", "another gradient"],
  ["2-3-1", "dW2 = a1[-1:].T @ dz2[-1:]", "last only"],
  ["2-3-1", "db1 = dz1", "not summed"],
  ["2-3-1", "db2 = mean(dz2, axis=0, keepdims=True)", "mean for sum"],
  ["2-3-1", "db1 = sum(dz1) * ones_like(b1)", "summed too much"],
  ["2-3-1", "db1 = dz1[-1:]", "last only"],
  ["2-3-1", "da1 = da2 @ W2.T", "another gradient"],
  ["2-3-1", "da1 = dz2 @ (W2 - 0.1*dW2).T", "updated before use"],
  ["2-3-1", "dW1 = X.T @ da1", "another gradient"],
  ["2-3-1", "dW1 = ones_like(X).T @ dz1", "factor missing"],
  ["softmax cross-entropy", "ds = dp * p*(1 - p)", "softmax diagonal"],
  ["softmax cross-entropy", "ds = dp * p", "softmax diagonal"],
  ["softmax cross-entropy", "ds = dp", "softmax share missing"],
  ["softmax cross-entropy", "ds = (p - Y)*p*(1 - p)/4", "extra factor"],
  ["softmax cross-entropy", "ds = p/4", "target missing"],
  ["softmax cross-entropy", "ds = (softmax(s, axis=0) - Y)/4", "softmax axis"],
  ["softmax cross-entropy", "ds = (p - Y)/12", ["ratio", "other count"]],
  ["softmax cross-entropy", "dp = -Y/p", ["constant missing", "wrong reduction"]],
  ["softmax cross-entropy", "dp = -Y*p/4", "derivative inverted"],
  ["softmax cross-entropy", "dp = -Y*log(p)/4", "function for derivative"],
  ["softmax cross-entropy", "dp = Y/p/4", "sign"],
  ["softmax cross-entropy", "dz1 = dh * (1 - z1^2)", ["input for output", "part of derivative"]],
  ["softmax cross-entropy", "dz1 = dh * h*(1 - h)", ["part of derivative", "wrong derivative"]],
  ["softmax cross-entropy", "dz1 = dh * tanh'(h)", "derivative at output"],
  ["softmax cross-entropy", "dz1 = dh * (1 + tan(z1)^2)", "wrong derivative"],
  ["softmax cross-entropy", "dW2 = z1.T @ ds", "another value"],
  ["tanh-tanh regression", "da2 = (a2 - y)/10", "power rule"],
  ["tanh-tanh regression", "da2 = 2*(a2 - y)/5", "other count"],
  ["tanh-tanh regression", "da2 = a2 - y", ["constant missing", "other count"]],
  ["tanh-tanh regression", "dz2 = da2", "derivative missing"],
  ["tanh-tanh regression", "dW2 = a1.T @ dz2", "path missing"],
  ["tanh-tanh regression", "dW2 = a1.T @ dz2 + 0.01*W2", ["path factor", "power rule"]],
  ["tanh-tanh regression", "dW2 = a1.T @ dz2 - 0.02*W2", ["path factor", "sign"]],
  ["tanh-tanh regression", "dz1 = da1 * (1 + a1^2)", "part of derivative"],
  ["recurrent cell over three steps", "dWh = h2.T @ dz3", ["path only", "last only"]],
  ["recurrent cell over three steps", "dWh = h0.T @ dz1", "path only"],
  ["recurrent cell over three steps", "dWh = h1.T @ dz2 + h2.T @ dz3", ["paths cut", "path missing"]],
  ["recurrent cell over three steps", "dWh = h1.T @ dz1 + h2.T @ dz2 + h3.T @ dz3", "another value"],
  ["recurrent cell over three steps", "dWx = x3.T @ dz3", "path only"],
  ["recurrent cell over three steps", "dWx = x1.T @ dz1 + x2.T @ dz2 + x2.T @ dz3", "another value"],
  ["recurrent cell over three steps", "db = sum(dz3, axis=0, keepdims=True)", "path only"],
  ["recurrent cell over three steps", "dh2 = dz3 @ Wh", "not transposed"],
  ["recurrent cell over three steps", "dz2 = dh2 * (1 - h1^2)", "another value"],
  ["recurrent cell over three steps", "dh1 = dz3 @ Wh.T", ["another gradient", "gradient of another"]],
  ["recurrent cell over three steps", "dWh = h0.T @ dh1 + h1.T @ dh2 + h2.T @ dh3", "another gradient"],
  ["recurrent cell over three steps", "dWh = h0.T @ dz1 + z1.T @ dz2 + z2.T @ dz3", "another value"],
  ["recurrent cell over three steps", "dWx = x1.T @ dh1 + x2.T @ dh2 + x3.T @ dh3", "another gradient"],
  ["examples in columns", "dZ1 = W2.T @ dZ2", "derivative missing"],
  ["examples in columns", "dZ1 = W2.T @ dZ2 * (1 - Z1^2)", ["input for output", "part of derivative"]],
  ["examples in columns", "dW1 = dZ1 @ X", "wrong reduction"],
  ["examples in columns", "db1 = 1/m * sum(dZ1, axis=0, keepdims=True)", "wrong axis"],
  ["examples in columns", "db1 = sum(dZ1)/m", "summed too much"],
  ["one head of attention", "dV = A @ dO", "not transposed"],
  ["one head of attention", "dV = S.T @ dO", "another value"],
  ["one head of attention", "dA = dO @ K.T", "another value"],
  ["one head of attention", "dS = dA", "softmax share missing"],
  ["one head of attention", "dS = dA*A*(1 - A)", "softmax diagonal"],
  ["one head of attention", "dS = dA - sum(dA*A, axis=1, keepdims=True)", "part of derivative"],
  ["one head of attention", "dS = A*(dA - sum(dA, axis=1, keepdims=True))", "part of derivative"],
  ["one head of attention", "dS = A*(dA + sum(dA*A, axis=1, keepdims=True))", "part of derivative"],
  ["one head of attention", "dS = A*(dA - sum(dA*A, axis=0, keepdims=True))", "softmax sum axis"],
  ["one head of attention", "dS = A*(dA - sum(dA*A, axis=1))", "softmax sum axis"],
  ["one head of attention", "dQ = dS @ K", "constant missing"],
  ["one head of attention", "dQ = dS @ K*sqrt(2)", "constant inverted"],
  ["one head of attention", "dQ = dS @ Q/sqrt(2)", "another value"],
  ["one head of attention", "dK = dS @ Q/sqrt(2)", "upstream transposed"],
  ["one head of attention", "dK = dS.T @ K/sqrt(2)", "another value"],
  ["layer normalisation", "dt = (t - y)/5", "other count"],
  ["layer normalisation", "dn = dt", "factor missing"],
  ["layer normalisation", "dc = dn*r", "path missing"],
  ["layer normalisation", "du = dc", "path missing"],
  ["layer normalisation", "dc = dn*r + dv*c/4", ["power rule", "path factor"]],
  ["layer normalisation", "dv = dr * 0.5*(v + 0.001)^(-1.5)", "sign"],
  ["layer normalisation", "dg = sum(dt*c, axis=0, keepdims=True)", "another value"],
  ["layer normalisation", "dg = dt*n", "not summed"],
]; // prettier-ignore

const seeds = [3, 11];
const outcomes = rows.flatMap(([name, spoilt, mistakes]) =>
  seeds.map((seed) => {
    const network = networkNamed(name);
    const report = compareGradients(network.loss(seeded(seed)), spoiled(network, spoilt));
    const first = report.firstWrong;
    const isNamed = first?.mistake !== undefined && [mistakes].flat().includes(first.mistake.name);
    return { name, spoilt, seed, first: first?.key, wrong: report.findings.filter(({ verdict }) => verdict === "wrong here").map(({ key }) => key), said: first?.mistake?.name, isNamed }; // prettier-ignore
  }),
);

describe(`${rows.length} wrong derivations`, () => {
  test("the one wrong step is exactly the one that was spoiled, in every case", () => {
    const missed = outcomes.filter(({ spoilt, wrong }) => wrong.length !== 1 || wrong[0] !== spoilt.split(" ")[0]);
    expect(missed).toEqual([]);
  });

  test("the mistake is named in at least 19 of 20", () => {
    const unnamed = outcomes.filter(({ isNamed }) => !isNamed).map(({ name, spoilt, said }) => `${name}: ${spoilt}: ${String(said)}`);
    expect(unnamed.length, unnamed.join("\n")).toBeLessThanOrEqual(outcomes.length / 20);
  });
});

/** Every entry to so many significant digits, as one copies numbers from paper. */
function written(x: Tensor, digits: number): TensorLike {
  const rounded = (entry: number): number => Number(entry.toPrecision(digits));
  return typeof x === "number" ? rounded(x) : new NdArray(x.shape, x.values.map(rounded));
}

describe.each([4, 5])("given as numbers of %i digits", (digits) => {
  test("the one wrong step is still exactly the one that was spoiled, and 9 of 10 mistakes have their name", () => {
    const unnamed: string[] = [];
    for (const [name, spoilt, mistakes] of rows)
      for (const seed of seeds) {
        const network = networkNamed(name);
        const exact = compareGradients(network.loss(seeded(seed)), spoiled(network, spoilt)).findings;
        const numbers = Object.fromEntries(exact.map(({ key, mine }) => [key, written(mine, digits)]));
        const { findings, firstWrong } = compareGradients(network.loss(seeded(seed)), numbers);
        const wrong = findings.filter(({ verdict }) => verdict === "wrong here").map(({ key }) => key);
        expect([name, spoilt, seed, wrong]).toEqual([name, spoilt, seed, [spoilt.split(" ")[0]]]);
        if (![mistakes].flat().includes(firstWrong!.mistake!.name)) unnamed.push(`${name}: ${spoilt}: ${firstWrong!.mistake!.name}`);
      }
    expect(unnamed.length, unnamed.join("\n")).toBeLessThanOrEqual(outcomes.length / 10);
  });

  test("a right derivation computed on from rounded numbers, step by step, is right", () => {
    for (let seed = 0; seed < 60; seed++) {
      const network = networks[seed % networks.length]!;
      const numbers: Record<string, TensorLike> = {};
      for (const statement of network.derivation) {
        const key = statement.split(" = ")[0]!;
        const step = compareGradients(network.loss(seeded(seed)), { ...numbers, [key]: statement.slice(key.length + 3) }).finding(key)!;
        numbers[key] = written(step.mine, digits);
      }
      const report = compareGradients(network.loss(seeded(seed)), numbers);
      expect(report.passed, `${network.name}, seed ${seed}\n${String(report)}`).toBe(true);
    }
  });
});

test("with the inner gradients left out, the error is still found in the stretch between those given", () => {
  const network = networkNamed("2-3-1");
  const report = compareGradients(network.loss(seeded(5)), {
    dz2: "(a2 - y)/4 * a2*(1 - a2)",
    dW1: "X.T @ (dz2 @ W2.T)",
    db1: "sum(dz2 @ W2.T * (z1 > 0), axis=0)",
  });
  expect(report.findings.map(({ key, verdict }) => [key, verdict])).toEqual([["dz2", "right"], ["db1", "right"], ["dW1", "wrong here"]]); // prettier-ignore
  expect(report.firstWrong).toMatchObject({ from: ["dz2"], mistake: { name: "derivative missing", facts: { place: "relu(z1)" } } });
});

test.each([
  ["dz1 = da1 * a2*(1 - a2)", "another value", { what: "z2", other: "z1" }],
  ["dz1 = da1 * sigmoid'(z2)", "another value", { what: "z2", other: "z1" }],
  ["dz2 = a2/4", "target missing", { what: "y" }],
  ["dz2 = (a2 - y)*a2*(1 - a2)/4", "derivative twice", { place: "σ(z2)" }],
])("in a net of sigmoids with cross-entropy %s is called %s", (spoilt, name, facts) => {
  const random = seeded(8);
  const matrix = (n: number, m: number) => Array.from({ length: n }, () => Array.from({ length: m }, () => random.normal()));
  const [X, y] = [constant(matrix(4, 2), "X"), constant([[0], [1], [1], [0]], "y")];
  const a1 = X.matmul(value(matrix(2, 3), "W1"))
    .named("z1")
    .sigmoid()
    .named("a1");
  const a2 = a1
    .matmul(value(matrix(3, 1), "W2"))
    .named("z2")
    .sigmoid()
    .named("a2");
  const derivation = ["dz2 = (a2 - y)/4", "dW2 = a1.T @ dz2", "da1 = dz2 @ W2.T", "dz1 = da1 * a1*(1 - a1)", "dW1 = X.T @ dz1"];
  const report = compareGradients(binaryCrossEntropy(a2, y), spoiled({ name: "", loss: () => a2, derivation }, spoilt));
  expect(report.firstWrong?.key).toBe(spoilt.split(" ")[0]);
  expect(report.firstWrong?.mistake).toMatchObject({ name, facts });
});

test.each([
  ["dWx = x3.T @ dz3", { other: "last", what: "(x3 @ Wx)" }],
  ["dWx = x1.T @ dz1", { other: "first", what: "(x1 @ Wx)" }],
  ["dWh = h2.T @ dz3", { other: "last", what: "(h2 @ Wh)" }],
  ["db = sum(dz3, axis=0)", { other: "last", what: "z3" }],
  ["db = sum(dz1, axis=0)", { other: "first", what: "z1" }],
])("of the uses of a shared parameter the last is the nearest to the loss: %s", (spoilt, facts) => {
  const network = networkNamed("recurrent cell over three steps");
  expect(compareGradients(network.loss(seeded(5)), spoiled(network, spoilt)).firstWrong?.mistake).toMatchObject({ name: "path only", facts }); // prettier-ignore
});

describe("no right derivation is called wrong", () => {
  test("1,000 random ones, in formulas", () => {
    const wrong: string[] = [];
    for (let seed = 0; seed < 1000; seed++) {
      const network = networks[seed % networks.length]!;
      const report = compareGradients(network.loss(seeded(1000 + seed)), network.derivation.join("\n"));
      if (!report.passed) wrong.push(`${network.name}, seed ${1000 + seed}\n${String(report)}`);
    }
    expect(wrong).toEqual([]);
  });
});

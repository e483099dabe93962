/** What joins a matrix product's kernel, what does not, and that neither changes a number. */
import { describe, expect, test } from "vitest";
import type { NdArray } from "../../src/array/ndarray.ts";
import { arena } from "../../src/compile/arena.ts";
import { compile } from "../../src/compile/compile.ts";
import type { Kernel } from "../../src/compile/kernel.ts";
import { plan } from "../../src/compile/plan.ts";
import { nameOf } from "../../src/compile/program.ts";
import { stepOf } from "../../src/compile/step.ts";
import { forwardProgram, tracedFunction } from "../../src/compile/trace.ts";
import { Adam, compileTraining, constant, numpyRandom, SGD, value, type CompileTrainingOptions, type Value } from "../../src/index.ts";
import { difference, expectAgreement, type Data } from "./agreement.ts";

const random = numpyRandom(12);
const drawn = (n: number, m: number): number[][] => Array.from({ length: n }, () => Array.from({ length: m }, () => random.normal()));

/** The names of the lines that joined each product. */
const epiloguesOf = (kernels: readonly Kernel[]): string[][] =>
  kernels.flatMap((kernel) => (kernel.kind === "matmul" ? [kernel.epilogue.map(nameOf)] : []));
const joined = (f: (...xs: Value[]) => Value, data: readonly Data[]): string[][] =>
  epiloguesOf(plan(forwardProgram(tracedFunction("compile", f, data.map((x) => value(x as number)))), "f64").kernels); // prettier-ignore

/** Rows, inner size, columns. The long inner sizes are taken in blocks; of the largest, strips are copied together. */
const sizes = [[1, 1, 2], [2, 3, 4], [4, 4, 4], [5, 7, 6], [3, 2, 5], [9, 5, 10], [7, 1, 3], [6, 130, 64], [5, 600, 6], [67, 3, 6], [65, 70, 64], [64, 257, 128]] as const; // prettier-ignore

type After = (product: Value, others: readonly Value[]) => Value;

/** Every way to read another operand: each entry, a row, a column, a number. */
const reading: readonly [string, After, (n: number, m: number) => readonly number[][][]][] = [
  ["entries of another array", (p, [a]) => p.mul(a!).add(a!), (n, m) => [drawn(n, m)]],
  ["a row for all rows", (p, [b]) => p.add(b!).relu(), (_, m) => [drawn(1, m)]],
  ["a number for each row", (p, [c]) => p.sub(c!).square(), (n) => [drawn(n, 1)]],
  ["numbers", (p, [s]) => p.mul(s!).add(2), () => [drawn(1, 1)]],
  ["all of them", (p, [a, b, c, s]) => p.add(b!).mul(a!).sub(c!).mul(s!).relu(), (n, m) => [drawn(n, m), drawn(1, m), drawn(n, 1), drawn(1, 1)]],
  ["itself twice", (p) => p.mul(p.relu()), () => []],
]; // prettier-ignore

describe.each(reading)("a product whose entries meet %s", (_, after, othersOf) => {
  const f = (a: Value, b: Value, ...others: Value[]): Value => after(a.matmul(b), others);

  test.each(sizes)("of %i rows, %i terms and %i columns agrees in value and gradient", (n, k, m) => {
    const data = [drawn(n, k), drawn(k, m), ...othersOf(n, m)];
    expectAgreement(f, data);
    expectAgreement((...all) => f(...(all as [Value, Value])).mul(f(...(all as [Value, Value])).sub(1)).mean(), data); // prettier-ignore
  });

  test.each(sizes)("of %i rows, %i terms and %i columns agrees in singles", (n, k, m) => {
    const data = [drawn(n, k), drawn(k, m), ...othersOf(n, m)].map((rows) => rows.map((row) => row.map(Math.fround)));
    const exact = f(...(data.map((x) => value(x)) as [Value, Value]));
    expect(difference(compile(f, data, { precision: "f32" }).value(...data), exact.payload)).toBeLessThan(2e-5);
  });

  test("has them in its kernel where rows are whole vectors, and in a loop elsewhere", () => {
    const isJoined = (n: number, m: number): boolean => joined(f, [drawn(n, 3), drawn(3, m), ...othersOf(n, m)])[0]!.length > 0;
    expect([isJoined(5, 6), isJoined(5, 7)]).toEqual([true, false]);
  });

  test.each([
    [2, 3, 4, 4],
    [3, 5, 2, 6],
    [2, 3, 70, 64],
    [2, 64, 66, 64],
  ] as const)("in a stack of %i of %i rows, %i terms and %i columns agrees", (stack, n, k, m) => {
    const parted = (x: Value): Value => (x.shape[0] === stack * n ? x.reshape([stack, n, x.shape[1]!]) : x);
    const stacked: typeof f = (a, b, ...others) => after(parted(a).matmul(b.reshape([stack, k, m])), others.map(parted)); // prettier-ignore
    const data = [drawn(stack * n, k), drawn(stack * k, m), ...othersOf(stack * n, m)];
    expect(joined(stacked, data)[0]!.length).toBeGreaterThan(0);
    expectAgreement(stacked, data);
    expectAgreement((...all) => stacked(...(all as [Value, Value])).square().mean(), data); // prettier-ignore
  });
});

describe("what joins", () => {
  const data = [drawn(5, 3), drawn(3, 4), drawn(1, 4)];

  test("is short: exponentials, and what the host computes, stay in a loop together with what they read", () => {
    expect(joined((x, w, b) => x.matmul(w).add(b).relu(), data)).toEqual([["add", "relu"]]);
    for (const f of ["tanh", "sin"] as const) expect(joined((x, w, b) => x.matmul(w).add(b)[f](), data)).toEqual([[]]);
  });

  test("is not summed as a whole, which a loop does by the way", () => {
    const f = (x: Value, w: Value, b: Value): Value => x.matmul(w).add(b).square().sum();
    expect(joined(f, data)).toEqual([[]]);
    expectAgreement(f, data);
  });

  test("needs nothing that is computed after the product", () => {
    const f = (x: Value, w: Value, b: Value): Value => {
      const product = x.matmul(w);
      return product.mul(product.max()).add(b);
    };
    expect(joined(f, data)).toEqual([[]]);
    expectAgreement(f, data);
  });

  test("reads rows as long as the product's, and the product where it stands", () => {
    const reshaped = (x: Value, w: Value, b: Value): Value => x.matmul(w).reshape([2, 6]).add(b.reshape([1, 6])).relu(); // prettier-ignore
    const six = [drawn(3, 3), drawn(3, 4), drawn(1, 6)];
    expect(joined(reshaped, six)).toEqual([[]]);
    expectAgreement(reshaped, six);
    const repeated = (x: Value, w: Value, b: Value): Value => b.sub(x.matmul(w)).relu();
    const rows = [drawn(1, 3), drawn(3, 4), drawn(5, 4)];
    expect(joined(repeated, rows)).toEqual([[]]);
    expectAgreement(repeated, rows);
  });

  test("joins the later of two products that it reads", () => {
    const f = (x: Value, w: Value, b: Value): Value => x.matmul(w).mul(x.mul(2).matmul(w)).add(b);
    expect(joined(f, data)).toEqual([[], ["mul", "add"]]);
    expectAgreement(f, data);
  });

  test("leaves the product in memory for others that read it", () => {
    const f = (x: Value, w: Value, b: Value): Value =>
      x
        .matmul(w)
        .add(b)
        .relu()
        .add(x.matmul(w).cumsum({ axis: 1 }));
    expect(joined(f, data)[0]!.length).toBeGreaterThan(0);
    expectAgreement(f, data);
  });
});

describe("zeros that count", () => {
  test("in a product of many rows, whose right factor is copied strip by strip", () => {
    const w = drawn(66, 64).map((row, i) => row.map((entry, j) => (j === 3 ? [Infinity, -Infinity][i % 2]! : entry)));
    const f = (a: Value, v: Value, u: Value): Value => a.matmul(v).relu().matmul(u).relu().sub(1).minimum(4).square().sum(); // prettier-ignore
    expectAgreement(f, [drawn(64, 3), drawn(3, 66), w]);
  });

  test.each([1, 5, 9])("in a gradient that goes on, 0 · ∞ is 0: %i rows", (n) => {
    const x = drawn(n, 4);
    const w = drawn(6, 8).map((row, i) => row.map((entry, j) => (j === 3 ? [Infinity, -Infinity][i % 2]! : entry)));
    const f = (a: Value, v: Value, u: Value): Value => a.matmul(v).relu().matmul(u).relu().sub(1).minimum(4).square().sum(); // prettier-ignore
    expectAgreement(f, [x, drawn(4, 6), w.map((row) => row.map((entry) => (entry === Infinity ? -Infinity : entry)))]);
    expectAgreement(f, [x, drawn(4, 6), w]);
  });

  test("and so it is in every product of a stack", () => {
    const parted = (x: Value): Value => x.reshape([2, x.shape[0]! / 2, x.shape[1]!]);
    const f = (a: Value, v: Value, u: Value): Value => parted(a).matmul(parted(v)).relu().matmul(parted(u)).relu().sub(1).minimum(4).square().sum(); // prettier-ignore
    const w = drawn(8, 6).map((row, i) => row.map((entry, j) => (j === 3 ? [-Infinity, entry][i % 2]! : entry)));
    expectAgreement(f, [drawn(10, 3), drawn(6, 4), w]);
  });

  test("an update multiplies what a dead unit has seen by 0, and spares the other weights", () => {
    const seen = constant(drawn(6, 4).map((row, i) => row.map((entry, j) => (i === 2 && j === 1 ? Infinity : entry))));
    const weights = drawn(4, 8).map((row, i) => (i === 1 ? row.map((entry) => -Math.abs(entry)) : row));
    expectTraining((w) => ({ forward: (a) => a.add(seen).matmul(w).relu() }), [weights], [drawn(6, 4), drawn(6, 8)]);
  });

  test("and so it is where the inner size is taken in blocks", () => {
    const w = drawn(6, 600).map((row) => row.map((entry, j) => (j === 3 ? -Infinity : entry)));
    const f = (a: Value, v: Value, u: Value): Value => a.matmul(v).square().matmul(u).relu().sub(1).minimum(4).square().sum(); // prettier-ignore
    expectAgreement(f, [drawn(5, 4), drawn(4, 6), w]);
  });
});

type Model = (...parameters: readonly Value[]) => CompileTrainingOptions["model"];
type Rule = (parameters: readonly Value[]) => CompileTrainingOptions["optimizer"] & { zeroGrad(): void; step(): void };
const descent: Rule = (parameters) => new SGD(parameters, { learningRate: 0.05 });

const squared = (prediction: Value, target: Value): Value => prediction.sub(target).square().mean();

/** Ten compiled steps and ten eager ones end in the same weights. */
function expectTraining(model: Model, start: readonly number[][][], data: readonly [number[][], number[][]], rule = descent): void {
  const [eager, compiled] = [start.map((x) => value(x)), start.map((x) => value(x))];
  const optimizer = rule(eager);
  const losses = Array.from({ length: 10 }, () => {
    const loss = squared(model(...eager).forward(value(data[0])), value(data[1]));
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return loss.item();
  });
  const run = compileTraining({ model: model(...compiled), loss: squared, optimizer: rule(compiled), data }).run(10);
  expect(losses.every(Number.isFinite)).toBe(true);
  expect(difference(value([...run]).data, value(losses).data)).toBeLessThan(1e-13);
  for (const [i, p] of compiled.entries()) expect(difference(p.data, eager[i]!.data), `parameter ${i}`).toBeLessThan(1e-13);
}

/** The plan of a step: what joined each product, and how many parameters are copied when it ends. */
function planned(model: Model, start: readonly number[][][], data: readonly [number[][], number[][]], rule = descent) {
  const parameters = start.map((x) => value(x));
  const [X, Y] = data.map((x) => value(x).data) as [NdArray, NdArray];
  const step = stepOf({ model: model(...parameters), loss: squared, optimizer: rule(parameters), data }, X, Y, false);
  const made = plan(step.program, "f64", step.parameters.flatMap(({ assignments }) => assignments)); // prettier-ignore
  return { epilogues: epiloguesOf(made.kernels), copies: arena(made, 64).copies.length };
}

describe("an update", () => {
  const data = [drawn(7, 6), drawn(7, 6)] as const;
  const square = (): number[][] => drawn(6, 6).map((row) => row.map((x) => 0.4 * x));
  const layers: Model = (v, b, w) => ({ forward: (x) => x.matmul(v).add(b).relu().matmul(w) });
  const start = [square(), drawn(1, 6), square()];

  test("joins the product of the gradient and takes the weight's place", () => {
    // The second layer's loop keeps the sum of the loss.
    expect(planned(layers, start, [...data])).toEqual({
      epilogues: [["add", "relu", "step"], [], ["chain"], ["mul", "sub"], ["mul", "sub"]],
      copies: 0,
    });
    expectTraining(layers, start, [...data]);
  });

  test.each([
    ["momentum", (p: readonly Value[]) => new SGD(p, { learningRate: 0.05, momentum: 0.9, weightDecay: 0.01 })],
    ["Adam", (p: readonly Value[]) => new Adam(p, { learningRate: 0.01 })],
  ])("with %s remembers the same", (_, rule) => expectTraining(layers, start, [...data], rule));

  test("moves with the velocity that it reads", () => {
    const momentum: Rule = (p) => new SGD(p, { learningRate: 0.05, momentum: 0.9 });
    const { epilogues, copies } = planned(layers, start, [...data], momentum);
    expect([epilogues.at(-1), copies]).toEqual([["mul", "add", "mul", "sub"], 0]);
  });

  test.each<[string, Model, readonly number[][][]]>([
    ["a later product", (v, w) => ({ forward: (x) => w.matmul(x.matmul(v).reshape([6, 7])).reshape([7, 6]) }), [square(), square()]],
    ["the gradient's own product", (w) => ({ forward: (x) => x.matmul(w.matmul(w)) }), [square()]],
    ["both layers", (w) => ({ forward: (x) => x.matmul(w).relu().matmul(w) }), [square()]],
  ])("waits where %s needs the old weights", (_, model, weights) => {
    expect(planned(model, weights, [...data]).copies).toBe(0);
    expectTraining(model, weights, [...data]);
  });
});

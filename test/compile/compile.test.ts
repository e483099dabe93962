/** What is compiled gives the same numbers as what is not, on every row of the table, and refuses what it would get wrong. */
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { binary, parametric, ternary, unary } from "../../src/ops/pointwise.ts";
import { parametricPrimitive, pointwisePrimitives, structuralPrimitive, type PointwisePrimitive } from "../../src/ops/primitive.ts";
import type { ParametricName, PointwiseName, StructuralName } from "../../src/ops/vocabulary.ts";
import { structural } from "../../src/ops/structural.ts";
import { pointwiseValue, structuralValue } from "../../src/graph/values.ts";
import {
  array, binaryCrossEntropy, compileTraining, concat, constant, crossEntropy, cumsum, drawingOf, expand, explain, firstNonFinite, grad, gradient, jsonGraph, jvp, kinks, trace, dot, logsumexp, logSoftmax, matmul, max, mean, min, MLP, norm, numpyRandom, outer, prod, pythonRandom, SGD,
  softmax, squaredError, stack, std, sum, sumOf, take, toDot, toJson, toLatex, toMermaid, toText, train, transpose, value, variance, where, workedSolution, type NdArray, type Value,
} from "../../src/index.ts"; // prettier-ignore
import { difference, expectAgreement } from "./agreement.ts";

const names = [...Object.keys(unary), ...Object.keys(binary), ...Object.keys(ternary)] as PointwiseName[];
const primitives: PointwisePrimitive[] = [
  ...names.map((name) => pointwisePrimitives[name]),
  ...(Object.keys(parametric) as ParametricName[]).map((name) => parametricPrimitive(name, { ...parametric[name].defaults, slope: 0.2, min: -1, max: 1, alpha: 0.7 })),
]; // prettier-ignore

const corners = [0, -0, 1, -1, 0.5, -0.5, 1e-300, -5e-324, 5e-324, 1e300, -1e300, 700, -700, 720, -745, 40, -40, Infinity, -Infinity, NaN];

describe.each(primitives.map((primitive) => [primitive.name, primitive] as const))("%s", (_, primitive) => {
  const { row } = primitive;
  const random = numpyRandom(7);
  const draw = (n: number) => row.domain.map(([low, high]) => Array.from({ length: n }, () => random.uniform(low, high)));

  test("compiled, it agrees with its row and with the sweep over its domain", () => {
    const weights = Array.from({ length: 11 }, (_, i) => Math.sin(i + 1));
    expectAgreement((...xs) => pointwiseValue(primitive, xs).mul(weights).sum(), draw(11));
    expectAgreement((...xs) => pointwiseValue(primitive, xs), draw(1).map(([x]) => x!)); // prettier-ignore
  });

  test("its second derivatives agree where the row has them", () => {
    expectAgreement((...xs) => {
      const y = pointwiseValue(primitive, xs);
      return pointwiseValue(primitive, [y.mul(0.3).add(1.5), ...xs.slice(1)]).sum();
    }, draw(5));
  });

  test("it agrees at zeros, infinities, NaN, and numbers that are hardly there", () => {
    const columns = row.domain.map((_, k) =>
      row.domain.length === 1 ? corners : corners.flatMap((a) => corners.map((b) => (k === 0 ? a : b))),
    );
    expectAgreement((...xs) => pointwiseValue(primitive, xs), columns);
    const singles = columns[0]!.map((_, i) => columns.map((column) => [column[i]!]));
    const compiled = compile((...xs) => pointwiseValue(primitive, xs), columns.map(() => [0])); // prettier-ignore
    for (const xs of singles.slice(0, 60)) {
      const expected = primitive.forward(...xs.map(([x]) => x!));
      const [got] = (compiled.value(...xs) as { values: Float64Array }).values;
      if (Number.isNaN(expected)) expect(got).toBeNaN();
      else if (Number.isFinite(expected)) expect(Math.abs(got! - expected)).toBeLessThanOrEqual(1e-13 * Math.abs(expected) + 1e-322);
      else expect(got).toBe(expected);
    }
  });
});

const matrix = (n: number, m: number, seed = 1): number[][] => {
  const random = numpyRandom(seed);
  return Array.from({ length: n }, () => Array.from({ length: m }, () => random.normal()));
};
const weighted = (y: Value): Value => y.mul(constant(matrix(1, y.shape.reduce((a, b) => a * b, 1), 5)).reshape(y.shape)).sum(); // prettier-ignore

const withInfinity = (n: number, m: number): number[][] =>
  matrix(n, m).map((row, i) => row.map((x, j) => (i === n - 1 && j === m - 1 ? Infinity : x)));

const structuralCases: readonly [string, (...xs: Value[]) => Value, readonly (number[] | number[][])[]][] = [
  ["a matrix product", (a, b) => weighted(matmul(a, b)), [matrix(5, 7), matrix(7, 3, 2)]],
  ["products of every tile width", (a, b) => weighted(matmul(a, b)), [matrix(9, 6), matrix(6, 11, 2)]],
  ["products with a long inner size", (a, b, c) => weighted(matmul(a, b)).add(weighted(matmul(a.slice([0, 3], [0, 130]), c))), [matrix(6, 300), matrix(300, 5, 2), matrix(130, 64, 3)]],
  ["a product of stacks", (a, b) => weighted(matmul(a.reshape([2, 3, 4]), b.reshape([2, 4, 5]))), [matrix(6, 4), matrix(8, 5)]],
  ["a product with a transposed factor", (a, b) => weighted(matmul(a.T, b.T)), [matrix(6, 4), matrix(5, 6)]],
  ["vectors and matrices", (a, b) => weighted(matmul(a, b)), [[1, 2, 3], matrix(3, 4)]],
  ...[[2, 3, 4], [5, 6, 9], [1, 80, 1]].map(([n, k, m]): (typeof structuralCases)[number] =>
    [`a product of ${n} × ${k} × ${m} with ∞ that is not taken`, (x, a, b) => where(false, x.mul(matmul(a, b)).sum(), 0).add(a.mul(0.5).sum()), [[2], withInfinity(n!, k!), withInfinity(k!, m!)]]),
  ["a product with ∞ that is not taken far down a long inner size", (a, b) => where(false, matmul(a, b).sum(), a.slice([0, 290]).sum().add(b.sum())), [matrix(300, 2).with(290, [1, Infinity]), matrix(2, 3)]],
  ["products of stacks with ∞ that are not taken", (a, b) => where(false, matmul(a.reshape([2, 3, 4]), b.reshape([2, 4, 5])).sum(), a.slice([0, 1]).sum()), [withInfinity(6, 4), withInfinity(8, 5)]],
  ["sums", (x) => weighted(sum(x, { axis: 0 })).add(weighted(sum(x, { axis: 1 }))).add(sum(x)), [matrix(33, 5)]],
  ["a long sum", (x) => x.square().sum(), [matrix(40, 41)]],
  ["sums over axes that are not neighbours", (x) => weighted(sum(x.reshape([2, 3, 4]), { axis: [0, 2] })), [matrix(6, 4)]],
  ["gradients of stretches over axes that are not neighbours", (x, y) => weighted(x.reshape([2, 2, 3]).mul(y.tanh())), [matrix(4, 3), matrix(2, 1)]],
  ["means, variances and deviations", (x) => mean(x).add(variance(x)).add(weighted(std(x, { axis: 0 }))), [matrix(6, 3)]],
  ["largest and smallest with ties", (x) => weighted(max(x, { axis: 1 })).add(min(x)).add(max(x)), [[[1, 3, 3], [2, -1, -1]]]], // prettier-ignore
  ["norms", (x) => norm(x).add(norm(x, { ord: 1 })).add(norm(x, { ord: 3 })), [matrix(4, 3)]],
  ["norms of any order, over axes that are not neighbours too", (x) => weighted(norm(x.reshape([2, 3, 4]), { axis: [0, 2], ord: 2.5 })).add(norm(x.mul(1e-200), { ord: 7 })), [matrix(6, 4)]],
  ["gelu by tanh, and its slope, at ±∞", (x) => x.gelu({ approximate: "tanh" }).tanh().sum(), [[-Infinity, -1e300, -9, 0.5, 1e300, Infinity]]],
  ["norms whose squares overflow or vanish", (x) => norm(x, { axis: 0 }).sum(), [[[3e200, 3e-200, 0, Infinity], [4e200, 4e-200, 0, 1]]]],
  ["softmax and its logarithm", (x) => weighted(softmax(x)).add(weighted(logSoftmax(x, { axis: 0 }))), [matrix(5, 4)]],
  ["logsumexp", (x) => weighted(logsumexp(x, { axis: 0 })).add(logsumexp(x)), [matrix(5, 4)]],
  ["shares that are nearly certain", (x) => weighted(logSoftmax(x)).add(weighted(softmax(x))), [[[0, 50, -700], [1000, 999, 0]]]], // prettier-ignore
  ["products of entries", (x) => weighted(prod(x, { axis: 0 })), [matrix(5, 4)]],
  ["running sums", (x) => weighted(cumsum(x, { axis: 1 })), [matrix(5, 4)]],
  ["transposes", (x) => weighted(transpose(x.reshape([2, 3, 4]), [2, 0, 1]).tanh()), [matrix(6, 4)]],
  ["slices", (x) => weighted(x.slice([1, null, 2], [null, null, -1])).add(x.at(2, 1)), [matrix(6, 5)]],
  ["indices in the middle", (x) => weighted(take(x.reshape([2, 3, 4]), [[2, 0], [2, 2]], { axis: 1 })).add(weighted(take(x.reshape([2, 3, 4]), -1, { axis: 1 }))), [matrix(6, 4)]],
  ["running sums from either end", (x) => weighted(cumsum(x.reshape([2, 3, 4]), { axis: 1 })).add(weighted(cumsum(x))), [matrix(6, 4)]],
  ["indices that repeat", (x) => weighted(take(x, [0, 2, 2, 1], { axis: 1 })), [matrix(4, 3)]],
  ["joined arrays", (a, b) => weighted(concat([a, b, a], { axis: 1 })).add(weighted(stack([a, a], { axis: 1 }))), [matrix(3, 2), matrix(3, 4)]],
  ["a selection", (a, b) => weighted(where([[true, false, true]], a.log(), b)), [[[1, -2, 3]], [[4, 5, 6]]]],
  ["rows, columns and numbers stretched", (x, r, c, n) => weighted(x.add(r).mul(c).sub(n).tanh()), [matrix(4, 6), matrix(1, 6), matrix(4, 1), [[2]]]],
  ["rows of two lengths over as many entries", (x, r, c) => weighted(x.add(r).tanh()).add(weighted(x.reshape([6, 4]).mul(c).tanh())), [matrix(4, 6), matrix(1, 6), matrix(1, 4, 2)]],
  ["what known numbers make shorter", (x) => [x.sub(0), x.mul(1), x.div(1), x.neg().neg(), x.mul(2).mul(0.5), x.pow(-1), x.pow(1), x.pow(2), x.pow(3), x.sub(1).neg()].map((y, k) => y.at(0).mul(k + 1).add(weighted(y))).reduce((a, b) => a.add(b)), [[0.5, 2]]],
  ["what known numbers make shorter, of numbers", (x) => [x.at(0)].flatMap((y) => [y.sub(0), y.mul(1), y.div(1), y.neg().neg(), y.mul(2).mul(0.5), y.pow(-1), y.pow(1), y.pow(2), y.pow(3), y.sub(1).neg()]).map((y, k) => y.mul(k + 1)).reduce((a, b) => a.add(b)), [[0.5]]],
  ["odd rows stretched", (x, r, c) => weighted(x.add(r).mul(c)), [matrix(4, 3), [1, 2, 3], matrix(4, 1)]],
  ["stretches in the middle", (x, y) => weighted(x.reshape([2, 1, 3]).mul(y.reshape([2, 4, 1]))), [matrix(2, 3), matrix(2, 4)]],
  ["sums of many and dots of numbers", (a, b) => sumOf([a.at(0), b.at(1), a.at(1)]).add(dot([a.at(0), a.at(1)], [b.at(0), b.at(1)])), [[1.5, 2.5], [3.5, -4.5]]],
  ["outer products", (a, b) => weighted(outer(a, b)), [[1, 2, 3], [4, 5]]],
  ["detached values", (x) => x.mul(x.square().detach()).sum(), [[1, 2, 3]]],
  ["lanes without entries", (x) => concat([logsumexp(x.slice([0, 3], [0, 0]), { axis: 1 }), norm(x.slice([0, 3], [0, 0]), { axis: 1 })]), [matrix(3, 2)]],
  ["empty arrays", (x) => x.slice([0, 0]).sum().add(x.sum()), [[1, 2, 3]]],
]; // prettier-ignore

const structuralExamples = (Object.keys(structural) as StructuralName[]).flatMap((name) =>
  structural[name].examples.map(({ shapes, options }, k) => [`${name}, example ${k + 1}`, name, shapes, options] as const),
);

describe("functions of whole arrays", () => {
  test.each(structuralExamples)("%s of its row agrees with the eager one", (_, name, shapes, options) => {
    const primitive = structuralPrimitive(name, options as never);
    const data = shapes.map((shape, k) => matrix(1, shape.reduce((a, b) => a * b, 1), k + 2)[0]!); // prettier-ignore
    const inputs = (xs: readonly Value[]) => xs.map((x, k) => (shapes[k]!.length === 0 ? x.at(0) : x.reshape(shapes[k]!)));
    expectAgreement((...xs) => weighted(structuralValue(primitive, inputs(xs))), data);
    const single = compile((...xs) => weighted(structuralValue(primitive, inputs(xs))), data, { precision: "f32" });
    expect(Math.abs((single.value(...data) as number) - weighted(structuralValue(primitive, inputs(data.map((x) => value(x))))).item())).toBeLessThan(1e-5); // prettier-ignore
  });

  test.each(structuralCases)("%s agree with the eager ones", (_, f, data) => {
    expectAgreement(f, data);
  });
});

describe("compile", () => {
  test("reads what a function finds outside its arguments anew at every call", () => {
    const w = value([1, 2, 3], "w");
    const f = compile((x) => x.mul(w).sum(), [[0, 0, 0]]);
    expect(f.value([1, 1, 1])).toBe(6);
    w.data = value([10, 20, 30]).data;
    expect(f.valueAndGrad([1, 1, 1])).toEqual([60, [w.data]]);
  });

  test("shows each gradient with the line it is the gradient of, and what only helps with none", () => {
    const f = compile((x, w, b) => x.matmul(w).add(b).tanh().sum(), [matrix(4, 2), matrix(2, 3), matrix(1, 3)]);
    expect(f.source).toMatchInlineSnapshot(`
      "v0 = input 0                                 [4, 2]
      v1 = input 1                                 [2, 3]
      v2 = input 2                                 [1, 3]
      v3 = matmul(v0, v1)                          [4, 3]
      v4 = broadcastTo(v2, shape: [4, 3])          [4, 3]
      v5 = add(v3, v4)                             [4, 3]
      v6 = tanh(v5)                                [4, 3]
      v7 = sum(v6, axes: [0, 1], keepdims: false)
      g8 = tanhDerivative(v5)                      [4, 3]       ∂/∂v5
      g9 = sum(g8, axes: [0], keepdims: true)      [1, 3]       ∂/∂v2
      g10 = transpose(v1, axes: [1, 0])            [3, 2]
      g11 = matmul(g8, g10, upstream: 0)           [4, 2]       ∂/∂v0
      g12 = transpose(v0, axes: [1, 0])            [2, 4]
      g13 = matmul(g12, g8, upstream: 1)           [2, 3]       ∂/∂v1
      return v7, g11, g13, g9
      "
    `);
  });

  test("says no gradient to be of a line that a shorter one has replaced", () => {
    const gradients = (f: (...xs: Value[]) => Value, inputs: number): string[] =>
      compile(f, Array.from({ length: inputs }, () => 1)).source.split("\n").filter((line) => line.startsWith("g")).map((line) => line.replace(/ +/g, " ")); // prettier-ignore
    expect(gradients((x, y) => x.sub(y).neg().sin(), 2)).toEqual(["g4 = cos(v2) ∂/∂v2", "g5 = neg(g4) ∂/∂v0"]);
    expect(gradients((x) => x.mul(2).mul(0.5), 1)).toEqual(["g1 = 1 ∂/∂v0"]);
    expect(gradients((x) => x.sub(1).neg().mul(3), 1)).toEqual(["g5 = -3 ∂/∂v0"]);
    expect(gradients((x) => x.logSigmoid(), 1)).toEqual(["g2 = neg(v0)", "g3 = sigmoid(g2) ∂/∂v0"]);
  });

  test("leaves the gradients of what was swept before as they are told", () => {
    const [w, c] = [value(3), value(2)];
    const [early, late] = [w.mul(c), w.add(c)];
    early.square().add(late).backward();
    const f = compile((x) => x.mul(late).add(x.mul(early)).mul(c).mul(w), [1]);
    f.value(2);
    expect([early.grad, late.grad]).toEqual([12, 1]);
  });

  test("never lets a label into the program", () => {
    const x = value([1, 2], 'x"; return evil(); //');
    expect(compile((a) => a.mul(x.named("</script>")).sum(), [x]).source).not.toMatch(/evil|script/);
  });

  test("refuses a function that reads its data, and says what would be frozen", () => {
    const branching = (x: Value): Value => (x.data === 3 ? x.square() : x.neg());
    expect(() => compile(branching, [3])).toThrow(
      "compile: .data of an unnamed value was read while the function was traced; 3 would be frozen into every later call. " +
        "Say it with values (where, maximum, clip, relu, …), or compute it outside and pass it as an input",
    );
    expect(() => compile((x) => x.mul(x.add(1).item()), [3])).toThrow("compile: .item of the result of add was read");
    expect(() => compile((x) => x.mul(x.square().detach().toArray()), [[1, 2]])).toThrow(".toArray of a constant was read");
  });

  test("looks at conditions, classes and targets in every call, as they are looked at uncompiled", () => {
    const chosen = compile((m, x) => where(m, x, 0).sum(), [[1, 0], [2, 3]]); // prettier-ignore
    expect(chosen.value([0, 1], [2, 3])).toBe(3);
    expect(() => chosen.value([0.5, -1], [2, 3])).toThrow("where: a condition holds booleans or 0 and 1, got 0.5");
    const loss = compile((z, y) => crossEntropy(z, y), [[[1, 2, 3]], [0]]);
    expect(() => loss.valueAndGrad([[1, 2, 3]], [7])).toThrow("crossEntropy: the class 7 in row 0 is not one of 0 … 2");
    const target = value([0.5], "y");
    const binary = compile((p) => binaryCrossEntropy(p, target), [[0.5]]);
    target.data = array([2]);
    expect(() => binary.value([0.5])).toThrow("binaryCrossEntropy: the target 2 in row 0 is outside [0, 1]");
  });

  test("refuses a function that writes data, its own, a parameter's or that of one entry", () => {
    const w = value([1, 2], "w");
    const entry = new MLP([1, 1]).layers[0]!.neurons[0]!.w[0]!;
    const optimizer = new SGD([w], { learningRate: 0.1 });
    const writes: [string, () => void][] = [
      ['"w"', () => (w.data = array([3, 4]))],
      ['"w"', () => optimizer.step()],
      ['"W1[0,0]"', () => (entry.data = 1)],
    ];
    w.grad = w.data;
    for (const [name, write] of writes)
      expect(() => compile((x) => (write(), x.mul(w).sum()), [1])).toThrow(`compile: .data of ${name} was written while`);
    expect(w.data).toEqual(array([1, 2]));
    expect(optimizer.state.step).toBe(0);
    const changing = (x: Value): Value => ((x.data = 10), x.square());
    expect(() => compile(changing, [1])).toThrow(
      "compile: .data of an unnamed value was written while the function was traced; later calls would not write it. " +
        "Compute with a new value (x.mul(2) instead of x.data = …), or write it outside the function",
    );
  });

  test("refuses what looks at the graph while it is traced, and a call of another compiled function", () => {
    const square = compile((x) => x.square(), [1]);
    const looks: [string, (x: Value) => Value][] = [
      ["the trace of the result of sum", (x) => x.mul(trace(x.sum()).node(x)!.gradient!)],
      ["what kinks tells of the result of relu", (x) => x.mul(kinks(x.relu()).length)],
      ["what firstNonFinite tells of the result of log", (x) => (firstNonFinite(x.log()) ? x : x.neg())],
      ["the expanded graph of the result of sum", (x) => expand(x.sum())],
      ["the data of the result of sum", (x) => x.mul(square.value(x.sum()))],
      ["the text of the result of sum", (x) => x.mul(String(x.sum()).length)],
      ["the text of the result of sum", (x) => x.mul(x.sum().toString().length)],
      ["the trace of the result of sum", (x) => x.mul(String(explain(x.sum(), x)).length)],
      ["the trace of the result of sum", (x) => x.mul(workedSolution(x.sum()).length)],
      ...[toText, toDot, toMermaid, toLatex, toJson, jsonGraph, drawingOf].map((view): [string, (x: Value) => Value] =>
        ["the graph of the result of sum", (x) => (view(x.sum()), x)]),
      ["the graph of the result of sum", (x) => x.mul(toDot(x.sum(), { backward: "instead" }).length)],
    ]; // prettier-ignore
    for (const [what, f] of looks) expect(() => compile(f, [[1, 2]])).toThrow(`compile: ${what} was read while the function was traced`);
    const outside = value(3);
    expect(() => compile((x) => x.mul(square.value(outside)), [1])).toThrow("compile: the data of an unnamed value was read");
    expect(compile((x) => x.mul(square.value(3)), [1]).value(2)).toBe(18);
  });

  test("lets errors name a value and the console print it while a function is traced", () => {
    const named = value([1, 2], "named");
    expect(() => compile((x) => named.add([1, 2, 3]).mul(x), [1])).toThrow("add: shapes [2] and [3] do not broadcast");
    expect(() => compile((x) => x.mul((named as never as number) > 1 ? 1 : 2), [1])).toThrow('"named" is not a number');
    expect(() => compile((x) => (named.backward(), x), [1])).toThrow("backward: the loss has shape [2]");
    expect(compile((x) => (inspect(x.add(named)) === "Value([2,3])" ? x : x.neg()), [1]).value(3)).toBe(3);
  });

  test("refuses the call of another compiled function that finds its numbers outside, wherever it was compiled", () => {
    const k = value(2, "k");
    const scaled = compile((x) => x.mul(k), [1]);
    const calls: [string, (x: Value) => Value][] = [
      ['"k"', (x) => x.mul(scaled.value(3))],
      ['"k"', (x) => x.mul(scaled.valueAndGrad(3)[0])],
      ["an unnamed value", (x) => x.mul(compile((y) => y.mul(x), [1]).value(2))],
      ["a constant", (x) => x.mul(compile(((c) => (y: Value) => y.mul(c))(x.detach()), [1]).value(2))],
      ["a constant", (x) => x.mul(compile((y) => y.mul(x.detach().item()), [1]).value(2))],
    ];
    for (const [name, f] of calls)
      expect(() => compile(f, [3])).toThrow(new RegExp(`^compile: (the data|\\.item) of ${name} was read while the function was traced`));
    expect(scaled.value(3)).toBe(6);
    const model = { parameters: () => [k], forward: (x: Value) => x.mul(k).mul(compile((y) => y.mul(x.sum()), [1]).value(2)) };
    const options = { model: model as never, loss: squaredError, optimizer: new SGD([k], { learningRate: 0.1 }), data: [[[1]], [[1]]] as const };
    expect(() => compileTraining(options)).toThrow('compileTraining: the data of "X" was read while the function was traced');
  }); // prettier-ignore

  test.each([["numpyRandom", numpyRandom], ["pythonRandom", pythonRandom]] as const)("refuses draws from a %s made outside", (name, made) => {
    const random = made(9);
    random.normal();
    const { state } = random;
    const uses: (() => number)[] = [
      () => random.uniform(),
      () => random.normal(),
      () => random.permutation(3)[0]!,
      () => random.state.index,
      () => (random.state = state).index,
    ];
    for (const use of uses)
      expect(() => compile((x) => x.mul(use()), [3])).toThrow(
        `compile: ${name}(9) was used while the function was traced; its draws would be frozen into every later call. ` +
          "Draw outside and pass the numbers as an input, or run uncompiled",
      );
    expect(random.state).toEqual(state);
  }); // prettier-ignore

  test("takes the draws of a stream that the function makes itself", () => {
    const f = (x: Value): Value => x.mul(numpyRandom(9).rand()).mul(pythonRandom(9).normal());
    const compiled = compile(f, [3]);
    for (const x of [1, 2]) expect(compiled.value(x)).toBe(f(value(x)).data);
    // To a function compiled within another, the other's streams are from outside.
    const nested = (x: Value): Value => {
      const random = numpyRandom(9);
      return x.mul(compile((y) => y.mul(random.rand()), [1]).value(2) as number);
    };
    expect(() => compile(nested, [1])).toThrow("compile: numpyRandom(9) was used while the function was traced");
  });

  test("a mask drawn anew at every step is trained uncompiled, and the history says why", () => {
    const [masks, again] = [numpyRandom(3), numpyRandom(3)];
    const seen: number[] = [];
    const loss = (prediction: Value, y: Value): Value => {
      seen.push(masks.uniform());
      return squaredError(prediction.mul(seen.at(-1)!), y);
    };
    const model = new MLP([2, 4, 1], { random: numpyRandom(1) });
    const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
    const data = [matrix(4, 2), matrix(4, 1)] as const;
    const { compiled, note } = train({ model, loss, optimizer, data, epochs: 3, compile: compileTraining });
    expect(compiled).toBe(false);
    expect(note).toMatch("trained without compiling: compileTraining: numpyRandom(3) was used while the function was traced");
    expect(seen).toEqual(seen.map(() => again.uniform()));
  });

  test("looks at a condition that is an input, or a leaf, at every call", () => {
    const [first, second, both] = [[1, 0, 1], [0, 1, 0], [[1, 0, 0], [0, 1, 1]]]; // prettier-ignore
    const chosen = (c: Value, a: Value, b: Value): Value => where(c, a.log(), b.square()).mul([1, 2, 3]).sum();
    const f = compile(chosen, [first, first, first]);
    for (const c of [first, second]) {
      const data = [c, [0.5, 2, 3], [4, 5, 6]];
      const inputs = data.map((x) => value(x));
      const y = chosen(inputs[0]!, inputs[1]!, inputs[2]!);
      expect(f.value(...data)).toBeCloseTo(y.item(), 12);
      const gradients = f.valueAndGrad(...data)[1] as NdArray[];
      for (const [i, g] of gradient(y, inputs).entries()) expect(difference(gradients[i]!, g.payload)).toBeLessThan(1e-13);
    }
    const spread = compile((c, x) => where(c, x, [1, 2, 3]).sum(), [both, 1]);
    expect(spread.value(both, 10)).toBe(30 + 5 + 1);
    const leaf = value(1);
    const g = compile((x) => where(leaf, x, x.neg()), [1]);
    expect(g.value(3)).toBe(3);
    leaf.data = 0;
    expect(g.value(3)).toBe(-3);
  });

  test("passes nothing on to the branch that such a condition does not take, forward, backward and again", () => {
    const f = (c: Value) => (x: Value) => where(c, x.log().sqrt(), x.square()).sum();
    const derivatives: [number, (c: Value, x: Value) => Value][] = [
      [2 * -1, (c, x) => grad(f(c))(x)],
      [2 * -1, (c, x) => jvp(f(c), [x], [1])[1]],
      [2, (c, x) => grad(grad(f(c)))(x)],
      [2, (c, x) => jvp(grad(f(c)), [x], [1])[1]],
      [2, (c, x) => grad((v: Value) => jvp(f(c), [v], [1])[1])(x)],
    ];
    for (const [expected, derivative] of derivatives) expect(compile(derivative, [1, 2]).value(0, -1)).toBe(expected);
    // What arrives is NaN where log was taken; the other branch gets 0 of it all the same.
    expect(compile((c, a, b) => where(c, a, b).log().sum(), [[1], [2], [3]]).valueAndGrad([1], [NaN], [3])[1]).toEqual(
      [[0], [NaN], [0]].map((x) => array(x)),
    );
  });

  test("refuses what is no function, no list of examples and no option", () => {
    const unchecked = compile as (...args: unknown[]) => unknown;
    expect(() => unchecked(undefined, [1])).toThrow("compile: expected a function of values, got undefined");
    expect(() => unchecked((x: Value) => x, 3)).toThrow(
      "compile: expected a list of examples, one for each input, got 3; write compile(f, [x])",
    );
    expect(() => unchecked((x: Value) => x, new Array(1))).toThrow("compile: expected a number, a list of numbers");
    expect(() => unchecked((x: Value) => x, [1], { precison: "f32" })).toThrow(
      'compile: there is no option "precison"; it takes precision',
    );
  });

  test("scales to ∞ and to 0 as the eager engine does, but for ½·(2·x), which is x", () => {
    const scalings: [factor: number, back: number, x: number][] = [
      [0.5, 2, 5e-324],
      [2 ** 600, 2 ** -600, 1e200],
      [2 ** -600, 2 ** 600, 1e-200],
      [-2, -0.5, 1e308],
    ];
    for (const [factor, back, x] of scalings) expect(compile((v) => v.mul(factor).mul(back), [1]).value(x)).toBe(x * factor * back);
    expect(compile((v) => v.mul(2).mul(0.5), [1]).value(1e308)).toBe(1e308);
    expect(compile((v) => v.square().mul(0.5), [1]).source).toMatch("return v3, v0");
  });

  test("refuses other shapes and another number of inputs than the examples'", () => {
    const f = compile((x) => x.sum(), [[1, 2, 3]]);
    expect(() => f.value([1, 2])).toThrow("compiled function: input 0 has shape [2], its example had [3]. Compile again for other shapes");
    expect(() => f.value()).toThrow("compiled function: compiled for 1 inputs, called with 0");
  });

  test("gives gradients of numbers only", () => {
    const f = compile((x) => x.square(), [[1, 2, 3]]);
    expect(() => f.valueAndGrad([1, 2, 3])).toThrow("valueAndGrad: the function gives shape [3]; take .sum() or .mean() of it first");
  });

  test("computes in singles on request", () => {
    const f = compile((x, w) => x.matmul(w).tanh().sum(), [matrix(5, 7), matrix(7, 9)], { precision: "f32" });
    const exact = compile((x, w) => x.matmul(w).tanh().sum(), [matrix(5, 7), matrix(7, 9)]);
    const [y, [gx]] = f.valueAndGrad(matrix(5, 7), matrix(7, 9)) as [number, { values: Float64Array }[]];
    const [z, [hx]] = exact.valueAndGrad(matrix(5, 7), matrix(7, 9)) as [number, { values: Float64Array }[]];
    expect(y).toBeCloseTo(z, 5);
    expect([...gx!.values].map((x, i) => Math.abs(x - hx!.values[i]!)).every((d) => d < 2e-6)).toBe(true);
    expect(() => compile((x) => x, [1], { precision: "f16" as "f32" })).toThrow(
      'compile: precision is "f64" or "f32", got "f16" (a string)',
    );
  });

  test.each([
    ["forbids WebAssembly", () => true, "this host forbids WebAssembly (blocked by policy)"],
    // A vector instruction begins with the byte 0xfd.
    ["has no vectors", (bytes: Uint8Array) => bytes.includes(0xfd), "this host's WebAssembly has no vectors (SIMD)"],
  ])("runs uncompiled, and says so, where the host %s", (_, isRefused, note) => {
    const Module = WebAssembly.Module;
    WebAssembly.Module = function (bytes: Uint8Array<ArrayBuffer>) {
      if (isRefused(bytes)) throw new WebAssembly.CompileError("blocked by policy");
      return new Module(bytes);
    } as never;
    try {
      const f = compile((x) => x.square().sum(), [[1, 2, 3]]);
      expect(f.note).toBe(`${note}; the function runs uncompiled`);
      expect(f.value([1, 2, 3])).toBe(14);
      expect(f.valueAndGrad([1, 2, 3])).toEqual([14, [value([2, 4, 6]).data]]);
      const w = value([1]);
      const model = { parameters: () => [w], forward: (x: Value) => x.mul(w) } as never;
      const training = { model, loss: squaredError, optimizer: new SGD([w], { learningRate: 0.1 }), data: [[[1]], [[1]]] as const };
      expect(() => compileTraining(training)).toThrow(`compileTraining: ${note}`);
    } finally {
      WebAssembly.Module = Module;
    }
  });
});

import { describe, expect, test } from "vitest";
import { add, concat, expand, gradient, matmul, maximum, scoped, stack, take, value, where, type Value } from "../../src/index.ts";
import { nodesOf } from "../../src/graph/order.ts";
import { Leaf } from "../../src/graph/value.ts";
import "../closeness.ts";

const leavesOf = (root: Value) => new Map(nodesOf(root).flatMap((node) => (node instanceof Leaf ? [[node.label, node as Value]] : [])));

/** The gradients of an expanded loss agree with those of the loss it came from, entry by entry. */
function expectSame(loss: Value, x: Value): void {
  const opened = expand(loss);
  expect(opened).toBeClose(loss, { scale: 1 });
  expect(nodesOf(opened).every(({ shape }) => shape.length === 0)).toBe(true);
  const leaves = leavesOf(opened);
  const [whole] = gradient(loss, [x]);
  for (const place of Array.from({ length: x.shape[0]! * x.shape[1]! }, (_, k) => [Math.floor(k / x.shape[1]!), k % x.shape[1]!])) {
    const leaf = leaves.get(`x[${place.join(",")}]`);
    expect(leaf ? gradient(opened, [leaf])[0] : 0).toBeClose(whole.at(...place), { scale: 1 });
  }
}

describe("expand", () => {
  const x = value([[0.5, -1, 2], [2, 0.25, -0.75]], "x"); // prettier-ignore
  const w = value([[1, 2], [3, -4], [0.5, 6]], "w"); // prettier-ignore

  test.each<[string, () => Value]>([
    [
      "a layer",
      () =>
        matmul(x, w)
          .add([[0.1, 0.2]])
          .sigmoid()
          .mean(),
    ],
    ["sums over axes", () => x.sum({ axis: 0 }).square().sum()],
    ["rearrangements", () => x.T.reshape(2, 3).slice(null, [null, null, -2]).exp().sum()],
    ["selections with repeats", () => take(x, [0, 1, 0, -1], { axis: 1 }).square().sum()],
    [
      "joined arrays",
      () =>
        concat([x, x.square()], { axis: 1 })
          .tanh()
          .sum()
          .add(stack([x, x]).sin().sum()),
    ],
    ["a choice", () => where([[1, 0, 1], [0, 0, 1]], x.square(), 3).sum()], // prettier-ignore
    ["extremes", () => x.max({ axis: 1 }).sum().sub(x.min()).add(maximum(x, 0.1).sum())],
    ["extremes with ties of three", () => x.relu().mul(0).max().add(x.sum())],
    [
      "norms",
      () =>
        x
          .norm()
          .add(x.norm({ axis: 0 }).square().sum())
          .add(x.norm({ axis: 1, ord: 3 }).sum())
          .add(x.mul(0).norm({ ord: 1.5 }))
          .add(x.mul(0).norm()),
    ],
    [
      "softmax and its relatives",
      () =>
        x
          .softmax()
          .square()
          .sum()
          .add(x.logSoftmax({ axis: 0 }).sin().sum())
          .add(x.logsumexp()),
    ],
    ["running sums", () => x.cumsum({ axis: 1 }).square().sum().add(x.cumsum().sin().sum())],
    [
      "products, variances",
      () =>
        x
          .prod({ axis: 1 })
          .sum()
          .add(x.var())
          .add(x.std({ axis: 0 }).sum()),
    ],
    ["derivatives of softmax", () => gradient(x.softmax().square().sum(), [x])[0].square().sum()],
    ["derivatives of logSoftmax", () => gradient(x.logSoftmax().sin().sum(), [x])[0].square().sum()],
    [
      "stacks of matrices",
      () =>
        matmul(stack([x, x.sin()]), w)
          .square()
          .sum(),
    ],
    ["empty arrays", () => add(matmul(x.slice(null, [0, 0]), w.slice([0, 0])).sum(), x.sum())],
  ])("%s has the same value and gradients as scalars", (_, loss) => {
    expectSame(loss(), x);
  });

  test("labels entries, keeps scopes, and gives a matrix product multiplication by multiplication", () => {
    const z = scoped("layer", { kind: "layer" }, () => matmul(x, w).named("z"));
    const nodes = nodesOf(expand(z.sum()));
    const entry = nodes.find(({ label }) => label === "z[1,0]")!;
    expect(entry.op).toBe("sumOf");
    expect(entry.inputs.map(({ op, inputs }) => [op, ...inputs.map(({ label }) => label)])).toEqual([
      ["mul", "x[1,0]", "w[0,0]"],
      ["mul", "x[1,1]", "w[1,0]"],
      ["mul", "x[1,2]", "w[2,0]"],
    ]);
    expect(entry.scope).toMatchObject({ name: "layer", kind: "layer" });
    expect(x.hasGrad).toBe(false);
  });

  test("refuses an array", () => {
    expect(() => expand(x)).toThrow("expand: the loss has shape [2, 3]; take .sum() or .mean() first, or one entry by .at(…)");
  });
});

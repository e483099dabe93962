import { describe, expect, test } from "vitest";
import { clip, kinks, matmul, maximum, value } from "../../src/index.ts";

describe("kinks", () => {
  test("the document's network starts on one: zero biases and the row [0, 0] make every hidden z exactly 0", () => {
    const X = value([[0, 0], [0, 1], [1, 0], [1, 1]], "X"); // prettier-ignore
    const Z = matmul(X, [[0.5, -0.1, 0.6], [1.5, -0.2, -0.2]]).add([[0, 0, 0]]).named("Z1"); // prettier-ignore
    const found = kinks(Z.relu().sum());
    expect(found.map(({ node, index, convention }) => [node.op, index, convention])).toEqual([
      ["relu", [0, 0], "relu'(0) = 0"],
      ["relu", [0, 1], "relu'(0) = 0"],
      ["relu", [0, 2], "relu'(0) = 0"],
    ]);
  });

  test("names node, entry and convention of every kind of kink", () => {
    const x = value([[1, 3, 3], [0, 0, 2]], "x"); // prettier-ignore
    const places = (node: ReturnType<typeof maximum>) => kinks(node).map(({ index, convention }) => [index, convention]);
    expect(places(maximum(x, 2))).toEqual([[[1, 2], "maximum: ties share equally, ½ each"]]);
    expect(places(x.max({ axis: 1 }))).toEqual([[[0], "max: ties share equally"]]);
    expect(places(x.min({ axis: 1, keepdims: true }))).toEqual([[[1, 0], "min: ties share equally"]]);
    expect(places(clip(x, { min: 1, max: 2 }))).toEqual([[[0, 0], "clip passes the gradient at its edges"], [[1, 2], "clip passes the gradient at its edges"]]); // prettier-ignore
    expect(places(x.mul(0).norm())).toEqual([[[], "norm'(0) = 0"]]);
    expect(places(x.sqrt().at(1, 0))).toEqual([[[1, 0], "sqrt'(0) = ∞"], [[1, 1], "sqrt'(0) = ∞"]]); // prettier-ignore
    expect(places(x.add(0.5).abs().sum())).toEqual([]);
  });
});

/** The derivation of the document, 4.2 and 5.4: all eight gradients, right up to the factor N, on a kink at the zero biases. */
import { describe, expect, test } from "vitest";
import { compareGradients, constant, numpyRandom, value, type Value } from "../../src/index.ts";

/** Chapter 4.2 at its first epoch: np.random.seed(42), biases 0. */
function documentLoss(reduction: "mean" | "sum"): Value {
  const random = numpyRandom(42);
  const matrix = (n: number, m: number) => Array.from({ length: n }, () => Array.from({ length: m }, () => random.normal()));
  const X = constant([[0, 0], [0, 1], [1, 0], [1, 1]], "X"); // prettier-ignore
  const y = constant([[0], [1], [1], [1]], "y");
  const [W1, b1] = [value(matrix(2, 3), "W1"), value([[0, 0, 0]], "b1")];
  const [W2, b2] = [value(matrix(3, 1), "W2"), value([[0]], "b2")];
  const a1 = X.matmul(W1).add(b1).named("z1").relu().named("a1");
  const a2 = a1.matmul(W2).add(b2).named("z2").sigmoid().named("a2");
  return y.sub(a2).square().mul(0.5)[reduction]().named("L");
}

/** The lines of chapter 4.2 as they stand there. */
const backpropagation = `
    # Derivada de la pérdida con respecto a a2
    dL_da2 = a2 - y  # Para MSE: (a2 - y)
    # Derivadas de la capa de salida
    dL_dz2 = dL_da2 * sigmoid_deriv(z2)
    dL_dW2 = np.dot(a1.T, dL_dz2)
    dL_db2 = np.sum(dL_dz2, axis=0, keepdims=True)
    # Derivadas de la capa oculta
    dL_da1 = np.dot(dL_dz2, W2.T)
    dL_dz1 = dL_da1 * relu_deriv(z1)
    dL_dW1 = np.dot(X.T, dL_dz1)
    dL_db1 = np.sum(dL_dz1, axis=0, keepdims=True)`;

describe("against the mean, which the document prints", () => {
  const report = compareGradients(documentLoss("mean"), backpropagation);

  test("all eight quantities are the gradient up to the factor N = 4", () => {
    expect(report.findings.map(({ key }) => key).sort()).toEqual(
      ["dL_dW1", "dL_dW2", "dL_da1", "dL_da2", "dL_db1", "dL_db2", "dL_dz1", "dL_dz2"], // prettier-ignore
    );
    expect(report.factor).toBeCloseTo(4, 12);
    expect(report.toText()).toContain("Every gradient you gave is 4 × the gradient of this loss: the 1/4 of the mean is");
  });

  test("the first step lost the 1/N; the seven that follow are right", () => {
    expect(report.firstWrong).toMatchObject({ key: "dL_da2", mistake: { name: "wrong reduction", facts: { count: 4 } } });
    expect(report.findings.slice(1).map(({ verdict }) => verdict)).toEqual(new Array(7).fill("inherited"));
  });

  test("the kink at the zero biases is named, with its convention", () => {
    expect(report.kinks.map(({ where, convention, entries }) => [where, convention, entries])).toEqual([["z1", "relu'(0) = 0", [0, 1, 2]]]);
    expect(report.toText()).toContain("Kink: z1 is exactly on one in 3 of 12 entries. Convention: relu'(0) = 0");
  });

  test("the report in Spanish fits a terminal of 80 columns", async () => {
    const text = report.toText({ language: "es" });
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    await expect(`${text}\n`).toMatchFileSnapshot("document.es.txt");
  });
});

test("against the sum, whose gradient the document applies, all eight are right", () => {
  const report = compareGradients(documentLoss("sum"), backpropagation);
  expect(report.passed).toBe(true);
  expect(report.findings.map(({ verdict }) => verdict)).toEqual(new Array(8).fill("right"));
});

test("with the other convention at the kink, relu'(0) = 1, nothing is wrong", () => {
  const report = compareGradients(documentLoss("sum"), backpropagation.replace("relu_deriv(z1)", "(z1 >= 0)"));
  expect(report.passed).toBe(true);
  expect(report.findings.filter(({ verdict }) => verdict === "kink").map(({ key }) => key)).toEqual(["dL_dz1", "dL_db1"]);
});

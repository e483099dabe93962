import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as cadena from "../../src/index.ts";
import { gradient, jvp, value } from "../../src/index.ts";
import type { Loss, Value } from "../../src/index.ts";
import "../closeness.ts";
import { tolerance } from "../closeness.ts";

interface Case {
  readonly loss: Loss;
  /** The loss of one entry in plain arithmetic, as a textbook has it. */
  readonly plain: (p: number, y: number) => number;
  readonly prediction: fc.Arbitrary<number>;
  readonly target: fc.Arbitrary<number>;
}

const anyNumber = fc.double({ min: -3, max: 3, noNaN: true });
const share = fc.double({ min: 0.1, max: 0.9, noNaN: true });
const label = fc.constantFrom(0, 1);
const logistic = (z: number) => 1 / (1 + Math.exp(-z));

const cases: Record<string, Case> = {
  halfSquaredError: { loss: cadena.halfSquaredError, plain: (p, y) => 0.5 * (y - p) ** 2, prediction: anyNumber, target: anyNumber },
  squaredError: { loss: cadena.squaredError, plain: (p, y) => (y - p) ** 2, prediction: anyNumber, target: anyNumber },
  absoluteError: { loss: cadena.absoluteError, plain: (p, y) => Math.abs(y - p), prediction: anyNumber, target: anyNumber },
  huber: {
    loss: cadena.huber,
    plain: (p, y) => (Math.abs(p - y) <= 1 ? 0.5 * (p - y) ** 2 : Math.abs(p - y) - 0.5),
    prediction: anyNumber,
    target: anyNumber,
  },
  hinge: { loss: cadena.hinge, plain: (p, y) => Math.max(0, 1 - p * y), prediction: anyNumber, target: fc.constantFrom(-1, 1) },
  binaryCrossEntropy: {
    loss: cadena.binaryCrossEntropy,
    plain: (p, y) => -(y * Math.log(p) + (1 - y) * Math.log(1 - p)),
    prediction: share,
    target: share,
  },
  binaryCrossEntropyWithLogits: {
    loss: cadena.binaryCrossEntropyWithLogits,
    plain: (z, y) => -(y * Math.log(logistic(z)) + (1 - y) * Math.log(1 - logistic(z))),
    prediction: anyNumber,
    target: label,
  },
};

/** Two lists of the same length. */
const pairs = ({ prediction, target }: Case) =>
  fc.array(fc.tuple(prediction, target), { minLength: 1, maxLength: 5 }).map((rows) => [rows.map(([p]) => [p]), rows.map(([, y]) => [y])] as const); // prettier-ignore

describe.each(Object.entries(cases))("%s", (name, example) => {
  const { loss, plain } = example;

  test("is what the textbook says of every entry, and its mean and sum", () => {
    fc.assert(
      fc.property(pairs(example), ([p, y]) => {
        const each = p.map(([pi], i) => [plain(pi!, y[i]![0]!)]);
        const total = each.reduce((sum, [x]) => sum + x!, 0);
        expect(loss(p, y, { reduction: "none" })).toBeClose(each, { scale: 1 });
        expect(loss(p, y, { reduction: "sum" })).toBeClose(total, { scale: 1 });
        expect(loss(p, y)).toBeClose(total / p.length, { scale: 1 });
        expect(loss(p[0]![0]!, y[0]![0]!)).toBeClose(each[0]![0]!, { scale: 1 });
      }),
      { seed: 1 },
    );
  });

  test("has the derivative that differences of it have, and forward mode tells the same", () => {
    fc.assert(
      fc.property(example.prediction, example.target, (p, y) => {
        const h = 1e-4;
        const f = (k: number) => plain(p + k * h, y);
        fc.pre(Math.abs(f(2) - 4 * f(1) + 6 * f(0) - 4 * f(-1) + f(-2)) < 1e-11); // not across a kink
        const x = value(p);
        const [slope] = gradient(loss(x, y), [x]);
        expect(slope).toBeClose((8 * (f(1) - f(-1)) - (f(2) - f(-2))) / (12 * h), { units: tolerance.numeric, scale: 10 });
        expect(jvp((v: Value) => loss(v, y), [p], [1])[1]).toBeClose(slope, { scale: 1 });
      }),
      { seed: 1 },
    );
  });

  test("refuses a target of another shape and says what to do", () => {
    const rows = Array.from({ length: 3 }, () => [0.5]);
    expect(() => loss(rows, [1, 1, 1])).toThrow(
      `${name}: the prediction has shape [3, 1], the target [3]; reshape the target, y.reshape([3, 1])`,
    );
    expect(() => loss(rows, [[1, 1]])).toThrow("the prediction has shape [3, 1], the target [1, 2]; they must agree entry by entry");
    expect(() => loss(rows, 1)).toThrow("the target []");
  });

  test("refuses another reduction, and options that do not exist", () => {
    expect(() => loss([0.5], [1], { reduce: "sum" } as never)).toThrow("reduce");
    expect(() => loss([0.5], [1], { reduction: "average" as never })).toThrow(
      `${name}: reduction is "mean", "sum" or "none", got "average" (a string)`,
    );
  });
});

test("cross-entropy of a row in which every class has logit −∞ is ∞, for it says that none can be", () => {
  const row = [-Infinity, -Infinity];
  expect(cadena.logSoftmax(row).toArray()).toEqual(row);
  expect(cadena.crossEntropy([row], [0]).data).toBe(Infinity);
  expect(cadena.crossEntropy([row], [[0.5, 0.5]]).data).toBe(Infinity);
});

describe("binary cross-entropy", () => {
  const at = (p: number, y: number): [number, number] => {
    const x = value(p);
    const loss = cadena.binaryCrossEntropy(x, y);
    return [loss.data, gradient(loss, [x])[0].data];
  };

  test("of a certain and right prediction is 0 with a finite slope; of a certain and wrong one ∞, not clipped", () => {
    expect(at(1, 1)).toEqual([0, -1]);
    expect(at(0, 0)).toEqual([0, 1]);
    expect(at(0, 1)).toEqual([Infinity, -Infinity]);
    expect(at(1, 0)).toEqual([Infinity, Infinity]);
  });

  test("keeps the digits of a small probability", () => {
    expect(at(1e-300, 0)).toEqual([1e-300, 1]);
    expect(at(2 ** -60, 1)[0]).toBeClose(60 * Math.LN2);
  });

  test("shows a probability that is none as NaN, and refuses a target that is none", () => {
    expect(at(-0.5, 1)[0]).toBeNaN();
    expect(() => cadena.binaryCrossEntropy([[0.5], [0.5]], [[1], [2]])).toThrow(
      "binaryCrossEntropy: the target 2 in row 1, column 0 is outside [0, 1]",
    );
    expect(() => cadena.hinge([0.5, 0.5], [1, 0])).toThrow(
      "hinge: the target 0 in row 1 is not one of -1, 1; 2y − 1 makes them of labels 0 and 1",
    );
  });

  // mpmath, 50 digits: log(1 + exp(-z)) for y = 1, and −σ(−z)
  test.each([
    [40, 1, 4.248354255291589e-18, -4.248354255291589e-18],
    [-40, 1, 40, -1],
    [700, 1, 9.85967654375977e-305, -9.85967654375977e-305],
    [1e300, 0, 1e300, 1],
    [Infinity, 1, 0, 0],
    [-Infinity, 0, 0, 0],
  ])("on logits is exact at z = %d for y = %d", (z, y, loss, slope) => {
    const x = value(z);
    const L = cadena.binaryCrossEntropyWithLogits(x, y);
    expect(L).toBeClose(loss);
    expect(gradient(L, [x])[0]).toBeClose(slope);
  });
});

describe("crossEntropy", () => {
  const logits = [[1, 2, 3], [0, -1, 5]]; // prettier-ignore

  test("of classes is that of their one-hot rows; the mean is over the rows", () => {
    // NumPy: -(z - logsumexp(z))[[0, 1], [2, 0]] = 0.40760596444438, 5.00917...
    const rows = logits.map((row) => Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0)));
    const each = [rows[0]! - 3, rows[1]! - 0];
    expect(cadena.crossEntropy(logits, [2, 0], { reduction: "none" })).toBeClose(each);
    expect(cadena.crossEntropy(logits, [[0, 0, 1], [1, 0, 0]], { reduction: "none" })).toBeClose(each); // prettier-ignore
    expect(cadena.crossEntropy(logits, [2, 0])).toBeClose((each[0]! + each[1]!) / 2);
  });

  test("has the gradient softmax − y", () => {
    const z = value(logits);
    const [g] = gradient(cadena.crossEntropy(z, [2, 0], { reduction: "sum" }), [z]);
    const softmax = cadena.softmax(logits).toArray() as number[][];
    expect(g).toBeClose([[softmax[0]![0]!, softmax[0]![1]!, softmax[0]![2]! - 1], [softmax[1]![0]! - 1, softmax[1]![1]!, softmax[1]![2]!]], { scale: 1 }); // prettier-ignore
  });

  test("stays exact and finite where softmax has rounded to 0 and 1", () => {
    const z = value([[1000, 0, -Infinity]]);
    const right = cadena.crossEntropy(z, [0]);
    expect(right.data).toBe(0);
    expect(gradient(right, [z])[0]).toBeClose([[0, 0, 0]]);
    expect(cadena.crossEntropy(z, [0], { reduction: "none" }).toArray()).toEqual([0]);
    const wrong = cadena.crossEntropy(z, [1]);
    expect(wrong.data).toBe(1000);
    expect(gradient(wrong, [z])[0]).toBeClose([[1, -1, 0]]);
  });

  test("refuses classes out of range, probabilities that are none, and shapes that fit neither way", () => {
    expect(() => cadena.crossEntropy(logits, [2, 3])).toThrow("crossEntropy: the class 3 in row 1 is not one of 0 … 2");
    expect(() => cadena.crossEntropy(logits, [2, 0.5])).toThrow("crossEntropy: the class 0.5 in row 1");
    expect(() => cadena.crossEntropy(logits, [[2, 0, 0], [0, 0, 1]])).toThrow("the target 2 in row 0, column 0 is outside [0, 1]"); // prettier-ignore
    expect(() => cadena.crossEntropy(logits, [[2], [0]])).toThrow(
      "crossEntropy: the logits have shape [2, 3], the target [2, 1]; it is one of the shape of the logits, or of shape [2]; reshape classes to [2]",
    );
    expect(() => cadena.crossEntropy(3, 1)).toThrow("crossEntropy: the logits are a number");
  });
});

describe("huber", () => {
  test("takes delta, and refuses one that is not above 0", () => {
    expect(cadena.huber([3, 0.1], [0, 0], { delta: 0.5, reduction: "none" })).toBeClose([0.5 * (3 - 0.25), 0.005]);
    for (const delta of [0, -1, NaN, Infinity])
      expect(() => cadena.huber(1, 0, { delta })).toThrow(`huber: delta is a finite number above 0, got ${delta}`);
  });

  test("has the slope ±δ also where the residual is infinite, as PyTorch's", () => {
    for (const p of [Infinity, -Infinity, 1e308]) {
      const prediction = value(p);
      cadena.huber(prediction, 0, { delta: 0.5 }).backward();
      expect(prediction.grad).toBe(0.5 * Math.sign(p));
    }
  });

  test("does not lose a small residual, nor overflow at a large one", () => {
    expect(cadena.huber(1e-160, 0)).toBeClose(5e-321);
    expect(cadena.huber(1e300, 0)).toBeClose(1e300);
  });
});

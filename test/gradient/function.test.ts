import { describe, expect, test } from "vitest";
import {
  constant,
  grad,
  gradient,
  hessian,
  hvp,
  jacobian,
  jvp,
  log,
  logsumexp,
  matmul,
  mul,
  sqrt,
  value,
  valueAndGrad,
  vjp,
  where,
} from "../../src/index.ts";
import type { Value } from "../../src/index.ts";
import "../closeness.ts";

describe("grad", () => {
  test("an inner derivative does not mistake the outer variable for its own", () => {
    expect(grad((x) => x.mul(grad((y) => x.add(y))(x)))(5)).toBeClose(1);
    expect(grad((x) => x.mul(grad((y) => x.mul(y))(2)))(5)).toBeClose(10);
    expect(grad((x) => grad((y) => y.square().mul(x))(x))(3)).toBeClose(12);
  });

  test("derives five times", () => {
    const sixth = (x: Value) => x.pow(6);
    expect(grad(grad(grad(sixth)))(2)).toBeClose(960);
    expect(grad(grad(grad(grad(grad(sixth)))))(2)).toBeClose(1440);
    expect(grad(grad(grad((x) => x.tanh())))(0.5)).toBeClose(1 / Math.cosh(0.5) ** 2 * (6 * Math.tanh(0.5) ** 2 - 2)); // prettier-ignore
    expect(grad(grad(grad(grad(grad((x) => x.sin())))))(0.7)).toBeClose(Math.cos(0.7));
  });

  test("takes the argument it is told, and lists of them", () => {
    const f = (a: Value, b: Value) => a.mul(b.square());
    expect(grad(f)(2, 3)).toBeClose(9);
    expect(grad(f, 1)(2, 3)).toBeClose(12);
    expect(grad(f, [1, 0])(2, 3).map((g) => g.data)).toEqual([12, 9]);
    const [y, dy] = valueAndGrad(f, 1)(2, 3);
    expect([y.data, dy.data]).toEqual([18, 12]);
  });

  test("gives zeros for an argument that is not used, and for a function that gives a number", () => {
    expect(grad((x) => x.detach().sum())([1, 2])).toBeClose([0, 0]);
    expect(grad<[Value]>(() => 3)(1)).toBeClose(0);
  });

  test("differentiates with respect to constants too, and leaves no gradient behind", () => {
    const [x, c] = [value(3, "x"), constant(3)];
    expect(grad((v) => v.square())(c)).toBeClose(6);
    expect(grad((v) => v.square())(x)).toBeClose(6);
    expect(x.hasGrad).toBe(false);
  });

  test("refuses an array as result, an argument that is not there, and what is no function", () => {
    expect(() => grad((x) => x.square())([1, 2])).toThrow(
      "grad: the function gave shape [2]; take .sum() or .mean() in it, or use vjp or jacobian",
    );
    expect(() => grad((x) => x.square(), 1)(2)).toThrow("grad: there is no argument number 1 among the 1 that were passed");
    expect(() => grad(3 as never)(2)).toThrow("grad: expected a function of values, got 3");
    expect(() => grad<[Value]>(() => "x" as never)(2)).toThrow(
      'grad: expected a number, a list of numbers, an NdArray or a typed array, got "x" (a string)',
    );
  });
});

describe("vjp and jvp", () => {
  const f = (x: Value, w: Value) => matmul(x, w).tanh();
  const [x, w] = [[[0.5, -1], [2, 0.3], [-0.2, 1]], [[1, 0.1, -1], [0.4, -0.6, 0.2]]]; // prettier-ignore

  test("carry the same number: ⟨g, Jt⟩ = ⟨Jᵀg, t⟩", () => {
    const [tx, tw, g] = [value(x).sin(), value(w).cos(), matmul(x, w).exp()];
    const [y, pullback] = vjp(f, x, w);
    const [z, rate] = jvp(f, [x, w], [tx, tw]);
    expect(z).toBeClose(y);
    const [gx, gw] = pullback(g);
    expect(mul(g, rate).sum()).toBeClose(mul(gx!, tx).sum().add(mul(gw!, tw).sum()));
  });

  test("a tangent of exactly 0 carries nothing through a product with ∞, and where the gradient is differentiated again it neither does", () => {
    const weights = constant([[Infinity, 1], [2, 3]]); // prettier-ignore
    const [, tangent] = jvp((x) => matmul(x, weights), [[[1, 1]]], [[[0, 2]]]);
    expect(tangent.toArray()).toEqual([[4, 6]]);
    const notTaken = (x: Value): Value => where(false, matmul(matmul(x, weights).square(), weights).sum(), x.square().sum());
    for (const f of [sqrt, (x: Value) => sqrt(sqrt(x)), (x: Value) => log(x).mul(x)]) {
      const taken = (x: Value): Value => where([false, true], f(x), x.square()).sum();
      const at = value([0, 4]);
      const [twice] = gradient(gradient(taken(at), [at])[0].sum(), [at]);
      expect(twice.toArray()).toBeClose([2, grad(grad(f))(4).data]);
      expect(hvp(taken, [[0, 4]], [[1, 1]])[0]!.toArray()).toBeClose(twice.toArray());
    }
    const x = value(0, "x");
    const [slope] = gradient(where(false, sqrt(sqrt(x)), x.square()), [x]);
    expect(gradient(slope, [x])[0].data).toBe(2);
    slope.backward();
    expect(x.grad).toBe(2);
    const [z, w] = [value([[0, 1]]), value([[1], [2]])]; // prettier-ignore
    const [dz] = gradient(where(false, matmul(sqrt(z), w).sum(), 0), [z]);
    expect(gradient(dz.sum(), [w])[0].toArray()).toEqual([[0], [0]]);
    expect(hvp(notTaken, [[[1, 2]]], [[[1, 1]]])[0]!.toArray()).toEqual([[2, 2]]);
  });

  test("nest in each other", () => {
    const cube = (v: Value) => v.pow(3);
    expect(jvp((v) => jvp(cube, [v], [1])[1], [2], [1])[1]).toBeClose(12);
    expect(grad((v) => jvp(cube, [v], [1])[1])(2)).toBeClose(12);
    expect(jvp((v) => grad(cube)(v), [2], [1])[1]).toBeClose(12);
    expect(jvp((v) => jvp((u) => u.mul(v), [v], [1])[1].mul(v), [5], [1])[1]).toBeClose(10);
  });

  test("never mix old data with new: a leaf written after it was used is named", () => {
    const w = value(3, "w");
    const writes = (x: Value): Value => {
      const y = x.mul(w);
      w.data = 5;
      return y;
    };
    expect(() => jvp(writes, [2], [1])).toThrow('"w" (shape []) was written after the result of mul was computed from it');
  });

  test("refuse what is no list, and places that are none", () => {
    const unchecked = (f: unknown) => f as (...args: unknown[]) => (...args: unknown[]) => unknown;
    const square = (x: Value): Value => x.square();
    const lists = "expected a list of primals and a list of tangents, got";
    expect(() => unchecked(hvp)(square, 3, 1)).toThrow(`hvp: ${lists} 3`);
    expect(() => unchecked(hvp)(square, [3])).toThrow(`hvp: ${lists} undefined`);
    expect(() => unchecked(grad)(square, null)(3)).toThrow("grad: argnums is a place, from 0, or a list of places, got null");
    expect(() => unchecked(jacobian)(square, "0")(3)).toThrow('jacobian: argnums is a place, from 0, or a list of places, got "0"');
    expect(() => unchecked(hessian)(square, "0")(3)).toThrow('hessian: argnums is a place, from 0, or a list of places, got "0"');
  });

  test("refuse lists of unequal length and tangents of another shape", () => {
    expect(() => jvp((v) => v, [1], [] as never)).toThrow("jvp: 1 primals and 0 tangents; each primal needs one");
    expect(() => jvp((v) => v, [[1, 2]], [1])).toThrow("jvp: tangent number 0 has shape [], its primal [2]; they must agree");
    expect(() => jvp((v) => v, 1 as never, 1 as never)).toThrow("jvp: expected a list of primals and a list of tangents, got 1");
    expect(() => vjp((v) => v.square(), [1, 2])[1]([1])).toThrow("gradient: the gradient has shape [1], the loss [2]; they must agree");
  });
});

describe("jacobian, hessian and hvp", () => {
  test("have the shapes of result and argument", () => {
    expect(jacobian((x) => x.square())([1, 2])).toBeClose([[2, 0], [0, 4]]); // prettier-ignore
    expect(jacobian((x) => x.square())(3)).toBeClose(6);
    expect(jacobian((x) => matmul(x, [1, 1]))([[1, 2, 3, 4]].map((row) => row.slice(0, 2))).shape).toEqual([1, 1, 2]);
    expect(jacobian((x) => x.slice([0, 0]))([1, 2]).shape).toEqual([0, 2]);
    expect(jacobian((a, b) => a.mul(b), [0, 1])([1, 2], [3, 4]).map((j) => j.toArray())).toEqual([[[3, 0], [0, 4]], [[1, 0], [0, 2]]]); // prettier-ignore
  });

  test("the Hessian of softmax cross-entropy is diag(p) − ppᵀ", () => {
    const z = [0.5, -1.5, 2];
    const p = value(z).softmax().data;
    const crossEntropy = (v: Value) => logsumexp(v).sub(v.at(1));
    const expected = z.map((_, i) => z.map((__, j) => (i === j ? p.at(i) : 0) - p.at(i) * p.at(j)));
    expect(hessian(crossEntropy)(z)).toBeClose(expected);
    expect(hessian((v) => v.logSoftmax().at(1).neg())(z)).toBeClose(expected);
    expect(hvp(crossEntropy, [z], [[1, 0, 0]])[0]).toBeClose(expected[0]);
    expect(hvp(crossEntropy, value(z), [1, 0, 0])).toBeClose(expected[0]);
  });

  test("second derivatives go across both arguments of mul and matmul", () => {
    expect(hessian((a, b) => a.mul(b), [0, 1])(2, 3).map((row) => row.map((v) => v.data))).toEqual([[0, 1], [1, 0]]); // prettier-ignore
    const [[, ab]] = hessian((a, b) => matmul(a, b).sum(), [0, 1])([[1, 2]], [[3], [4]]) as [[Value, Value]];
    expect(ab).toBeClose([[[[1], [0]], [[0], [1]]]]); // prettier-ignore
    const [a, b] = [value([[1, 2]]), value([[3], [4]])];
    const [da] = gradient(matmul(a, b).sum(), [a]);
    expect(gradient(da.mul([[5, 6]]).sum(), [b])[0]).toBeClose([[5], [6]]); // prettier-ignore
  });
});

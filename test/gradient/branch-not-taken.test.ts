/** A branch that `where` does not take passes nothing on: no NaN and no ∞, to the third derivative, whatever the branch computes. */
import { describe, expect, test } from "vitest";
import { compile, concat, div, exp, expand, grad, gradient, jvp, log, logSoftmax, logsumexp, matmul, norm } from "../../src/index.ts";
import { prod, sqrt, square, std, sum, transpose, value, where, type NdArray, type Value } from "../../src/index.ts";
import { nodesOf } from "../../src/graph/order.ts";
import { pointwisePrimitives, type PointwisePrimitive } from "../../src/ops/primitive.ts";
import { values } from "../../src/graph/values.ts";

type Function1 = (x: Value) => Value;

const points = [-1, 0, -0, 2, -800, 1e200, Infinity, -Infinity, NaN];
const rows: PointwisePrimitive[] = Object.values(pointwisePrimitives);
const ofInputs = (n: number) => rows.filter(({ row }) => row.partials.length === n);
const unary = ofInputs(1).map((primitive): [string, Function1] => [primitive.name, (x) => values.apply(primitive, [x])]);

/** The derivatives of where(false, f, 0) at x that are not 0: the first three, by `gradient` and `backward`, and a tangent of the first. */
function leaks(f: Function1, x: number): string[] {
  const at = value(x);
  const [first] = gradient(where(false, f(at), 0), [at]);
  const [second] = gradient(first, [at]);
  const [third] = gradient(second, [at]);
  if (second.takesGradient) second.backward();
  const [, tangent] = jvp(grad((v) => where(false, f(v), 0)) as Function1, [x], [1]);
  return [first.data, second.data, third.data, at.grad, tangent.data].flatMap((d, k) => (d === 0 ? [] : [`${k} at ${x}: ${String(d)}`]));
}

describe("a branch not taken passes nothing on", () => {
  test.each(unary)("%s of every function of one number", (_name, f) => {
    for (const [inner, g] of unary) expect([inner, ...points.flatMap((x) => leaks((at) => f(g(at)), x))]).toEqual([inner]);
  });

  test.each(ofInputs(2).map((primitive): [string, PointwisePrimitive] => [primitive.name, primitive]))(
    "%s of log x, √x and x",
    (_name, primitive) => {
      const f = (a: Value, b: Value) => values.apply(primitive, [a, b]);
      const uses: Function1[] = [(x) => f(log(x), x), (x) => f(x, log(x)), (x) => f(sqrt(x), log(x)), (x) => square(f(x, x))];
      for (const use of uses) expect(points.flatMap((x) => leaks(use, x))).toEqual([]);
    },
  );

  const overArrays: Record<string, Function1> = {
    "log X √X": (x) => matmul(log(x), sqrt(x)),
    "log X (Xᵀ √X)": (x) => matmul(log(x), matmul(transpose(x), sqrt(x))),
    norm: (x) => norm(log(x), { axis: 1, ord: 3 }),
    std: (x) => std(sqrt(x), { axis: 0 }),
    prod: (x) => prod(log(x), { axis: 1 }),
    logsumexp: (x) => logsumexp(log(x), { axis: 1 }),
    logSoftmax: (x) => logSoftmax(sqrt(x), { axis: 0 }),
    quotient: (x) => div(x, sum(log(x))),
    concat: (x) => exp(concat([log(x), x])),
  };
  const arrays = [
    [[-1, 0], [2, 3]], [[0, -0], [0, 0]], [[Infinity, 1], [0, -1]], [[NaN, 1], [2, -Infinity]], [[1e200, -1e-200], [0, 1]],
  ]; // prettier-ignore

  test.each(Object.entries(overArrays))("%s", (_name, f) => {
    const first: Function1 = (x) => sum(grad((at: Value) => sum(where(false, square(f(at)), 0)))(x));
    const second: Function1 = (x) => sum(grad(first)(x));
    for (const x of arrays) {
      const compiled = compile(first, [x]).valueAndGrad(x)[1] as unknown as NdArray[];
      const opened = expand(first(value(x)));
      opened.backward();
      for (const leaf of nodesOf(opened)) expect(leaf.inputs.length > 0 || leaf.grad === 0).toBe(true);
      for (const d of [grad(first)(x), grad(second)(x)].map((v) => (v).data as NdArray).concat(compiled))
        expect(d.toArray()).toEqual([[0, 0], [0, 0]]); // prettier-ignore
    }
  });
});

import { describe, expect, test } from "vitest";
import {
  add,
  array,
  backward,
  concat,
  div,
  elu,
  exp,
  full,
  gelu,
  grad,
  gradient,
  hvp,
  log,
  matmul,
  maximum,
  mul,
  ones,
  relu,
  silu,
  softplus,
  sqrt,
  sumOf,
  tanh,
  trace,
  value,
  type Value,
  where,
  zeros,
} from "../../src/index.ts";
import "../closeness.ts";

describe("backward", () => {
  test("leaves accumulate over calls, and zeroGrad starts anew: 27 then 54 for x³ at 3", () => {
    const x = value(3, "x");
    const square = x.mul(x);
    const y = square.mul(x);
    y.backward();
    expect([x.grad, square.grad]).toEqual([27, 3]);
    y.backward();
    expect([x.grad, square.grad]).toEqual([54, 3]);
    x.zeroGrad();
    expect([x.grad, x.hasGrad]).toEqual([0, false]);
    y.backward();
    expect(x.grad).toBe(27);
  });

  test("a computed value keeps the gradient of its last backward, whatever else passes it", () => {
    const x = value(3);
    const h = x.square();
    const y = h.mul(2);
    y.backward();
    gradient(y, [x]);
    trace(y);
    expect([h.grad, y.grad]).toEqual([2, 1]);
    h.mul(3).backward();
    expect([h.grad, y.grad]).toEqual([3, 1]);
    x.data = 4;
    expect(() => {
      y.backward();
    }).toThrow("was written after");
    expect([h.grad, y.grad]).toEqual([3, 1]);
  });

  test("the gradient of a computed value can be written and forgotten without touching that of another", () => {
    const x = value([1, 2]);
    const h = x.square();
    const y = h.sum();
    y.backward();
    h.grad = array([5, 6]);
    expect([h.grad, y.grad, x.grad].map((g) => (typeof g === "number" ? g : g.toArray()))).toEqual([[5, 6], 1, [2, 4]]);
    h.zeroGrad();
    expect([h.hasGrad, y.hasGrad, h.takesGradient]).toEqual([false, true, true]);
    trace(y);
    expect([h.hasGrad, y.grad]).toEqual([false, 1]);
    y.backward();
    expect([h.grad.toArray(), x.grad.toArray()]).toEqual([[1, 1], [4, 8]]); // prettier-ignore
  });

  test("every use counts: x·x, x/x, x − x, maximum(x, x)", () => {
    const slope = (f: (x: ReturnType<typeof value>) => ReturnType<typeof value>) => {
      const x = value(3);
      f(x).backward();
      return x.grad;
    };
    expect(slope((x) => x.mul(x))).toBe(6);
    expect(slope((x) => x.div(x))).toBe(0);
    expect(slope((x) => x.sub(x))).toBe(0);
    expect(slope((x) => maximum(x, x))).toBe(1);
    expect(slope((x) => sumOf([x, x, x]))).toBe(3);
    expect(slope((x) => concat([x.reshape(1), x.reshape(1)]).sum())).toBe(2);
  });

  test("micrograd's two tests: −20 and 46; 24.70408163265306, 138.8338192419825, 645.5772594752186", () => {
    const x = value(-4);
    const z = add(add(mul(2, x), 2), x);
    const q = add(relu(z), mul(z, x));
    const h = relu(mul(z, z));
    const y = add(add(h, q), mul(q, x));
    y.backward();
    expect([y.data, x.grad]).toEqual([-20, 46]);

    const [a, b] = [value(-4), value(2)];
    let c = add(a, b);
    let d = add(mul(a, b), b.pow(3));
    c = c.add(c.add(1));
    c = c.add(add(1, c).sub(a));
    d = d.add(d.mul(2).add(b.add(a).relu()));
    d = d.add(mul(3, d).add(b.sub(a).relu()));
    const f = c.sub(d).pow(2);
    const g = f.div(2).add(div(10, f));
    g.backward();
    expect([g.data, a.grad, b.grad]).toBeClose([24.70408163265306, 138.8338192419825, 645.5772594752186]);
  });

  test("a gradient of −0 keeps its sign", () => {
    const x = value(2);
    x.mul(-0).backward();
    expect(x.grad).toBe(-0);
  });

  test("a broadcast bias gets the sum over the batch", () => {
    const [X, b] = [value([[1, 2], [3, 4], [5, 6]]), value([[10, 20]], "b")]; // prettier-ignore
    mul(add(X, b), [[1, 2], [3, 4], [5, 6]]).sum().backward(); // prettier-ignore
    expect(b.grad.toArray()).toEqual([[9, 12]]);
  });

  test("arrays that come out are copies, and no two values share a gradient", () => {
    const [x, y] = [value([1, 2], "x"), value([3, 4], "y")];
    x.add(y).sum().backward();
    x.grad.values[0] = 99;
    x.data.values[0] = 99;
    expect([x.grad.toArray(), y.grad.toArray(), x.data.toArray()]).toEqual([[1, 1], [1, 1], [1, 2]]); // prettier-ignore
    // Long and short ones are copied in different ways.
    for (const n of [0, 1, 32, 33, 100]) {
      const given = Array.from({ length: n }, (_, i) => i);
      const v = value(given);
      const [data, again] = [v.data, v.data];
      expect(data.toArray()).toEqual(given);
      data.values.fill(99);
      expect([again.toArray(), v.data.toArray()]).toEqual([given, given]);
    }
    const source = [1, 2];
    const z = value(source);
    source[0] = 99;
    expect(z.data.toArray()).toEqual([1, 2]);
  });

  test("a gradient of exactly 0 passes 0, also through ∞ and NaN: where never leaks from the branch not taken", () => {
    for (const at of [0, -1]) {
      const x = value(at, "x");
      where(at > 0, log(x), 0).backward();
      expect(x.grad).toBe(0);
    }
    const z = value([0, 4, -1], "z");
    const loss = where([0, 1, 0], sqrt(z), z.mul(2)).sum();
    loss.backward();
    expect(z.grad.toArray()).toEqual([2, 0.25, 2]);
    expect(trace(loss).edges.filter(({ flow }) => flow?.isStrongZero).map(({ to }) => to.value.op)).toEqual(["sqrt"]); // prettier-ignore
    for (const [hidden, weights] of productsNotTaken()) {
      const [dHidden, dWeights] = gradient(where(false, matmul(hidden, weights).sum(), 0), [hidden, weights]);
      expect(dHidden.toArray()).toEqual(full(hidden.shape, 0).toArray());
      expect(dWeights.toArray()).toEqual(full(weights.shape, 0).toArray());
    }
    const dividing = value([0, 2]);
    expect(gradient(where([0, 1], div(1, dividing), 0).sum(), [dividing])[0]).toBeClose([0, -0.25]);
    const rows = value([[NaN, 1], [0, 0]]); // prettier-ignore
    expect(gradient(where([[0], [1]], rows.softmax(), 0).square().sum(), [rows])[0]).toBeClose([[0, 0], [0, 0]], { scale: 1 }); // prettier-ignore
  });

  test("activations have their limits at ±∞, slopes of 0 or 1, and no curvature", () => {
    const geluByTanh = (x: Value<number>) => gelu(x, { approximate: "tanh" });
    for (const f of [relu, silu, gelu, geluByTanh, softplus, elu] as ((x: Value<number>) => Value<number>)[]) {
      const [low, high] = [value(-Infinity), value(Infinity)];
      expect(f(high).data).toBe(Infinity);
      expect(f(low).data).toBeClose(f === elu ? -1 : 0, { scale: 1 });
      expect(gradient(f(high), [high])[0].data).toBe(1);
      expect(gradient(f(low), [low])[0].data).toBeClose(0, { scale: 1 });
      for (const x of [low, high]) {
        expect(grad(grad((t: Value<number>) => f(t)))(x)).toBeClose(0, { scale: 1 });
        expect(hvp((t) => f(t as Value<number>), x, 1)).toBeClose(0, { scale: 1 });
      }
    }
  });

  test("silu and gelu are straight at ±∞ to any order", () => {
    for (const f of [silu, gelu, (x: Value<number>) => gelu(x, { approximate: "tanh" })])
      for (const x of [-Infinity, Infinity]) expect(grad(grad(grad((t: Value<number>) => f(t))))(x)).toBeClose(0, { scale: 1 });
  });

  test("elu is straight where eˣ is ∞, in forward mode too, and leaks no NaN where it was not taken", () => {
    for (const x of [800, Infinity]) {
      expect(hvp((t) => elu(t), value(x), 1)).toBeClose(0, { scale: 1 });
      expect(grad(grad(grad((t: Value<number>) => elu(t))))(x)).toBeClose(0, { scale: 1 });
    }
    const notTaken = (x: Value<number>) => where(false, elu(x), x.mul(0));
    expect(grad(grad((x: Value<number>) => notTaken(x)))(NaN).data).toBe(0);
  });

  test("√x rises from 0 infinitely steeply, from −0 too", () => {
    for (const zero of [0, -0]) expect(grad((x) => sqrt(x))(zero).data).toBe(Infinity);
  });

  test("a value that is not used keeps its gradient, and gradient gives zeros of its shape", () => {
    const [x, unused] = [value(2), value([[1, 2]])];
    x.square().backward();
    expect(unused.hasGrad).toBe(false);
    expect(unused.grad.toArray()).toEqual([[0, 0]]);
    expect(gradient(x.square(), [unused])[0].toArray()).toEqual([[0, 0]]);
  });

  test("reductions of nothing are swept like any other", () => {
    const x = value(zeros([2, 0, 3]));
    const options = { axis: 1 };
    for (const y of [x.sum(options), x.prod(options), x.mean(options), x.std(options), x.norm(options), x.logsumexp(options)]) {
      x.zeroGrad();
      y.backward(ones([2, 3]));
      expect(x.hasGrad).toBe(true);
      expect(x.grad.shape).toEqual([2, 0, 3]);
    }
  });

  test("a gradient may be passed, of the shape of the value", () => {
    const x = value([1, 2, 3]);
    x.square().backward([1, 10, 100]);
    expect(x.grad.toArray()).toEqual([2, 40, 600]);
    x.square().backward(value([0, 0, 1]));
    expect(x.grad.toArray()).toEqual([2, 40, 606]);
    const [g] = gradient(x.square(), [x], value([1, 0, 0], "seed"));
    expect(g.toArray()).toEqual([2, 0, 0]);
  });

  test("a chain of 200,000 and a sum of 100,000 leaves need no recursion", () => {
    const x = value(1, "x");
    let y = x.add(0);
    for (let i = 0; i < 200_000; i++) y = y.add(1e-9);
    backward(y);
    expect(x.grad).toBe(1);
    const leaves = Array.from({ length: 100_000 }, (_, i) => value(i));
    sumOf(leaves).backward();
    expect(leaves.every(({ grad }) => grad === 1)).toBe(true);
  });

  test("gradient leaves no trace in .grad, differentiates again, and through matmul, exp and tanh", () => {
    const w = value([[0.5, -0.25]], "w");
    const loss = tanh(matmul(w, [[1], [2]]))
      .mul(exp(w).sum())
      .sum();
    const [g] = gradient(loss, [w]);
    const [h] = gradient(g.sum(), [w]);
    expect(w.hasGrad).toBe(false);
    h.sum().backward();
    expect(w.hasGrad).toBe(true);
  });
});

/** A matrix product, one with a vector, and one of stacks, all with factors that are not finite. */
const productsNotTaken = (): [Value, Value][] => [
  [value([[Infinity, 1], [2, NaN]]), value([[1, -Infinity, 0], [3, 4, 5]])],
  [value([[1, Infinity]]), value([[NaN], [2]])],
  [value([[[1, Infinity]], [[2, 3]]]), value([[[1], [2]], [[-Infinity], [4]]])],
]; // prettier-ignore

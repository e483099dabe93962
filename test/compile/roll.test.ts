/** Repetition in graphs of numbers is found, done over arrays, and changes no result. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { constant, dot, numpyRandom, stack, sumOf, value, type Value } from "../../src/index.ts";
import { expectAgreement } from "./agreement.ts";

/** What one example does next; each keeps numbers moderate. */
const moves: readonly ((x: Value, y: Value, c: number) => Value)[] = [
  (x, y) => x.add(y),
  (x, y) => x.mul(y),
  (x, y, c) => x.sub(c).mul(y),
  (x) => x.tanh(),
  (x, _, c) => x.mul(c).sigmoid(),
  (x) => x.relu(),
  (x, y) => x.maximum(y),
  (x, y, c) => sumOf([x, y, x.mul(c)]),
  (x, y, c) => dot([x, y, c], [y, c, x]),
  (x, y) => x.add(y.detach()),
  (x) => x.square().add(1).pow(0.5),
];

const programs = fc.array(fc.tuple(fc.nat(moves.length - 1), fc.nat(9), fc.nat(9)), { minLength: 6, maxLength: 24 });
type Program = readonly (readonly [move: number, a: number, b: number])[];

/** One example: the program on the parameters, and on numbers that are its own. */
function example(program: Program, parameters: readonly Value[], own: readonly (Value | number)[]): Value {
  const all: Value[] = [...parameters, ...own.map((x) => parameters[0]!.mul(x))];
  for (const [k, [move, a, b]] of program.entries()) {
    const c = own[k % own.length]!;
    all.push(moves[move]!(all[a % all.length]!, all.at(-1 - (b % 4))!, typeof c === "number" ? c : 0.3).tanh());
  }
  return all.at(-1)!;
}

const drawn = (seed: number, n: number): number[] => {
  const random = numpyRandom(seed);
  return Array.from({ length: n }, () => random.normal());
};
const rows = (seed: number, n: number): number[][] => Array.from({ length: n }, (_, i) => drawn(100 * seed + i, 3));
const total = (terms: readonly Value[]): Value => terms.slice(1).reduce((sum, x) => sum.add(x), terms[0]!);
const parameters = [0.4, -0.7, 0.9];
const lines = (f: (...xs: Value[]) => Value, inputs: readonly (number | number[] | number[][])[]): number =>
  compile(f, inputs).source.split("\n").length;

describe("copies of a random program with other numbers, summed, agree in value and gradient", () => {
  const holds = (loss: (program: Program, n: number, ws: Value[]) => Value, sizes: readonly number[], most = 40): void => {
    fc.assert(
      fc.property(programs, fc.constantFrom(...sizes), (program, n) => {
        expectAgreement((...ws) => loss(program, n, ws), parameters, 1);
        expect(lines((...ws) => loss(program, n, ws), parameters)).toBeLessThan(60 + most * program.length);
      }),
      { numRuns: 15, seed: 3 },
    );
  };

  test("as a chain of additions", () => {
    holds((program, n, ws) => total(rows(1, n).map((row) => example(program, ws, row))), [16, 17, 33]);
  });
  test("as one sum, in another order, beside other terms", () => {
    holds((program, n, ws) => sumOf([ws[1]!.square(), ...rows(2, n).reverse().map((row) => example(program, ws, row)), ws[0]!.exp(), ws[2]!]), [16, 21]);
  }); // prettier-ignore
  test("as a tree of additions", () => {
    const tree = (terms: readonly Value[]): Value =>
      terms.length === 1 ? terms[0]! : tree(terms.slice(0, terms.length >> 1)).add(tree(terms.slice(terms.length >> 1)));
    holds((program, n, ws) => tree(rows(3, n).map((row) => example(program, ws, row))).mul(0.5), [16, 31]);
  });
  test("stacked, and as an array from there on", () => {
    holds((program, n, ws) => stack(rows(4, n).map((row) => example(program, ws, row))).softplus().mean(), [16, 19]); // prettier-ignore
  });
  test("two sorts of examples in turn, and a sum inside each", () => {
    holds((program, n, ws) => total(rows(5, 2 * n).map((row, i) => {
      const inner = total(rows(6, 5).map((own) => example(program.slice(0, 6), ws, own).mul(row[0]!)));
      return i % 2 === 0 ? example(program, ws, row).mul(inner) : inner.sub(row[1]!).square();
    })), [8], 250);
  }); // prettier-ignore
});

test("examples that come as inputs of their own, or as rows of an array, are taken together", () => {
  const program: Program = Array.from({ length: 12 }, (_, k) => [k % moves.length, 3 * k + 1, k] as const);
  const data = rows(7, 9);
  expectAgreement((...xs) => total(data.map((_, i) => example(program, xs.slice(27), xs.slice(3 * i, 3 * i + 3)))), [...data.flat(), ...parameters], 1);
  const byRow = (x: Value, ...ws: Value[]) => total(data.map((_, i) => example(program, ws, [x.at(i, 0), x.at(-1 - i, 1), x.at((i * i) % 9, 2)])));
  expectAgreement(byRow, [data, ...parameters], 1);
  expect(lines(byRow, [data, ...parameters])).toBeLessThan(150);
}); // prettier-ignore

test.each([
  ["sub", 2, ([a, b]: Value[]) => a!.sub(b!)],
  ["sumOf", 4, (xs: Value[]) => sumOf(xs)],
  ["dot", 4, ([a, b, c, d]: Value[]) => dot([a!, b!], [c!, d!])],
  ["detach", 1, ([a]: Value[]) => a!.detach()],
] as const)("terms of %s that differ in one operand only are of different sorts", (_, count, f) => {
  for (let place = 0; place < count; place++) {
    const term = (w: Value, x: number, i: number): Value => {
      const operands = Array.from({ length: count }, (__, k) => w.mul(x + k).tanh());
      if (i % 2 === 1) operands[place] = w.mul(x + place).sigmoid();
      return f(operands).exp().mul(w);
    };
    expectAgreement((w) => total(drawn(14, 16).map((x, i) => term(w, x, i))), [0.6], 1);
  }
});

test("a sum of three is of another sort than a sum of a sum and one", () => {
  const term = (w: Value, x: number, i: number): Value => {
    const [p, q, r] = [w.mul(x).tanh(), w.mul(x).exp(), w.sub(x).sigmoid()];
    return (i % 2 === 0 ? sumOf([p, q, r]) : sumOf([sumOf([p, q]), r])).square();
  };
  expectAgreement((w) => total(drawn(15, 16).map((x, i) => term(w, x, i))), [0.6], 1);
});

test("entries of an array are read where they are", () => {
  const f = (pick: (i: number) => number) => (x: Value, w: Value) => total(Array.from({ length: 9 }, (_, i) => x.at(pick(i)).mul(w).tanh().mul(w).exp()));
  for (const pick of [(i: number) => 17 - 2 * i, (i: number) => (i * i) % 18, () => 4]) expectAgreement(f(pick), [drawn(12, 18), 0.7], 1);
  expect(compile(f((i) => 17 - 2 * i), [drawn(12, 18), 0.7]).source).toMatch(/slice\(v0, ranges: \[17:-2:9\]\)/);
}); // prettier-ignore

test("examples of two networks of the same form are two groups, and no weight is copied", () => {
  const f = (...ws: Value[]) =>
    total(
      drawn(13, 24).map((x, i) =>
        ws[i % 2]!.mul(x)
          .tanh()
          .mul(ws[2 + (i % 2)]!)
          .exp()
          .sigmoid(),
      ),
    );
  const weights = [0.2, 0.4, -0.3, 0.8];
  expectAgreement(f, weights, 1);
  expect(compile(f, weights).source.match(/sigmoid\(.*\[12\]$/gm)).toHaveLength(2);
  expect(compile(f, weights).source).not.toMatch(/concat/);
});

test("where one example has a number, another may have an input of its own", () => {
  const numbers = drawn(16, 24);
  for (const first of [0, 1]) {
    const f = (w: Value, ...xs: Value[]) =>
      total(numbers.map((x, i) => w.mul(i % 2 === first ? x : xs[i]!).tanh().mul(i % 3).exp().sigmoid())); // prettier-ignore
    expectAgreement(f, [0.7, ...drawn(17, 24)], 1);
  }
});

test("a value used twice by one example stands beside two values of another", () => {
  const f = (w: Value) =>
    total(
      drawn(14, 10).map((x, i) => {
        const [y, z] = [w.mul(x).tanh(), w.mul(x + 1).tanh()];
        return i === 0 ? y.mul(y).exp() : y.mul(z).exp();
      }),
    );
  expectAgreement(f, [0.7], 1);
});

test("a constant that some of the examples share is not that of all", () => {
  const shared = [0.3, -0.8, 1.7, 0.5, -1.1, 0.2].map((x) => constant(x));
  const f = (w: Value) =>
    total(
      drawn(18, 18).map((x, i) =>
        w
          .mul(shared[i % 6]!)
          .sub(x)
          .tanh()
          .mul(shared[i >> 2]!)
          .exp(),
      ),
    );
  expectAgreement(f, [0.7], 1);
  expect(lines(f, [0.7])).toBeLessThan(40);
});

test("the same numbers of every example, read in several places, are one constant", () => {
  const xs = drawn(19, 100);
  const f = (...ws: Value[]) => total(xs.map((x) => total(ws.map((w) => w.mul(x).tanh())).exp()));
  const { source } = compile(f, [0.1, 0.2, 0.3, 0.4]);
  expect(source.match(/= \[.*\[100\]$/gm)).toHaveLength(1);
});

test("a graph without repetition, and sums that are too small, stay as they are", () => {
  const f = (...xs: Value[]) => total(xs.map((x, i) => x.mul(xs[(i + 1) % 12]!).tanh()));
  const { source } = compile(f, drawn(8, 12));
  expect(source).not.toMatch(/\[\d+\]/);
  expectAgreement(f, drawn(8, 12), 1);
});

test("a sum inside a term of a sum without repetition is found", () => {
  const points = (w: Value): Value => total(drawn(15, 20).map((x) => w.mul(x).tanh().sub(x).square()));
  const f = (w: Value): Value => total([w.exp(), w.tanh(), points(w).sqrt(), w.sin(), w.mul(3)]);
  expect(compile(f, [0.4]).source).toMatch(/tanh\(v\d+\) +\[20\]/);
  expectAgreement(f, [0.4], 1);
});

test("a running sum that is used on the way is no part of a longer sum", () => {
  const f = (w: Value): Value => {
    const terms = drawn(16, 24).map((x) => w.mul(x).tanh().sub(x).square());
    const half = total(terms.slice(0, 12));
    return half.mul(terms.slice(12).reduce((sum, x) => sum.add(x), half));
  };
  expectAgreement(f, [0.4], 1);
});

test("thousands of examples with leaves of their own are left to the interpreter", () => {
  const chain = (x: Value): Value => x.tanh().mul(0.5).add(1).square().mul(x).sigmoid();
  const f = (...xs: Value[]): Value => total(xs.map(chain));
  expect(compile(f, drawn(17, 40)).source).toMatch(/\[40\]/);
  expectAgreement(f, drawn(17, 40), 1);
  const xs = drawn(17, 4200);
  const compiled = compile(f, xs);
  expect(compiled.source).not.toMatch(/\[4200\]/);
  expect(compiled.value(...xs)).toBeCloseTo(f(...xs.map((x) => value(x))).payload as number, 9);
});

test("what all examples compute alike is computed once", () => {
  const f = (a: Value, b: Value) => total(drawn(9, 20).map((x) => a.exp().mul(b.tanh()).mul(x).sub(a.mul(b)).sigmoid()));
  const { source } = compile(f, [0.3, 0.8]);
  expect(source.match(/ exp\(/g)).toHaveLength(1);
  expect(source.match(/^v\d+ = sigmoid\(.*\[20\]$/gm)).toHaveLength(1);
  expectAgreement(f, [0.3, 0.8], 1);
});

test("terms that are long chains need no deep stack", () => {
  const f = (w: Value) => total(drawn(10, 10).map((x) => Array.from({ length: 800 }).reduce<Value>((y) => y.mul(w).add(x), w)));
  expectAgreement(f, [0.5], 1);
});

test("the program says what is done for each example", () => {
  const points = [[1, 2], [3, 5], [-1, 0.5], [2, 2], [0, 1]]; // prettier-ignore
  const f = (w: Value, b: Value) => total(points.map(([x, y]) => w.mul(x!).add(b).tanh().mul(w).add(b).sub(y!).square().mul(0.5).exp()));
  expect(compile(f, [1, 0]).source).toMatchInlineSnapshot(`
    "v0 = input 0
    v1 = input 1
    v2 = [1, 3, -1, 2, 0]                        [5]
    v3 = mul(v0, v2)                             [5]
    v4 = add(v3, v1)                             [5]
    v5 = tanh(v4)                                [5]
    v6 = mul(v5, v0)                             [5]
    v7 = add(v6, v1)                             [5]
    v8 = [2, 5, 0.5, 2, 1]                       [5]
    v9 = sub(v7, v8)                             [5]
    v10 = square(v9)                             [5]
    v11 = 0.5
    v12 = mul(v10, v11)                          [5]
    v13 = exp(v12)                               [5]
    v14 = sum(v13, axes: [0], keepdims: false)
    g15 = chain(v13, v11)                        [5]          ∂/∂v10
    g16 = 2
    g17 = mul(g16, v9)                           [5]
    g18 = chain(g15, g17)                        [5]          ∂/∂v9
    g19 = chain(g18, v0)                         [5]          ∂/∂v5
    g20 = chain(g18, v5)                         [5]          ∂/∂v0
    g21 = tanhDerivative(v4)                     [5]
    g22 = chain(g19, g21)                        [5]          ∂/∂v4
    g23 = add(g18, g22)                          [5]          ∂/∂v1
    g24 = sum(g23, axes: [0], keepdims: false)                ∂/∂v1
    g25 = chain(g22, v2)                         [5]          ∂/∂v0
    g26 = add(g20, g25)                          [5]          ∂/∂v0
    g27 = sum(g26, axes: [0], keepdims: false)                ∂/∂v0
    return v14, g27, g24
    "
  `);
});

test("values that change between calls are read anew", () => {
  const w = value(0.5, "w");
  const x = constant(0.25);
  const f = compile((b) => total(drawn(11, 20).map((c) => w.mul(c).add(b).tanh().mul(x).exp().sigmoid())), [0.1]);
  const before = f.value(0.1);
  w.data = 0.6;
  expect(f.value(0.1)).not.toBe(before);
});

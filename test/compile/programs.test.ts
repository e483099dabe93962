/** Random programs, and the accuracy of what is computed two numbers at a time. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { matmul, numpyRandom, sum, value, type NdArray, type Value } from "../../src/index.ts";
import { leavesOf, lossOf, programs as everyFunction } from "../random-programs.ts";
import { expectAgreement, type Data } from "./agreement.ts";

/** What a random program may do next; each keeps numbers moderate. */
const moves: readonly ((x: Value, y: Value) => Value)[] = [
  (x, y) => x.add(y),
  (x, y) => x.sub(y).mul(0.5),
  (x, y) => x.tanh().mul(y),
  (x) => x.sigmoid(),
  (x) => x.square().add(1).sqrt(),
  (x, y) => x.maximum(y),
  (x) => x.softplus().log(),
  (x, y) => x.div(y.square().add(1)),
  (x) => x.sin().exp(),
  (x) => x.abs().log1p(),
  (x, y) => (x.shape.length === 2 ? matmul(x, y.T).mul(0.2).tanh().sum({ axis: 1, keepdims: true }).add(y) : x.mul(y)),
  (x, y) => x.sub(x.mean()).add(y.detach().mul(0.1)),
  (x) => (x.shape.length === 2 ? x.softmax().add(x.sum({ axis: 0 })) : x.relu()),
];

const programs = fc.array(fc.tuple(fc.nat(moves.length - 1), fc.nat(7), fc.nat(7)), { minLength: 1, maxLength: 12 });

/** Each step takes two of the results so far; the last ones are summed with unequal weights. */
const programOf =
  (steps: readonly (readonly [number, number, number])[]) =>
  (...inputs: Value[]): Value => {
    const all = [...inputs];
    for (const [move, a, b] of steps) all.push(moves[move]!(all[a % all.length]!, all[b % all.length]!));
    return all.slice(-3).reduce<Value>((total, x, k) => total.add(sum(x.mul(k + 0.7))), value(0));
  };

describe("random programs, compiled and eager", () => {
  test("of numbers agree in value and gradient", () => {
    fc.assert(fc.property(programs, fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 }), (steps, inputs) => expectAgreement(programOf(steps), inputs, 1)), { numRuns: 60, seed: 1 });
  }); // prettier-ignore

  test.each([[1, 1], [2, 2], [3, 5], [4, 8], [7, 4]])("of arrays of shape [%i, %i] agree in value and gradient", (n, m) => {
    const random = numpyRandom(n * m);
    const data = [0, 1, 2].map(() => Array.from({ length: n }, () => Array.from({ length: m }, () => random.normal())));
    fc.assert(fc.property(programs, (steps) => expectAgreement(programOf(steps), data, 1)), { numRuns: 25, seed: 2 }); // prettier-ignore
  }); // prettier-ignore
});

test("random programs of every function of arrays agree", () => {
  fc.assert(
    fc.property(everyFunction, (program) => {
      const leaves = leavesOf(program);
      fc.pre(Number.isFinite(lossOf(program, leaves).item()));
      expectAgreement((...xs) => lossOf(program, xs), leaves.map((x) => x.toArray() as Data), 1); // prettier-ignore
    }),
    { numRuns: 300, seed: 1 },
  );
});

test("an irregular graph of 20,000 numbers, which is interpreted, agrees", () => {
  const inputs = [0.3, -0.7, 1.1, 0.2];
  const f = (...xs: Value[]): Value => {
    const random = numpyRandom(3);
    const all = [...xs];
    const pick = (): Value => all[Math.floor(random.uniform(Math.max(0, all.length - 50), all.length))]!;
    while (all.length < 20_000) {
      const kind = Math.floor(random.uniform(0, 5));
      const [a, b] = [pick(), pick()];
      all.push(kind === 0 ? a.add(b).mul(0.5) : kind === 1 ? a.mul(b) : kind === 2 ? a.sub(b) : kind === 3 ? a.tanh() : a.cos());
    }
    return all.slice(-50).reduce((total, x) => total.add(x));
  };
  expectAgreement(f, inputs, 1);
});

/** Units in the last place between two doubles of one sign. */
function ulps(a: number, b: number): number {
  if (Object.is(a, b) || a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  const view = new DataView(new ArrayBuffer(8));
  const bits = (x: number): bigint => {
    view.setFloat64(0, x);
    return view.getBigInt64(0);
  };
  const apart = bits(a) - bits(b);
  return Number(apart < 0n ? -apart : apart);
}

describe("functions of two lanes lie within units in the last place of the engine's own", () => {
  const random = numpyRandom(11);
  const spread = Array.from({ length: 4000 }, () => random.uniform(-1, 1) * 10 ** random.uniform(-12, 2.8));
  const edges = [
    0,
    -0,
    Infinity,
    -Infinity,
    NaN,
    5e-324,
    2 ** -1022,
    2 ** -1030,
    Number.MAX_VALUE,
    709.78,
    709.79,
    -708.4,
    -744.4,
    -745.2,
    1,
    -1,
  ];
  const xs = [...spread, ...edges];
  // The engine's own functions are wrong by up to one unit themselves.
  test.each([
    ["exp", Math.exp, 2],
    ["expm1", Math.expm1, 3],
    ["log", (x: number) => Math.log(x), 2],
    ["log1p", Math.log1p, 3],
    ["tanh", Math.tanh, 3],
    ["sigmoid", (x: number) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))), 3],
  ] as const)("%s", (name, exact, most) => {
    const compiled = compile((x) => x[name](), [xs]).value(xs) as NdArray;
    const apart = xs.map((x, i) => ulps(compiled.values[i]!, exact(x)));
    expect(Math.max(...apart)).toBeLessThanOrEqual(most);
  });
});

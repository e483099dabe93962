/** Random programs with fan-out, repeated operands, scopes, broadcasting and reductions: what views must be true of. */
import fc from "fast-check";
import { constant, matmul, scoped, softmax, sumOf, value, where, type Value } from "../../src/index.ts";

interface Step {
  readonly op: number;
  readonly a: number;
  readonly b: number;
  readonly isNamed: boolean;
  readonly isScoped: boolean;
}

const operations: readonly ((a: Value, b: Value) => Value)[] = [
  (a, b) => a.add(b),
  (a, b) => a.sub(b),
  (a, b) => a.mul(b),
  (a, b) => a.div(b.square().add(1)),
  (a) => a.tanh(),
  (a) => a.sigmoid(),
  (a) => a.relu(),
  (a) => a.square(),
  (a) => a.abs(),
  (a) => a.softplus(),
  (a) => a.mul(-0.5).exp(),
  (a, b) => a.maximum(b),
  (a, b) => sumOf([a, b, a]),
  (a, b) => where(1, a, b),
  (a) => a.leakyRelu({ slope: 0.1 }),
];

const step = fc.record({ op: fc.nat(operations.length - 1), a: fc.nat(), b: fc.nat(), isNamed: fc.boolean(), isScoped: fc.boolean() });
/** Multiples of 1/64: sums of them are exact, so that no tie is made or broken by rounding in a formula that says the same otherwise. */
const number = fc.integer({ min: -128, max: 128 }).map((k) => k / 64);

function run(leaves: readonly Value[], steps: readonly Step[]): Value {
  const known = [...leaves];
  for (const [k, { op, a, b, isNamed, isScoped }] of steps.entries()) {
    const [x, y] = [known[a % known.length]!, known[b % known.length]!];
    const f = () => operations[op]!(x, y);
    const made = isScoped ? scoped(`part ${k % 3}`, {}, f) : f();
    known.push(isNamed ? made.named(`v${k}`) : made);
  }
  return sumOf(known.slice(-3)).add(known[0]!);
}

/** A number computed from numbers. */
export const scalarPrograms: fc.Arbitrary<() => Value> = fc
  .tuple(fc.array(number, { minLength: 2, maxLength: 4 }), fc.array(step, { minLength: 1, maxLength: 10 }))
  .map(
    ([data, steps]) =>
      () =>
        run([...data.map((x, k) => value(x, `x${k}`)), constant(1.5, "c")], steps),
  );

/** A number computed from matrices: rows of a batch, a layer, reductions. */
export const tensorPrograms: fc.Arbitrary<() => Value> = fc
  .tuple(fc.array(number, { minLength: 17, maxLength: 17 }), fc.array(step, { minLength: 1, maxLength: 5 }), fc.nat(4))
  .map(([data, steps, reduction]) => () => {
    const X = constant([data.slice(0, 2), data.slice(2, 4), data.slice(4, 6)], "X");
    const W = value([data.slice(6, 9), data.slice(9, 12)], "W");
    const b = value([data.slice(12, 15)], "b");
    const z = matmul(X, W).add(b).named("z");
    const y = run([z, value(data[15]!, "s"), constant(data[16]!)], steps);
    return [y.sum(), y.mean(), y.max({ axis: 0 }).sum(), y.logsumexp(), softmax(y).mul(y).sum()][reduction]!;
  });

/** Every kind of program, as a function that computes it afresh. */
export const programs: fc.Arbitrary<() => Value> = fc.oneof(scalarPrograms, tensorPrograms);

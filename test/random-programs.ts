/**
 * Random programs for property tests: a few leaves of small shapes, then steps that each take one or two earlier results, with fan-out
 * and broadcasting. A program is data, so that fast-check can shrink it; running it gives a loss.
 */
import fc from "fast-check";
import { sizeOf, type Shape } from "../src/array/shape.ts";
import * as cadena from "../src/index.ts";
import { value, type Value } from "../src/index.ts";

/** Which step, and on which earlier results, counted from the latest. */
export interface Step {
  readonly kind: number;
  readonly first: number;
  readonly second: number;
  readonly choice: number;
}

export interface Program {
  readonly shapes: readonly Shape[];
  readonly entries: readonly number[];
  readonly steps: readonly Step[];
}

const shapes: readonly Shape[] = [[], [3], [2, 3], [1, 3], [2, 1], [3, 2], [2, 2, 3], [1]];

export const programs: fc.Arbitrary<Program> = fc.record({
  shapes: fc.array(fc.constantFrom(...shapes), { minLength: 1, maxLength: 3 }),
  entries: fc.array(
    fc.integer({ min: -1900, max: 1900 }).map((k) => k / 1000 + 0.0003),
    { minLength: 12, maxLength: 12 },
  ),
  steps: fc.array(fc.record({ kind: fc.nat(999), first: fc.nat(20), second: fc.nat(20), choice: fc.nat(1000) }), {
    minLength: 1,
    maxLength: 9,
  }),
});

type Apply = (a: Value, b: Value, choice: number) => Value;

const axisOf = (x: Value, choice: number): number | null => {
  const places = x.shape.length;
  return places === 0 || choice % (places + 1) === places ? null : (choice % (places + 1)) - (choice % 2 === 0 ? places : 0);
};

const reducing = (f: (x: Value, options: { axis: number | null; keepdims: boolean }) => Value): Apply =>
  (a, _b, choice) => f(a, { axis: axisOf(a, choice), keepdims: choice % 3 === 0 }); // prettier-ignore

/** Where both operands broadcast, `f` of them; otherwise of the first with itself. */
const pairing =
  (f: (a: Value, b: Value) => Value): Apply =>
  (a, b) => {
    const [p, q] = [[...a.shape].reverse(), [...b.shape].reverse()];
    return p.every((n, k) => q[k] === undefined || n === q[k] || n === 1 || q[k] === 1) ? f(a, b) : f(a, a.sin());
  };

/** Every step keeps its results moderate, and differentiable where the entries are not special. */
const moves: Readonly<Record<string, Apply>> = {
  add: pairing((a, b) => a.add(b)),
  sub: pairing((a, b) => a.sub(b)),
  mul: pairing((a, b) => a.mul(b).tanh()),
  div: pairing((a, b) => a.div(b.square().add(0.7))),
  pow: pairing((a, b) => a.square().add(0.4).pow(b.tanh())),
  maximum: pairing((a, b) => a.maximum(b.add(0.137))),
  minimum: pairing((a, b) => a.mul(0.83).minimum(b.add(0.061))),
  hypot: (a) => a.square().add(1).sqrt(),
  exp: (a) => a.sin().exp(),
  log: (a) => a.square().add(0.3).log(),
  sigmoid: (a) => a.sigmoid(),
  softplus: (a) => a.softplus().sin(),
  relu: (a) => a.add(0.0171).relu(),
  leakyRelu: (a) => a.add(0.0113).leakyRelu({ slope: 0.2 }),
  elu: (a) => a.add(0.0117).elu({ alpha: 1 }),
  gelu: (a, _b, choice) => a.gelu({ approximate: choice % 2 === 0 ? "none" : "tanh" }),
  atan: (a) => a.atan().add(a.asinh()).mul(0.5),
  clip: (a) => a.add(0.00713).clip({ min: -0.9, max: 1.1 }),
  sum: reducing((a, options) => a.sum(options).sin()),
  mean: reducing((a, options) => a.mean(options)),
  max: reducing((a, options) => a.max(options)),
  min: reducing((a, options) => a.min(options)),
  prod: reducing((a, options) => a.prod(options).tanh()),
  var: reducing((a, options) => a.var(options).tanh()),
  norm: reducing((a, options) => a.square().add(0.1).norm(options).sin()),
  logsumexp: reducing((a, options) => a.logsumexp(options)),
  softmax: (a, _b, choice) => (a.shape.length === 0 ? a.tanh() : a.softmax({ axis: choice % a.shape.length })),
  logSoftmax: (a, _b, choice) => (a.shape.length === 0 ? a : a.logSoftmax({ axis: (choice % a.shape.length) - a.shape.length }).sin()),
  cumsum: (a, _b, choice) => a.cumsum({ axis: axisOf(a, choice) }).sin(),
  transpose: (a) => a.T,
  reshape: (a) => a.reshape(-1),
  flip: (a) => (a.shape.length === 0 ? a.neg() : a.slice([null, null, -1])),
  slice: (a, _b, choice) => (a.shape.length === 0 || a.shape[0]! < 2 ? a : a.slice([choice % 2, null])),
  take: (a, _b, choice) => (a.shape.length === 0 ? a : cadena.take(a, [0, -1, 0], { axis: choice % a.shape.length })),
  concat: (a) => (a.shape.length === 0 ? a : cadena.concat([a, a.cos()], { axis: -1 })),
  stack: (a) => (a.shape.length > 2 ? a : cadena.stack([a, a.square().tanh()])),
  where: (a, _b, choice) => cadena.where(choice % 2, a.sin(), a.cos()),
  matmul: (a, b) =>
    a.shape.length > 0 && b.shape.length > 0 && a.shape.at(-1) === b.shape[Math.max(b.shape.length - 2, 0)] && b.shape.length < 3
      ? a.matmul(b).tanh()
      : a.outer(a).tanh(),
  sumOf: (a) => cadena.sumOf([a, a.sin(), a]),
  dot: (a) => cadena.dot(a.reshape(-1), a.reshape(-1)).sin(),
};

const names = Object.keys(moves);

/** The program as a function of its leaves, giving a number. */
export function lossOf({ steps }: Program, leaves: readonly Value[]): Value {
  const results = [...leaves];
  for (const { kind, first, second, choice } of steps) {
    const earlier = (back: number) => results[results.length - 1 - (back % results.length)]!;
    const y = moves[names[kind % names.length]!]!(earlier(first), earlier(second), choice);
    results.push(sizeOf(y.shape) <= 40 ? y : y.mean());
  }
  return cadena.sumOf(results.map((x, i) => x.mean().mul(1 + 0.1 * i)));
}

/** The leaves of the program, of its shapes, with its entries; `shift` moves every entry by so much of a fixed direction. */
export function leavesOf({ shapes, entries }: Program): Value[] {
  return shapes.map((shape, k) => {
    const list = Array.from({ length: sizeOf(shape) }, (_, i) => entries[(i + 5 * k) % entries.length]! + 0.01 * i);
    return shape.length === 0 ? value(list[0]!, `x${k}`) : value(cadena.array(list, shape), `x${k}`);
  });
}

/** A direction of the shape of x, the same at every run. */
export const directionOf = (x: Value): Value => {
  const list = Array.from({ length: sizeOf(x.shape) }, (_, i) => Math.cos(1 + 2 * i));
  return cadena.constant(x.shape.length === 0 ? list[0]! : cadena.array(list, x.shape));
};

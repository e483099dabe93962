/**
 * Derivatives as people misspell them: written in the output and given the input, parts of them, and those of softmax with a factor or
 * a sign that is not theirs.
 */
import { shapeOf, type Tensor } from "../array/ndarray.ts";
import { tensors as m } from "../ops/tensors.ts";

/** How textbooks write a derivative in terms of the output y = f(x). Given the input instead, they go wrong. */
export const inOutput: ReadonlyMap<string, (y: Tensor) => Tensor> = new Map([
  ["sigmoid", (y: Tensor) => m.mul(y, m.sub(1, y))],
  ["tanh", (y: Tensor) => m.oneMinusSquare(y)],
  ["exp", (y: Tensor) => y],
  ["sqrt", (y: Tensor) => m.div(0.5, y)],
  ["reciprocal", (y: Tensor) => m.neg(m.square(y))],
  ["softplus", (y: Tensor) => m.sub(1, m.exp(m.neg(y)))],
]);

/** Parts and misspellings of derivatives, by what people leave out. */
export const parts: ReadonlyMap<string, readonly (readonly [string, (x: Tensor, y: Tensor) => Tensor])[]> = new Map([
  ["sigmoid", [["σ", (_x, y) => y], ["1 − σ", (_x, y) => m.sub(1, y)], ["σ(1 + σ)", (_x, y) => m.mul(y, m.add(1, y))], ["1 − σ²", (_x, y) => m.oneMinusSquare(y)], ["σ²", (_x, y) => m.square(y)], ["σ(1 − z)", (x, y) => m.mul(y, m.sub(1, x))]]],
  ["tanh", [["1 − tanh", (_x, y) => m.sub(1, y)], ["1 + tanh²", (_x, y) => m.add(1, m.square(y))], ["tanh²", (_x, y) => m.square(y)], ["tanh·(1 − tanh)", (_x, y) => m.mul(y, m.sub(1, y))], ["1 − z²", (x) => m.oneMinusSquare(x)], ["(1 − tanh)²", (_x, y) => m.square(m.sub(1, y))], ["sech", (x) => m.reciprocal(m.cosh(x))]]],
  ["sqrt", [["1/√x", (_x, y) => m.reciprocal(y)], ["½·√x", (_x, y) => m.mul(0.5, y)], ["1/(2x)", (x) => m.div(0.5, x)]]],
  ["softplus", [["softplus", (_x, y) => y]]],
] as const); // prettier-ignore

/** A sum along an axis, in every place of it. */
export type Summing = (x: Tensor) => Tensor;
export const sumAlong =
  (axis: number): Summing =>
  (x) =>
    m.broadcastTo([m.sum([x], { axes: [axis], keepdims: true })], { shape: shapeOf(x) });
export const turned = (x: Tensor): Tensor => m.transpose([x], { axes: [1, 0] });

/** s·(g − Σ g·s), the derivative of softmax. */
export const centred = (g: Tensor, s: Tensor, sum: Summing): Tensor => m.mul(s, m.sub(g, sum(m.mul(g, s))));
export const softmaxForms: readonly (readonly [string: (s: string) => string, form: (g: Tensor, s: Tensor, sum: Summing) => Tensor])[] = [
  [(s) => `d${s} − Σ d${s}·${s}`, (g, s, sum) => m.sub(g, sum(m.mul(g, s)))],
  [(s) => `${s}·(d${s} − Σ d${s})`, (g, s, sum) => m.mul(s, m.sub(g, sum(g)))],
  [(s) => `${s}·(d${s} + Σ d${s}·${s})`, (g, s, sum) => m.mul(s, m.add(g, sum(m.mul(g, s))))],
];

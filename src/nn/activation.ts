/** Activation functions by name: any function of one operand that the table has, "linear" for none, or a function of one's own. */
import * as pointwise from "../graph/pointwise-functions.ts";
import type { ParametricFunction, UnaryFunction } from "../graph/pointwise-functions.ts";
import { logSoftmax, softmax } from "../graph/reductions.ts";
import { Value } from "../graph/value.ts";
import { describe } from "../array/shape.ts";
import { parametric, unary } from "../ops/pointwise.ts";

type Functions = typeof pointwise;

/** Every function of one operand; those with options take their defaults. */
export type PointwiseActivation = {
  [N in keyof Functions]: Functions[N] extends UnaryFunction | ParametricFunction<never> ? N : never;
}[keyof Functions];

/** The activations that go by a name; "linear" is none. */
export type ActivationName = PointwiseActivation | "softmax" | "logSoftmax" | "linear";

/** f of a = f(z): a name, or a function of one's own. */
export type Activation = ActivationName | ((z: Value) => Value);

const alongRows = { softmax, logSoftmax } as const;

const isPointwise = (name: string): name is PointwiseActivation =>
  (Object.hasOwn(unary, name) || Object.hasOwn(parametric, name)) && Object.hasOwn(pointwise, name);

/** @throws TypeError for a name that is no activation function. */
export function activationFunction(operation: string, activation: Activation): (z: Value) => Value {
  if (typeof activation === "function") return (z) => checkedOutput(operation, activation(z));
  if (typeof activation === "string") {
    if (activation === "linear") return (z) => z;
    if (activation === "softmax" || activation === "logSoftmax") return alongRows[activation];
    if (isPointwise(activation)) return pointwise[activation];
  }
  throw new TypeError(
    `${operation}: ${describe(activation)} is not an activation; take "relu", "sigmoid", "tanh", "linear", the name of another function, or a function`,
  );
}

/** @throws TypeError where a function of one's own forgot its return, or gave data. */
function checkedOutput(operation: string, a: unknown): Value {
  if (a instanceof Value) return a as Value;
  throw new TypeError(`${operation}: the activation gives a value, got ${describe(a)}; compute it of z with operations`);
}

/** As formulas write it: f where it is a function without a name. */
export const activationName = (activation: Activation): string =>
  typeof activation === "string" ? activation : activation.name === "" ? "f" : activation.name;

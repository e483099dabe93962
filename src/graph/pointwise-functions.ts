/** The pointwise functions as people call them: of values, numbers and arrays, broadcast where shapes differ. */
import { shapeOf, type NdArray } from "../array/ndarray.ts";
import { broadcastShape, describe, isSameShape, type Shape } from "../array/shape.ts";
import { parametric } from "../ops/pointwise.ts";
import { parametricPrimitive, pointwisePrimitives, type PointwisePrimitive } from "../ops/primitive.ts";
import type { BinaryName, ParametricName, ParametricOptions, UnaryName } from "../ops/vocabulary.ts";
import { checkOptions } from "./options.ts";
import { lift, ownersOf, type ValueLike } from "./lift.ts";
import { Value } from "./value.ts";
import { pointwiseValue, values } from "./values.ts";

export interface UnaryFunction {
  (x: Value<number> | number): Value<number>;
  (x: Value<NdArray>): Value<NdArray>;
  (x: ValueLike): Value;
}

export interface BinaryFunction {
  (a: Value<number> | number, b: Value<number> | number): Value<number>;
  (a: Value<NdArray>, b: ValueLike): Value<NdArray>;
  (a: ValueLike, b: Value<NdArray>): Value<NdArray>;
  (a: ValueLike, b: ValueLike): Value;
}

export interface ParametricFunction<Options> {
  (x: Value<number> | number, options?: Partial<Options>): Value<number>;
  (x: Value<NdArray>, options?: Partial<Options>): Value<NdArray>;
  (x: ValueLike, options?: Partial<Options>): Value;
}

export function unaryFunction(primitive: PointwisePrimitive): UnaryFunction {
  const { name, forward, compute } = primitive;
  const f = (x: ValueLike, more?: unknown): Value => {
    if (typeof more === "object") throw optionsError(name, more);
    const v = lift(name, x);
    const { payload } = v;
    return new Value(typeof payload === "number" ? forward(payload) : compute(payload), primitive, v, null);
  };
  return f as UnaryFunction;
}

export function binaryFunction(primitive: PointwisePrimitive): BinaryFunction {
  const { name, forward, compute } = primitive;
  const f = (a: ValueLike, b: ValueLike, more?: unknown): Value => {
    if (typeof more === "object") throw optionsError(name, more);
    const x = lift(name, a);
    const y = lift(name, b);
    const p = x.payload;
    const q = y.payload;
    if (typeof p === "number" && typeof q === "number") return new Value(forward(p, q), primitive, x, y);
    const shape = commonShape(name, x, y);
    const [left, right] = [stretched(x, shape), stretched(y, shape)];
    return new Value(compute(left.payload, right.payload), primitive, left, right);
  };
  return f as BinaryFunction;
}

/** The shape that two operands stretch to. */
function commonShape(name: string, x: Value, y: Value): Shape {
  try {
    return broadcastShape(name, shapeOf(x.payload), shapeOf(y.payload));
  } catch (error) {
    throw error instanceof RangeError ? new RangeError(error.message + ownersOf(x, y)) : error;
  }
}

/** `x.exp({ axis: 0 })` would pass for `x.exp()`; what `map` and `reduce` hand over beside an operand is a number. */
const optionsError = (name: string, options: unknown): TypeError => new TypeError(`${name}: takes no options, got ${describe(options)}`);

/** Operands stretched to their common shape, each by a `broadcastTo` of its own; constants that are numbers stay as they are. */
export function broadcast(operation: string, operands: readonly Value[]): Value[] {
  const shape = operands.map((x) => x.shape).reduce((a, b) => broadcastShape(operation, a, b));
  return operands.map((x) => stretched(x, shape));
}

function stretched(x: Value, shape: Shape): Value {
  const isPlain = !x.takesGradient && typeof x.payload === "number";
  return isPlain || isSameShape(x.shape, shape) ? x : values.broadcastTo([x], { shape });
}

function parametricFunction<N extends ParametricName>(name: N): ParametricFunction<ParametricOptions[N]> {
  const { defaults } = parametric[name];
  const names = Object.keys(defaults);
  const f = (x: ValueLike, options: Partial<ParametricOptions[N]> = {}): Value => {
    checkOptions(name, options, names);
    const given = Object.fromEntries(Object.entries(options).filter(([, option]) => option !== undefined));
    return pointwiseValue(parametricPrimitive(name, { ...defaults, ...given }), [lift(name, x)]);
  };
  return f as ParametricFunction<ParametricOptions[N]>;
}

const one = (name: UnaryName): UnaryFunction => unaryFunction(pointwisePrimitives[name]);
const two = (name: BinaryName): BinaryFunction => binaryFunction(pointwisePrimitives[name]);

export const [add, sub, mul, div, pow] = [two("add"), two("sub"), two("mul"), two("div"), two("pow")];
export const [neg, square, sqrt, reciprocal] = [one("neg"), one("square"), one("sqrt"), one("reciprocal")];
export const [abs, sign, exp, expm1, log, log1p] = [one("abs"), one("sign"), one("exp"), one("expm1"), one("log"), one("log1p")];
export const [sin, cos, tan, asin, acos, atan] = [one("sin"), one("cos"), one("tan"), one("asin"), one("acos"), one("atan")];
export const [sinh, cosh, tanh, asinh, acosh, atanh] = [one("sinh"), one("cosh"), one("tanh"), one("asinh"), one("acosh"), one("atanh")];
export const [sigmoid, logSigmoid, relu, silu, softplus] = [one("sigmoid"), one("logSigmoid"), one("relu"), one("silu"), one("softplus")];
export const [maximum, minimum] = [two("maximum"), two("minimum")];
/** a·log b and a·log(1 + b), where a = 0 gives 0 whatever b is. */
export const [xlogy, xlog1py] = [two("xlogy"), two("xlog1py")];

/** x where x > 0, `slope`·x elsewhere; slope 0.01 where none is given. */
export const leakyRelu = parametricFunction("leakyRelu");
/** x where x > 0, `alpha`·(eˣ − 1) elsewhere; alpha 1 where none is given. */
export const elu = parametricFunction("elu");
/** x held between `min` and `max`; at the edges the gradient passes. */
export const clip = parametricFunction("clip");

/** x·Φ(x), or the usual approximation of it by tanh (Hendrycks and Gimpel, 2016). */
export const gelu = ((x: ValueLike, options: { approximate?: "none" | "tanh" } = {}): Value => {
  checkOptions("gelu", options, ["approximate"]);
  const { approximate = "none" } = options;
  const v = lift("gelu", x);
  if (approximate !== "none" && (approximate as string) !== "tanh")
    throw new RangeError(`gelu: approximate is "none" or "tanh", got ${describe(approximate)}`);
  return approximate === "none" ? values.gelu(v) : values.geluTanh(v);
}) as ParametricFunction<{ approximate: "none" | "tanh" }>;

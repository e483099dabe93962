/**
 * The words that rules are written in. A rule such as "the derivative of tanh is sech²" does not say what its letters
 * are: `T` is a number, a tensor, a recorded value, a dual number, a line of code or a piece of text, and an
 * `Algebra<T>` says who does the arithmetic.
 */
import type { Range } from "../array/layout.ts";
import type { Upstream } from "../array/matmul.ts";
import type { Tensor } from "../array/ndarray.ts";
import type { Reduced } from "../array/reduce.ts";
import type { Shape } from "../array/shape.ts";
import type { PointwisePrimitive } from "./primitive.ts";

/** Functions of one number. The last line has the words that only derivatives speak. */
export type UnaryName =
  | "identity" | "neg" | "square" | "sqrt" | "reciprocal" | "abs" | "sign" | "exp" | "expm1" | "log" | "log1p"
  | "sin" | "cos" | "tan" | "asin" | "acos" | "atan" | "sinh" | "cosh" | "tanh" | "asinh" | "acosh" | "atanh"
  | "sigmoid" | "logSigmoid" | "relu" | "silu" | "gelu" | "geluTanh" | "softplus" | "normalCdf"
  | "geluLogit" | "bounded" | "step" | "sigmoidDerivative" | "tanhDerivative" | "oneMinusSquare" | "normalPdf"; // prettier-ignore

/** Functions of two numbers. */
export type BinaryName =
  | "add" | "sub" | "mul" | "div" | "pow" | "maximum" | "minimum" | "hypot" | "xlogy" | "xlog1py"
  | "chain" | "gradientProduct" | "ratio" | "share" | "indicator" | "powerRule" | "powerLog"; // prettier-ignore

/** Functions of three numbers. */
export type TernaryName = "select";

/** Functions of one number with fixed options; what is omitted is taken from the row's defaults. */
export interface ParametricOptions {
  leakyRelu: { readonly slope: number };
  elu: { readonly alpha: number };
  clip: { readonly min: number; readonly max: number };
  inside: { readonly min: number; readonly max: number };
}

export type ParametricName = keyof ParametricOptions;
export type PointwiseName = UnaryName | BinaryName | TernaryName;

/** Numbers may stand wherever a `T` may: rules say `sub(1, square(y))`. */
export type Operand<T> = T | number;

export type Pointwise<T> = { readonly [N in UnaryName]: (x: Operand<T>) => T } & {
  readonly [N in BinaryName]: (a: Operand<T>, b: Operand<T>) => T;
} & { readonly [N in TernaryName]: (a: Operand<T>, b: Operand<T>, c: Operand<T>) => T } & {
  readonly [N in ParametricName]: (x: Operand<T>, options: ParametricOptions[N]) => T;
};

/** Options of the structural words, normalised: axes count from the front, shapes and ranges are complete. */
export interface StructuralOptions {
  reshape: { readonly shape: Shape };
  broadcastTo: { readonly shape: Shape };
  sumTo: { readonly shape: Shape };
  transpose: { readonly axes: readonly number[] };
  slice: { readonly ranges: readonly Range[] };
  unslice: { readonly ranges: readonly Range[]; readonly shape: Shape };
  take: { readonly indices: Tensor; readonly axis: number };
  scatter: { readonly indices: Tensor; readonly axis: number; readonly shape: Shape };
  concat: { readonly axis: number };
  where: { readonly condition: Tensor };
  cumsum: { readonly axis: number; readonly reverse: boolean };
  sum: Reduced;
  max: Reduced;
  min: Reduced;
  /** (Σ|x|ᵖ)^(1/p), p = `ord`, a finite number above 1. */
  norm: Reduced & { readonly ord: number };
  logsumexp: Reduced;
  softmax: { readonly axis: number };
  logSoftmax: { readonly axis: number };
  /** Of (t, s): t less its entry at the largest s; there 0. Adjoint to `balance`. */
  relative: { readonly axis: number };
  /** Of (t, s): t with the entry at the largest s replaced by minus the sum of the others. */
  balance: { readonly axis: number };
  /** `upstream`: which factor is a gradient or a tangent; as in `chain` and `gradientProduct`, where it is exactly 0 it passes nothing on, not even of ∞. */
  matmul: { readonly upstream?: Upstream };
  sumOf: Record<never, never>;
  dot: Record<never, never>;
}

export type StructuralName = keyof StructuralOptions;

/** Words that look at an array as a whole. All take a list of operands, which `where`, `concat`, `matmul`, `sumOf` and `dot` need. */
export type Structural<T> = {
  readonly [N in StructuralName]: (operands: readonly T[], options: StructuralOptions[N]) => T;
};

/** Who does the arithmetic. */
export type Algebra<T> = Pointwise<T> &
  Structural<T> & {
    readonly shapeOf: (x: Operand<T>) => Shape;
    /** Applies any pointwise function, those too that are no words: a user's own, made by `defineOp`. */
    readonly apply: (primitive: PointwisePrimitive, args: readonly Operand<T>[]) => T;
  };

/** What a row of the calculus table says of a function; everything else in the library is a reading of it. */
import type { Shape } from "../array/shape.ts";
import type { Tensor } from "../array/ndarray.ts";
import type { Notation, Precedence } from "./notation.ts";
import type { Algebra, Operand, StructuralName, StructuralOptions } from "./vocabulary.ts";

/** ∂y/∂input, said in any arithmetic `m` of the inputs and the output y. */
export interface Partials {
  1: readonly [<T>(m: Algebra<T>, x: T, y: T) => Operand<T>];
  2: readonly [<T>(m: Algebra<T>, a: T, b: T, y: T) => Operand<T>, <T>(m: Algebra<T>, a: T, b: T, y: T) => Operand<T>];
  3: readonly [
    <T>(m: Algebra<T>, a: T, b: T, c: T, y: T) => Operand<T>,
    <T>(m: Algebra<T>, a: T, b: T, c: T, y: T) => Operand<T>,
    <T>(m: Algebra<T>, a: T, b: T, c: T, y: T) => Operand<T>,
  ];
}

export interface Forwards {
  1: (x: number) => number;
  2: (a: number, b: number) => number;
  3: (a: number, b: number, c: number) => number;
}

export type Arity = keyof Partials;

/** Where a function has no derivative, and what is answered there. */
export interface Kink {
  readonly at: (...x: number[]) => boolean;
  /** The convention as it is printed, "relu'(0) = 0". */
  readonly convention: string;
}

/** An interval that tests draw an input from; there the function is smooth or its kinks are isolated. */
export type Interval = readonly [low: number, high: number];

/** A function applied entry by entry, with its partial derivatives as a textbook tabulates them. */
export interface PointwiseRow<N extends Arity = Arity> {
  readonly forward: Forwards[N];
  readonly partials: Partials[N];
  readonly notation: Notation;
  readonly domain: readonly Interval[];
  readonly kink?: Kink;
}

/** A row whose options are fixed first: `leakyRelu({ slope })`. */
export interface ParametricRow<Options> {
  readonly defaults: Options;
  readonly check: (options: Options) => void;
  readonly row: (options: Options) => PointwiseRow<1>;
}

export interface StructuralExample<Options> {
  readonly shapes: readonly Shape[];
  readonly options: Options;
}

/** A function of whole arrays, with how a gradient is carried back and a tangent forward. */
export interface StructuralRow<Name extends StructuralName> {
  readonly forward: (operands: readonly Tensor[], options: StructuralOptions[Name]) => Tensor;
  /** The shape of the result, from those of the operands. */
  readonly shape: (shapes: readonly Shape[], options: StructuralOptions[Name]) => Shape;
  /**
   * Vector-Jacobian products: for each operand, g carried back. What an operand without need of a gradient gets is not looked at, so
   * a costly rule asks first.
   */
  readonly vjp: <T>(
    m: Algebra<T>,
    g: T,
    operands: readonly T[],
    y: T,
    options: StructuralOptions[Name],
    needs: (operand: number) => boolean,
  ) => readonly T[];
  /** Jacobian-vector product; "linear" where it is the function itself on the tangents. */
  readonly jvp:
    "linear" | (<T>(m: Algebra<T>, tangents: readonly T[], operands: readonly T[], y: T, options: StructuralOptions[Name]) => T);
  readonly symbol: string;
  readonly latex: (operands: readonly string[], options: StructuralOptions[Name]) => string;
  /** How tightly the LaTeX binds, and its operands must; a call, which encloses them, where nothing is said. */
  readonly binds?: { readonly result: Precedence; readonly operands: Precedence };
  /** Shapes of operands and options that tests and the printed table take it at. */
  readonly examples: readonly StructuralExample<StructuralOptions[Name]>[];
  readonly kink?: {
    /** 1 at the entries of the result that stand at one, 0 elsewhere. */
    readonly at: (operands: readonly Tensor[], y: Tensor, options: StructuralOptions[Name]) => Tensor;
    readonly convention: string;
  };
}

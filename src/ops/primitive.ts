/**
 * A primitive is a row ready to be applied: its name, its options fixed. The nodes of a graph hold one; equal ones of the
 * pointwise kind are the same object.
 */
import { entrywise, type Entrywise } from "./entrywise.ts";
import { binary, parametric, ternary, unary } from "./pointwise.ts";
import type { PointwiseRow, StructuralRow } from "./row.ts";
import { structural } from "./structural.ts";
import type { ParametricName, ParametricOptions, PointwiseName, StructuralName, StructuralOptions } from "./vocabulary.ts";

/** A pointwise function: applied entry by entry. */
export interface PointwisePrimitive {
  readonly kind: "pointwise";
  readonly name: string;
  readonly row: PointwiseRow;
  readonly forward: (...x: number[]) => number;
  /** `forward` on every entry of tensors. */
  readonly compute: Entrywise;
  /** Undefined for functions without options, and for functions of the user's own. */
  readonly options?: object;
  /** Whether the name is a word of the vocabulary; functions made by `defineOp` are not. */
  readonly isCustom: boolean;
}

/** A function of whole arrays. Its name tells which options it has. */
export type StructuralPrimitive = {
  readonly [Name in StructuralName]: {
    readonly kind: "structural";
    readonly name: Name;
    readonly row: StructuralRow<Name>;
    readonly options: StructuralOptions[Name];
  };
}[StructuralName];

export type Primitive = PointwisePrimitive | StructuralPrimitive;

const primitiveOf = (name: string, row: PointwiseRow, options?: object): PointwisePrimitive => ({
  kind: "pointwise",
  name,
  row,
  forward: row.forward,
  compute: entrywise(name, row),
  isCustom: false,
  ...(options && { options }),
});

/** A function of the user's own as a primitive; `defineOp` checks it first. */
export const customPrimitive = (name: string, row: PointwiseRow): PointwisePrimitive => ({ ...primitiveOf(name, row), isCustom: true });

const table: { readonly [N in PointwiseName]: PointwiseRow } = { ...unary, ...binary, ...ternary };

/** All pointwise functions without options, by name. */
export const pointwisePrimitives = Object.fromEntries(Object.entries(table).map(([name, row]) => [name, primitiveOf(name, row)])) as {
  readonly [N in PointwiseName]: PointwisePrimitive;
};

const { chain, gradientProduct, select } = pointwisePrimitives;

/**
 * Whether a slope of 0 towards input number `index` is exactly nothing, whatever arrives: where it is itself a gradient, as in g · d, the
 * product of the chain rule, towards d; and where it says that the input was not selected.
 */
export const hasStrongZero = (primitive: PointwisePrimitive, index: number): boolean =>
  primitive === gradientProduct || (index > 0 && (primitive === chain || primitive === select));

const made = new Map<string, PointwisePrimitive>();

/** A function with options, `leakyRelu` with slope 0.2; the same object for the same options. */
export function parametricPrimitive<N extends ParametricName>(name: N, options: ParametricOptions[N]): PointwisePrimitive {
  const { check, row } = parametric[name];
  const key = `${name} ${Object.values(options).map((x) => (Object.is(x, -0) ? "-0" : String(x))).join(" ")}`; // prettier-ignore
  const known = made.get(key);
  if (known) return known;
  check(options);
  const primitive = primitiveOf(name, row(options), options);
  if (made.size < 1000) made.set(key, primitive);
  return primitive;
}

export const structuralPrimitive = <N extends StructuralName>(name: N, options: StructuralOptions[N]): StructuralPrimitive =>
  structuralPrimitives(name)(options);

/** All primitives of one structural row, by its options. */
export function structuralPrimitives<N extends StructuralName>(name: N): (options: StructuralOptions[N]) => StructuralPrimitive {
  const row = structural[name];
  return (options) => ({ kind: "structural", name, row, options }) as unknown as StructuralPrimitive;
}

/** The short sign a drawing shows in the node. */
export const symbolOf = (primitive: Primitive): string =>
  primitive.kind === "pointwise" ? primitive.row.notation.symbol : primitive.row.symbol;

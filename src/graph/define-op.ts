/** `defineOp`: a row of one's own. It is checked against numeric derivatives when it is defined; a wrong one is refused with the evidence. */
import { describe } from "../array/shape.ts";
import { named, type Notation } from "../ops/notation.ts";
import { parametric } from "../ops/pointwise.ts";
import { customPrimitive, pointwisePrimitives } from "../ops/primitive.ts";
import type { Arity, Forwards, Interval, Kink, Partials, PointwiseRow } from "../ops/row.ts";
import { structural } from "../ops/structural.ts";
import { binaryFunction, broadcast, unaryFunction, type BinaryFunction, type UnaryFunction } from "./pointwise-functions.ts";
import { lift, type ValueLike } from "./lift.ts";
import { checkOptions } from "./options.ts";
import { checkPartials } from "./partials-check.ts";
import type { Value } from "./value.ts";
import { pointwiseValue } from "./values.ts";

/** A row as a user writes it; what is omitted has a default. */
export interface CustomRow<N extends Arity> {
  /** A word of letters, digits and _, not yet taken. */
  readonly name: string;
  readonly forward: Forwards[N];
  /** ∂y/∂input for each input, in the words of `m`: `({ mul, square }, x, y) => mul(3, square(x))`. */
  readonly partials: Partials[N];
  /** How it is written in formulas; its name as a function where nothing is said. */
  readonly latex?: (...operands: string[]) => string;
  readonly notation?: Notation;
  /** An interval for each input, or one for the only input, where the derivative is checked; [−2, 2] where nothing is said. */
  readonly domain?: Interval | readonly Interval[];
  readonly kink?: Kink;
}

/**
 * A function of one's own, of one, two or three numbers, applied entry by entry; it broadcasts, is differentiated to any order, drawn
 * and printed as the library's own are.
 *
 * @throws TypeError for a row that lacks something; Error where a derivative disagrees with differences of `forward`, or its own
 *   derivative with differences of it, with the point and both numbers.
 * @example
 * const cube = defineOp({
 *   name: "cube",
 *   forward: (x: number) => x ** 3,
 *   partials: [({ mul, square }, x) => mul(3, square(x))],
 * });
 * cube(value(2)).data; // 8
 */
export function defineOp(row: CustomRow<1>): UnaryFunction;
export function defineOp(row: CustomRow<2>): BinaryFunction;
export function defineOp(row: CustomRow<3>): (a: ValueLike, b: ValueLike, c: ValueLike) => Value;
export function defineOp(given: CustomRow<1> | CustomRow<2> | CustomRow<3>): unknown {
  const row = checkedRow(given);
  const primitive = customPrimitive(given.name, row);
  checkPartials(primitive);
  if (row.partials.length === 1) return unaryFunction(primitive);
  if (row.partials.length === 2) return binaryFunction(primitive);
  return (...xs: ValueLike[]) => {
    const operands = xs.map((x) => lift(given.name, x));
    if (operands.length !== 3) throw new TypeError(`${given.name}: takes 3 operands, got ${operands.length}`);
    return pointwiseValue(primitive, broadcast(given.name, operands));
  };
}

const taken = (name: string): boolean => [pointwisePrimitives, parametric, structural].some((table) => Object.hasOwn(table, name));

function checkedRow(given: CustomRow<Arity>): PointwiseRow {
  if (typeof given !== "object" || (given as unknown) === null)
    throw new TypeError(`defineOp: expected a row { name, forward, partials }, got ${describe(given)}`);
  checkOptions("defineOp", given, ["name", "forward", "partials", "latex", "notation", "domain", "kink"]);
  const { name, forward, partials, latex, notation, domain, kink } = given;
  if (typeof name !== "string" || !/^[A-Za-z_]\w{0,40}$/.test(name))
    throw new TypeError(`defineOp: a name is a word of letters, digits and _, got ${describe(name)}`);
  if (taken(name)) throw new TypeError(`defineOp: there is a function ${name} already; choose another name`);
  if (typeof forward !== "function")
    throw new TypeError(`defineOp: ${name} needs forward, a function of numbers, got ${describe(forward)}`);
  if (!Array.isArray(partials) || partials.length < 1 || partials.length > 3 || !partials.every((partial) => typeof partial === "function"))
    throw new TypeError(`defineOp: ${name} needs partials, a list of one, two or three functions, one for each input`);
  const intervals = intervalsOf(domain) ?? partials.map((): Interval => [-2, 2]);
  if (intervals.length !== partials.length || !intervals.every((x) => Array.isArray(x) && x[0] < x[1]))
    throw new TypeError(`defineOp: ${name} needs a domain of ${partials.length} intervals [low, high], got ${JSON.stringify(domain)}`);
  const written = notation ?? (latex ? { ...named(name), latex } : named(name.replaceAll("_", "\\_")));
  return {
    forward: numberFrom(name, forward),
    partials: [...partials] as typeof partials,
    notation: { ...written, symbol: notation?.symbol ?? name },
    domain: intervals,
    ...(kink && { kink }),
  };
}

/** `forward`, whose results are looked at: beyond the points that are checked it may give nothing, or text. */
const numberFrom =
  (name: string, forward: (...x: number[]) => unknown) =>
  (...x: number[]): number => {
    const y = forward(...x);
    if (typeof y !== "number") throw new TypeError(`${name}: forward gave ${describe(y)} at (${x.join(", ")}), not a number`);
    return y;
  };

const intervalsOf = (domain: CustomRow<Arity>["domain"]): readonly Interval[] | undefined =>
  Array.isArray(domain) && typeof domain[0] === "number" ? [domain as unknown as Interval] : (domain as readonly Interval[] | undefined);

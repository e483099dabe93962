/**
 * What differentiates functions rather than recorded values: `grad`, `valueAndGrad` and `vjp`, as JAX has them. Each call
 * differentiates with respect to an alias of its argument that nobody else holds; so two derivatives, one inside the other,
 * cannot mistake each other's variable:
 *
 *     grad(x => x.mul(grad(y => x.add(y))(x)))(5) // 1, for the inner derivative is 1; taken with respect to x itself it would be 2
 */
import { describe, formatShape } from "../array/shape.ts";
import { lift, type ValueLike, type TensorLike } from "../graph/lift.ts";
import { currentTracer } from "../graph/tracer.ts";
import { Leaf, Value } from "../graph/value.ts";
import { values } from "../graph/values.ts";
import { gradient } from "./gradient.ts";

/** A function of values. */
export type ValueFunction<A extends readonly Value[] = Value[]> = (...xs: A) => ValueLike;

/** What may be passed where it takes values: numbers and arrays too. */
export type Arguments<A extends readonly Value[]> = { readonly [K in keyof A]: ValueLike };

/** Which arguments to differentiate with respect to: one, from 0, or several. */
export type Argnums = number | readonly number[];

/** A value nobody else holds, equal to x, through which the gradient of x passes. */
export function alias(operation: string, x: ValueLike): Value {
  const v = lift(operation, x);
  // A leaf has the numbers of now: of the first batch, where a training is compiled.
  if (!v.takesGradient) currentTracer()?.reads(v, "the data");
  const fresh = v.takesGradient ? values.identity(v) : new Leaf(v.payload);
  return v.label === "" ? fresh : fresh.named(v.label);
}

/** The arguments of a call: aliases of those at `places`, the others as they are. */
export function aliased(operation: string, xs: readonly ValueLike[], places: readonly number[]): Value[] {
  for (const place of places)
    if (!Number.isInteger(place) || place < 0 || place >= xs.length)
      throw new RangeError(`${operation}: there is no argument number ${describe(place)} among the ${xs.length} that were passed`);
  return xs.map((x, i) => (places.includes(i) ? alias(operation, x) : lift(operation, x)));
}

/** The places as a list. */
export function placesOf(operation: string, argnums: Argnums): readonly number[] {
  if (typeof argnums === "number") return [argnums];
  if (!Array.isArray(argnums))
    throw new TypeError(`${operation}: argnums is a place, from 0, or a list of places, got ${describe(argnums)}`);
  return argnums as readonly number[];
}

/** Calls f; what it returns becomes a value. */
export function called<A extends readonly Value[]>(operation: string, f: ValueFunction<A>, xs: readonly Value[]): Value {
  if (typeof f !== "function") throw new TypeError(`${operation}: expected a function of values, got ${describe(f)}`);
  return lift(operation, f(...(xs as unknown as A)));
}

/**
 * f and its gradient from one call: `[y, dy]`.
 *
 * @param argnums with respect to which argument; a list gives a list of gradients.
 * @throws RangeError where f gives an array: a gradient is that of a number.
 * @example
 * const [y, dy] = valueAndGrad((x) => x.pow(3))(2); // 8 and 12
 */
export function valueAndGrad<A extends readonly Value[]>(f: ValueFunction<A>, argnums?: number): (...xs: Arguments<A>) => [Value, Value];
export function valueAndGrad<A extends readonly Value[]>(
  f: ValueFunction<A>,
  argnums: readonly number[],
): (...xs: Arguments<A>) => [Value, Value[]];
export function valueAndGrad<A extends readonly Value[]>(f: ValueFunction<A>, argnums: Argnums = 0) {
  return (...xs: Arguments<A>): [Value, Value | Value[]] => {
    const [y, gradients] = differentiated("valueAndGrad", f, xs, argnums);
    return [y, typeof argnums === "number" ? gradients[0]! : gradients];
  };
}

/**
 * The gradient of f as a function. Its results are values, which can be differentiated again.
 *
 * @param argnums with respect to which argument, the first where none is given; a list gives a list of gradients.
 * @throws RangeError where f gives an array: a gradient is that of a number.
 * @example
 * const cube = (x: Value) => x.pow(3);
 * grad(cube)(2).data; // 12
 * grad(grad(cube))(2).data; // 12
 */
export function grad<A extends readonly Value[]>(f: ValueFunction<A>, argnums?: number): (...xs: Arguments<A>) => Value;
export function grad<A extends readonly Value[]>(f: ValueFunction<A>, argnums: readonly number[]): (...xs: Arguments<A>) => Value[];
export function grad<A extends readonly Value[]>(f: ValueFunction<A>, argnums: Argnums = 0) {
  return (...xs: Arguments<A>): Value | Value[] => {
    const [, gradients] = differentiated("grad", f, xs, argnums);
    return typeof argnums === "number" ? gradients[0]! : gradients;
  };
}

function differentiated<A extends readonly Value[]>(
  operation: string,
  f: ValueFunction<A>,
  xs: readonly ValueLike[],
  argnums: Argnums,
): [Value, Value[]] {
  const places = placesOf(operation, argnums);
  const inputs = aliased(operation, xs, places);
  const y = called(operation, f, inputs);
  if (y.shape.length > 0)
    throw new RangeError(
      `${operation}: the function gave shape ${formatShape(y.shape)}; take .sum() or .mean() in it, or use vjp or jacobian`,
    );
  return [
    y,
    gradient(
      y,
      places.map((place) => inputs[place]!),
    ),
  ];
}

/**
 * The result of f and its pullback, which carries a gradient of the result back to every argument: vector-Jacobian products.
 *
 * @example
 * const [y, pullback] = vjp((x) => x.square(), [1, 2]);
 * pullback([1, 10]); // [the value [2, 40]]
 */
export function vjp<A extends readonly Value[]>(
  f: ValueFunction<A>,
  ...primals: Arguments<A>
): [y: Value, pullback: (g?: Value | TensorLike) => Value[]] {
  const inputs = primals.map((x) => alias("vjp", x));
  const y = called("vjp", f, inputs);
  return [y, (g) => gradient(y, inputs, g)];
}

/** Derivatives of derivatives and of arrays: `jacobian`, `hessian`, and `hvp`, the Hessian times a vector without the Hessian. */
import { NdArray, tensor, type Tensor } from "../array/ndarray.ts";
import { formatShape, sizeOf, type Shape } from "../array/shape.ts";
import { stack } from "../graph/shape-functions.ts";
import type { ValueLike } from "../graph/lift.ts";
import { Value } from "../graph/value.ts";
import { values } from "../graph/values.ts";
import { alias, aliased, called, grad, placesOf, type Argnums, type Arguments, type ValueFunction } from "./function.ts";
import { gradient } from "./gradient.ts";
import { listOf, pushforward, ratesOf } from "./jvp.ts";

/**
 * ∂f/∂x as a function: of shape (…shape of f, …shape of x), one sweep for each entry of f. Differentiable again.
 *
 * @param argnums with respect to which argument, the first where none is given; a list gives a list.
 * @example
 * jacobian((x) => x.square())([1, 2]).toArray(); // [[2, 0], [0, 4]]
 */
export function jacobian<A extends readonly Value[]>(f: ValueFunction<A>, argnums?: number): (...xs: Arguments<A>) => Value;
export function jacobian<A extends readonly Value[]>(f: ValueFunction<A>, argnums: readonly number[]): (...xs: Arguments<A>) => Value[];
export function jacobian<A extends readonly Value[]>(f: ValueFunction<A>, argnums: Argnums = 0) {
  return (...xs: Arguments<A>): Value | Value[] => {
    const places = placesOf("jacobian", argnums);
    const inputs = aliased("jacobian", xs, places);
    const y = called("jacobian", f, inputs);
    const chosen = places.map((place) => inputs[place]!);
    const rows = Array.from({ length: sizeOf(y.shape) }, (_, k) => gradient(y, chosen, oneAt(y.shape, k)));
    const whole = chosen.map((x, i) =>
      joined(
        rows.map((row) => row[i]!),
        [...y.shape, ...x.shape],
      ),
    );
    return typeof argnums === "number" ? whole[0]! : whole;
  };
}

/** Zeros of `shape` with a 1 at entry number `k`. */
function oneAt(shape: Shape, k: number): Tensor {
  const entries = new Float64Array(sizeOf(shape));
  entries[k] = 1;
  return tensor(shape, entries);
}

function joined(rows: readonly Value[], shape: Shape): Value {
  if (rows.length === 0) return new Value(new NdArray(shape, new Float64Array(0)), null, null, null);
  return values.reshape([stack(rows)], { shape });
}

/**
 * The second derivatives of f, of shape (…shape of x, …shape of x).
 *
 * @param argnums with respect to which argument; a list gives a table of lists, [i][j] for ∂²f/∂xᵢ∂xⱼ.
 * @throws RangeError where f gives an array.
 * @example
 * hessian((x) => x.pow(3).sum())([1, 2]).toArray(); // [[6, 0], [0, 12]]
 */
export function hessian<A extends readonly Value[]>(f: ValueFunction<A>, argnums?: number): (...xs: Arguments<A>) => Value;
export function hessian<A extends readonly Value[]>(f: ValueFunction<A>, argnums: readonly number[]): (...xs: Arguments<A>) => Value[][];
export function hessian<A extends readonly Value[]>(f: ValueFunction<A>, argnums: Argnums = 0) {
  if (typeof argnums === "number") return jacobian<A>(grad(f, argnums) as ValueFunction<A>, argnums);
  return (...xs: Arguments<A>): Value[][] =>
    placesOf("hessian", argnums).map((i) => jacobian<A>(grad(f, i) as ValueFunction<A>, argnums)(...xs));
}

/**
 * The Hessian of f times `v`, in the time of a few gradients: forward mode over the gradient.
 *
 * @param primals the arguments of f, and `v` a vector for each, of its shape; or one value and one vector, and the result is one value.
 * @returns Σⱼ ∂²f/∂xᵢ∂xⱼ · vⱼ for each argument xᵢ.
 * @throws RangeError where f gives an array.
 * @example
 * hvp((x) => x.pow(3).sum(), [value([1, 2])], [[1, 0]])[0]; // the value [6, 0]
 */
export function hvp(f: ValueFunction, primals: Value, v: ValueLike): Value;
export function hvp(f: ValueFunction, primals: readonly ValueLike[], v: readonly ValueLike[]): Value[];
export function hvp(f: ValueFunction, primals: Value | readonly ValueLike[], v: ValueLike | readonly ValueLike[]): Value | Value[] {
  const single = primals instanceof Value;
  const inputs = (single ? [primals] : listOf("hvp", primals)).map((x) => alias("hvp", x));
  const rates = ratesOf("hvp", inputs, single ? [v as ValueLike] : listOf("hvp", v));
  const y = called("hvp", f, inputs);
  if (y.shape.length > 0) throw new RangeError(`hvp: the function gave shape ${formatShape(y.shape)}; take .sum() or .mean() in it`);
  const products = pushforward(gradient(y, inputs), inputs, rates);
  return single ? products[0]! : products;
}

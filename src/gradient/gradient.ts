/** `gradient`: the same sweep over values. Its results are values too, so they can be drawn, and differentiated again. */
import { zerosOf } from "../array/ndarray.ts";
import { describe, formatShape, isSameShape } from "../array/shape.ts";
import { topologicalOrder } from "../graph/order.ts";
import { checkValue, type TensorLike } from "../graph/lift.ts";
import { nameOf, Value } from "../graph/value.ts";
import { values } from "../graph/values.ts";
import { seedOf } from "./backward.ts";
import { sweep } from "./sweep.ts";

const origins = new WeakMap<Value, Value>();

/** The forward value that a value made by `gradient` is the gradient of. */
export const gradientOf = (v: Value): Value | undefined => origins.get(v);

/** One gradient for each value asked for, of the same type: that of a number is a number. */
export type Gradients<Xs extends readonly Value[]> = { -readonly [K in keyof Xs]: Xs[K] };

/**
 * ∂y/∂x for each x of `xs`, as values that can be differentiated again. Touches no `.grad`. An x that y does not use gets zeros
 * of its shape.
 *
 * @param seed the gradient of y itself, of its shape; 1 for a number.
 * @throws RangeError where y is not a number and no seed is passed; TypeError for an x that is a constant.
 * @example
 * const x = value(3, "x");
 * const [dx] = gradient(x.pow(3), [x]); // → Value(27)
 * const [ddx] = gradient(dx, [x]); // → Value(18)
 */
export function gradient<const Xs extends readonly Value[]>(y: Value, xs: Xs, seed?: Value | TensorLike): Gradients<Xs> {
  checkValue("gradient", y);
  if (!Array.isArray(xs)) throw new TypeError(`gradient: expected a list of values, got ${describe(xs)}; write gradient(y, [x])`);
  for (const x of xs as readonly Value[]) {
    checkValue("gradient", x);
    if (!x.takesGradient) throw new TypeError(`gradient: ${nameOf(x)} takes no gradient; make it, or what it depends on, with value(…)`);
  }
  const start = startOf(y, seed);
  const order = topologicalOrder(y, "gradient");
  const gradients = sweep(order, start, values, (node) => node);
  for (const [place, g] of gradients.entries()) if (g !== undefined && !origins.has(g)) origins.set(g, order[place]!);
  const found = (x: Value) => (order[x.place] === x ? gradients[x.place] : undefined) ?? new Value(zerosOf(x.shape), null, null, null);
  return xs.map(found) as unknown as Gradients<Xs>;
}

function startOf(y: Value, seed: Value | TensorLike | undefined): Value {
  if (!(seed instanceof Value)) return new Value(seedOf("gradient", y, seed), null, null, null);
  if (!isSameShape(seed.shape, y.shape))
    throw new RangeError(`gradient: the seed has shape ${formatShape(seed.shape)}, y ${formatShape(y.shape)}; they must agree`);
  return seed;
}

/** Forward mode: how the result of a function changes when its arguments do. A replay of what it recorded with dual numbers. */
import { describe, formatShape, isSameShape } from "../array/shape.ts";
import { nodesOf, topologicalOrder } from "../graph/order.ts";
import { replay } from "../graph/replay.ts";
import { lift, type ValueLike } from "../graph/lift.ts";
import { Value } from "../graph/value.ts";
import { values } from "../graph/values.ts";
import { duals, type Dual } from "../ops/duals.ts";
import { alias, called, type Arguments, type ValueFunction } from "./function.ts";

const dualsOfValues = duals(values);

/**
 * `[y, tangent]`: the result of f, and its rate of change where the arguments change at the rates `tangents`.
 *
 * @param tangents one for each primal, of its shape.
 * @throws RangeError where they are not; Error where data was written since it was used.
 * @example
 * const [y, rate] = jvp((x) => x.square(), [3], [1]); // 9 and 6
 */
export function jvp<A extends readonly Value[]>(
  f: ValueFunction<A>,
  primals: Arguments<A>,
  tangents: { readonly [K in keyof A]: ValueLike },
): [y: Value, tangent: Value] {
  const inputs = listOf("jvp", primals).map((x) => alias("jvp", x));
  const rates = ratesOf("jvp", inputs, listOf("jvp", tangents));
  const y = called("jvp", f, inputs);
  // What was recorded is replayed: a leaf written since would enter with its new data beside the old. The order refuses it.
  topologicalOrder(y, "jvp");
  return [y, pushforward([y], inputs, rates)[0]!];
}

/** @throws TypeError for what is no list. */
export function listOf(operation: string, xs: unknown): readonly ValueLike[] {
  if (!Array.isArray(xs)) throw new TypeError(`${operation}: expected a list of primals and a list of tangents, got ${describe(xs)}`);
  return xs as readonly ValueLike[];
}

/** Tangents as values, of the shapes of `inputs`. */
export function ratesOf(operation: string, inputs: readonly Value[], tangents: readonly ValueLike[]): Value[] {
  if (tangents.length !== inputs.length)
    throw new RangeError(`${operation}: ${inputs.length} primals and ${tangents.length} tangents; each primal needs one`);
  return tangents.map((tangent, i) => {
    const rate = lift(operation, tangent);
    const { shape } = inputs[i]!;
    if (!isSameShape(rate.shape, shape))
      throw new RangeError(
        `${operation}: tangent number ${i} has shape ${formatShape(rate.shape)}, its primal ${formatShape(shape)}; they must agree`,
      );
    return rate;
  });
}

/** The rates of change of `ys` where `inputs` change at `rates`; zeros for a y that does not depend on them. */
export function pushforward(ys: readonly Value[], inputs: readonly Value[], rates: readonly Value[]): Value[] {
  const moving = new Map<Value, Dual<Value>>(inputs.map((primal, i) => [primal, { primal, tangent: rates[i] }]));
  const order = nodesOf(...ys);
  const changes = new Set<Value>(inputs);
  for (const node of order) if (node.inputs.some((x) => changes.has(x))) changes.add(node);
  const dual = replay(order, dualsOfValues, (node) => moving.get(node) ?? (changes.has(node) ? undefined : still(node)));
  return ys.map((y) => dual.get(y)!.tangent ?? values.broadcastTo([new Value(0, null, null, null)], { shape: y.shape }));
}

const still = (primal: Value): Dual<Value> => ({ primal, tangent: undefined });

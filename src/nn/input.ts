/**
 * What a module is given. A flat list, `[value(2), value(3)]` or `[2, 3]`, is one example and goes neuron by neuron through a graph of
 * numbers, as in micrograd; an array or a value holds one example a row and goes through matrix products, as in NumPy.
 */
import { formatShape } from "../array/shape.ts";
import { lift, type ValueLike } from "../graph/lift.ts";
import { Value } from "../graph/value.ts";

/** The inputs of one example. */
export type Example = readonly (Value<number> | number)[];

const isNumberLike = (x: unknown): boolean => typeof x === "number" || (x instanceof Value && x.shape.length === 0);

export const isExample = (x: unknown): x is Example => Array.isArray(x) && x.length > 0 && x.every(isNumberLike);

/** One example as values, plain numbers labelled x1 … xn. @throws RangeError where there are more or fewer than `nIn`. */
export function exampleOf(operation: string, x: Example, nIn: number): Value<number>[] {
  if (x.length !== nIn) throw new RangeError(`${operation}: takes ${nIn} inputs, got a list of ${x.length}`);
  return x.map((xi, i) => labelled(operation, xi, `x${i + 1}`) as Value<number>);
}

/** Rows of examples, (n, nIn), or one, (nIn). */
export function rowsOf(operation: string, x: ValueLike, nIn: number, label = "X"): Value {
  const rows = labelled(operation, x, label);
  if (rows.shape.length === 0 || rows.shape.at(-1) !== nIn)
    throw new RangeError(`${operation}: takes ${nIn} inputs, the last axis of its argument, which has shape ${formatShape(rows.shape)}`);
  return rows;
}

/** A value as it is; numbers as a constant that formulas and drawings find by this label. */
export function labelled(operation: string, x: ValueLike, label: string): Value {
  const v = lift(operation, x);
  return v === x ? v : v.named(label);
}

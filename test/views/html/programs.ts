/** Random programs: lists of small choices, each a new value made from earlier ones, so that uses are shared and repeated. */
import fc from "fast-check";
import { constant, exp, mul, relu, sigmoid, sub, sumOf, tanh, value, where, add, maximum, type Value } from "../../../src/index.ts";

type Maker = (a: Value, b: Value) => Value;

const makers: readonly Maker[] = [
  (a, b) => add(a, b),
  (a, b) => mul(a, b),
  (a, b) => sub(a, b),
  (a, b) => maximum(a, b),
  (a) => tanh(a),
  (a) => sigmoid(a),
  (a) => relu(a),
  (a) => exp(tanh(a)),
  (a) => mul(a, 0),
  (a) => a.square(),
  (a, b) => sumOf([a, b, a]),
  (a, b) => where(a.item() > 0, a, b),
  (a) => mul(a, constant(2)),
];

const step = fc.tuple(fc.nat(makers.length - 1), fc.nat(50), fc.nat(50));

/** A loss that depends on three leaves and everything between. */
export const programs: fc.Arbitrary<Value> = fc
  .tuple(
    fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 }),
    fc.array(step, { minLength: 1, maxLength: 12 }),
  )
  .map(([data, choices]) => {
    const made: Value[] = data.map((x, k) => value(x, `x${k}`));
    for (const [maker, i, j] of choices) made.push(makers[maker]!(made[i % made.length]!, made[j % made.length]!));
    return sumOf(made);
  });

/** A pointwise row applied to tensors, entry by entry; what the tensors algebra and every node of a graph compute with. */
import { map1, map2, mapAll } from "../array/map.ts";
import type { Tensor } from "../array/ndarray.ts";
import { binary, unary } from "./pointwise.ts";
import type { PointwiseRow } from "./row.ts";

export type Entrywise = (...args: Tensor[]) => Tensor;

/**
 * V8 compiles a loop once, for all the functions it is run with: each entry costs a call. Where the function stands in the text, as it
 * does here, the loop is compiled once more with the function inside, and runs four times faster. So the functions that most
 * nodes of a network compute, and whose own work is less than a call, are named.
 */
const inlined: Readonly<Record<string, (a: Tensor, b: Tensor) => Tensor>> = {
  neg: (x) => map1(unary.neg.forward, x),
  square: (x) => map1(unary.square.forward, x),
  relu: (x) => map1(unary.relu.forward, x),
  step: (x) => map1(unary.step.forward, x),
  add: (a, b) => map2(binary.add.forward, a, b),
  sub: (a, b) => map2(binary.sub.forward, a, b),
  mul: (a, b) => map2(binary.mul.forward, a, b),
  div: (a, b) => map2(binary.div.forward, a, b),
  chain: (a, b) => map2(binary.chain.forward, a, b),
};

/** The row's `forward` on every entry. */
export function entrywise(name: string, { forward, partials }: PointwiseRow): Entrywise {
  if (Object.hasOwn(inlined, name)) return inlined[name] as Entrywise;
  const f: (...x: number[]) => number = forward;
  switch (partials.length) {
    case 1:
      return (x) => map1(f, x);
    case 2:
      return (a, b) => map2(f, a, b);
    case 3:
      return (...args) => mapAll(f, args);
  }
}

/** A pointwise row applied to tensors, entry by entry; what the tensors algebra and every node of a graph compute with. */
import { filled1, filled2, map1, map2, mapAll } from "../array/map.ts";
import type { Tensor } from "../array/ndarray.ts";
import { binary, unary } from "./pointwise.ts";
import type { PointwiseRow } from "./row.ts";

export type Entrywise = (...args: Tensor[]) => Tensor;

type Loop1 = (x: Float64Array, out: Float64Array) => void;
type Loop2 = (a: Float64Array, b: Float64Array, out: Float64Array) => void;

/**
 * V8 compiles the loop of `map2` once, for all the functions it is run with: each entry costs a call. A loop that has only ever met one
 * function is compiled with that function inside, and runs four to six times faster. So functions that most nodes of a network
 * compute, and whose own work is less than a call, have a loop each. `forward` is what the row says; the loop only runs it.
 */
const loops1: Readonly<Record<string, Loop1>> = {
  neg: (x, out) => { const { forward } = unary.neg; for (let i = 0; i < out.length; i++) out[i] = forward(x[i]!); },
  square: (x, out) => { const { forward } = unary.square; for (let i = 0; i < out.length; i++) out[i] = forward(x[i]!); },
  relu: (x, out) => { const { forward } = unary.relu; for (let i = 0; i < out.length; i++) out[i] = forward(x[i]!); },
  step: (x, out) => { const { forward } = unary.step; for (let i = 0; i < out.length; i++) out[i] = forward(x[i]!); },
}; // prettier-ignore

const loops2: Readonly<Record<string, Loop2>> = {
  add: (a, b, out) => { const { forward } = binary.add; for (let i = 0; i < out.length; i++) out[i] = forward(a[i]!, b[i]!); },
  sub: (a, b, out) => { const { forward } = binary.sub; for (let i = 0; i < out.length; i++) out[i] = forward(a[i]!, b[i]!); },
  mul: (a, b, out) => { const { forward } = binary.mul; for (let i = 0; i < out.length; i++) out[i] = forward(a[i]!, b[i]!); },
  chain: (a, b, out) => { const { forward } = binary.chain; for (let i = 0; i < out.length; i++) out[i] = forward(a[i]!, b[i]!); },
}; // prettier-ignore

/** The row's `forward` on every entry. */
export function entrywise(name: string, { forward, partials }: PointwiseRow): Entrywise {
  const f: (...x: number[]) => number = forward;
  switch (partials.length) {
    case 1: {
      const loop = Object.hasOwn(loops1, name) ? loops1[name] : undefined;
      return loop === undefined ? (x) => map1(f, x) : (x) => (typeof x === "number" ? f(x) : filled1(loop, x));
    }
    case 2: {
      const loop = Object.hasOwn(loops2, name) ? loops2[name] : undefined;
      if (loop === undefined) return (a, b) => map2(f, a, b);
      return (a, b) => (typeof a === "number" || typeof b === "number" ? map2(f, a, b) : filled2(loop, a, b));
    }
    case 3:
      return (...args) => mapAll(f, args);
  }
}

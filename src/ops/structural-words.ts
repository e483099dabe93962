/** What several rows of structural functions are written with: a gradient spread, a gradient of nothing, a product's terms, LaTeX, examples. */
import type { Upstream } from "../array/matmul.ts";
import type * as reductions from "../array/reduce.ts";
import { keptShape } from "../array/shape.ts";
import type { StructuralExample } from "./row.ts";
import type { Algebra } from "./vocabulary.ts";

const letters = (operands: readonly string[]) => operands.join(", ");
export const operatorname = (name: string) => (operands: readonly string[]) => `\\operatorname{${name}}(${letters(operands)})`;

/** A reduced gradient, spread over the entries it came from. */
export function spread<T>(m: Algebra<T>, g: T, x: T, axes: readonly number[]): T {
  const shape = m.shapeOf(x);
  return m.broadcastTo([m.reshape([g], { shape: keptShape(shape, axes) })], { shape });
}

/** A gradient of 0 for every entry. */
export const none = <T>(m: Algebra<T>, x: T): T => m.broadcastTo([m.identity(0)], { shape: m.shapeOf(x) });

/** One term of a matrix product as a pointwise function of its two factors. */
export function termOfProduct<T>(a: T, b: T, upstream?: Upstream): readonly ["mul" | "chain" | "gradientProduct", T, T] {
  if (upstream === undefined) return ["mul", a, b];
  if (upstream === "both") return ["gradientProduct", a, b];
  return upstream === 0 ? ["chain", a, b] : ["chain", b, a];
}

export const overAxes: readonly StructuralExample<reductions.Reduced>[] = [
  { shapes: [[2, 3]], options: { axes: [1], keepdims: false } },
  { shapes: [[2, 3, 2]], options: { axes: [0, 2], keepdims: true } },
  { shapes: [[4]], options: { axes: [0], keepdims: false } },
  { shapes: [[2, 1]], options: { axes: [], keepdims: false } },
];

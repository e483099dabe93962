/**
 * Leaves that are one entry of another: the weight w₁₂ of a layer's W, as its neurons see it. In a program they are read from the
 * array, and their gradients are put together as the gradient of the array.
 */
import { sizeOf } from "../array/shape.ts";
import { Leaf, type Value } from "../graph/value.ts";
import type { Algebra } from "../ops/vocabulary.ts";
import type { Instruction } from "./program.ts";

type Code = Algebra<Instruction>;

/** The line that reads one entry, counted in a row. */
export function entryLine(m: Code, array: Instruction, index: number): Instruction {
  const row = m.reshape([array], { shape: [sizeOf(array.shape)] });
  return m.reshape([m.slice([row], { ranges: [{ begin: index, step: 1, count: 1 }] })], { shape: [] });
}

/** The gradients of leaves that are entries, by their array and their index in it. */
export function entryGradients(
  order: readonly Value[],
  gradients: readonly (Instruction | undefined)[],
): ReadonlyMap<Value, ReadonlyMap<number, Instruction>> {
  const found = new Map<Value, Map<number, Instruction>>();
  for (const [place, node] of order.entries()) {
    const [entry, gradient] = [node instanceof Leaf ? node.entry() : null, gradients[place]];
    if (entry === null || gradient === undefined) continue;
    const ofArray = found.get(entry.array) ?? new Map<number, Instruction>();
    found.set(entry.array, ofArray.set(entry.index, gradient));
  }
  return found;
}

/** The gradient of an array: its own, if it has one, and those of its entries, each where it belongs. */
export function withEntries(
  m: Code,
  x: Value,
  own: Instruction | undefined,
  entries: ReadonlyMap<number, Instruction> | undefined,
): Instruction | undefined {
  if (entries === undefined) return own;
  const zero = m.identity(0);
  const parts = Array.from({ length: sizeOf(x.shape) }, (_, k) => m.reshape([entries.get(k) ?? zero], { shape: [1] }));
  const together = m.reshape([m.concat(parts, { axis: 0 })], { shape: x.shape });
  return own ? m.add(own, together) : together;
}

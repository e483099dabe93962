/** The lines of a graph of numbers as operations of at most three operands, by number: a sum of many is a chain of additions. */
import { pointwisePrimitives, type PointwisePrimitive } from "../../ops/primitive.ts";
import { rootOf } from "../access.ts";
import type { ElementwiseKernel } from "../kernel.ts";
import { operandsOf, type Instruction } from "../program.ts";
import type { KernelContext } from "./context.ts";

const { add, mul, identity } = pointwisePrimitives;

export class Operations {
  /** The functions that occur. */
  readonly primitives: PointwisePrimitive[] = [];
  /** By operation: its function's place among them. */
  readonly functions: number[] = [];
  /** Operations whose results are read elsewhere, and the address there. */
  readonly results: { readonly place: number; readonly address: number }[] = [];
  /** Of all operations in a row: an address, or the complement ~k of the operation k. */
  readonly operands: number[] = [];
  /** By operation: where its operands begin; those of the next begin where they end. */
  readonly first: number[] = [0];
  readonly #places = new Map<PointwisePrimitive, number>();

  constructor(context: KernelContext, { lines }: ElementwiseKernel) {
    const places = new Int32Array(lines.at(-1)!.index + 1).fill(-1);
    const operandOf = (line: Instruction): number => {
      const root = rootOf(line);
      const place = places[root.index] ?? -1;
      return place < 0 ? context.addressOf(root) : ~place;
    };
    for (const line of lines) {
      const place = this.#append(line, operandsOf(line).map(operandOf)); // prettier-ignore
      places[line.index] = place;
      if (context.stored.has(line)) this.results.push({ place, address: context.addressOf(line) });
    }
  }

  get count(): number {
    return this.functions.length;
  }

  /** The operation that has the line's result. */
  #append({ definition }: Instruction, operands: readonly number[]): number {
    if (definition.kind !== "apply") throw new Error("compile: only a function can be on a tape");
    const { primitive } = definition;
    if (primitive.kind === "pointwise") return this.#push(primitive, operands);
    const half = operands.length / 2;
    const terms = primitive.name === "dot" ? operands.slice(0, half).map((w, i) => ~this.#push(mul, [w, operands[half + i]!])) : operands;
    return terms.length === 1 ? this.#push(identity, terms) : ~terms.reduce((sum, x) => ~this.#push(add, [sum, x]));
  }

  #push(primitive: PointwisePrimitive, operands: readonly number[]): number {
    const known = this.#places.get(primitive) ?? this.primitives.push(primitive) - 1;
    this.#places.set(primitive, known);
    for (const operand of operands) this.operands.push(operand);
    this.first.push(this.operands.length);
    return this.functions.push(known) - 1;
  }
}

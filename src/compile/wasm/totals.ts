/** The sums of all entries of some lines of a loop, each in a register of its own while the loop runs. */
import { rootOf } from "../access.ts";
import type { ElementwiseKernel } from "../kernel.ts";
import { operandsOf, type Instruction } from "../program.ts";
import type { KernelContext } from "./context.ts";
import type { Local } from "./function.ts";
import { horizontalSum } from "./horizontal.ts";
import { bytesOf, type Lanes } from "./lanes.ts";

export class Totals {
  readonly #context: KernelContext;
  readonly #sums: ReadonlyMap<Instruction, Local>;
  /** Bytes of entries; the last vector may have some that are none. */
  readonly #bytes: number;

  /** Before the loop: zeros. */
  constructor(context: KernelContext, { totals, size }: ElementwiseKernel) {
    const { code, precision } = context;
    this.#context = context;
    this.#bytes = size * bytesOf[precision];
    this.#sums = new Map(totals.map((total) => [total, code.local("v128")]));
    for (const sum of this.#sums.values()) code.zeros().set(sum);
  }

  /** The vector of each summed line, `offset` bytes behind the place `linear`. */
  add(vectors: ReadonlyMap<Instruction, Local>, linear: Local, offset: number): void {
    const { code, precision } = this.#context;
    const mask = this.#maskAt(linear, offset);
    for (const [total, sum] of this.#sums) {
      code.get(sum).get(vectors.get(rootOf(operandsOf(total)[0]!))!);
      if (mask !== undefined) code.get(mask).op("v128.and");
      code.op(precision === "f64" ? "f64x2.add" : "f32x4.add").set(sum);
    }
  }

  /** What is entries in this vector, where the last one is only partly: everything in all others. */
  #maskAt(linear: Local, offset: number): Local | undefined {
    const { code } = this.#context;
    const rest = this.#bytes % 16;
    const last = this.#bytes - rest - offset;
    if (rest === 0 || this.#sums.size === 0 || last < 0) return undefined;
    const mask = code.local("v128");
    code.v128(bytes(255)).set(mask);
    code.get(linear).i32(last).op("i32.eq").when(() => code.v128(bytes(255, rest)).set(mask)); // prettier-ignore
    return mask;
  }

  /** After the loop: lanes are added and stored. */
  keep(m: Lanes): void {
    const { code, precision, addressOf } = this.#context;
    for (const [total, sum] of this.#sums) {
      code.i32(0);
      horizontalSum(m, sum);
      code.memory(precision === "f64" ? "f64.store" : "f32.store", addressOf(total));
    }
  }
}

/** 16 bytes, the first `n` of them `x`. */
const bytes = (x: number, n = 16): number[] => Array.from({ length: 16 }, (_, i) => (i < n ? x : 0));

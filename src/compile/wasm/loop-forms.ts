/**
 * Loops of one form, the same functions of operands that lie elsewhere, are written once and then only placed: a network that was built
 * number by number has one loop for each neuron, and what its neurons do is the same.
 */
import { rootOf } from "../access.ts";
import type { ElementwiseKernel } from "../kernel.ts";
import { operandsOf, type Instruction } from "../program.ts";
import type { KernelContext } from "./context.ts";
import { elementwise, numberIn } from "./elementwise.ts";
import { addressUnit, FunctionCode } from "./function.ts";

/** A loop as text that names places in memory by the order in which they occur, and these places by address. */
interface Form {
  readonly text: string;
  readonly places: ReadonlyMap<number, number>;
}

export class LoopForms {
  readonly #written = new Map<string, FunctionCode>();
  readonly #functions = new Map<unknown, number>();

  /** The code of a loop; `contextOf` says what writing a function needs to know. */
  codeOf(kernel: ElementwiseKernel, contextOf: (code: FunctionCode) => KernelContext): FunctionCode {
    const context = contextOf(new FunctionCode([], []));
    const { text, places } = this.#formOf(kernel, context);
    let written = this.#written.get(text);
    if (written === undefined) {
      elementwise({ ...context, addressOf: (line) => places.get(context.addressOf(line))! * addressUnit }, kernel);
      written = context.code;
      this.#written.set(text, written);
    }
    return written.placed([...places.keys()]);
  }

  #formOf({ size, inner, lines, totals }: ElementwiseKernel, { reads, stored, addressOf }: KernelContext): Form {
    const places = new Map<number, number>();
    const placeOf = (line: Instruction): number => {
      const address = addressOf(line);
      const known = places.get(address);
      if (known === undefined) places.set(address, places.size);
      return known ?? places.size - 1;
    };
    const own = new Map<Instruction, number>();
    let text = `${size} ${inner}`;
    for (const line of lines) {
      const { sources, accesses } = reads.of(line);
      text += `;${this.#functionOf(line)}`;
      for (let k = 0; k < sources.length; k++) {
        const [from, access] = [sources[k]!, accesses[k]!];
        const result = access === "linear" ? own.get(from) : undefined;
        const number = numberIn(from);
        if (result !== undefined) text += ` =${result}`;
        else if (number !== undefined) text += ` ${Object.is(number, -0) ? "-0" : number}`;
        else text += ` ${access}${placeOf(from)}`;
      }
      own.set(line, own.size);
      if (stored.has(line)) text += ` >${placeOf(line)}`;
    }
    for (const total of totals) text += `;sum =${own.get(rootOf(operandsOf(total)[0]!))!} >${placeOf(total)}`;
    return { text, places };
  }

  #functionOf({ definition }: Instruction): number {
    if (definition.kind !== "apply") throw new Error("compile: only a function is computed in a loop");
    const { primitive } = definition;
    const key = primitive.kind === "pointwise" ? primitive : primitive.name;
    const known = this.#functions.get(key);
    if (known === undefined) this.#functions.set(key, this.#functions.size);
    return known ?? this.#functions.size - 1;
  }
}

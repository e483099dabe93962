/**
 * A program: one instruction a line, each name bound once, numbers and arrays together. What it computes is said by the
 * primitives of the table; nothing here knows a function or a derivative of its own.
 */
import { isSameTensor, NdArray, type Tensor } from "../array/ndarray.ts";
import type { Shape } from "../array/shape.ts";
import type { Primitive } from "../ops/primitive.ts";
import type { StructuralName, StructuralOptions } from "../ops/vocabulary.ts";
import { Triples } from "./triples.ts";

/** Where an instruction's result comes from. */
export type Definition =
  | { readonly kind: "input"; readonly slot: number }
  | { readonly kind: "constant"; readonly value: Tensor }
  | { readonly kind: "apply"; readonly primitive: Primitive; readonly operands: readonly Instruction[] };

/** One line. It is its own name: operands refer to the instruction itself. */
export interface Instruction {
  /** Its line, before unused ones are dropped; operands always have smaller ones. */
  readonly index: number;
  readonly shape: Shape;
  readonly definition: Definition;
  /** On the way back: the forward line whose gradient this is, or a part of it, or "helper" where it only helps; null on the way forward. */
  gradientOf: Instruction | "helper" | null;
}

/** Lines in order, what comes out, and how many inputs go in. */
export interface Program {
  readonly instructions: readonly Instruction[];
  readonly outputs: readonly Instruction[];
  readonly inputs: readonly Shape[];
}

/** The operands of a line; inputs and constants have none. */
export const operandsOf = ({ definition }: Instruction): readonly Instruction[] => (definition.kind === "apply" ? definition.operands : []);

/** A number for each line of a program, by its index. */
export const numbersOf = ({ instructions }: Program, initial: number): Int32Array =>
  new Int32Array((instructions.at(-1)?.index ?? -1) + 1).fill(initial);

/** The name of the function that computes a line; "" for inputs and constants. */
export const nameOf = ({ definition }: Instruction): string => (definition.kind === "apply" ? definition.primitive.name : "");

/** Whether a line applies this function. */
export const isCallOf = (line: Instruction, name: string): boolean => nameOf(line) === name;

/** The options of a line that applies a function of whole arrays; which one, the caller knows. */
export const optionsOf = <N extends StructuralName>({ definition }: Instruction): StructuralOptions[N] =>
  (definition as { readonly primitive: { readonly options: StructuralOptions[N] } }).primitive.options;

/** The number that a line is known to hold, if it is one. */
export const knownNumber = ({ definition }: Instruction): number | undefined =>
  definition.kind === "constant" && typeof definition.value === "number" ? definition.value : undefined;

/** Constants of more entries are not looked for among those that are there: as many of them, each with its own first entry, are found out soon. */
const largestCompared = 4096;

/** Appends lines, giving the line that is already there where the same function was applied to the same operands. */
export class ProgramBuilder {
  readonly instructions: Instruction[] = [];
  readonly inputs: Shape[] = [];
  readonly #known = new Map<string, Instruction>();
  /** Functions of one or two lines, and the line of each. */
  readonly #small = new Triples();
  readonly #smallLines: Instruction[] = [];
  readonly #identities = new Map<object, number>();
  readonly #constants: Instruction[] = [];

  input(shape: Shape): Instruction {
    this.inputs.push(shape);
    return this.#append(shape, { kind: "input", slot: this.inputs.length - 1 });
  }

  /** A constant; equal small ones are the same line. */
  constant(value: Tensor): Instruction {
    if (typeof value === "number") return this.#once(`number ${Object.is(value, -0) ? "-0" : value}`, [], { kind: "constant", value });
    const known =
      value.size <= largestCompared && this.#constants.find(({ definition: d }) => d.kind === "constant" && isSameTensor(d.value, value));
    if (known) return known;
    const made = this.#append(value.shape, { kind: "constant", value });
    if (value.size <= largestCompared && this.#constants.length < 256) this.#constants.push(made);
    return made;
  }

  /** The line that applies `primitive`, as it is; simplify.ts asks first whether there is a shorter way to say it. */
  apply(primitive: Primitive, operands: readonly Instruction[], shape: Shape): Instruction {
    if (primitive.kind === "structural" || operands.length > 2)
      return this.#once(this.#keyOf(primitive, operands), shape, { kind: "apply", primitive, operands });
    const [a, b] = operands as [Instruction, Instruction | undefined];
    const number = this.#small.numberOf(this.#identity(primitive), a.index, b?.index ?? -1);
    return (this.#smallLines[number] ??= this.#append(shape, { kind: "apply", primitive, operands }));
  }

  /** What the outputs need, nothing else. */
  program(outputs: readonly Instruction[]): Program {
    const isNeeded = this.neededBy(outputs);
    return { instructions: this.instructions.filter(({ index }) => isNeeded[index] === 1), outputs, inputs: this.inputs };
  }

  /** By a line's index: 1 where the outputs need it. */
  neededBy(outputs: readonly Instruction[]): Uint8Array {
    const isNeeded = new Uint8Array(this.instructions.length);
    for (const { index } of outputs) isNeeded[index] = 1;
    for (let i = this.instructions.length - 1; i >= 0; i--)
      if (isNeeded[i] === 1) for (const { index } of operandsOf(this.instructions[i]!)) isNeeded[index] = 1;
    return isNeeded;
  }

  #append(shape: Shape, definition: Definition): Instruction {
    const made: Instruction = { index: this.instructions.length, shape, definition, gradientOf: null };
    this.instructions.push(made);
    return made;
  }

  #once(key: string, shape: Shape, definition: Definition): Instruction {
    const known = this.#known.get(key);
    if (known) return known;
    const made = this.#append(shape, definition);
    this.#known.set(key, made);
    return made;
  }

  #keyOf(primitive: Primitive, operands: readonly Instruction[]): string {
    let key = primitive.kind === "pointwise" ? `f${this.#identity(primitive)}` : primitive.name + this.#optionsKey(primitive.options);
    for (const { index } of operands) key += `,${index}`;
    return key;
  }

  /** Options as text; arrays of indices or conditions by what object they are. */
  #optionsKey(options: object): string {
    return JSON.stringify(options, (_, x: unknown) => (x instanceof NdArray ? `#${this.#identity(x)}` : Object.is(x, -0) ? "-0" : x));
  }

  #identity(x: object): number {
    const known = this.#identities.get(x);
    if (known !== undefined) return known;
    this.#identities.set(x, this.#identities.size);
    return this.#identities.size - 1;
  }
}

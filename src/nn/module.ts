/** What a neuron, a layer and a network have in common: they compute an output from an input with parameters that can be trained. */
import type { ValueLike } from "../graph/lift.ts";
import type { Language } from "../graph/language.ts";
import type { Value } from "../graph/value.ts";

/** What training needs of a model; an object of one's own with these two is one. */
export interface Model {
  /** The output for x, one example a row. */
  forward(x: ValueLike): Value;
  /** Every parameter with its name, in the order of `forward`. */
  namedParameters(): [name: string, parameter: Value][];
}

export abstract class Module implements Model {
  /** The output for x, one example a row. */
  abstract forward(x: ValueLike): Value;

  abstract namedParameters(): [name: string, parameter: Value][];

  /** What it computes, line by line, and what its letters are. */
  abstract formula(options?: { readonly language?: Language }): string;

  /** What training changes: weights and biases, in the order of `forward`. */
  parameters(): Value[] {
    return this.namedParameters().map(([, parameter]) => parameter);
  }

  /** Forgets the gradients of all parameters. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.zeroGrad();
  }
}

/** A layer as the document has it, 5.2: Z = X·W + b and A = f(Z), one example a row, one neuron a column of W. */
import { NdArray, zeros } from "../array/ndarray.ts";
import { checkOptions } from "../graph/options.ts";
import { matmul } from "../graph/products.ts";
import { add } from "../graph/pointwise-functions.ts";
import { scoped } from "../graph/scope.ts";
import { slice, stack } from "../graph/shape-functions.ts";
import type { ValueLike } from "../graph/lift.ts";
import { Leaf, type Value } from "../graph/value.ts";
import type { Random } from "../random/random.ts";
import { activationFunction, activationName, type Activation } from "./activation.ts";
import { entryOf } from "./entry.ts";
import { formulaText, type FormulaPart } from "./formula.ts";
import { initialWeights, type Initialiser, type InitialiserName } from "./init.ts";
import { exampleOf, isExample, rowsOf, type Example } from "./input.ts";
import type { Language } from "../graph/language.ts";
import { Module } from "./module.ts";
import { Neuron } from "./neuron.ts";

/** What a layer can be asked for. */
export interface LayerOptions {
  /** f of A = f(Z); "relu" where none is given. */
  readonly activation?: Activation;
  /** The stream of the first weights. */
  readonly random?: Random;
  /** "normal" where none is given, as the document's; the biases start at 0. */
  readonly init?: InitialiserName | Initialiser;
  /** What follows the letters: "1" for W1, b1, z1 and a1. */
  readonly label?: string;
  /** What formulas call its input; "X" where none is given. */
  readonly input?: string;
}

/**
 * @example
 * const layer = new Layer(2, 3, { random: numpyRandom(42), label: "1" });
 * const a1 = layer.forward([[0, 1], [1, 0]]); // shape [2, 3]
 */
export class Layer extends Module {
  /** The weights, of shape (nIn, nOut). */
  readonly W: Value<NdArray>;
  /** The biases, of shape (1, nOut). */
  readonly b: Value<NdArray>;
  readonly activation: Activation;
  readonly label: string;
  readonly #parameters: readonly [W: Leaf<NdArray>, b: Leaf<NdArray>];
  readonly #input: string;
  readonly #f: (z: Value) => Value;
  #neurons: readonly Neuron[] | undefined;

  constructor(nIn: number, nOut: number, options: LayerOptions = {}) {
    super();
    checkOptions("Layer", options, ["activation", "random", "init", "label", "input"]);
    const { activation = "relu", random, init = "normal", label = "", input = "X" } = options;
    this.#f = activationFunction("Layer", activation);
    const W = new Leaf(initialWeights("Layer", { nIn, nOut }, init, random));
    const b = new Leaf(zeros([1, nOut]));
    this.#parameters = [W, b];
    [this.W, this.b] = [W.named(`W${label}`), b.named(`b${label}`)];
    [this.activation, this.label, this.#input] = [activation, label, input];
  }

  get nIn(): number {
    return this.W.shape[0]!;
  }

  get nOut(): number {
    return this.W.shape[1]!;
  }

  /** Its neurons, each on one column of the same W and b: what is written or accumulated through one shows in the other. */
  get neurons(): readonly Neuron[] {
    return (this.#neurons ??= Array.from({ length: this.nOut }, (_, j) => this.#neuron(j)));
  }

  /** Z = X·W + b, of shape (n, nOut). */
  preactivation(x: ValueLike): Value {
    return this.#scoped(() => this.#z(x));
  }

  /**
   * A = f(Z), of shape (n, nOut). A flat list is one example and goes neuron by neuron: the result is a number where the layer has
   * one neuron, else of shape (nOut).
   */
  override forward(x: Example | ValueLike): Value {
    if (isExample(x)) return joined(this.outputs(x));
    return this.#scoped(() => {
      const z = this.#z(x);
      const a = this.#f(z);
      return a === z ? z : a.named(`a${this.label}`);
    });
  }

  /** The outputs of its neurons for one example. */
  outputs(x: Example): Value<number>[] {
    const inputs = exampleOf(this.#name, x, this.nIn);
    return this.#scoped(() => this.neurons.map((neuron) => neuron.forward(inputs)));
  }

  override namedParameters(): [name: string, parameter: Value][] {
    return [this.W, this.b].map((parameter) => [parameter.label, parameter]);
  }

  override formula({ language = "en" }: { readonly language?: Language } = {}): string {
    return formulaText(language, [this.formulaPart]);
  }

  /** @internal */
  get formulaPart(): FormulaPart {
    const { label, nIn, nOut } = this;
    return { kind: "layer", label, nIn, nOut, input: this.#input, f: activationName(this.activation) };
  }

  get #name(): string {
    return this.label === "" ? "layer" : `layer ${this.label}`;
  }

  #z(x: ValueLike): Value {
    return add(matmul(rowsOf(this.#name, x, this.nIn, this.#input), this.W), this.b).named(`z${this.label}`);
  }

  #scoped<T>(body: () => T): T {
    const { label } = this;
    const z = `${this.#input}·W${label} + b${label}`;
    const formula = this.activation === "linear" ? `z${label} = ${z}` : `a${label} = ${activationName(this.activation)}(${z})`;
    return scoped(this.#name, { kind: "layer", formula, parameters: this.#parameters }, body);
  }

  #neuron(j: number): Neuron {
    const [W, b] = this.#parameters;
    return new Neuron({
      w: Array.from({ length: this.nIn }, (_, i) => entryOf(W, i, j)),
      b: entryOf(b, 0, j),
      column: () => [slice(W, null, [j, j + 1]), slice(b, null, [j, j + 1])] as const,
      activation: this.activation,
      name: `neuron ${j + 1}`,
      labels: { z: `z${this.label}[${j}]`, a: `a${this.label}[${j}]` },
    });
  }
}

/** One output as it is, several side by side. */
export const joined = (outputs: readonly Value<number>[]): Value => (outputs.length === 1 ? outputs[0]! : stack(outputs));

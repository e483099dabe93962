/** A neuron as the document has it, 1.1: z = Σ wᵢxᵢ + b and a = f(z). Alone it owns its weights; in a layer it is a column of W. */
import type { NdArray } from "../array/ndarray.ts";
import { checkOptions } from "../graph/options.ts";
import { dot, matmul } from "../graph/products.ts";
import { add } from "../graph/pointwise-functions.ts";
import { scoped } from "../graph/scope.ts";
import { reshape, stack } from "../graph/shape-functions.ts";
import { value, type ValueLike } from "../graph/lift.ts";
import type { Value } from "../graph/value.ts";
import type { Random } from "../random/random.ts";
import { activationFunction, activationName, type Activation } from "./activation.ts";
import { formulaText } from "./formula.ts";
import { initialWeights, type Initialiser, type InitialiserName } from "./init.ts";
import { exampleOf, isExample, rowsOf, type Example } from "./input.ts";
import type { Language } from "../graph/language.ts";
import { Module } from "./module.ts";

/** What a neuron can be asked for. */
export interface NeuronOptions {
  /** f of a = f(z); "relu" where none is given. */
  readonly activation?: Activation;
  /** The stream of the first weights. */
  readonly random?: Random;
  /** "uniform" where none is given, as micrograd's. */
  readonly init?: InitialiserName | Initialiser;
  /** Its name in drawings; z and a carry it too. */
  readonly label?: string;
}

/** The parameters of a neuron that is part of something larger. */
export interface NeuronParts {
  readonly w: readonly Value<number>[];
  readonly b: Value<number>;
  /** The same weights as a column (nIn, 1) and the same bias as (1, 1), for rows of examples. */
  readonly column: () => readonly [w: Value, b: Value];
  readonly activation: Activation;
  readonly name: string;
  /** What z and a are called. */
  readonly labels: { readonly z: string; readonly a: string };
}

/**
 * @example
 * const neuron = new Neuron(2, { random: pythonRandom(1) });
 * const y = neuron.forward([value(1), value(-2)]);
 */
export class Neuron extends Module {
  /** The weights w₁ … wₙ. */
  readonly w: readonly Value<number>[];
  /** The bias. */
  readonly b: Value<number>;
  readonly activation: Activation;
  readonly #parts: NeuronParts;
  readonly #f: (z: Value) => Value;

  constructor(nIn: number, options?: NeuronOptions);
  /** @internal A view on parameters that exist. */
  constructor(parts: NeuronParts);
  constructor(source: number | NeuronParts, options: NeuronOptions = {}) {
    super();
    this.#parts = typeof source === "object" ? source : ownParts(source, options);
    ({ w: this.w, b: this.b, activation: this.activation } = this.#parts);
    this.#f = activationFunction("Neuron", this.activation);
  }

  get nIn(): number {
    return this.w.length;
  }

  /** z = Σ wᵢxᵢ + b: a number for a list of inputs, (n, 1) for rows (n, nIn). */
  preactivation(x: Example): Value<number>;
  preactivation(x: ValueLike): Value;
  preactivation(x: Example | ValueLike): Value {
    return this.#scoped(() => this.#z(x));
  }

  /** a = f(z), of the shape of z. */
  override forward(x: Example): Value<number>;
  override forward(x: ValueLike): Value;
  override forward(x: Example | ValueLike): Value {
    return this.#scoped(() => {
      const z = this.#z(x);
      const a = this.#f(z);
      return a === z ? z : a.named(this.#parts.labels.a);
    });
  }

  override namedParameters(): [name: string, parameter: Value][] {
    return [...this.w, this.b].map((parameter) => [parameter.label, parameter]);
  }

  override formula({ language = "en" }: { readonly language?: Language } = {}): string {
    const { z, a } = this.#parts.labels;
    return formulaText(language, [{ kind: "neuron", z, a, f: activationName(this.activation), nIn: this.nIn }]);
  }

  #z(x: Example | ValueLike): Value {
    const { name, labels, column } = this.#parts;
    if (isExample(x)) return add(dot(this.w, exampleOf(name, x, this.nIn)), this.b).named(labels.z);
    const rows = rowsOf(name, x, this.nIn);
    const [w, b] = column();
    return add(matmul(rows, w), b).named(labels.z);
  }

  #scoped(body: () => Value): Value {
    const { z, a } = this.#parts.labels;
    const formula = `${a} = ${activationName(this.activation)}(${z}), ${z} = Σ wᵢxᵢ + b`;
    return scoped(this.#parts.name, { kind: "neuron", formula, parameters: [...this.w, this.b] }, body);
  }
}

function ownParts(nIn: number, options: NeuronOptions): NeuronParts {
  checkOptions("Neuron", options, ["activation", "random", "init", "label"]);
  const { activation = "relu", random, init = "uniform", label = "" } = options;
  const weights: NdArray = initialWeights("Neuron", { nIn, nOut: 1 }, init, random);
  const w = Array.from(weights.values, (x, i) => value(x, `w${i + 1}`));
  const b = value(0, "b");
  const name = label === "" ? "neuron" : `neuron ${label}`;
  const column = () => [reshape(stack(w), [nIn, 1]), reshape(b, [1, 1])] as const;
  return { w, b, column, activation, name, labels: { z: `z${label}`, a: `a${label}` } };
}

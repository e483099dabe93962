/** A multilayer perceptron: layers one after another, each taking what the one before gives. */
import { describe } from "../array/shape.ts";
import { checkOptions } from "../graph/options.ts";
import { scoped } from "../graph/scope.ts";
import type { ValueLike } from "../graph/lift.ts";
import type { Value } from "../graph/value.ts";
import type { Random } from "../random/random.ts";
import type { Activation } from "./activation.ts";
import { formulaText } from "./formula.ts";
import type { Initialiser, InitialiserName } from "./init.ts";
import { isExample, labelled, type Example } from "./input.ts";
import { joined, Layer } from "./layer.ts";
import type { Language } from "../graph/language.ts";
import { Module } from "./module.ts";

/** What a network can be asked for. */
export interface MLPOptions {
  /** One for each layer; without them "relu", and "linear" for the last. */
  readonly activations?: readonly Activation[];
  /** The stream of the first weights, layer after layer. */
  readonly random?: Random;
  /** "normal", as the document's, for `new MLP([2, 3, 1])`; "uniform", as micrograd's, for `new MLP(2, [3, 1])`. */
  readonly init?: InitialiserName | Initialiser;
}

/**
 * @example
 * const model = new MLP([2, 3, 1], { activations: ["relu", "sigmoid"], random: numpyRandom(42) }); // the document's, 4.2
 * const other = new MLP(2, [16, 16, 1], { random: pythonRandom(1337) }); // micrograd's demo
 */
export class MLP extends Module {
  readonly layers: readonly Layer[];

  constructor(sizes: readonly number[], options?: MLPOptions);
  constructor(nIn: number, nOuts: readonly number[], options?: MLPOptions);
  constructor(first: number | readonly number[], second?: readonly number[] | MLPOptions, third?: MLPOptions) {
    super();
    const isMicrograd = typeof first === "number";
    const sizes = isMicrograd ? [first, ...sizesOf(second)] : sizesOf(first);
    const options = (isMicrograd ? third : (second as MLPOptions | undefined)) ?? {};
    checkOptions("MLP", options, ["activations", "random", "init"]);
    const { init = isMicrograd ? "uniform" : "normal", random } = options;
    const activations = activationsOf(sizes.length - 1, options.activations);
    this.layers = activations.map((activation, k) => {
      const input = k === 0 ? "X" : outputLabel(activations[k - 1]!, k);
      return new Layer(sizes[k]!, sizes[k + 1]!, { activation, init, label: String(k + 1), input, ...(random && { random }) });
    });
  }

  /**
   * The output of the last layer, of shape (n, nOut). A flat list is one example and goes neuron by neuron: the result is a number
   * where there is one output, else of shape (nOut).
   */
  override forward(x: Example | ValueLike): Value {
    const network = { kind: "network", formula: this.#sizes.join(" → ") } as const;
    if (isExample(x)) return scoped("MLP", network, () => joined(this.#outputs(x)));
    const rows = labelled("MLP", x, "X");
    return scoped("MLP", network, () => this.layers.reduce((a, layer) => layer.forward(a), rows));
  }

  override namedParameters(): [name: string, parameter: Value][] {
    return this.layers.flatMap((layer) => layer.namedParameters());
  }

  override formula({ language = "en" }: { readonly language?: Language } = {}): string {
    return formulaText(language, this.layers.map(({ formulaPart }) => formulaPart)); // prettier-ignore
  }

  get #sizes(): readonly number[] {
    return [this.layers[0]!.nIn, ...this.layers.map(({ nOut }) => nOut)];
  }

  #outputs(x: Example): Value<number>[] {
    const [first, ...rest] = this.layers;
    return rest.reduce((outputs, layer) => layer.outputs(outputs), first!.outputs(x));
  }
}

const outputLabel = (activation: Activation, layer: number): string => (activation === "linear" ? `z${layer}` : `a${layer}`);

function sizesOf(sizes: unknown): readonly number[] {
  if (!Array.isArray(sizes))
    throw new TypeError(`MLP: takes the sizes of its layers as [2, 3, 1], or as 2, [3, 1], got ${describe(sizes)}`);
  return sizes as number[];
}

function activationsOf(layers: number, given: unknown): readonly Activation[] {
  if (layers < 1) throw new RangeError("MLP: needs at least an input size and one layer, as [2, 1]");
  if (given === undefined) return Array.from({ length: layers }, (_, k) => (k < layers - 1 ? "relu" : "linear"));
  if (!Array.isArray(given)) throw new TypeError(`MLP: activations is a list, one for each layer, got ${describe(given)}`);
  const activations = given as readonly Activation[];
  if (activations.length !== layers) throw new RangeError(`MLP: ${layers} layers take ${layers} activations, got ${activations.length}`);
  return activations;
}

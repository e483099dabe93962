/** The examples: the document's network on small data sets. A run gives everything that is printed as one object. */
import { entriesOf, type NdArray } from "../array/ndarray.ts";
import { backward } from "../gradient/backward.ts";
import { kinks } from "../gradient/kinks.ts";
import { nodesOf } from "../graph/order.ts";
import type { Value } from "../graph/value.ts";
import { datasets, type DataSet } from "../nn/datasets.ts";
import { halfSquaredError } from "../nn/losses.ts";
import { MLP } from "../nn/mlp.ts";
import { SGD } from "../nn/sgd.ts";
import { trainAsync } from "../nn/training.ts";
import { numpyRandom } from "../random/numpy-random.ts";
import { documentGradients, parameterNames, type ParameterName } from "./document-gradients.ts";

interface Setting {
  readonly data: () => DataSet;
  readonly hidden: number;
  readonly learningRate: number;
  readonly epochs: number;
}

const truthTable = { hidden: 3, learningRate: 0.1, epochs: 10_000 };

/** The document's (4.2) first; the others differ in their data, and where these need it in width and step. */
export const settings = {
  or: { ...truthTable, data: datasets.or },
  and: { ...truthTable, data: datasets.and },
  xor: { ...truthTable, data: datasets.xor },
  moons: { data: () => datasets.moons(100), hidden: 16, learningRate: 0.01, epochs: 3000 },
  spiral: { data: () => datasets.spiral(100), hidden: 32, learningRate: 0.01, epochs: 6000 },
} as const satisfies Record<string, Setting>;

export type ExampleName = keyof typeof settings;

/** One parameter's gradient at the start, told in two ways. */
export interface Comparison {
  readonly name: ParameterName;
  /** Of the printed loss, by automatic differentiation. */
  readonly autodiff: NdArray;
  /** By the document's formulas. */
  readonly byHand: NdArray;
  /** byHand / autodiff where that is the same in all entries; null where it is not. */
  readonly ratio: number | null;
}

/** The network before its first step. */
export interface ExampleStart {
  readonly name: ExampleName;
  readonly model: MLP;
  readonly data: DataSet;
  /** The printed loss with its graph, gradients and all; drawn before the weights change. */
  readonly loss: Value<number>;
  readonly comparisons: readonly Comparison[];
  /** Entries of z1 that are exactly 0, and what relu' is there. */
  readonly kinks: { readonly count: number; readonly convention: string } | null;
}

export interface ExampleRun extends Pick<ExampleStart, "name" | "comparisons" | "kinks"> {
  readonly sizes: readonly number[];
  readonly rows: number;
  readonly learningRate: number;
  readonly epochs: number;
  /** Whether all epochs were done. */
  readonly ended: "done" | "aborted";
  /** The mean of ½(y − a2)² before every epoch's step. */
  readonly losses: readonly number[];
  /** With the weights after the last step. */
  readonly predictions: NdArray;
  /** Of the last epoch's forward pass, before its step, as the document prints them. */
  readonly lastForward: NdArray;
  readonly labels: NdArray;
}

/** The loss that is printed is a mean; the document steps along the gradient of the sum, without the 1/N. */
const printedLoss = (prediction: Value, y: Value | NdArray): Value<number> => halfSquaredError(prediction, y);
const steppedLoss = (prediction: Value, y: Value): Value => halfSquaredError(prediction, y, { reduction: "sum" });

export function exampleStart(name: ExampleName): ExampleStart {
  const { data, hidden } = settings[name];
  const [X, y] = data();
  const model = new MLP([X.shape[1]!, hidden, 1], { activations: ["relu", "sigmoid"], random: numpyRandom(42) });
  const loss = printedLoss(model.forward(X), y);
  backward(loss);
  return { name, model, data: [X, y], loss, comparisons: comparisonsOf(loss, X, y), kinks: kinksOf(loss) };
}

export async function exampleRun({ name, model, data, comparisons, kinks }: ExampleStart, signal?: AbortSignal): Promise<ExampleRun> {
  const { learningRate, epochs } = settings[name];
  const [X, y] = data;
  const optimizer = new SGD(model.parameters(), { learningRate });
  let lastForward = y;
  const loss = (prediction: Value, target: Value) => {
    lastForward = prediction.payload as NdArray;
    return steppedLoss(prediction, target);
  };
  const { losses, ended } = await trainAsync({ model, loss, data, optimizer, epochs, ...(signal && { signal }) });
  const [rows, sizes] = [X.shape[0]!, [X.shape[1]!, ...model.layers.map(({ nOut }) => nOut)]];
  const predictions = model.forward(X).payload as NdArray;
  const means = losses.map((total) => total / rows);
  return { name, sizes, rows, learningRate, epochs, ended, losses: means, predictions, lastForward, labels: y, comparisons, kinks };
}

function comparisonsOf(start: Value, X: NdArray, y: NdArray): Comparison[] {
  const labelled = new Map(nodesOf(start).map((node) => [node.label, node]));
  const at = (label: string) => labelled.get(label)!.payload as NdArray;
  const hand = documentGradients({ X, y, W2: at("W2"), z1: at("z1"), a1: at("a1"), a2: at("a2") });
  return parameterNames.map((name) => {
    const autodiff = labelled.get(name)!.gradient as NdArray;
    return { name, autodiff, byHand: hand[name], ratio: ratioOf(hand[name], autodiff) };
  });
}

/** hand / autodiff, if it is one number to 1e-9 in every entry that is not 0 in both. */
function ratioOf(hand: NdArray, autodiff: NdArray): number | null {
  const theirs = entriesOf(autodiff);
  const ratios = [...entriesOf(hand)].map((mine, i) => [mine, theirs[i]!] as const).filter(([a, b]) => a !== 0 || b !== 0).map(([a, b]) => a / b); // prettier-ignore
  const [first = NaN] = ratios;
  const isOne = ratios.every((ratio) => Math.abs(ratio - first) <= 1e-9 * Math.abs(first));
  return isOne && Number.isFinite(first) ? first : null;
}

function kinksOf(start: Value): ExampleRun["kinks"] {
  const found = kinks(start);
  return found.length === 0 ? null : { count: found.length, convention: found[0]!.convention };
}

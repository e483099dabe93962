/** The network and data that were chosen, and the loss of a few examples of them as a value to be drawn. */
import { array, entriesOf, type NdArray } from "../array/ndarray.ts";
import type { Value } from "../graph/value.ts";
import { datasets, type DataSet } from "../nn/datasets.ts";
import { halfSquaredError } from "../nn/losses.ts";
import { MLP } from "../nn/mlp.ts";
import { numpyRandom } from "../random/numpy-random.ts";
import type { DataName, State } from "./state.ts";

export interface Network {
  readonly model: MLP;
  readonly data: DataSet;
}

/** So many points of the data sets that are drawn at random. */
export const points = 40;

/** Whether a data set is a truth table of four rows, and not drawn at random. */
export const isTruthTable = (name: DataName): name is "or" | "and" | "xor" => name === "or" || name === "and" || name === "xor";

export function networkOf({ data, hidden, activation, seed }: State): Network {
  const activations = [...hidden.map(() => activation), "sigmoid" as const];
  return { model: new MLP([2, ...hidden, 1], { activations, random: numpyRandom(seed) }), data: dataSetOf(data) };
}

const dataSetOf = (name: DataName): DataSet => (isTruthTable(name) ? datasets[name]() : datasets[name](points));

/** As many examples as the drawing shows entry by entry. */
export const shownExamples = 4;

/** The mean of ½(ŷ − y)² over the first examples. */
export function lossShown({ model, data: [X, y] }: Network): Value {
  const rows = Math.min(shownExamples, X.shape[0]!);
  return halfSquaredError(model.forward(firstRows(X, rows)), firstRows(y, rows)).named("L");
}

const firstRows = (x: NdArray, n: number): NdArray => array([...entriesOf(x)].slice(0, n * x.shape[1]!), [n, x.shape[1]!]);

/** The share of examples on the right side of ½. */
export function accuracyOf({ model, data: [X, y] }: Network): number {
  const predictions = entriesOf(model.forward(X).payload);
  const targets = entriesOf(y);
  let right = 0;
  for (const [i, target] of targets.entries()) if (predictions[i]! >= 0.5 === target >= 0.5) right++;
  return right / targets.length;
}

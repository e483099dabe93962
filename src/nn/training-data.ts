/** The data of a training, cut into batches. */
import { NdArray } from "../array/ndarray.ts";
import { take } from "../array/layout.ts";
import { constant, type TensorLike } from "../graph/lift.ts";
import type { Value } from "../graph/value.ts";
import type { TrainingParts } from "./training-options.ts";

/** One example a row; X of shape (n, inputs), y of n rows. */
export type TrainingData = readonly [X: TensorLike, y: TensorLike];

export interface Batch {
  readonly X: Value;
  readonly y: Value;
  readonly rows: number;
}

/** The batches of each epoch: all rows as they stand, or `batchSize` at a time, in a new order where there is a stream. */
export function batches({ data, batchSize, random }: Pick<TrainingParts, "data" | "batchSize" | "random">): () => Iterable<Batch> {
  const n = data[0].shape[0]!;
  const whole = [wholeBatch(data)];
  return () => (batchSize >= n ? whole : cut(data, batchSize, random?.permutation(n) ?? [...Array(n).keys()]));
}

function* cut([X, y]: readonly [X: NdArray, y: NdArray], batchSize: number, order: readonly number[]): Generator<Batch> {
  for (let begin = 0; begin < order.length; begin += batchSize) {
    const rows = Float64Array.from(order.slice(begin, begin + batchSize));
    yield wholeBatch([rowsAt(X, rows), rowsAt(y, rows)]);
  }
}

/** All rows as one batch. */
export const wholeBatch = ([X, y]: readonly [X: NdArray, y: NdArray]): Batch => ({
  X: constant(X, "X"),
  y: constant(y, "y"),
  rows: X.shape[0]!,
});

const rowsAt = (x: NdArray, rows: Float64Array): NdArray => take(x, new NdArray([rows.length], rows), 0) as NdArray;

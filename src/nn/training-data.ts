/** The data of a training, checked before its first step, and cut into batches. */
import { NdArray, shapeOf, toTensor, type Tensor } from "../array/ndarray.ts";
import { take } from "../array/layout.ts";
import { formatShape } from "../array/shape.ts";
import { constant, type TensorLike } from "../graph/lift.ts";
import type { Value } from "../graph/value.ts";
import { placeIn } from "./targets.ts";
import type { TrainingParts } from "./training-options.ts";

/** One example a row; X of shape (n, inputs), y of n rows. */
export type TrainingData = readonly [X: TensorLike, y: TensorLike];

export interface Batch {
  readonly X: Value;
  readonly y: Value;
  readonly rows: number;
}

/** @throws RangeError for data that are empty, of unequal length, or not finite, with row and column. */
export function checkedData([X, y]: TrainingData): readonly [X: NdArray, y: NdArray] {
  const [inputs, targets] = [checkedRows("X", X), checkedRows("y", y)];
  const [n, m] = [inputs.shape[0]!, targets.shape[0]!];
  if (n !== m) throw new RangeError(`train: X has ${n} rows and y ${m}; every example needs its target`);
  return [inputs, targets];
}

function checkedRows(name: string, data: TensorLike): NdArray {
  const rows: Tensor = toTensor(`train: ${name}`, data);
  if (typeof rows === "number") throw new TypeError(`train: ${name} is the number ${rows}; it needs one row for each example`);
  if (rows.size === 0) throw new RangeError(`train: ${name} is empty, of shape ${formatShape(shapeOf(rows))}`);
  const bad = rows.values.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) throw new RangeError(`train: ${name} has ${rows.values[bad]!}${placeIn(rows, bad)}; a number is needed there`);
  return rows;
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

/** Data of a training, one example a row: checked before its first step, and a bad entry named with its row and column. */
import { NdArray, shapeOf, toTensor, type Tensor } from "../array/ndarray.ts";
import { formatShape } from "../array/shape.ts";
import type { TensorLike } from "./lift.ts";

/** @throws RangeError for data that are empty, of unequal length, or not finite, with row and column. */
export function checkedExamples(operation: string, [X, y]: readonly [X: TensorLike, y: TensorLike]): readonly [X: NdArray, y: NdArray] {
  const [inputs, targets] = [checkedRows(operation, "X", X), checkedRows(operation, "y", y)];
  const [n, m] = [inputs.shape[0]!, targets.shape[0]!];
  if (n !== m) throw new RangeError(`${operation}: X has ${n} rows and y ${m}; every example needs its target`);
  return [inputs, targets];
}

function checkedRows(operation: string, name: string, data: TensorLike): NdArray {
  const rows: Tensor = toTensor(`${operation}: ${name}`, data);
  if (typeof rows === "number") throw new TypeError(`${operation}: ${name} is the number ${rows}; it needs one row for each example`);
  if (rows.size === 0) throw new RangeError(`${operation}: ${name} is empty, of shape ${formatShape(shapeOf(rows))}`);
  const bad = rows.values.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) throw new RangeError(`${operation}: ${name} has ${rows.values[bad]!}${placeIn(rows, bad)}; a number is needed there`);
  return rows;
}

/** " in row 3, column 0" */
export function placeIn(x: Tensor, place: number): string {
  const shape = shapeOf(x);
  if (shape.length === 0) return "";
  const width = shape.slice(1).reduce((size, n) => size * n, 1);
  const row = ` in row ${Math.floor(place / width)}`;
  return shape.length === 1 ? row : `${row}, column ${place % width}`;
}

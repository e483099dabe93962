/**
 * Nested lists read into a shape and flat entries, refusing what is ragged or foreign with the path of the first bad place.
 */
import { describe, type Shape } from "./shape.ts";

/** A number, or lists of lists of numbers. */
export type Nested = number | readonly Nested[];

export function parseNested(operation: string, source: readonly unknown[]): { shape: Shape; values: Float64Array } {
  const shape: number[] = [];
  for (let level: unknown = source; Array.isArray(level); level = (level as unknown[])[0]) {
    if (shape.length === 64) throw new RangeError(`${operation}: lists are nested more than 64 deep`);
    shape.push(level.length);
    if (level.length === 0) break;
  }
  const values = new Float64Array(shape.reduce((size, n) => size * n, 1));
  let filled = 0;
  const read = (level: unknown, depth: number, path: string): void => {
    if (depth === shape.length) {
      if (typeof level !== "number") throw badEntry(operation, level, path);
      values[filled++] = level;
      return;
    }
    if (!Array.isArray(level)) throw badEntry(operation, level, path, shape[depth]);
    if (level.length !== shape[depth]) throw ragged(operation, path, level.length, shape[depth]!);
    for (let i = 0; i < level.length; i++) read(i in level ? level[i] : hole, depth + 1, `${path}[${i}]`);
  };
  read(source, 0, "");
  return { shape, values };
}

const hole = Symbol("a hole");

function badEntry(operation: string, entry: unknown, path: string, size?: number): TypeError {
  const at = path === "" ? "" : ` at ${path}`;
  if (entry === hole) return new TypeError(`${operation}: the list has a hole${at}; every entry must be a number`);
  if (Array.isArray(entry))
    return new TypeError(`${operation}: expected a number${at}, got a list of ${entry.length}; rows are nested to different depths`);
  const expected = size === undefined ? "a number" : `a list of ${size}`;
  return new TypeError(`${operation}: expected ${expected}${at}, got ${describe(entry)}`);
}

const ragged = (operation: string, path: string, got: number, expected: number): RangeError =>
  new RangeError(`${operation}: ragged rows: ${path || "the list"} has ${got} entries, the first one beside it has ${expected}`);

/**
 * Shapes and NumPy's rules about them. A shape is a list of sizes; `[]` is the shape of a number. Those that are made in every step are
 * copied and written to, or written out: to V8 a list from `map` is of another kind, and code that has met one kind is compiled anew.
 */
export type Shape = readonly number[];

/** How many entries; of the axes from `begin` to before `end` where they are given. */
export function sizeOf(shape: Shape, begin = 0, end = shape.length): number {
  // Every array made is asked for its size, and most are matrices.
  if (begin === 0 && end === 2) return shape[0]! * shape[1]!;
  let size = 1;
  for (let axis = begin; axis < end; axis++) size *= shape[axis]!;
  return size;
}

export const formatShape = (shape: Shape): string => `[${shape.join(", ")}]`;

export function isSameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/** How far apart, in a row-major array, two neighbours along each axis lie. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** The place in row-major order of an index that counts from the front. */
export function placeAt(index: readonly number[], shape: Shape): number {
  let place = 0;
  for (const [axis, i] of index.entries()) place = place * shape[axis]! + i;
  return place;
}

/** The index of a place in row-major order. */
export function indexOf(place: number, shape: Shape): number[] {
  const index = new Array<number>(shape.length);
  for (let axis = shape.length - 1, rest = place; axis >= 0; axis--) {
    index[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return index;
}

/** The most entries of an array. */
export const largestSize = 2 ** 32;

/** Refuses sizes that are not whole numbers from 0, and shapes too large to exist. */
export function checkShape(operation: string, shape: unknown): asserts shape is Shape {
  if (!Array.isArray(shape)) throw new TypeError(`${operation}: a shape is a list of sizes, got ${describe(shape)}`);
  for (const n of shape as unknown[]) {
    if (typeof n !== "number" || !Number.isInteger(n) || n < 0)
      throw new RangeError(`${operation}: ${describe(n)} is not a size; sizes are whole numbers from 0`);
  }
  checkSize(operation, shape as number[]);
}

/** Refuses shapes too large to exist. */
export function checkSize(operation: string, shape: Shape): void {
  if (sizeOf(shape) > largestSize) throw new RangeError(`${operation}: shape ${formatShape(shape)} has more than 2^32 entries`);
}

/** Whether `a` stretches to `b`; most often it does, and `b` is the shape that both have then. */
function isWithin(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  const missing = b.length - a.length;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== 1 && a[axis] !== b[axis + missing]) return false;
  return missing >= 0;
}

/** The shape two shapes stretch to, aligned at their last axes, where sizes agree or one of them is 1 (NumPy's rule). */
export function broadcastShape(operation: string, a: Shape, b: Shape): Shape {
  if (isWithin(b, a)) return a;
  if (isWithin(a, b)) return b;
  const rank = Math.max(a.length, b.length);
  const shape = (a.length < rank ? b : a).slice();
  for (let last = 1; last <= rank; last++) {
    const n = a[a.length - last] ?? 1;
    const m = b[b.length - last] ?? 1;
    if (n !== m && n !== 1 && m !== 1) {
      const where = last === 1 ? `last axes ${n} and ${m}` : `axes ${n} and ${m}, number ${last} from the end`;
      throw new RangeError(`${operation}: shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast (${where})`);
    }
    shape[rank - last] = n === 1 ? m : n;
  }
  checkSize(operation, shape);
  return shape;
}

/** One axis, counted from the front; −1 is the last. */
export function normalAxis(operation: string, axis: number, shape: Shape): number {
  if (!Number.isInteger(axis) || axis < -shape.length || axis >= shape.length)
    throw new RangeError(
      `${operation}: axis ${describe(axis)} does not exist in shape ${formatShape(shape)}` +
        (shape.length ? `; axes go from ${-shape.length} to ${shape.length - 1}` : "; a number has no axes"),
    );
  return axis < 0 ? axis + shape.length : axis;
}

const axesOfRank: number[][] = [];

/** 0, 1, …, rank − 1. */
const everyAxis = (rank: number): readonly number[] => (axesOfRank[rank] ??= Array.from({ length: rank }, (_, k) => k));

/** The axes of a reduction, ascending; no axis given means all of them. */
export function normalAxes(operation: string, axis: number | readonly number[] | null | undefined, shape: Shape): readonly number[] {
  if (axis === undefined || axis === null) return everyAxis(shape.length);
  if (typeof axis !== "number" && !Array.isArray(axis))
    throw new TypeError(`${operation}: axis is a number or a list of numbers, got ${describe(axis)}`);
  const axes = (typeof axis === "number" ? [axis] : [...(axis as readonly number[])]).map((k) => normalAxis(operation, k, shape));
  if (new Set(axes).size !== axes.length)
    throw new RangeError(`${operation}: axis [${String(axis)}] names the same axis twice in shape ${formatShape(shape)}`);
  return axes.sort((a, b) => a - b);
}

/** The shape after a reduction that keeps each reduced axis with size 1. */
export function keptShape(shape: Shape, axes: readonly number[]): Shape {
  const kept = shape.slice();
  for (const axis of axes) kept[axis] = 1;
  return kept;
}

/** The shape after a reduction that drops the reduced axes. */
export const droppedShape = (shape: Shape, axes: readonly number[]): Shape => shape.filter((_, k) => !axes.includes(k));

/** A foreign value named for an error message: `"3" (a string)`, `null`, `2.5`. */
export function describe(x: unknown): string {
  if (typeof x === "string") return `${JSON.stringify(x.length > 30 ? `${x.slice(0, 30)}…` : x)} (a string)`;
  if (typeof x === "bigint") return `${String(x)}n (a bigint)`;
  if (typeof x === "boolean") return `${String(x)} (a boolean)`;
  if (typeof x === "function") return "a function";
  if (Array.isArray(x)) return `a list of ${x.length}`;
  if (typeof x === "object" && x !== null) return `an object (${className(x)})`;
  return String(x);
}

function className(x: object): string {
  const { constructor } = x as { constructor?: unknown };
  return typeof constructor === "function" ? constructor.name : "no prototype";
}

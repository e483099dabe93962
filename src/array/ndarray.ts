/**
 * `NdArray`: numbers with a shape, row-major, float64. A scalar is a plain JavaScript number instead, so that
 * `x.data` shows `2` to someone who typed 2; `Tensor` is either, and the union is opened in this folder only.
 */
import { checkShape, describe, formatShape, isSameShape, placeAt, sizeOf, type Shape } from "./shape.ts";
import { parseNested, type Nested } from "./nested.ts";

export type TypedArray = Float64Array | Float32Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array;

/** Numbers with a shape: `values` has the entries row by row. Made by `array`, `zeros`, `ones`, `full`, `arange`, `linspace`. */
export class NdArray {
  readonly shape: Shape;
  readonly values: Float64Array;

  /** Takes `values` as they are, without a copy; `array` copies. Throws when the shape asks for another number of entries. */
  constructor(shape: Shape, values: Float64Array) {
    if (sizeOf(shape) !== values.length)
      throw new RangeError(`array: shape ${formatShape(shape)} has ${sizeOf(shape)} entries, got ${values.length}`);
    this.shape = shape;
    this.values = values;
  }

  get size(): number {
    return this.values.length;
  }

  /** The entry at a full index; negative places count from the end. */
  at(...index: number[]): number {
    if (index.length !== this.shape.length) throw new RangeError(`at: ${index.length} places given for shape ${formatShape(this.shape)}`);
    return this.values[placeAt(index.map((i, axis) => normalIndex("at", i, this.shape, axis)), this.shape)]!; // prettier-ignore
  }

  /** The entries as nested lists. */
  toArray(): Nested {
    return nest(this.values, this.shape, 0, 0);
  }

  /** `array([[1,2],[3,4]])`, as one would type it. */
  toString(): string {
    return `array(${JSON.stringify(this.toArray(), (_, x: unknown) => (typeof x === "number" && !Number.isFinite(x) ? String(x) : x))})`;
  }

  /** Nested lists, so that `JSON.stringify` writes the numbers. */
  toJSON(): Nested {
    return this.toArray();
  }

  /** Refuses JavaScript's own arithmetic, which would compute text. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    throw new TypeError(`an array of shape ${formatShape(this.shape)} is not a number; use add, mul, … of cadena`);
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.size <= 64 ? this.toString() : `array of shape ${formatShape(this.shape)}`;
  }
}

/** A number, or an array of numbers. */
export type Tensor = number | NdArray;

/** A place along one axis, negative from the end, checked. */
export function normalIndex(operation: string, i: number, shape: Shape, axis: number): number {
  const n = shape[axis]!;
  if (!Number.isInteger(i) || i < -n || i >= n)
    throw new RangeError(`${operation}: index ${describe(i)} is outside axis ${axis} of shape ${formatShape(shape)}`);
  return i < 0 ? i + n : i;
}

function nest(values: Float64Array, shape: Shape, axis: number, offset: number): Nested {
  if (axis === shape.length) return values[offset]!;
  const stride = sizeOf(shape.slice(axis + 1));
  return Array.from({ length: shape[axis]! }, (_, i) => nest(values, shape, axis + 1, offset + i * stride));
}

const scalar: Shape = [];

/** The shape of a number is `[]`. */
export const shapeOf = (x: Tensor): Shape => (typeof x === "number" ? scalar : x.shape);

/** The entries of a tensor in row-major order; a number has one. */
export const entriesOf = (x: Tensor): Float64Array => (typeof x === "number" ? Float64Array.of(x) : x.values);

/** Entries and shape as a tensor: a number where the shape is `[]`. */
export const tensor = (shape: Shape, values: Float64Array): Tensor => (shape.length === 0 ? values[0]! : new NdArray(shape, values));

/** A tensor nobody else holds. `slice` takes longer to begin than a few entries take to copy. */
export function copied(x: Tensor): Tensor {
  if (typeof x === "number") return x;
  const { values } = x;
  if (values.length > 32) return new NdArray(x.shape, values.slice());
  const entries = new Float64Array(values.length);
  for (let i = 0; i < entries.length; i++) entries[i] = values[i]!;
  return new NdArray(x.shape, entries);
}

const isTypedArray = (x: unknown): x is TypedArray =>
  ArrayBuffer.isView(x) && !(x instanceof DataView) && !(x instanceof BigInt64Array) && !(x instanceof BigUint64Array);

/** What is accepted as numbers: a number, nested lists, an NdArray, a typed array. Copied; foreign things are refused by name. */
export function toTensor(operation: string, source: unknown): Tensor {
  if (typeof source === "number") return source;
  if (source instanceof NdArray) return source.shape.length === 0 ? source.values[0]! : copied(source);
  if (isTypedArray(source)) return new NdArray([source.length], Float64Array.from(source));
  if (Array.isArray(source)) return tensorOf(parseNested(operation, source));
  throw new TypeError(`${operation}: expected a number, a list of numbers, an NdArray or a typed array, got ${describe(source)}`);
}

const tensorOf = ({ shape, values }: { shape: Shape; values: Float64Array }): NdArray => new NdArray(shape, values);

/**
 * An array from nested lists, or from a flat list and a shape.
 *
 * @throws RangeError for ragged rows (naming the first), or a shape of another size; TypeError for entries that are not numbers.
 * @example
 * array([[1, 2], [3, 4]]).at(1, 0); // 3
 */
export function array(source: Nested | NdArray | TypedArray, shape?: Shape): NdArray {
  const x = toTensor("array", source);
  if (shape === undefined) {
    if (typeof x === "number") throw new TypeError(`array: ${x} is a number; an array needs a list, as [${x}]`);
    return x;
  }
  checkShape("array", shape);
  if (shape.length === 0) throw new RangeError("array: shape [] is that of a plain number");
  return new NdArray([...shape], entriesOf(x));
}

function filled(operation: string, shape: Shape | number, x: number): NdArray {
  const sizes = typeof shape === "number" ? [shape] : shape;
  checkShape(operation, sizes);
  if (sizes.length === 0) throw new RangeError(`${operation}: shape [] is that of a plain number`);
  if (typeof x !== "number") throw new TypeError(`${operation}: expected a number to fill with, got ${describe(x)}`);
  return new NdArray([...sizes], new Float64Array(sizeOf(sizes)).fill(x));
}

/** An array of one number, `x`, everywhere. */
export const full = (shape: Shape | number, x: number): NdArray => filled("full", shape, x);
/** An array of zeros of this shape, or of this length. */
export const zeros = (shape: Shape | number): NdArray => filled("zeros", shape, 0);
/** An array of ones of this shape, or of this length. */
export const ones = (shape: Shape | number): NdArray => filled("ones", shape, 1);

/**
 * 0, 1, …, n − 1; with an end, from the first number to before it by steps, as NumPy's.
 *
 * @throws RangeError for sizes that are none, and a step of 0.
 */
export function arange(n: number, end?: number, step = 1): NdArray {
  const [begin, size] = end === undefined ? [0, n] : [n, Math.max(0, Math.ceil((end - n) / step))];
  if (step === 0) throw new RangeError("arange: a step of 0 does not move");
  checkShape("arange", [size]);
  return new NdArray(
    [size],
    Float64Array.from({ length: size }, (_, i) => begin + i * step),
  );
}

/** `n` numbers from `a` to `b`, both included, evenly apart. */
export function linspace(a: number, b: number, n = 50): NdArray {
  checkShape("linspace", [n]);
  for (const end of [a, b]) if (typeof end !== "number") throw new TypeError(`linspace: expected a number, got ${describe(end)}`);
  const at = (i: number) => (i === n - 1 && n > 1 ? b : a + (b - a) * (i / Math.max(n - 1, 1)));
  return new NdArray(
    [n],
    Float64Array.from({ length: n }, (_, i) => at(i)),
  );
}

/** A tensor of zeros of this shape: the number 0 for `[]`. */
export const zerosOf = (shape: Shape): Tensor => (shape.length === 0 ? 0 : new NdArray(shape, new Float64Array(sizeOf(shape))));

/** Whether two tensors have the same shape and the same entries, −0 apart from 0 and NaN equal to NaN. */
export function isSameTensor(a: Tensor, b: Tensor): boolean {
  if (!isSameShape(shapeOf(a), shapeOf(b))) return false;
  const theirs = entriesOf(b);
  return entriesOf(a).every((x, i) => Object.is(x, theirs[i]));
}

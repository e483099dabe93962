/**
 * `Value`: a number or an array that remembers what it was computed from. Kept small, because a graph of scalars has a
 * million of them: the fields a sweep needs, and nothing that a drawing alone asks for.
 */
import { copied, NdArray, shapeOf, toTensor, zerosOf, type Tensor } from "../array/ndarray.ts";
import type { Nested } from "../array/nested.ts";
import { describe, formatShape, isSameShape, type Shape } from "../array/shape.ts";
import { symbolOf, type Primitive } from "../ops/primitive.ts";
import { never, now, tick, type Moment } from "./moment.ts";
import { plainText } from "./plain-text.ts";
import { currentScope, type Scope } from "./scope.ts";
import { currentTracer } from "./tracer.ts";

/** A number or an array that remembers what it was computed from. Made by `value` and `constant`, and by computing with values. */
export class Value<P extends Tensor = Tensor> {
  /** @internal The data itself, not a copy. */
  payload: P;
  /** @internal What computed it; null for leaves and constants. */
  readonly primitive: Primitive | null;
  /** @internal The first input. */
  readonly a: Value | null;
  /** @internal The second input. */
  readonly b: Value | null;
  /** @internal When it was computed or last swept; `never` where it takes no gradient. */
  swept: Moment;
  /** @internal Its index in the order of that sweep. */
  place = 0;
  /** @internal */
  readonly scope: Scope | null;

  /** @internal Values come from `value`, `constant` and the operations. */
  constructor(payload: P, primitive: Primitive | null, a: Value | null, b: Value | null) {
    this.payload = payload;
    this.primitive = primitive;
    this.a = a;
    this.b = b;
    this.swept = a === null || (a.swept === never && (b === null || b.swept === never)) ? never : now();
    this.scope = currentScope();
  }

  /** @internal The gradient of the last sweep; on leaves, accumulated. It stays where the sweep left it, so that a node stays small. */
  get gradient(): Tensor | null {
    return this.swept.gradients?.[this.place] ?? null;
  }

  /** @internal */
  set gradient(gradient: Tensor | null) {
    if (this.swept === never) return;
    this.swept = { clock: this.swept.clock, gradients: gradient === null ? null : [gradient] };
    this.place = 0;
  }

  /** The number, or a copy of the array. */
  get data(): P {
    currentTracer()?.reads(this, ".data");
    return copied(this.payload) as P;
  }

  /** Writes a leaf's data, of the same shape; so one writes an optimiser by hand. Records made before are stale from now on. */
  set data(data: P) {
    currentTracer()?.writes(this, ".data");
    this.write(data);
  }

  /** @internal */
  write(data: unknown): void {
    const reason = this.primitive ? `it was computed by ${this.op}` : "it is a constant";
    throw new TypeError(`data: ${nameOf(this)} cannot be set to ${describe(data)}: ${reason}. Only leaves made by value(…) can be written`);
  }

  /** The gradient of the last sweep, accumulated over sweeps on leaves; 0 or zeros before any. */
  get grad(): P {
    currentTracer()?.reads(this, ".grad");
    return copied(this.gradient ?? zerosOf(this.shape)) as P;
  }

  /** Writes the gradient; null, or `zeroGrad()`, clears it. */
  set grad(gradient: P | null) {
    if (gradient !== null && !this.takesGradient)
      throw new TypeError(`grad: ${nameOf(this)} takes no gradient; make it, or what it depends on, with value(…)`);
    this.gradient = gradient === null ? null : checkedLike("grad", this, gradient);
  }

  /** Whether a sweep has reached it since the last `zeroGrad`. */
  get hasGrad(): boolean {
    return this.gradient !== null;
  }

  /** Forgets the gradient: it reads as 0 again, and the next sweep starts from there. */
  zeroGrad(): void {
    this.gradient = null;
  }

  /** `[]` for a number: a list of its own, for an axis pushed onto one that all numbers share would be one of each. */
  get shape(): Shape {
    const { payload } = this as Value;
    return typeof payload === "number" ? [] : payload.shape;
  }

  /** The name of the operation that computed it; "" for leaves and constants. */
  get op(): string {
    return this.primitive?.name ?? "";
  }

  /** What it was computed from, with multiplicity: x·x has x twice. */
  get inputs(): readonly Value[] {
    if (this.a === null) return [];
    return this.b === null ? [this.a] : [this.a, this.b];
  }

  get label(): string {
    return labels.get(this) ?? "";
  }

  set label(label: string) {
    if (typeof label !== "string") throw new TypeError(`label: a label is a string, got ${describe(label)}`);
    labels.set(this, label);
  }

  /** Labels a computed value and returns it. */
  named(label: string): this {
    this.label = label;
    return this;
  }

  /** Whether it can get a gradient: it is, or depends on, a leaf. */
  get takesGradient(): boolean {
    return this.swept !== never;
  }

  /** The one number of a value of one entry. Throws for more. */
  item(): number {
    currentTracer()?.reads(this, ".item");
    const { payload } = this as Value;
    if (typeof payload === "number") return payload;
    if (payload.size !== 1) throw new RangeError(`item: ${nameOf(this)} has shape ${formatShape(this.shape)}; item needs one entry`);
    return payload.values[0]!;
  }

  /** The data as a number or nested lists. */
  toArray(): Nested {
    currentTracer()?.reads(this, ".toArray");
    const { payload } = this as Value;
    return typeof payload === "number" ? payload : payload.toArray();
  }

  /** A constant with the same data: no gradient passes it. Its entries are its own, so that keeping it keeps nothing else. */
  detach(): Value<P> {
    const made = new Value(copied(this.payload) as P, null, null, null);
    currentTracer()?.detaches(this, made);
    return made;
  }

  /** `Value(3, "x")`: the data, or the shape of a large array, and the label. */
  toString(): string {
    currentTracer()?.reads(this, "the text");
    return textOf(this);
  }

  /** The data as a number or nested lists, so that `JSON.stringify` writes the numbers. */
  toJSON(): Nested {
    return this.toArray();
  }

  /** Refuses JavaScript's own arithmetic, which would compute text. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    throw new TypeError(`${nameOf(this)} is not a number, so JavaScript's own + - * / < do not work on it; write x.add(1), or use x.data`);
  }

  /** What `console.log` prints is for people, also while a function is traced. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return textOf(this);
  }
}

const labels = new WeakMap<Value, string>();

/** A value that somebody wrote down: an input or a parameter. */
export class Leaf<P extends Tensor = Tensor> extends Value<P> {
  /** @internal The clock at the last write. */
  written: number;
  #gradient: Tensor | null = null;

  constructor(payload: P) {
    super(payload, null, null, null);
    this.swept = now();
    this.written = now().clock;
  }

  override get gradient(): Tensor | null {
    return this.#gradient;
  }

  override set gradient(gradient: Tensor | null) {
    this.#gradient = gradient;
  }

  /** @internal The array that it is one entry of, and which, counted in a row; null where its data is its own. */
  entry(): { readonly array: Leaf<NdArray>; readonly index: number } | null {
    return null;
  }

  override write(data: unknown): void {
    this.payload = checkedLike("data", this, data) as P;
    this.written = tick();
  }
}

/** A value of any other number of inputs than one or two. */
export class NaryValue<P extends Tensor = Tensor> extends Value<P> {
  /** @internal */
  readonly operands: readonly Value[];

  constructor(payload: P, primitive: Primitive, operands: readonly Value[]) {
    super(payload, primitive, null, null);
    this.operands = operands;
    this.swept = operands.some((x) => x.swept !== never) ? now() : never;
  }

  override get inputs(): readonly Value[] {
    return [...this.operands];
  }
}

function checkedLike(what: string, owner: Value, data: unknown): Tensor {
  const tensor = toTensor(what, data);
  if (!isSameShape(shapeOf(tensor), owner.shape))
    throw new RangeError(`${what}: ${nameOf(owner)} has shape ${formatShape(owner.shape)}, got ${formatShape(shapeOf(tensor))}`);
  return tensor;
}

const textOf = (v: Value): string => `Value(${contentOf(v)}${v.label === "" ? "" : `, ${JSON.stringify(v.label)}`})`;

function contentOf(v: Value): string {
  const { payload } = v;
  if (typeof payload === "number") return Object.is(payload, -0) ? "-0" : String(payload);
  return payload.size <= 16 ? String(payload).slice("array(".length, -1) : `shape ${formatShape(payload.shape)}`;
}

/** A value as errors name it: its label, or what it is. */
export function nameOf(v: Value): string {
  if (v.label !== "") return JSON.stringify(plainText(v.label));
  if (v.primitive) return `the result of ${v.op}`;
  return v instanceof Leaf ? "an unnamed value" : "a constant";
}

/** The sign a drawing shows for what computed a value; "" for leaves. */
export const signOf = (v: Value): string => (v.primitive ? symbolOf(v.primitive) : "");

// V8 learns from the first objects of a class what its fields hold. Had it met only numbers, it would keep every payload in a box that
// belongs to the field, and box it once more wherever it is read; so the first value of all holds an array.
new Value(new NdArray([0], new Float64Array(0)), null, null, null);

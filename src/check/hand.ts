/**
 * Hand gradients as people give them: under a label or under names such as dW2, dL_dW2, ∂L/∂W2; as numbers, as functions, or as
 * formulas that use the values and the other hand gradients by name; each shape as they lay it out.
 */
import { entriesOf, NdArray, shapeOf, toTensor, type Tensor } from "../array/ndarray.ts";
import { formatShape, isSameShape, sizeOf, type Shape } from "../array/shape.ts";
import { parseFormula, type Formula } from "../formula/formula.ts";
import { nodesOf } from "../graph/order.ts";
import { constant, Value, type TensorLike, type ValueLike } from "../graph/value.ts";
import { tensors } from "../ops/tensors.ts";
import { noiseAmong, shakers, reshaped, resolutionOf } from "./agreement.ts";

/** The labelled values of the graph, and the hand gradients under their names, for a gradient given as a function. */
export type Given = Readonly<Record<string, Value>>;

/** One hand-derived gradient: numbers, a formula such as `"(a2 - y) * a2 * (1 - a2)"`, or a function of what is labelled. */
export type HandGradient = TensorLike | Value | ((given: Given) => ValueLike);

/** Hand gradients by label or by value; or the whole backward pass as statements, `dz2 = …; dW2 = …`. */
export type HandGradients = Readonly<Record<string, HandGradient | string>> | ReadonlyMap<string | Value, HandGradient | string> | string;

export type Layout = "same" | "flat" | "number" | "transposed" | "other";

/** A hand gradient with the value it belongs to. */
export interface Hand {
  /** As it was given: "dL_dW2". */
  readonly key: string;
  readonly target: Value;
  /** As given. */
  readonly raw: Tensor;
  /** In the shape of the value; undefined where it does not fit. */
  readonly fitted: Tensor | undefined;
  readonly layout: Layout;
  /** How far rounding may have moved its entries, and how far their last written digit reaches. */
  readonly noise: Float64Array;
  readonly resolution: Float64Array;
  /** Computes it again at another point; undefined for numbers. */
  readonly recompute: ((read: (node: Value) => Tensor) => Tensor) | undefined;
}

/**
 * @param also what formulas may use beside the labels of the graph.
 * @throws ReferenceError for a name that no value of the graph has; FormulaError for a formula that cannot be read.
 */
export function handsOf(loss: Value, mine: HandGradients, also: ReadonlyMap<string, Value> = new Map()): Hand[] {
  const labelled = new Labelled(loss, also);
  const given = entriesGiven(mine, labelled);
  const payload = (node: Value) => node.payload;
  const book = new Book(labelled, given, payload);
  const shakenBooks = shakers().map(
    (shake) =>
      new Book(
        labelled,
        given,
        remembered((node) => shake(node.payload)),
      ),
  );
  return given.map((entry) => book.hand(entry, shakenBooks));
}

interface Entry {
  readonly key: string;
  readonly target: Value;
  readonly source: HandGradient | Formula;
  /** The statement of a whole backward pass that computes it. */
  readonly statement?: string;
}

const isFormula = (source: Entry["source"]): source is Formula => typeof source === "object" && "evaluate" in source && "free" in source;

function entriesGiven(mine: HandGradients, labelled: Labelled): Entry[] {
  if (typeof mine === "string") return entriesOfProgram(parseFormula(mine), labelled);
  const pairs: (readonly [string | Value, HandGradient | string])[] = mine instanceof Map ? [...mine] : Object.entries(mine as Record<string, HandGradient | string>); // prettier-ignore
  const entries = pairs.map(([key, source]): Entry => {
    const target = key instanceof Value ? key : labelled.target(key);
    const name = key instanceof Value ? key.label || "(unnamed)" : key;
    return { key: name, target, source: typeof source === "string" ? parseFormula(source) : source };
  });
  if (entries.length === 0) throw new RangeError("compareGradients: no hand gradient is given; name at least one, as { W2: … }");
  const seen = new Map<Value, string>();
  for (const { key, target } of entries) {
    if (seen.has(target)) throw new RangeError(`compareGradients: ${JSON.stringify(seen.get(target))} and ${JSON.stringify(key)} name the same value`); // prettier-ignore
    seen.set(target, key);
  }
  return entries;
}

function entriesOfProgram(formula: Formula, labelled: Labelled): Entry[] {
  const entries: Entry[] = [];
  for (const name of formula.assigned) {
    const target = labelled.find(name);
    if (target !== undefined && !labelled.byLabel.has(name)) entries.push({ key: name, target, source: formula, statement: name });
  }
  if (entries.length === 0)
    throw new ReferenceError(
      `compareGradients: no statement names a gradient, as dW2 = …; the graph has the labels ${labelled.list()}, the text assigns ${formula.assigned.join(", ")}`,
    );
  return entries;
}

/** The labelled values of a graph, and the names their gradients go by. */
class Labelled {
  readonly byLabel = new Map<string, Value>();
  readonly nodes: readonly Value[];
  private readonly repeated = new Set<string>();

  constructor(loss: Value, also: ReadonlyMap<string, Value>) {
    this.nodes = nodesOf(loss);
    for (const [name, value] of also) this.byLabel.set(name, value);
    for (const node of this.nodes) {
      if (node.label === "") continue;
      const other = this.byLabel.get(node.label);
      if (other !== undefined && other !== node) this.repeated.add(node.label);
      this.byLabel.set(node.label, node);
    }
  }

  /** The value whose gradient goes by this name. */
  target(key: string): Value {
    const found = this.find(key);
    if (found === undefined)
      throw new ReferenceError(`compareGradients: no value of the graph is labelled ${JSON.stringify(key)}; its labels are ${this.list()}`);
    if (!found.takesGradient)
      throw new TypeError(`compareGradients: ${JSON.stringify(found.label)} is a constant and has no gradient; make it with value(…)`);
    return found;
  }

  find(key: string): Value | undefined {
    const names = [key, ...gradientNames(key)];
    for (const name of names) {
      const found = this.byLabel.get(name);
      if (found === undefined) continue;
      if (this.repeated.has(name))
        throw new RangeError(`compareGradients: several values are labelled ${JSON.stringify(name)}; give a Map from the value itself`);
      return found;
    }
    const folded = new Set(names.map(fold));
    const alike = [...this.byLabel.keys()].filter((label) => folded.has(fold(label)));
    return alike.length === 1 ? this.byLabel.get(alike[0]!) : undefined;
  }

  list(): string {
    const labels = [...this.byLabel.keys()].map((label) => JSON.stringify(label));
    return labels.length === 0 ? "none (label values with .named(…))" : labels.slice(0, 30).join(", ") + (labels.length > 30 ? ", …" : "");
  }
}

/** Case and underscores do not matter where nothing fits exactly. */
const fold = (name: string): string => name.replace(/[_\s{}[\]()]/g, "").toLowerCase();

const spellings: readonly RegExp[] = [
  /^(?:d|∂|D)[A-Za-z]*?_?\/?_?(?:d|∂)_?(.+)$/u, // dL_dW2, dLdW2, dloss_dW2, ∂L/∂W2, dL/dW2
  /^(?:d|∂|delta_?|δ_?|grad_?|g_|∇_?)(.+)$/iu, // dW2, delta2, grad_W2
  /^(.+?)(?:_?grad|_?gradient|\.grad|_?bar|_?delta)$/iu, // W2_grad, W2.grad
];

/** The labels that a name may mean the gradient of. A bare number after delta is that of a preactivation: δ2 is ∂L/∂z2. */
export function gradientNames(key: string): string[] {
  const found = spellings.flatMap((pattern) => pattern.exec(key)?.[1] ?? []);
  return found.flatMap((name) => (/^\d+$/.test(name) ? [`z${name}`, `z_${name}`] : [name]));
}

/** Works out each hand gradient once, those that others use first. */
class Book {
  private readonly made = new Map<Entry, Tensor>();
  private readonly open = new Set<Entry>();
  private readonly evaluations = new Map<Formula, ReadonlyMap<string, Value>>();

  private readonly labelled: Labelled;
  private readonly entries: readonly Entry[];
  private readonly read: (node: Value) => Tensor;

  constructor(labelled: Labelled, entries: readonly Entry[], read: (node: Value) => Tensor) {
    this.labelled = labelled;
    this.entries = entries;
    this.read = read;
  }

  hand(entry: Entry, shakenBooks: readonly Book[]): Hand {
    const { key, target, source } = entry;
    const raw = this.numbersOf(entry);
    const [layout, fitted] = fit(raw, target.shape);
    const isComputed = isFormula(source) || typeof source === "function";
    const recompute = (read: (node: Value) => Tensor) => new Book(this.labelled, this.entries, read).numbersOf(entry);
    const noise = isComputed ? noiseAmong(raw, shakenBooks.map((book) => book.numbersOf(entry))) : new Float64Array(entriesOf(raw).length); // prettier-ignore
    const resolution = isComputed ? new Float64Array(noise.length) : resolutionOf(raw);
    return { key, target, raw, fitted, layout, noise, resolution, recompute: isComputed ? recompute : undefined };
  }

  numbersOf(entry: Entry): Tensor {
    const known = this.made.get(entry);
    if (known !== undefined) return known;
    if (this.open.has(entry)) throw new ReferenceError(`compareGradients: ${JSON.stringify(entry.key)} is computed from itself`);
    this.open.add(entry);
    const made = this.compute(entry);
    this.open.delete(entry);
    this.made.set(entry, made);
    return made;
  }

  private compute({ key, source, statement }: Entry): Tensor {
    if (isFormula(source)) {
      const known = this.evaluations.get(source);
      if (known !== undefined && statement !== undefined) return known.get(statement)!.payload;
      const bindings = new Map(source.free.flatMap((name) => { const v = this.named(name, key); return v ? [[name, v] as const] : []; })); // prettier-ignore
      const { result, named } = source.evaluate(bindings);
      this.evaluations.set(source, named);
      return (statement === undefined ? result : named.get(statement)!).payload;
    }
    const given = typeof source === "function" ? source(this.view(key)) : source;
    return given instanceof Value ? given.payload : toTensor(`compareGradients: ${JSON.stringify(key)}`, given);
  }

  /** What a name means to a hand gradient: a value, another hand gradient, the size of the batch. */
  named(name: string, user: string): Value | undefined {
    const exact = this.entries.find(({ key }) => key === name && key !== user && !this.labelled.byLabel.has(name));
    if (exact) return constant(this.numbersOf(exact), name);
    const value = this.labelled.byLabel.get(name);
    if (value) return constant(this.read(value), name);
    const target = gradientNames(name).map((label) => this.labelled.byLabel.get(label)).find((found) => found !== undefined); // prettier-ignore
    const entry = this.entries.find((other) => other.target === target);
    if (entry && entry.key !== user) return constant(this.numbersOf(entry), name);
    return batchNames.has(name) ? constant(batchSize(this.labelled.nodes)) : undefined;
  }

  /** The names as the fields of an object without a prototype, each worked out when it is read. */
  private view(user: string): Given {
    const view = Object.create(null) as Record<string, Value>;
    const names = [...this.labelled.byLabel.keys(), ...this.entries.map(({ key }) => key), ...batchNames];
    const gradients = this.entries.flatMap(({ target: { label } }) => (label === "" ? [] : [`d${label}`, `dL_d${label}`]));
    for (const name of new Set([...names, ...gradients]))
      Object.defineProperty(view, name, { enumerable: true, get: () => this.named(name, user) });
    return view;
  }
}

function remembered(read: (node: Value) => Tensor): (node: Value) => Tensor {
  const known = new Map<Value, Tensor>();
  return (node) => {
    const made = known.get(node) ?? read(node);
    known.set(node, made);
    return made;
  };
}

const batchNames: ReadonlySet<string> = new Set(["N", "n", "m", "batch_size", "batchSize"]);

/** What the last mean of the loss divides by; 1 where there is none. */
export function batchSize(nodes: readonly Value[]): number {
  for (let k = nodes.length - 1; k >= 0; k--) {
    const { op, a, b } = nodes[k]!;
    if (op === "div" && a?.op === "sum" && b !== null && !b.takesGradient && typeof b.payload === "number") return b.payload;
  }
  return nodes.reduce((size, { shape }) => (shape.length === 2 ? Math.max(size, shape[0]!) : size), 1);
}

const squeezed = (shape: Shape): Shape => shape.filter((n) => n !== 1);

/** A gradient brought into the shape of its value, and what had to be done. */
function fit(raw: Tensor, shape: Shape): [Layout, Tensor | undefined] {
  const from = shapeOf(raw);
  if (isSameShape(from, shape)) return ["same", raw];
  if (sizeOf(from) !== sizeOf(shape)) return typeof raw === "number" && raw !== 0 ? ["other", undefined] : typeof raw === "number" ? ["number", tensors.broadcastTo([raw], { shape })] : ["other", undefined]; // prettier-ignore
  if (sizeOf(shape) === 1) return ["number", reshaped(raw, shape)];
  if (from.length !== shape.length && isSameShape(squeezed(from), squeezed(shape))) return ["flat", reshaped(raw, shape)];
  if (isSameShape([...from].reverse(), shape)) return ["transposed", flipped(raw as NdArray)];
  return ["other", undefined];
}

/** All axes reversed. */
export const flipped = (x: NdArray): Tensor => tensors.transpose([x], { axes: x.shape.map((_, k) => x.shape.length - 1 - k) });

/** A shape for messages. */
export const shapeText = (x: Tensor): string => (typeof x === "number" ? "a number" : formatShape(x.shape));

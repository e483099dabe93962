/** Works out hand gradients that are functions or formulas, each once, those that others use first. */
import { entriesOf, toTensor, type Tensor } from "../array/ndarray.ts";
import type { Formula } from "../formula/formula.ts";
import { FormulaError, type Around } from "../formula/token.ts";
import type { Say } from "../formula/words.ts";
import { constant } from "../graph/lift.ts";
import { Value } from "../graph/value.ts";
import { digitsOf, noiseAmong, resolutionOf } from "./agreement.ts";
import type { Given, Hand, HandGradient } from "./hand.ts";
import { batchSize, gradientNames, type Labelled } from "./labelled-values.ts";
import { fit } from "./layout.ts";

/** A hand gradient, and how it was given. */
export interface Entry {
  readonly key: string;
  readonly target: Value;
  readonly source: HandGradient | Formula;
  /** The statement of a whole backward pass that computes it. */
  readonly statement?: string;
}

const isFormula = (source: Entry["source"] | null): source is Formula =>
  typeof source === "object" && source !== null && "evaluate" in source && "free" in source;

/** What is wrong with a formula, said with the name of the gradient that it is, with advice, or in another language. */
export function saidOf<T>(around: Around, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw error instanceof FormulaError ? error.with(around) : error;
  }
}

const isNumbers = ({ source }: Entry): boolean => !isFormula(source) && typeof source !== "function";

const batchNames: ReadonlySet<string> = new Set(["N", "n", "m", "batch_size", "batchSize"]);

/** The hand gradients of one comparison, worked out at one point. */
export class Book {
  private readonly made = new Map<Entry, Tensor>();
  private readonly open = new Set<Entry>();
  private written: number | undefined;
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
    const { key, target } = entry;
    const raw = this.numbersOf(entry);
    const [layout, fitted] = fit(raw, target.shape);
    const isComputed = !isNumbers(entry);
    const recompute = (read: (node: Value) => Tensor) => new Book(this.labelled, this.entries, read).numbersOf(entry);
    const noise = isComputed ? noiseAmong(raw, shakenBooks.map((book) => book.numbersOf(entry))) : new Float64Array(entriesOf(raw).length); // prettier-ignore
    const resolution = isComputed ? new Float64Array(noise.length) : resolutionOf(raw, this.digits());
    return { key, target, raw, fitted, layout, noise, resolution, recompute: isComputed ? recompute : undefined };
  }

  /** How many digits the gradients that are numbers were written with. */
  private digits(): number {
    this.written ??= this.entries.filter(isNumbers).reduce((most, entry) => Math.max(most, digitsOf(this.numbersOf(entry))), 0);
    return this.written;
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
      const isKnown = source.free.every((name) => bindings.has(name));
      const advice: Say = ({ labels }) => (isKnown ? "" : labels(this.labelled.list()));
      const { result, named } = saidOf({ of: statement === undefined ? key : "", advice }, () => source.evaluate(bindings));
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

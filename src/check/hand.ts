/**
 * Hand gradients as people give them: under a label or under names such as dW2, dL_dW2, ∂L/∂W2; as numbers, as functions, or as
 * formulas that use the values and the other hand gradients by name; each shape as they lay it out.
 */
import type { Tensor } from "../array/ndarray.ts";
import { parseFormula, type Formula } from "../formula/formula.ts";
import type { ValueLike, TensorLike } from "../graph/lift.ts";
import { Value } from "../graph/value.ts";
import { shakers } from "./agreement.ts";
import { Book, saidOf, type Entry } from "./hand-book.ts";
import { gradientNames, Labelled } from "./labelled-values.ts";
import type { Layout } from "./layout.ts";

/** The labelled values of the graph, and the hand gradients under their names, for a gradient given as a function. */
export type Given = Readonly<Record<string, Value>>;

/** One hand-derived gradient: numbers, a formula such as `"(a2 - y) * a2 * (1 - a2)"`, or a function of what is labelled. */
export type HandGradient = TensorLike | Value | ((given: Given) => ValueLike);

/** Hand gradients by label or by value; or the whole backward pass as statements, `dz2 = …; dW2 = …`. */
export type HandGradients = Readonly<Record<string, HandGradient | string>> | ReadonlyMap<string | Value, HandGradient | string> | string;

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

function entriesGiven(mine: HandGradients, labelled: Labelled): Entry[] {
  if (typeof mine === "string") return entriesOfProgram(parseFormula(mine), labelled);
  const pairs: (readonly [string | Value, HandGradient | string])[] = mine instanceof Map ? [...mine] : Object.entries(mine as Record<string, HandGradient | string>); // prettier-ignore
  const entries = pairs.map(([key, source]): Entry => {
    const target = key instanceof Value ? key : labelled.target(key);
    const name = key instanceof Value ? key.label || "(unnamed)" : key;
    return { key: name, target, source: typeof source === "string" ? saidOf({ of: name }, () => parseFormula(source)) : source };
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
    if (target !== undefined && !labelled.byLabel.has(name))
      entries.push({ key: name, target: labelled.target(name), source: formula, statement: name });
    else if (target === undefined && formula.unused.includes(name) && gradientNames(name).length > 0) labelled.target(name); // misspelt: it says which labels there are
  }
  if (entries.length === 0)
    throw new ReferenceError(
      `compareGradients: no statement names a gradient, as dW2 = …; the graph has the labels ${labelled.list()}, the text assigns ${formula.assigned.join(", ")}`,
    );
  return entries;
}

function remembered(read: (node: Value) => Tensor): (node: Value) => Tensor {
  const known = new Map<Value, Tensor>();
  return (node) => {
    const made = known.get(node) ?? read(node);
    known.set(node, made);
    return made;
  };
}

/**
 * A graph as lines of algebra: every value that has a name, or that the reader needs one for, and its formula in terms of others.
 * Values that nobody named and that are used once go into the formula of what uses them, a few levels deep; others are called u₁, u₂ ….
 */
import { Leaf, type Value } from "../graph/value.ts";
import { applied } from "../ops/algebra.ts";
import { expressions, number, symbol, type Expression } from "./expression.ts";
import { shownNodes } from "./graph-data.ts";
import { symbolLatex } from "./symbol-latex.ts";

/** How many nested operations, and how many operands, one formula may have. */
const deepest = 5;
const longest = 24;

/** How much a value brings into the formula of what uses it. */
interface Size {
  readonly depth: number;
  readonly width: number;
}

const named: Size = { depth: 0, width: 1 };

function sizeFrom(v: Value, sizes: ReadonlyMap<Value, Size>): Size {
  let [depth, width] = [0, 0];
  for (const input of v.inputs) {
    const size = sizes.get(input) ?? named;
    depth = Math.max(depth, size.depth);
    width += size.width;
  }
  return { depth: depth + (isTransparent(v) ? 0.2 : 1), width };
}

export class Formulas {
  readonly root: Value;
  /** Every value of the graph, inputs first. */
  readonly order: readonly Value[];
  readonly #anchors = new Set<Value>();
  readonly #symbols = new Map<Value, Expression>();
  /** In the order in which they are to be numbered. */
  readonly #given: ReadonlySet<Value>;

  /** @param named values that get a line of their own in any case. */
  constructor(root: Value, named: Iterable<Value> = []) {
    this.root = root;
    this.order = shownNodes(root);
    this.#given = new Set(named);
    this.#chooseAnchors();
    this.#nameAll();
  }

  /** The computed values that have a line of their own, inputs first. */
  get lines(): Value[] {
    return this.order.filter((v) => v.primitive !== null && this.#anchors.has(v));
  }

  /** The leaves and the arrays that are given, not computed. */
  get givens(): Value[] {
    return this.order.filter((v) => v.primitive === null && this.#symbols.has(v));
  }

  isNamed(v: Value): boolean {
    return this.#symbols.has(v);
  }

  /** Its name. Throws for a value without one. */
  symbolOf(v: Value): Expression {
    const known = this.#symbols.get(v);
    if (known === undefined) throw new Error("formulas: a value without a name was asked for its name");
    return known;
  }

  /** The value as others' formulas speak of it: its name, or its own formula. */
  readonly read = (v: Value): Expression => {
    const known = this.#symbols.get(v);
    if (known !== undefined) return known;
    return v.primitive === null ? number(v.payload as number) : this.formulaOf(v);
  };

  /** What computes it, in terms of its inputs. */
  formulaOf(v: Value): Expression {
    return applied(expressions, v.primitive!, v.inputs.map(this.read));
  }

  #chooseAnchors(): void {
    const uses = new Map<Value, number>();
    for (const v of this.order) for (const input of v.inputs) uses.set(input, (uses.get(input) ?? 0) + 1);
    const sizes = new Map<Value, Size>();
    for (const v of this.order) {
      if (v.primitive === null) continue;
      let size = sizeFrom(v, sizes);
      if (size.width > longest) {
        for (const input of v.inputs) if (input.primitive !== null) this.#anchor(input, sizes);
        size = sizeFrom(v, sizes);
      }
      sizes.set(v, size);
      const isShared = uses.get(v)! > 1 && !isTransparent(v);
      if (v === this.root || v.label !== "" || this.#given.has(v) || size.depth > deepest || isShared) this.#anchor(v, sizes);
    }
  }

  #anchor(v: Value, sizes: Map<Value, Size>): void {
    this.#anchors.add(v);
    sizes.set(v, named);
  }

  /** Equal labels of different values are told apart by a number above: z₁⁽²⁾. */
  #nameAll(): void {
    const counts = new Map<string, number>();
    let unnamed = 0;
    for (const v of [...this.#given, ...this.order]) {
      if (this.#symbols.has(v)) continue;
      if (v.primitive === null ? !needsName(v) : !this.#anchors.has(v)) continue;
      const own = v.label !== "" ? symbolLatex(v.label) : v === this.root ? "L" : undefined;
      const latex = own ?? `u_{${++unnamed}}`;
      const count = (counts.get(latex) ?? 0) + 1;
      counts.set(latex, count);
      this.#symbols.set(v, symbol(count === 1 ? latex : `${latex}^{(${count})}`, v.shape));
    }
  }
}

/** Numbers written into a formula are shown as they are. */
const needsName = (v: Value): boolean => v instanceof Leaf || v.label !== "" || v.shape.length > 0;

/** What a textbook does not write: it stretches, or passes on. */
const isTransparent = ({ op }: Value): boolean => op === "broadcastTo" || op === "reshape" || op === "identity";

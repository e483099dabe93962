/** Lines on arrays that are opened into locals: entry by entry, products, sums, and entries that only move to another place. */
import type { Upstream } from "../../array/matmul.ts";
import { arange, entriesOf, tensor, type Tensor } from "../../array/ndarray.ts";
import type { Reduced } from "../../array/reduce.ts";
import { sizeOf, type Shape } from "../../array/shape.ts";
import { forwardOf } from "../../ops/algebra.ts";
import { pointwisePrimitives, type StructuralPrimitive } from "../../ops/primitive.ts";
import { termOfProduct } from "../../ops/structural-words.ts";
import { isElementwise } from "../access.ts";
import { isCallOf, operandsOf, optionsOf, type Instruction } from "../program.ts";
import { applied, emissionOf } from "./elementwise.ts";
import type { Local } from "./function.ts";
import { swapped } from "./horizontal.ts";
import { lanesOf, type Lanes } from "./lanes.ts";
import { paired, placeIn, range, Unsupported, withinRows, type Opened } from "./opened.ts";
import { stepOfNumber } from "./pointwise-code.ts";

const lanes = lanesOf.f64;

export class OpenedLines {
  readonly #m: Lanes;
  readonly #noticed: ReadonlySet<Instruction> | undefined;
  readonly #opened = new Map<Instruction, Opened>();
  /** Products of one term by what they are products of. */
  readonly #factors = new Map<Local, readonly [Local, Local]>();

  /** @param noticed lines on which guards against 0 · ∞ and the like are left out. */
  constructor(m: Lanes, noticed?: ReadonlySet<Instruction>) {
    this.#m = m;
    this.#noticed = noticed;
  }

  of(line: Instruction): Opened {
    return this.#opened.get(line)!;
  }

  /** A line whose locals are there already. */
  open(line: Instruction, opened: Opened): void {
    this.#opened.set(line, opened);
  }

  /** Writes the code of a line whose operands are open. @throws Unsupported for what crosses the batch. */
  apply(line: Instruction): void {
    this.#opened.set(line, this.#applied(line));
  }

  #straightOf(line: Instruction): Opened {
    const x = this.of(line);
    if (x.isTurned === true) throw new Unsupported();
    return x;
  }

  #applied(line: Instruction): Opened {
    const operands = operandsOf(line);
    if (isElementwise(line)) return this.#entrywise(line, operands.map((x) => this.#straightOf(x))); // prettier-ignore
    const { primitive } = line.definition as { primitive: StructuralPrimitive };
    if (primitive.name === "matmul") return this.#product(line);
    const [x] = operands.map((operand) => this.#straightOf(operand));
    if (primitive.name === "sum") return this.#sum(x!, line.shape, primitive.options);
    if (primitive.name === "transpose" && x!.isBatch && line.shape.length === 2) return { ...x!, shape: line.shape, isTurned: true };
    return this.#moved(primitive, operands.map((operand) => this.#straightOf(operand)), line.shape); // prettier-ignore
  }

  #entrywise(line: Instruction, operands: readonly Opened[]): Opened {
    const { shape } = line;
    const isBatch = operands.some((x) => x.isBatch);
    const like = isBatch ? operands.map((x) => (x.isBatch || x.shape.length === 0 ? x : paired(x))) : operands;
    const n = isBatch ? sizeOf(shape) / lanes : sizeOf(shape);
    if (like.some(({ cells }) => cells.length !== n && cells.length !== 1)) throw new Unsupported();
    const cells = Array.from({ length: n }, (_, i) => this.#cell(line, like.map(({ cells: own }) => own[own.length === 1 ? 0 : i]!))); // prettier-ignore
    return { shape, isBatch, cells };
  }

  /** One entry. A gradient that is a product is the last factor to be there, so the others are multiplied first. */
  #cell(line: Instruction, operands: readonly Local[]): Local {
    const m = this.#m;
    const [a, b] = operands as [Local, Local];
    if (isCallOf(line, "step") && this.#noticed?.has(operandsOf(line)[0]!)) return stepOfNumber(m, a);
    if (this.#noticed?.has(line) && isCallOf(line, "gradientProduct")) return m.do("mul", a, b);
    if (!isCallOf(line, "chain") || !this.#noticed?.has(line)) return applied(m, line, operands);
    const [g, w] = this.#factors.get(a) ?? [a, undefined];
    return m.do("mul", g, w === undefined ? b : m.do("mul", w, b));
  }

  #product(line: Instruction): Opened {
    const [left, right] = operandsOf(line) as [Instruction, Instruction];
    const { shape } = line;
    if (shape.length !== 2) throw new Unsupported();
    const upstream = this.#noticed?.has(line) ? undefined : optionsOf<"matmul">(line).upstream;
    const [a, b] = [this.of(left), this.#straightOf(right)];
    const [n, k, m] = [left.shape[0]!, left.shape[1]!, right.shape[1]!];
    if (a.isTurned === true) {
      if (!b.isBatch) throw new Unsupported();
      const pairs = k / lanes;
      const cell = (i: number, j: number): Local =>
        this.#everywhere(
          this.#dot(
            range(pairs).map((p) => [a.cells[p * n + i]!, b.cells[p * m + j]!]),
            upstream,
          ),
        );
      return { shape, isBatch: false, cells: range(n).flatMap((i) => range(m).map((j) => cell(i, j))) };
    }
    if (b.isBatch) throw new Unsupported();
    const rows = a.isBatch ? n / lanes : n;
    const cell = (i: number, j: number): Local =>
      this.#dot(
        range(k).map((l) => [a.cells[i * k + l]!, b.cells[l * m + j]!]),
        upstream,
      );
    return { shape, isBatch: a.isBatch, cells: range(rows).flatMap((i) => range(m).map((j) => cell(i, j))) };
  }

  /** @param upstream which of two factors has the strong zero, where it matters. */
  #dot(pairs: readonly (readonly [Local, Local])[], upstream: Upstream | undefined): Local {
    const m = this.#m;
    const times = ([a, b]: readonly [Local, Local]): Local => {
      const [word, ...factors] = termOfProduct(a, b, upstream);
      return emissionOf(m, pointwisePrimitives[word], factors);
    };
    const sum = this.#total(pairs.map(times));
    if (pairs.length === 1 && upstream !== 1) this.#factors.set(sum, pairs[0]!);
    return sum;
  }

  /** Pairs, then pairs of pairs, so that the additions do not wait for one another. */
  #total(terms: readonly Local[]): Local {
    if (terms.length === 0) return this.#m.constant(0);
    let sums = [...terms];
    while (sums.length > 1) {
      const pairs: Local[] = [];
      for (let i = 0; i < sums.length; i += 2) pairs.push(i + 1 < sums.length ? this.#m.do("add", sums[i]!, sums[i + 1]) : sums[i]!);
      sums = pairs;
    }
    return sums[0]!;
  }

  /** The sum of the lanes in each of them. */
  #everywhere(x: Local): Local {
    return this.#m.do("add", x, swapped(this.#m, x));
  }

  /** Where each entry goes is asked of the eager sum of sets: the entries are numbered, and lanes collected. */
  #sum(x: Opened, shape: Shape, { axes }: Reduced): Opened {
    const rows = x.isBatch ? [x.shape[0]! / lanes, ...x.shape.slice(1)] : x.shape;
    const kept = rows.map((n, k) => (axes.includes(k) ? 1 : n));
    const groups = Array.from({ length: sizeOf(kept) }, () => [] as Local[]);
    for (const [i, cell] of x.cells.entries()) groups[placeIn(i, rows, kept)]!.push(cell);
    const totals = groups.map((group) => this.#total(group));
    if (!x.isBatch || !axes.includes(0)) return { shape, isBatch: x.isBatch, cells: totals };
    return { shape, isBatch: false, cells: totals.map((total) => this.#everywhere(total)) };
  }

  /** Entries that only move: the row itself is asked where, by moving their numbers. */
  #moved(primitive: StructuralPrimitive, operands: readonly Opened[], shape: Shape): Opened {
    if (!moving.has(primitive.name)) throw new Unsupported();
    const isBatch = operands.some((x) => x.isBatch);
    if (isBatch && operands.length > 1) throw new Unsupported();
    const all = operands.flatMap((x) => x.cells);
    let begin = 1;
    const numbered = operands.map((x): Tensor => {
      const size = sizeOf(x.shape);
      const values = arange(size).values.map((i) => i + begin);
      begin += size;
      return tensor(x.shape, values);
    });
    const places = Array.from(entriesOf(forwardOf(primitive, numbered)), (i) => i - 1);
    if (!isBatch) return { shape, isBatch, cells: places.map((i) => (i < 0 ? this.#m.constant(0) : all[i]!)) };
    return { shape, isBatch, cells: withinRows(operands[0]!, shape, places) };
  }
}

const moving = new Set(["reshape", "broadcastTo", "transpose", "slice", "unslice", "concat", "take"]);

/**
 * A tree for the terminal, from the result down to its inputs. A value used again refers to the line that shows it; what would run out
 * of the right margin continues below as a tree of its own. Plain text, at most 80 columns.
 */
import type { Value } from "../graph/value.ts";
import { drawingOf } from "./drawing-of.ts";
import type { DrawnEdge, DrawnNode, Drawing } from "./drawing.ts";
import { grouped } from "./grouped.ts";
import { isHeatMapRow } from "./heat-map.ts";
import { typeset, typesetLine } from "./number-format.ts";
import type { DrawingOptions } from "./options.ts";
import { cellsOf } from "./cells.ts";

const columns = 80;
const deepest = 8;

/** The graph of `root` as a tree; options as `toDot`. */
export function toText(root: Value, options: DrawingOptions = {}): string {
  const drawing = drawingOf(root, options, "toText");
  const printer = new TreePrinter(drawing);
  const notes = drawing.legend.filter((items) => items.length === 1).map(([item]) => fitted(item!.text));
  return [...printer.lines(), ...notes, ""].join("\n");
}

interface Branch {
  readonly node: DrawnNode;
  readonly edge: DrawnEdge | undefined;
  /** What is drawn before the node, and before what hangs from it. */
  readonly before: string;
  readonly below: string;
  readonly depth: number;
}

class TreePrinter {
  readonly #nodes: ReadonlyMap<string, DrawnNode>;
  readonly #inputs: ReadonlyMap<string, readonly DrawnEdge[]>;
  readonly #shown = new Set<string>();
  /** What is used twice and has inputs: its first line has the id that later ones refer to. */
  readonly #referred: ReadonlySet<string>;
  /** Nodes whose tree continues below. */
  readonly #later: DrawnNode[] = [];
  readonly #start: DrawnNode;

  constructor({ nodes, edges }: Drawing) {
    this.#nodes = new Map(nodes.map((node) => [node.id, node]));
    this.#inputs = grouped(edges, ({ to }) => to);
    this.#referred = new Set([...grouped(edges, ({ from }) => from)].filter(([id, uses]) => uses.length > 1 && this.#inputs.has(id)).map(([id]) => id)); // prettier-ignore
    this.#start = nodes.find(({ isResult }) => isResult) ?? nodes[nodes.length - 1]!;
  }

  lines(): string[] {
    const lines = this.#tree(this.#start);
    for (let node = this.#later.shift(); node !== undefined; node = this.#later.shift()) {
      this.#shown.delete(node.id);
      lines.push("", ...this.#tree(node));
    }
    return lines;
  }

  #tree(start: DrawnNode): string[] {
    const lines: string[] = [];
    const stack: Branch[] = [{ node: start, edge: undefined, before: "", below: "", depth: 0 }];
    for (let branch = stack.pop(); branch !== undefined; branch = stack.pop()) {
      const inputs = this.#inputs.get(branch.node.id) ?? [];
      const isAgain = this.#shown.has(branch.node.id);
      const isContinued = branch.edge === undefined && branch.node !== this.#start;
      const isCut = !isAgain && branch.depth >= deepest && inputs.length > 0;
      lines.push(
        this.#line(branch, isAgain && inputs.length > 0 ? " (see above)" : isCut ? " (see below)" : isContinued ? " (continued)" : ""),
      );
      if (isCut) this.#later.push(branch.node);
      if (!isAgain && !isCut) stack.push(...this.#branches(branch, inputs));
      this.#shown.add(branch.node.id);
    }
    return lines;
  }

  /** In reverse, because a stack gives back the last first. */
  #branches({ below, depth }: Branch, inputs: readonly DrawnEdge[]): Branch[] {
    return inputs
      .map((edge, k) => {
        const isLast = k === inputs.length - 1;
        const node = this.#nodes.get(edge.from)!;
        return { node, edge, before: `${below}${isLast ? "└─ " : "├─ "}`, below: `${below}${isLast ? "   " : "│  "}`, depth: depth + 1 };
      })
      .reverse();
  }

  #line({ node, edge, before }: Branch, remark: string): string {
    const flow = edge === undefined || edge.label === "" ? "" : `  ← ${typeset(edge.label)}`;
    const reference = remark === "" && !this.#referred.has(node.id) ? "" : ` #${node.id}${remark}`;
    const words = `${before}${wordsOf(node)}`;
    const whole = `${words}${reference}${flow}`;
    return cellsOf(whole) <= columns ? whole : fitted(words, columns - cellsOf(reference)) + reference;
  }
}

/** Name, operation, shape, data and gradient on one line. */
function wordsOf({ rows }: DrawnNode): string {
  const cells = rows.flat().map(({ lines, align }) => {
    const texts = lines.map(typesetLine);
    const isMap = align === "left" && isHeatMapRow(texts[1] ?? "");
    return isMap ? `${texts[0]!} ${texts.slice(1).map((row) => row.replaceAll(" ", "")).join("/")}` : texts.join("  "); // prettier-ignore
  });
  return cells.join("  ");
}

/** Cut at the right margin. */
function fitted(text: string, width = columns): string {
  if (cellsOf(text) <= width) return text;
  let [kept, cells] = ["", 0];
  for (const letter of text) {
    cells += cellsOf(letter);
    if (cells > width - 1) break;
    kept += letter;
  }
  return `${kept}…`;
}

/**
 * What values are called on the page, where every one that is spoken of needs a name: its label, a number that is written into
 * the formula as itself, and v1, v2, … for computed values that nobody named, as in a list of the computation's lines.
 */
import { literal, name, type Text } from "../../ops/text.ts";
import type { DrawnNode, Drawing } from "../drawing.ts";
import type { GraphNode } from "../graph-data.ts";
import { labelOf, line } from "../node-rows.ts";
import { explanationPrecision, formatNumber, typeset } from "../number-format.ts";
import { symbolLatex } from "../symbol-latex.ts";

export interface Names {
  /** As plain text, one line. */
  text(id: number): string;
  /** As mathematics. */
  latex(id: number): Text;
}

export function namesOf(nodes: readonly GraphNode[]): Names {
  const taken = new Set(nodes.map(({ value }) => labelOf(value)));
  let last = 0;
  const fresh = (): string => {
    do last++;
    while (taken.has(`v${last}`));
    return `v${last}`;
  };
  const names = nodes.map((node) => labelOf(node.value) || (isPlainNumber(node) ? "" : fresh()));
  return {
    text: (id) => names[id]! || typeset(formatNumber(nodes[id]!.value.payload as number, explanationPrecision)),
    latex: (id) => {
      const { payload, shape } = nodes[id]!.value;
      return names[id] === ""
        ? literal(Number((payload as number).toPrecision(explanationPrecision)))
        : name(symbolLatex(names[id]!), shape);
    },
  };
}

const isPlainNumber = ({ value }: GraphNode): boolean =>
  value.primitive === null && !value.takesGradient && typeof value.payload === "number";

/** The drawing with these names in the boxes that had none. */
export function withNames(drawing: Drawing, names: Names): Drawing {
  return { ...drawing, nodes: drawing.nodes.map((node) => named(node, names)) };
}

function named(node: DrawnNode, names: Names): DrawnNode {
  const [header, ...rows] = node.rows;
  const isNode = node.kind !== "scope" && node.kind !== "cut" && node.kind !== "constant";
  if (!isNode || header === undefined || header.some(({ lines }) => lines.some(({ role }) => role === "name"))) return node;
  const cell = { align: "center", lines: [line("name", names.text(node.nodes[0]!))] } as const;
  const hasOperation = header.some(({ lines }) => lines.some(({ role }) => role === "op"));
  return { ...node, rows: hasOperation ? [[cell, ...header], ...rows] : [[cell], ...node.rows] };
}

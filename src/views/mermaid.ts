/**
 * Mermaid, which GitHub draws inside Markdown. Its arrows only lead from source to target, so with gradients the whole flow is
 * turned around: it starts at the result, and the arrows point the way the gradient goes.
 */
import type { Value } from "../graph/value.ts";
import { drawingOf } from "./drawing-of.ts";
import type { DrawnEdge, DrawnNode, Drawing } from "./drawing.ts";
import { grouped } from "./grouped.ts";
import { typeset, typesetLine } from "./number-format.ts";
import type { DrawingOptions } from "./options.ts";
import { palettes, type Palette } from "./palette.ts";
import { arrowStyle, boxStyle } from "./style.ts";

/** The graph of `root` in Mermaid; options as `toDot`. */
export function toMermaid(root: Value, options: DrawingOptions = {}): string {
  const drawing = drawingOf(root, options, "toMermaid");
  const palette = palettes[options.theme ?? "light"];
  const isBackward = drawing.edges.some(({ kind }) => kind === "flow" || kind === "dead");
  const direction = { LR: isBackward ? "RL" : "LR", TB: isBackward ? "BT" : "TB" }[drawing.direction];
  return [
    `flowchart ${direction}`,
    ...contents(drawing, null, "  "),
    ...drawing.edges.map((edge) => `  ${arrow(edge, isBackward)}`),
    ...drawing.nodes.map((node) => `  style ${node.id} ${boxLook(node, palette)}`),
    ...drawing.edges.map((edge, k) => `  linkStyle ${k} ${arrowLook(edge, palette)}`),
    "",
  ].join("\n");
}

/** Text inside quotes. All that Mermaid or HTML could read as more than a letter becomes its code. */
const escapedMermaid = (text: string): string => text.replace(/[^\p{L}\p{N} .,=+−×∞▸■□▪▫·✓✗_-]/gu, (c) => `#${c.codePointAt(0)!};`);

/** Clusters nest as scopes do, a few levels deep. */
function contents(drawing: Drawing, parent: string | null, indent: string): string[] {
  const inside = grouped(drawing.nodes, ({ cluster }) => cluster).get(parent) ?? [];
  const frames = drawing.clusters.filter((cluster) => cluster.parent === parent);
  return [
    ...inside.map((node) => `${indent}${box(node)}`),
    ...frames.flatMap(({ id, title }) => [
      `${indent}subgraph ${id}["${escapedMermaid(title)}"]`,
      ...contents(drawing, id, `${indent}  `),
      `${indent}end`,
    ]),
  ];
}

function box({ id, kind, rows }: DrawnNode): string {
  const lines = rows.flatMap((row, k) => rowLines(row, k));
  const label = lines.map(escapedMermaid).join("<br/>");
  return kind === "constant" ? `${id}["${label}"]` : `${id}("${label}")`;
}

/** The fields of the head on one line, those below each on its own. */
function rowLines(row: DrawnNode["rows"][number], k: number): string[] {
  const texts = row.map(({ lines }) => lines.map(typesetLine));
  return k === 0 ? [texts.map((lines) => lines.join(" ")).join(" | ")] : texts.flat();
}

function arrow({ from, to, kind, label }: DrawnEdge, isBackward: boolean): string {
  const text = label === "" ? "" : `|"${escapedMermaid(typeset(label))}"|`;
  switch (kind) {
    case "flow":
      return `${to} -->${text} ${from}`;
    case "dead":
      return `${to} -.-x${text} ${from}`;
    case "value":
    case "gradient":
      return isBackward ? `${to} ---${text} ${from}` : `${from} -->${text} ${to}`;
    case "reuse":
      return `${from} -.->${text} ${to}`;
  }
}

function boxLook(node: DrawnNode, palette: Palette): string {
  const { fill, border, text, width, line } = boxStyle(node, palette);
  return `fill:${fill},stroke:${border},color:${text},stroke-width:${width}px${line === "solid" ? "" : ",stroke-dasharray:4 3"}`;
}

function arrowLook(edge: DrawnEdge, palette: Palette): string {
  const { color, text, width } = arrowStyle(edge, palette);
  return `stroke:${color},stroke-width:${width}px,color:${text}`;
}

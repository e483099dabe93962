/**
 * DOT, Graphviz's language. The same source is printed twice: with the real text for people (`toDot`), and with stand-ins of the
 * same width for the layout of an SVG, where no label ever reaches Graphviz.
 */
import type { Value } from "../graph/value.ts";
import type { Cell, DrawnCluster, DrawnEdge, DrawnNode, Drawing } from "./drawing.ts";
import { drawingOf } from "./drawing-of.ts";
import { grouped } from "./grouped.ts";
import type { DrawingOptions } from "./options.ts";
import { palettes, type Palette } from "./palette.ts";
import { arrowStyle, boxStyle } from "./style.ts";

/**
 * The graph of `root` in DOT. Gradients are drawn where a sweep has been (`root.backward()`), and are those of `root` alone.
 *
 * @throws RangeError for options that do not exist.
 * @example
 * const x = value(3, "x");
 * const y = x.mul(x).named("y");
 * y.backward();
 * toDot(y); // digraph cadena { … two edges from x, 1 * 3 = 3 each … }
 */
export function toDot(root: Value, options: DrawingOptions = {}): string {
  const palette = palettes[options.theme ?? "light"];
  return dotSource(drawingOf(root, options, "toDot"), realText(palette));
}

/** What is written where text belongs. */
export interface Wording {
  readonly field: (text: string) => string;
  readonly label: (text: string) => string;
  readonly node: (node: DrawnNode) => string;
  readonly edge: (edge: DrawnEdge) => string;
  readonly graph: (drawing: Drawing) => string;
  readonly cluster: string;
}

function realText(palette: Palette): Wording {
  return {
    field: escapedField,
    label: escapedLabel,
    node: (node) => nodeLook(node, palette),
    edge: (edge) => edgeLook(edge, palette),
    graph: (drawing) => graphLook(drawing, palette),
    cluster: ` style="rounded,filled" fillcolor="${palette.panel}" color="${palette.scopeBorder}"`,
  };
}

/** A label as it must be written to be shown as typed. Graphviz decodes entities, so & is one itself. */
const escapedLabel = (text: string): string => text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/&/g, "&amp;");

/** In a record, these would end a field, and spaces would be lost. */
const escapedField = (text: string): string => escapedLabel(text).replace(/[{}|<> ]/g, (c) => `\\${c}`);

export function dotSource(drawing: Drawing, wording: Wording): string {
  return [
    "digraph cadena {",
    `  graph [rankdir=${drawing.direction} pad=0.15 ranksep=${rankSeparation(drawing)} nodesep=0.22 fontname="Courier" fontsize=10${wording.graph(drawing)}]`,
    `  node  [shape=record style="rounded,filled" fontname="Courier" fontsize=10 margin="0.09,0.04" height=0.3]`,
    `  edge  [fontname="Courier" fontsize=9 arrowsize=0.6]`,
    "",
    ...contents(drawing, null, wording, "  "),
    "",
    ...drawing.edges.map((edge) => edgeLine(edge, wording)),
    "}",
    "",
  ].join("\n");
}

/** Labels of arrows need room of their own. */
const rankSeparation = ({ edges }: Drawing): number => (edges.some(({ label }) => label !== "") ? 0.42 : 0.34);

/** The boxes and frames inside a frame. Frames nest as scopes do, a few levels deep. */
function contents(drawing: Drawing, parent: string | null, wording: Wording, indent: string): string[] {
  const index = indexOf(drawing);
  const boxes = (index.nodes.get(parent) ?? []).map((node) => `${indent}${nodeLine(node, drawing.direction, wording)}`);
  const frames = (index.clusters.get(parent) ?? []).flatMap((cluster) => [
    `${indent}subgraph cluster_${cluster.id} {`,
    `${indent}  graph [id="${cluster.id}" class="${cluster.kind}" label="${wording.label(cluster.title)}" labeljust=r margin=10${wording.cluster}]`,
    ...contents(drawing, cluster.id, wording, `${indent}  `),
    `${indent}}`,
  ]);
  return [...boxes, ...frames];
}

interface Index {
  readonly nodes: ReadonlyMap<string | null, readonly DrawnNode[]>;
  readonly clusters: ReadonlyMap<string | null, readonly DrawnCluster[]>;
}

const indices = new WeakMap<Drawing, Index>();

function indexOf(drawing: Drawing): Index {
  const known = indices.get(drawing);
  if (known) return known;
  const index = {
    nodes: grouped(drawing.nodes, ({ cluster }) => cluster),
    clusters: grouped(drawing.clusters, ({ parent }) => parent),
  };
  indices.set(drawing, index);
  return index;
}

function nodeLine(node: DrawnNode, direction: "LR" | "TB", wording: Wording): string {
  const rows = node.rows.map((row) =>
    row.length === 1 ? field(row[0]!, wording) : `{${row.map((cell) => field(cell, wording)).join("|")}}`,
  );
  const label = direction === "LR" ? rows.join("|") : `{${rows.join("|")}}`;
  return `${node.id} [id="${node.id}" label="${label}"${wording.node(node)}]`;
}

const field = ({ lines, align }: Cell, wording: Wording): string =>
  align === "center"
    ? lines.map(({ text }) => wording.field(text)).join("\\n")
    : lines.map(({ text }) => `${wording.field(text)}\\l`).join("");

function edgeLine(edge: DrawnEdge, wording: Wording): string {
  const label = edge.label === "" ? "" : ` label="  ${wording.label(edge.label)}  "`;
  return `  ${edge.from} -> ${edge.to} [id="${edge.id}"${label}${edge.isSpine ? " weight=6" : ""}${wording.edge(edge)}]`;
}

function nodeLook(node: DrawnNode, palette: Palette): string {
  const { fill, border, text, width, line, isRounded } = boxStyle(node, palette);
  const style = [isRounded ? "rounded" : "", "filled", line === "solid" ? "" : line].filter((word) => word !== "").join(",");
  const classes = [node.kind, node.verdict ?? "", node.emphasis === "none" ? "" : node.emphasis].filter((word) => word !== "").join(" ");
  return ` class="${classes}" style="${style}" fillcolor="${fill}" color="${border}" fontcolor="${text}" penwidth=${width} tooltip="${escapedLabel(node.tooltip)}"`;
}

function edgeLook(edge: DrawnEdge, palette: Palette): string {
  const { color, text, width, line, points, head } = arrowStyle(edge, palette);
  const back = points === "back" ? ` dir=back${head === "tee" ? " arrowtail=tee" : ""}` : "";
  const dashed = line === "dashed" ? " style=dashed" : "";
  const tooltip = edge.tooltip === "" ? "" : ` tooltip="${escapedLabel(edge.tooltip)}"`;
  return ` class="${edge.kind}" penwidth=${width}${back}${dashed} color="${color}" fontcolor="${text}"${tooltip}`;
}

/** The legend goes below as plain text: inside the layout it would push columns apart. */
function graphLook({ legend }: Drawing, { paper, secondText }: Palette): string {
  const rows = legend.map((items) => items.map(({ sample, text }) => `${signOf(sample)}${text}`).join("   "));
  const label = rows.length === 0 ? "" : ` labelloc=b labeljust=l label="${rows.map((row) => `${escapedLabel(row)}\\l`).join("")}"`;
  return ` bgcolor="${paper}" fontcolor="${secondText}"${label}`;
}

const signOf = (sample: Drawing["legend"][number][number]["sample"]): string =>
  sample !== null && "sign" in sample ? `${sample.sign} ` : "";

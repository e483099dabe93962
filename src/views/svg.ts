/**
 * SVG: Graphviz says where the boxes go, and everything that is seen is written here, so every line of text has a role, every
 * part an id and a class, and no label can be anything but text. Looks are attributes, which a page's own CSS overrides.
 */
import type { Value } from "../graph/value.ts";
import { drawingOf } from "./drawing-of.ts";
import type { DrawnCluster, DrawnEdge, DrawnNode, Drawing } from "./drawing.ts";
import { layoutOf, type Layout, type LayoutEdge, type LayoutObject, type Renderer } from "./graphviz.ts";
import { typeset, typesetLine } from "./number-format.ts";
import type { DrawingOptions } from "./options.ts";
import { palettes, type Palette } from "./palette.ts";
import { arrowStyle, boxStyle, lineColor, type BoxStyle } from "./style.ts";
import { arrowHead, pathOf, pointOf, rectangleOf, type Frame } from "./svg-geometry.ts";
import { legendSvg } from "./svg-legend.ts";
import { escapedXml, fixedPitch } from "./svg-text.ts";

/** What `toSvg` can be asked for. */
export interface SvgOptions extends DrawingOptions {
  /** Whose Graphviz lays it out; the one inside this library where none is given. */
  readonly renderer?: Renderer;
}

/**
 * The graph of `root` as a self-contained SVG; options as `toDot`.
 *
 * @throws RangeError for options that do not exist; Error saying what to install, where a renderer is missing.
 */
export async function toSvg(root: Value, options: SvgOptions = {}): Promise<string> {
  const drawing = drawingOf(root, options, "toSvg");
  return drawingSvg(drawing, options);
}

/** A drawing as SVG, for pages that made one themselves. */
export async function drawingSvg(drawing: Drawing, { renderer = "wasm", theme = "light" }: SvgOptions = {}): Promise<string> {
  const layout = await layoutOf(drawing, renderer);
  return svgSource(drawing, layout, palettes[theme]);
}

const pad = 11;

function svgSource(drawing: Drawing, layout: Layout, palette: Palette): string {
  const [, , width, height] = layout.bb.split(",").map(Number) as [number, number, number, number];
  const frame: Frame = { height };
  const legend = legendSvg(drawing.legend, Math.max(width, 480), palette);
  const [w, h] = [Math.max(width, legend.width) + 2 * pad, height + 2 * pad + legend.height].map((x) => Math.ceil(x)) as [number, number];
  const objects = new Map(layout.objects?.map((object) => [object.name, object]));
  const edges = new Map(layout.edges?.map((edge) => [edge.id, edge]));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="cadena" role="img" aria-label="${escapedXml(drawing.title)}" width="${w}" height="${h}" viewBox="${-pad} ${-pad} ${w} ${h}" ${fixedPitch}>`,
    `<title>${escapedXml(drawing.title)}</title>`,
    `<rect class="paper" x="${-pad}" y="${-pad}" width="${w}" height="${h}" fill="${palette.paper}"/>`,
    ...drawing.clusters.map((cluster) => clusterSvg(cluster, objects.get(`cluster_${cluster.id}`)!, frame, palette)),
    ...drawing.edges.map((edge) => edgeSvg(edge, edges.get(edge.id)!, frame, palette)),
    ...drawing.clusters.map((cluster) => clusterTitle(cluster, objects.get(`cluster_${cluster.id}`)!, frame, palette)),
    ...drawing.nodes.map((node) => nodeSvg(node, objects.get(node.id)!, frame, palette)),
    ...(legend.height === 0 ? [] : [`<g class="legend" transform="translate(0 ${(height + 14).toFixed(2)})">${legend.source}</g>`]),
    "</svg>",
    "",
  ].join("\n");
}

function clusterSvg({ id, kind }: DrawnCluster, { bb }: LayoutObject, frame: Frame, palette: Palette): string {
  const { x, y, width, height } = rectangleOf(bb!, frame);
  const look = `rx="8" fill="${palette.panel}" stroke="${palette.scopeBorder}"`;
  return `<g id="${id}" class="cluster ${kind}"><rect x="${x}" y="${y}" width="${width}" height="${height}" ${look}/></g>`;
}

/** Written after the arrows, so that none crosses it. */
function clusterTitle({ id, title }: DrawnCluster, { lp }: LayoutObject, frame: Frame, palette: Palette): string {
  const [x, y] = pointOf(lp!, frame);
  const look = `text-anchor="middle" fill="${palette.secondText}" ${halo(palette.panel)}`;
  return `<text id="${id}-title" class="cluster-title" x="${x}" y="${y + 3.5}" ${look}>${escapedXml(title)}</text>`;
}

function edgeSvg(edge: DrawnEdge, { pos, lp }: LayoutEdge, frame: Frame, palette: Palette): string {
  const { color, text, width, line, head } = arrowStyle(edge, palette);
  const path = pathOf(pos, frame);
  const dashes = line === "dashed" ? ' stroke-dasharray="4 3"' : "";
  const label = edge.label === "" || lp === undefined ? "" : labelSvg(edge.label, pointOf(lp, frame), text, palette);
  const classes = `edge ${edge.kind}${edge.emphasis === "none" ? "" : ` ${edge.emphasis}`}`;
  return (
    `<g id="${edge.id}" class="${classes}" data-from="${edge.from}" data-to="${edge.to}">${edge.tooltip === "" ? "" : `<title>${escapedXml(typeset(edge.tooltip))}</title>`}` +
    `<path d="${path.d}" fill="none" stroke="${color}" stroke-width="${width}"${dashes}/>${arrowHead(path, head, color, width)}${label}</g>`
  );
}

/** A halo in the colour of the ground keeps text readable where a line passes. */
const halo = (ground: string): string => `stroke="${ground}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"`;

const labelSvg = (label: string, [x, y]: readonly [number, number], color: string, { paper }: Palette): string =>
  `<text class="label" ${halo(paper)} x="${x}" y="${Math.round((y + 3.1) * 100) / 100}" text-anchor="middle" font-size="9" fill="${color}">${escapedXml(typeset(label))}</text>`;

function nodeSvg(node: DrawnNode, { rects }: LayoutObject, frame: Frame, palette: Palette): string {
  const style = boxStyle(node, palette);
  const fields = rects!.split(" ").map((rect) => rectangleOf(rect, frame));
  const [first, last] = [fields[0]!, fields[fields.length - 1]!];
  const [x, y, width, height] = [first.x, first.y, last.x + last.width - first.x, last.y + last.height - first.y].map(
    (n) => Math.round(n * 100) / 100,
  );
  const dashes = style.line === "solid" ? "" : ` stroke-dasharray="${style.line === "dashed" ? "5 3" : "1 4"}"`;
  const stroke = `stroke="${style.border}" stroke-width="${style.width}"`;
  const classes = [
    "node",
    node.kind,
    node.isResult ? "result" : "",
    node.verdict ?? "",
    node.shade === undefined ? "" : `shade${node.shade}`,
    node.emphasis === "none" ? "" : node.emphasis,
  ];
  return (
    `<g id="${node.id}" class="${[...new Set(classes.filter((word) => word !== ""))].join(" ")}"><title>${escapedXml(titleOf(node))}</title>` +
    `<rect class="box" x="${x}" y="${y}" width="${width}" height="${height}"${style.isRounded ? ' rx="8"' : ""} fill="${style.fill}" ${stroke}${dashes}/>` +
    `${rulesSvg(node, fields, `${stroke}${dashes}`)}${textSvg(node, fields, style, palette)}</g>`
  );
}

/** In words, with every digit: for a pointer that rests on it, and for a screen reader. */
const titleOf = ({ rows, tooltip }: DrawnNode): string =>
  `${rows[0]!.flatMap(({ lines }) => lines.map(typesetLine)).join(" ")}\n${typeset(tooltip)}`;

type Rectangle = ReturnType<typeof rectangleOf>;

/** The lines between rows, and between the fields of one row. */
function rulesSvg({ rows }: DrawnNode, fields: readonly Rectangle[], stroke: string): string {
  const segments: string[] = [];
  let at = 0;
  for (const [k, row] of rows.entries()) {
    const [first, last] = [fields[at]!, fields[at + row.length - 1]!];
    if (k > 0) segments.push(`M${first.x} ${first.y}H${Math.round((last.x + last.width) * 100) / 100}`);
    for (let i = 1; i < row.length; i++) segments.push(`M${fields[at + i]!.x} ${first.y}v${first.height}`);
    at += row.length;
  }
  return segments.length === 0 ? "" : `<path class="rule" d="${segments.join("")}" fill="none" ${stroke}/>`;
}

function textSvg({ rows }: DrawnNode, fields: readonly Rectangle[], style: BoxStyle, palette: Palette): string {
  return rows
    .flat()
    .flatMap(({ lines, align }, k) => {
      const { x, y, width, height } = fields[k]!;
      const top = align === "center" ? y + (height - 12 * lines.length) / 2 : y + 2.9;
      return lines.map((line, i) => {
        const { role } = line;
        const place = align === "center" ? `x="${(x + width / 2).toFixed(2)}" text-anchor="middle"` : `x="${(x + 6.48).toFixed(2)}"`;
        return `<text class="line ${role}" ${place} y="${(top + 12 * i + 9.5).toFixed(2)}"${role === "name" ? ' font-weight="bold"' : ""} fill="${lineColor(role, style, palette)}">${escapedXml(typesetLine(line))}</text>`;
      });
    })
    .join("");
}

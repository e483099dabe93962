/** The text of a box: name and operation above, data and gradient below, each under the other so that digits compare. */
import { entriesOf, type Tensor } from "../array/ndarray.ts";
import { Leaf, signOf, type Value } from "../graph/value.ts";
import type { Cell, Line, LineRole } from "./drawing.ts";
import type { GraphData, GraphNode } from "./graph-data.ts";
import { heatMap, isMappable } from "./heat-map.ts";
import { formatNumber, formatRange, formatTensor, formatTuple } from "./number-format.ts";
import type { Language } from "../graph/language.ts";
import type { FullOptions, Mark } from "./options.ts";
import type { Verdict } from "./palette.ts";
import { nodeCount } from "./spoken.ts";
import { plainText } from "../graph/plain-text.ts";
import type { Unit } from "./units.ts";

type Row = readonly Cell[];

export const line = (role: LineRole, text: string): Line => ({ role, text });
const centred = (role: LineRole, text: string): Cell => ({ align: "center", lines: [line(role, text)] });
const left = (...lines: Line[]): Cell => ({ align: "left", lines });

/** A value's label as it is shown; "" where it has none. */
export const labelOf = (v: Value): string => plainText(v.label);

const verdictWords: { readonly [L in Language]: { readonly [V in Verdict]: string } } = {
  en: { right: "✓ right", wrong: "✗ wrong here", inherited: "inherited", kink: "kink", vacuous: "vacuous" },
  es: { right: "✓ correcto", wrong: "✗ error aquí", inherited: "heredado", kink: "punto anguloso", vacuous: "no dice nada" },
};

export const verdictWord = (verdict: Verdict, language: Language): string => verdictWords[language][verdict];

/** The rows of one node. `name` is its label, or what it is the gradient of. */
export function nodeRows(node: GraphNode, name: string, contributions: readonly Tensor[], options: FullOptions): Row[] {
  const { value } = node;
  const sign = signOf(value);
  const header = [...(name === "" ? [] : [centred("name", name)]), ...(sign === "" ? [] : [centred("op", sign)])];
  const mark = options.marks?.get(value);
  const body = mark ? markRows(mark, options.language) : bodyRows(node, contributions, options);
  return header.length === 0 ? body : [header, ...body];
}

const markRows = ({ verdict, lines }: Mark, language: Language): Row[] => [
  [left(line("note", verdictWord(verdict, language)), ...lines.map((text) => line("note", plainText(text))))],
];

function bodyRows({ value, gradient }: GraphNode, contributions: readonly Tensor[], options: FullOptions): Row[] {
  const { payload } = value;
  const isBare = value.label === "" && value.primitive === null && !(value instanceof Leaf);
  if (typeof payload === "number" && isBare) return [[centred("data", formatNumber(payload, options.precision))]];
  const shape = typeof payload === "number" ? [] : [[left(line("shape", formatTuple(payload.shape)))]];
  return [...shape, dataRow(payload, gradient, contributions, options)];
}

function dataRow(data: Tensor, gradient: Tensor | undefined, contributions: readonly Tensor[], options: FullOptions): Row {
  if (isMappable(data)) return [column("data", data), ...(gradient === undefined ? [] : [column("grad", gradient)])];
  const lines = [line("data", `data ${formatTensor(data, options.precision)}`)];
  if (gradient !== undefined) lines.push(gradientLine(gradient, contributions, options));
  return [left(...lines)];
}

const column = (role: "data" | "grad", x: Tensor): Cell => left(line(role, role), ...heatMap(x).map((text) => line(role, text)));

/** "grad 6 = 3 + 3" where a number was used several times. */
function gradientLine(gradient: Tensor, contributions: readonly Tensor[], { precision, language }: FullOptions): Line {
  const grad = `grad ${formatTensor(gradient, precision)}`;
  if (typeof gradient !== "number" || contributions.length < 2) return line("grad", grad);
  if (contributions.length > 3) return line("sum", `${grad}, ${contributions.length} ${words[language].uses}`);
  return line("sum", `${grad} = ${sumText(contributions as readonly number[], precision)}`);
}

/** 3 + 3, 3 - 1.5. */
function sumText(terms: readonly number[], precision: number): string {
  const texts = terms.map((x) => formatNumber(x, precision));
  return texts.reduce((sum, text) => (text.startsWith("-") ? `${sum} - ${text.slice(1)}` : `${sum} + ${text}`));
}

const words: {
  readonly [L in Language]: { [W in "parameters" | "parameter" | "outputs" | "uses" | "times" | "leaf" | "constant"]: string };
} = {
  en: {
    parameters: "parameters",
    parameter: "parameter",
    outputs: "outputs",
    uses: "uses",
    times: "times",
    leaf: "leaf",
    constant: "constant",
  },
  es: {
    parameters: "parámetros",
    parameter: "parámetro",
    outputs: "salidas",
    uses: "usos",
    times: "veces",
    leaf: "hoja",
    constant: "constante",
  },
};

/** The rows of a closed scope: its formula, how many parameters it has, and what comes out of it. */
export function scopeRows(graph: GraphData, unit: Unit, outputs: readonly number[], { precision, language }: FullOptions): Row[] {
  const scope = unit.closed!;
  const only = outputs.length === 1 ? graph.nodes[outputs[0]!] : undefined;
  const name = only ? labelOf(only.value) : "";
  const header = [...(name === "" || unit.kind !== "scope" ? [] : [centred("name", name)]), centred("name", `▸ ${plainText(scope.name)}`)];
  const lines: Line[] = [];
  if (scope.formula !== "") lines.push(line("op", plainText(scope.formula)));
  const count = parameterCount(graph, unit);
  if (count > 0) lines.push(line("shape", `${count} ${count === 1 ? words[language].parameter : words[language].parameters}`));
  if (only === undefined) lines.push(line("shape", `${outputs.length} ${words[language].outputs}`));
  else if (only.value.shape.length > 0) lines.push(line("shape", formatTuple(only.value.shape)));
  return [header, [left(...lines, ...rangeLines(graph, outputs, precision))]];
}

/** Asked without narrowing the type. */
const isLeaf = (v: Value): boolean => v instanceof Leaf;

function parameterCount(graph: GraphData, { nodes }: Unit): number {
  let count = 0;
  for (const id of nodes) {
    const { value } = graph.nodes[id]!;
    if (isLeaf(value)) count += entriesOf(value.payload).length;
  }
  return count;
}

/** The rows of a cut: how many nodes it hides, of which operations, and the range of their gradients. */
export function cutRows(graph: GraphData, { nodes }: Unit, { precision, language }: FullOptions): Row[] {
  const counts = new Map<string, number>();
  for (const id of nodes) {
    const { value } = graph.nodes[id]!;
    const sign = signOf(value) || (value instanceof Leaf ? words[language].leaf : words[language].constant);
    counts.set(sign, (counts.get(sign) ?? 0) + 1);
  }
  const ops = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 4).map(([sign, n]) => line("op", `${sign}, ${n} ${words[language].times}`)); // prettier-ignore
  const more = counts.size > 4 ? [line("op", "...")] : [];
  return [[centred("name", `▸ ${nodeCount(nodes.length, language)}`)], [left(...ops, ...more, ...rangeLines(graph, nodes, precision))]];
}

/** Data and gradient of some nodes: their numbers, or the ranges of them. */
function rangeLines(graph: GraphData, ids: readonly number[], precision: number): Line[] {
  const lines = [line("data", `data ${formatRange(entriesOfAll(ids.map((id) => graph.nodes[id]!.value.payload)), precision)}`)];
  const gradients = ids.map((id) => graph.nodes[id]!.gradient).filter((g) => g !== undefined);
  if (gradients.length > 0) lines.push(line("grad", `grad ${formatRange(entriesOfAll(gradients), precision)}`));
  return lines;
}

function* entriesOfAll(tensors: Iterable<Tensor>): Generator<number> {
  for (const x of tensors) yield* entriesOf(x);
}

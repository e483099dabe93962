/** What stands under a drawing: the signs that it uses, with numbers, and what it does not show. */
import { labelOf, verdictWord } from "./node-rows.ts";
import type { DrawnNode, LegendItem, Line } from "./drawing.ts";
import { hasUnknown, isHeatMapRow, squares, unknownSquare } from "./heat-map.ts";
import { formatNumber, formatTensor } from "./number-format.ts";
import type { Language } from "../graph/language.ts";
import type { FullOptions } from "./options.ts";
import { rampLimits, type Verdict } from "./palette.ts";
import type { Context } from "./picture.ts";

type Items = readonly LegendItem[];
type Words = { readonly [L in Language]: (...args: string[]) => string };

const text = (said: string): LegendItem => ({ sample: null, text: said });

export function legendOf(context: Context, nodes: readonly DrawnNode[], largest: number): Items[] {
  const { picture, options } = context;
  const rows: Items[] = [];
  if (options.color === "gradient" && picture.graph.hasGradients) rows.push(rampRow(largest, options));
  const lines = linesOf(nodes).map(({ text: shown }) => shown);
  if (lines.some(isHeatMapRow))
    rows.push(
      [...squares, ...(lines.some(hasUnknown) ? [unknownSquare] : [])].map(([sign, en, es]) => ({
        sample: { sign },
        text: options.language === "es" ? es : en,
      })),
    );
  const verdicts = new Set(nodes.map(({ verdict }) => verdict).filter((v) => v !== undefined));
  if (verdicts.size > 0) rows.push(verdictRow(verdicts, options.language));
  return [...rows, ...notesOf(context).map((note) => [text(note)])];
}

const linesOf = (nodes: readonly DrawnNode[]): Line[] => nodes.flatMap(({ rows }) => rows.flat().flatMap(({ lines }) => lines));

/** The ramp with the numbers its colours stand for. */
function rampRow(largest: number, { language }: FullOptions): Items {
  const limits = rampLimits.map((limit, k) => ({
    sample: { shade: k + 1 },
    text: `${limit === 1 ? "<=" : "<"} ${formatNumber(limit * largest, 3)}`,
  }));
  return [text(language === "es" ? "|gradiente|" : "|gradient|"), { sample: { shade: 0 }, text: "0" }, ...limits];
}

const verdictOrder: readonly Verdict[] = ["right", "wrong", "inherited", "kink", "vacuous"];

const verdictRow = (found: ReadonlySet<Verdict>, language: Language): Items =>
  verdictOrder.filter((v) => found.has(v)).map((verdict) => ({ sample: { verdict }, text: verdictWord(verdict, language) }));

const closedNote: Words = {
  en: (n, most) => `${n} nodes; scopes were closed to stay within ${most} boxes`,
  es: (n, most) => `${n} nodos; se cerraron ámbitos para no pasar de ${most} cajas`,
};

const cutNote: Words = {
  en: (n, most) => `${n} nodes are not drawn, to stay within ${most} boxes`,
  es: (n, most) => `no se dibujan ${n} nodos, para no pasar de ${most} cajas`,
};

const accumulatedNote: Words = {
  en: (y, x, held) => `grad: of ${y} alone; .grad of ${x} holds ${held}, with other sweeps added`,
  es: (y, x, held) => `grad: solo de ${y}; .grad de ${x} contiene ${held}, con otros barridos sumados`,
};

function notesOf({ picture: { graph }, folded, options: { language, maxNodes, precision } }: Context): string[] {
  const notes: string[] = [];
  const most = String(maxNodes);
  if (folded.closedScopes) notes.push(closedNote[language](String(graph.nodes.length), most));
  if (folded.cut > 0) notes.push(cutNote[language](String(folded.cut), most));
  const [first] = graph.accumulated;
  if (first !== undefined) {
    const [root, leaf] = [graph.nodes[graph.root]!.value, graph.nodes[first]!.value];
    const [y, x] = [root, leaf].map((v) => labelOf(v) || v.op || "a leaf") as [string, string];
    notes.push(accumulatedNote[language](y, x, formatTensor(leaf.gradient!, precision)));
  }
  return notes;
}

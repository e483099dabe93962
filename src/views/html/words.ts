/** What the page says, in English and Spanish. Sentences are lists of parts, so that names in them are bold and stay text. */
import type { Language } from "../../graph/language.ts";
import { markup, type Markup } from "./markup.ts";

const name = (text: string): Markup => markup`<b>${text}</b>`;

export interface Words {
  readonly step: (k: number, n: number) => string;
  readonly forward: string;
  readonly backward: string;
  readonly compute: (box: string, inputs: readonly string[], op: string) => Markup;
  readonly noted: string;
  readonly computeFolded: (box: string, count: number) => Markup;
  readonly start: (box: string) => Markup;
  readonly product: (from: string, to: string) => Markup;
  readonly rule: (from: string, to: string, op: string) => Markup;
  readonly because: string;
  readonly theLocalIs: string;
  readonly strongZero: string;
  readonly edgesFolded: (from: string, to: string, count: number) => Markup;
  readonly upstream: string;
  readonly local: string;
  readonly ruleOf: string;
  readonly contribution: string;
  readonly value: string;
  readonly sofar: (box: string, k: number, n: number) => Markup;
  readonly from: (box: string) => string;
  readonly toward: (box: string) => string;
  readonly forwardTimeline: string;
  readonly backwardTimeline: string;
  readonly first: string;
  readonly previous: string;
  readonly next: string;
  readonly play: string;
  readonly last: string;
  readonly timeline: string;
  readonly keys: string;
  readonly legend: readonly [active: string, done: string, todo: string];
  readonly table: string;
  readonly showTable: string;
  readonly columns: readonly [step: string, edge: string, upstream: string, local: string, contribution: string];
  readonly startRow: string;
  readonly search: string;
  readonly found: string;
  readonly larger: string;
  readonly smaller: string;
  readonly fit: string;
  readonly theme: string;
  readonly derivation: (box: string) => Markup;
  readonly chain: string;
  readonly close: string;
  readonly data: string;
  readonly gradient: string;
  readonly given: string;
  readonly noGradient: string;
  readonly noUse: string;
  readonly drawing: string;
  readonly pageTitle: (root: string) => string;
}

const en: Words = {
  step: (k, n) => `Step ${k} of ${n}`,
  forward: "forward",
  backward: "backward",
  compute: (box, inputs, op) =>
    inputs.length === 0
      ? markup`${name(box)} is computed.`
      : markup`${name(box)} is computed from ${listed(inputs, "and")}${op === "" ? "" : ` (${op})`}. `,
  noted: "How fast it changes with each of them, the local derivatives, will be needed on the way back.",
  computeFolded: (box, count) => markup`The closed box ${name(box)} computes its ${count} values.`,
  start: (box) => markup`The way back starts at ${name(box)}. With respect to itself its derivative is 1.`,
  product: (from, to) => markup`The gradient of ${name(to)} goes back along the edge to ${name(from)}, times the local derivative. `,
  rule: (from, to, op) =>
    markup`The gradient of ${name(to)} goes back to ${name(from)}. The rule of ${op} is not a product of numbers entry by entry: `,
  because: "Because",
  theLocalIs: "the local derivative is",
  strongZero: "The gradient that arrives is exactly 0, so nothing passes, whatever the local derivative is: 0 · ∞ counts as 0.",
  edgesFolded: (from, to, count) =>
    markup`${count} ${count === 1 ? "contribution comes" : "contributions come"} back from ${name(to)} to ${name(from)}. One of the two is
    closed; its steps are not shown one by one.`,
  upstream: "upstream",
  local: "local",
  ruleOf: "rule",
  contribution: "contribution",
  value: "value",
  sofar: (box, k, n) => markup`Gradient of ${name(box)} so far: ${k} of ${n} ${n === 1 ? "use" : "uses"}`,
  from: (box) => `from ${box}`,
  toward: (box) => `to ${box}`,
  forwardTimeline: "forward: values →",
  backwardTimeline: "← backward: gradients",
  first: "First step",
  previous: "Previous step",
  next: "Next",
  play: "Play or stop",
  last: "Last step",
  timeline: "Steps",
  keys: "← → step · space play · Home / End · click a box or an arrow",
  legend: ["active", "done", "not yet"],
  table: "Gradients, edge by edge",
  showTable: "Table",
  columns: ["step", "edge", "upstream", "local", "contribution"],
  startRow: "start",
  search: "Find a value",
  found: "found",
  larger: "Larger",
  smaller: "Smaller",
  fit: "Fit",
  theme: "Light or dark",
  chain: "The chain rule for its gradient",
  derivation: (box) => markup`How ${name(box)} comes about`,
  close: "Close",
  data: "data",
  gradient: "gradient",
  given: "It is given, not computed.",
  noGradient: "It is a constant: nothing is asked of its gradient.",
  noUse: "What is drawn does not depend on it.",
  drawing: "Drawing of the graph",
  pageTitle: (root) => `${root}: forward and backward, step by step`,
};

const es: Words = {
  step: (k, n) => `Paso ${k} de ${n}`,
  forward: "hacia adelante",
  backward: "hacia atrás",
  compute: (box, inputs, op) =>
    inputs.length === 0
      ? markup`Se calcula ${name(box)}.`
      : markup`${name(box)} se calcula a partir de ${listed(inputs, "y")}${op === "" ? "" : ` (${op})`}. `,
  noted: "Cuánto cambia con cada uno, las derivadas locales, hará falta en el camino de vuelta.",
  computeFolded: (box, count) => markup`La caja cerrada ${name(box)} calcula sus ${count} valores.`,
  start: (box) => markup`El camino de vuelta empieza en ${name(box)}. Respecto de sí mismo su derivada es 1.`,
  product: (from, to) => markup`El gradiente de ${name(to)} vuelve por la arista hasta ${name(from)}, multiplicado por la derivada local. `,
  rule: (from, to, op) =>
    markup`El gradiente de ${name(to)} vuelve hasta ${name(from)}. La regla de ${op} no es un producto de números entrada por entrada: `,
  because: "Como",
  theLocalIs: "la derivada local es",
  strongZero: "El gradiente que llega es exactamente 0, así que nada pasa, sea cual sea la derivada local: 0 · ∞ cuenta como 0.",
  edgesFolded: (from, to, count) =>
    markup`${count} ${count === 1 ? "contribución vuelve" : "contribuciones vuelven"} de ${name(to)} a ${name(from)}. Una de las dos cajas
    está cerrada; sus pasos no se muestran uno por uno.`,
  upstream: "llega",
  local: "local",
  ruleOf: "regla",
  contribution: "contribución",
  value: "valor",
  sofar: (box, k, n) => markup`Gradiente de ${name(box)} hasta ahora: ${k} de ${n} ${n === 1 ? "uso" : "usos"}`,
  from: (box) => `de ${box}`,
  toward: (box) => `a ${box}`,
  forwardTimeline: "adelante: valores →",
  backwardTimeline: "← atrás: gradientes",
  first: "Primer paso",
  previous: "Paso anterior",
  next: "Siguiente",
  play: "Reproducir o parar",
  last: "Último paso",
  timeline: "Pasos",
  keys: "← → paso · espacio reproducir · Inicio / Fin · pulsa una caja o una flecha",
  legend: ["activo", "hecho", "todavía no"],
  table: "Gradientes, arista por arista",
  showTable: "Tabla",
  columns: ["paso", "arista", "llega", "local", "contribución"],
  startRow: "inicio",
  search: "Buscar un valor",
  found: "encontrados",
  larger: "Ampliar",
  smaller: "Reducir",
  fit: "Ajustar",
  theme: "Claro u oscuro",
  chain: "La regla de la cadena para su gradiente",
  derivation: (box) => markup`De dónde sale ${name(box)}`,
  close: "Cerrar",
  data: "dato",
  gradient: "gradiente",
  given: "Está dado, no se calcula.",
  noGradient: "Es una constante: no se pide su gradiente.",
  noUse: "Lo dibujado no depende de él.",
  drawing: "Dibujo del grafo",
  pageTitle: (root) => `${root}: hacia adelante y hacia atrás, paso a paso`,
};

export const words: { readonly [L in Language]: Words } = { en, es };

/** a, b and c; the middle of many left out. */
function listed(names: readonly string[], and: string): Markup {
  const unique = [...new Set(names)];
  const shown = unique.length > 5 ? [...unique.slice(0, 3), "…", unique[unique.length - 1]!] : unique;
  const parts = shown.map((text, k) => markup`${k === 0 ? "" : k === shown.length - 1 ? ` ${and} ` : ", "}${name(text)}`);
  return markup`${parts}`;
}

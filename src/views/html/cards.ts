/** A step as a card: a sentence, the rule in mathematics, the numbers in boxes, and what has accumulated so far. */
import { entriesOf, type Tensor } from "../../array/ndarray.ts";
import { signOf } from "../../graph/value.ts";
import { magnitude } from "../edge-label.ts";
import type { GraphData, GraphEdge } from "../graph-data.ts";
import { explanationPrecision, formatNumber, formatTensor, formatTuple, typeset } from "../number-format.ts";
import { partialLatex } from "../symbol-latex.ts";
import { markup, type Markup } from "./markup.ts";
import type { Mathematics } from "./mathematics.ts";
import type { Names } from "./names.ts";
import type { Language } from "../../graph/language.ts";
import { isForward, type Step, type Term } from "./steps.ts";
import type { Words } from "./words.ts";

export interface PageContext {
  readonly graph: GraphData;
  readonly names: Names;
  readonly mathematics: Mathematics;
  readonly words: Words;
  readonly language: Language;
  /** What a box of the drawing is called. */
  readonly boxName: (box: string) => string;
  /** LaTeX as MathML. */
  readonly typesetLatex: (latex: string, display?: boolean) => Markup;
}

const numberText = (x: number): string => typeset(formatNumber(x, explanationPrecision));

/** A number; the rows of a small array; the shape and range of a large one. */
export function tensorText(x: Tensor): string {
  if (typeof x === "number") return numberText(x);
  const width = x.shape.at(-1) ?? 1;
  if (x.shape.length > 2 || x.size === 0 || x.size > 16 || width > 4) return `${formatTuple(x.shape)}\n${typeset(formatTensor(x, 3))}`;
  const texts = Array.from(x.values, (entry) => typeset(formatNumber(entry, 4)));
  const rows = Array.from({ length: x.size / width }, (_, k) => texts.slice(k * width, (k + 1) * width));
  const widest = texts.reduce((most, text) => Math.max(most, text.length), 0);
  return rows.map((row) => row.map((text) => text.padStart(widest)).join("  ")).join("\n");
}

/** On one line, for tables: the shape and range of an array. */
export const shortText = (x: Tensor): string =>
  typeof x === "number" ? numberText(x) : `${formatTuple(x.shape)} ${typeset(formatTensor(x, 4))}`;

export function cardOf(step: Step, k: number, count: number, context: PageContext): Markup {
  const { words } = context;
  const way = isForward(step) ? "forward" : "backward";
  return markup`<section class="step ${way}" data-step="${k}" hidden>
    <p class="phase">${words.step(k + 1, count)} · ${words[way]}</p>
    ${bodyOf(step, context)}
  </section>`;
}

function bodyOf(step: Step, context: PageContext): Markup {
  const { words, boxName } = context;
  switch (step.kind) {
    case "compute":
      return computeBody(step.node, context);
    case "computeFolded":
      return sentence(words.computeFolded(boxName(step.box), step.count));
    case "start":
      return startBody(step.node, step.seed, context);
    case "edge":
      return edgeBody(step, context);
    case "edgesFolded":
      return sentence(words.edgesFolded(boxName(step.box), boxName(step.sender!), step.count));
  }
}

const sentence = (...parts: Markup[]): Markup => markup`<p class="sentence">${parts}</p>`;

const formula = (math: Markup): Markup => markup`<div class="formula" tabindex="-1">${math}</div>`;

function computeBody(id: number, { graph, names, mathematics, words, typesetLatex }: PageContext): Markup {
  const { value } = graph.nodes[id]!;
  const inputs = graph.edges.filter(({ to }) => to === id);
  const asks = inputs.some(({ flow }) => flow?.local !== undefined);
  const shown = inputs.length > 3 ? [...inputs.slice(0, 2), inputs[inputs.length - 1]!] : inputs;
  const sign = signOf(value);
  const between = inputs.length > 1 && sign.length === 1 ? typeset(sign) : "";
  const boxes = shown.map(({ from }, k) => markup`${k === 0 ? null : joint(inputs.length > 3 && k === 2 ? "…" : between || ",")}${numberBox(names.text(from), graph.nodes[from]!.value.payload, "")}`); // prettier-ignore
  return markup`${sentence(words.compute(names.text(id), inputs.map(({ from }) => names.text(from)), between === "" ? typeset(sign) : ""), markup`${asks ? words.noted : ""}`)}
${formula(typesetLatex(mathematics.definition(id), true))}
${asks ? markup`<div class="formula small">${inputs.filter(({ flow }) => flow?.local !== undefined).slice(0, 4).map((edge) => localFormula(edge, { names, mathematics, typesetLatex }))}</div>` : null}
<div class="numbers">${boxes}${joint(between === "" ? "→" : "=")}${numberBox(names.text(id), value.payload, words.value, "result")}</div>`; // prettier-ignore
}

const localFormula = (edge: GraphEdge, { names, mathematics, typesetLatex }: Pick<PageContext, "names" | "mathematics" | "typesetLatex">) =>
  typesetLatex(`${partialLatex(names.latex(edge.to).latex, names.latex(edge.from).latex)} = ${mathematics.local(edge)!}`);

function startBody(id: number, seed: Tensor, { names, mathematics, words, typesetLatex }: PageContext): Markup {
  return markup`${sentence(words.start(names.text(id)))} ${formula(typesetLatex(`${mathematics.gradient(id)} = 1`, true))}
    <div class="numbers">${numberBox(words.gradient, seed, names.text(id), "result")}</div>`;
}

function edgeBody({ edge, flow, terms, sum, uses }: Extract<Step, { kind: "edge" }>, context: PageContext): Markup {
  const { graph, names, mathematics, words, typesetLatex } = context;
  const [from, to] = [names.text(edge.from), names.text(edge.to)];
  const local = mathematics.local(edge);
  const op = typeset(signOf(graph.nodes[edge.to]!.value));
  const said =
    local === undefined
      ? sentence(words.rule(from, to, op), typesetLatex(mathematics.definition(edge.to)))
      : sentence(
          words.product(from, to),
          markup`${words.because} `,
          typesetLatex(mathematics.definition(edge.to)),
          markup`, ${words.theLocalIs} `,
          typesetLatex(local),
          markup`.`,
        );
  return markup`${said} ${flow.isStrongZero ? markup`<p class="note">${words.strongZero}</p>` : null}
    ${formula(typesetLatex(mathematics.chainRule(edge), true))}
    <div class="numbers">
      ${numberBox(words.upstream, flow.upstream, `∂${names.text(graph.root)}/∂${to}`)}${
        flow.local === undefined
          ? markup`${joint("→")}${textBox(words.ruleOf, op, "")}${joint("→")}`
          : markup`${joint("×")}${numberBox(words.local, flow.local, `∂${to}/∂${from}`)}${joint("=")}`
      }${numberBox(words.contribution, flow.contribution, words.toward(from), "result")}
    </div>
    ${soFar(from, terms, sum, uses, context)}`;
}

const joint = (sign: string): Markup => markup`<span class="joint">${sign}</span>`;

const textBox = (above: string, text: string, below: string, kind = ""): Markup =>
  markup`<div class="number"><span>${above}</span><output class="${kind}">${text}</output><span>${below}</span></div>`;

const numberBox = (above: string, x: Tensor, below: string, kind = ""): Markup =>
  textBox(above, tensorText(x), below, `${kind} ${typeof x === "number" ? "" : "array"}`);

/** The contributions as a bar, each as long as its size, and their sum. */
function soFar(name: string, terms: readonly Term[], sum: Tensor, uses: number, { words, names }: PageContext): Markup {
  const shown = terms.length > 8 ? terms.slice(-8) : terms;
  const total = terms.reduce((size, { value }) => size + finiteSize(value), 0);
  const bars = shown.map(({ edge, value }, k) => {
    const share = total === 0 ? 1 : finiteSize(value) / total;
    const sign = typeof value === "number" && value < 0 ? "negative" : "";
    const number = typeof value === "number" ? ` ${numberText(value)}` : "";
    return markup`<li class="${sign} ${k === shown.length - 1 ? "newest" : ""}" data-share="${share.toFixed(4)}"><span>${words.from(names.text(edge.to))}${number}</span></li>`; // prettier-ignore
  });
  const left = typeof sum === "number" ? shown.map(({ value }) => numberText(value as number)).reduce(joined) : "";
  return markup`<div class="sofar">
    <h3>${words.sofar(name, terms.length, uses)}</h3>
    <ul class="bar">
      ${bars}
    </ul>
    <p class="sum">
      <span>${terms.length > shown.length ? "… + " : ""}${left}</span><b><span>=</span><span>${tensorText(sum)}</span></b>
    </p>
  </div>`;
}

const joined = (sum: string, term: string): string => (term.startsWith("−") ? `${sum} − ${term.slice(1)}` : `${sum} + ${term}`);

const finiteSize = (x: Tensor): number => {
  const size = magnitude(x);
  return Number.isFinite(size) && entriesOf(x).length > 0 ? size : 0;
};

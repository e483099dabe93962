/**
 * The stepping view as a piece of HTML: two drawings (wide and narrow screens), the trace as a table, a card for every step, and
 * the controls. Everything that is ever shown is in it; a step only changes classes. `toHtml` puts it into a file, the playground
 * into its page.
 */
import type { Value } from "../../graph/value.ts";
import type { Drawing, DrawnNode } from "../drawing.ts";
import type { Renderer } from "../graphviz.ts";
import { labelOf } from "../node-rows.ts";
import type { Language } from "../../graph/language.ts";
import { drawingSvg } from "../svg.ts";
import type { PageContext } from "./cards.ts";
import { Markup } from "./markup.ts";
import { mathematicsOf, type Mathematics } from "./mathematics.ts";
import { namesOf, withNames } from "./names.ts";
import { passesOf, type HtmlOptions, type PageData } from "./page-data.ts";
import type { Step } from "./steps.ts";
import { stageMarkup } from "./stage-markup.ts";
import { latexTypesetter } from "./typeset-latex.ts";
import { words } from "./words.ts";

export interface Stage {
  readonly markup: Markup;
  /** The root in terms of the leaves. */
  readonly headline: Markup;
  /** The same, what every value is, and the chain rule on every edge, as a LaTeX environment. */
  readonly latex: string;
  readonly data: PageData;
}

/** @throws as `toHtml`. */
export async function stageOf(root: Value, options: HtmlOptions = {}): Promise<Stage> {
  const { language = "en", renderer = "wasm" } = options;
  const { graph, drawing, steps, data } = passesOf(root, options);
  const names = namesOf(graph.nodes);
  const context: PageContext = {
    graph,
    names,
    mathematics: mathematicsOf(graph, names),
    words: words[language],
    language,
    boxName: boxNames(drawing, (id) => names.text(id)),
    typesetLatex: await latexTypesetter(),
  };
  const drawn = withNames(drawing, names);
  const svgs = [await svgOf(drawn, "w-", renderer), await svgOf({ ...drawn, direction: "TB" }, "t-", renderer)];
  return {
    markup: stageMarkup(svgs, drawing.nodes, steps, data, context),
    headline: context.typesetLatex(context.mathematics.headline, true),
    latex: latexOf(context.mathematics, steps),
    data,
  };
}

function latexOf({ headline, definition, chainRule }: Mathematics, steps: readonly Step[]): string {
  const lines = steps.flatMap((step) =>
    step.kind === "compute" ? [definition(step.node)] : step.kind === "edge" ? [chainRule(step.edge)] : [],
  );
  return `\\begin{gather*}\n${[headline, ...lines].join(" \\\\\n")}\n\\end{gather*}\n`;
}

function boxNames({ nodes }: Drawing, nameOf: (id: number) => string): (box: string) => string {
  const names = new Map(nodes.map((box) => [box.id, box.kind === "scope" || box.kind === "cut" ? foldedName(box) : nameOf(box.nodes[0]!)]));
  return (box) => names.get(box)!;
}

const foldedName = ({ rows }: DrawnNode): string => rows[0]!.map(({ lines }) => lines.map(({ text }) => text).join(" ")).join(" ");

/** Two drawings on one page must not share ids. */
async function svgOf(drawing: Drawing, prefix: string, renderer: Renderer): Promise<Markup> {
  const source = await drawingSvg(drawing, { renderer });
  return new Markup(source.replaceAll(' id="', ` id="${prefix}`));
}

/** The name the file goes by. */
export const titleOf = (root: Value, language: Language): string => words[language].pageTitle(labelOf(root) || root.op || "cadena");

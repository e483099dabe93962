/** The chain rule for one value, folded up under its details: symbols, derivatives substituted, numbers. */
import { explain } from "../explain.ts";
import type { Block } from "../page.ts";
import type { PageContext } from "./cards.ts";
import { markup, type Markup } from "./markup.ts";

/** A page carries every derivation in it; of larger graphs they would outweigh the drawing. */
const mostNodes = 60;

export function derivationOf(id: number, { graph, words, typesetLatex, language }: PageContext): Markup | null {
  const { value, gradient } = graph.nodes[id]!;
  if (gradient === undefined || id === graph.root || graph.nodes.length > mostNodes) return null;
  const explanation = explain(graph.nodes[graph.root]!.value, value, { language });
  return markup`<details class="chain">
    <summary>${words.chain}</summary>
    ${explanation.blocks.map((block) => blockMarkup(block, typesetLatex))}
  </details>`;
}

function blockMarkup(block: Block, typesetLatex: PageContext["typesetLatex"]): Markup {
  switch (block.kind) {
    case "heading":
      return markup`<h4>${block.text}</h4>`;
    case "sentence":
      return markup`<p>${block.text}</p>`;
    case "formula":
      return markup`<div class="formula">${typesetLatex(aligned(block.parts), true)}</div>`;
  }
}

/** One part a line, so that it fits beside the drawing. */
const aligned = ([first = "", ...rest]: readonly string[]): string =>
  rest.length < 2 ? [first, ...rest].join(" = ") : `\\begin{aligned}${first} &= ${rest.join(" \\\\ &= ")}\\end{aligned}`;

/** What a click on a box shows: what the value is, and its gradient as the sum over its uses, each with the step that brought it. */
import type { DrawnNode } from "../drawing.ts";
import { tensorText, type PageContext } from "./cards.ts";
import { derivationOf } from "./derivation.ts";
import { markup, type Markup } from "./markup.ts";
import type { Step } from "./steps.ts";

export function detailOf(box: DrawnNode, steps: readonly Step[], context: PageContext): Markup {
  const { words, boxName } = context;
  return markup`<section class="detail" data-box="${box.id}" hidden>
    <h3>${words.derivation(boxName(box.id))}</h3>
    ${box.kind === "scope" || box.kind === "cut" ? markup`<p>${box.rows.flat().flatMap(({ lines }) => lines.map(({ text }) => markup`${text}<br />`))}</p>` : nodeDetail(box, steps, context)}
    <button type="button" data-act="close">${words.close}</button>
  </section>`;
}

function nodeDetail(box: DrawnNode, steps: readonly Step[], context: PageContext): Markup {
  const { graph, names, mathematics, words, typesetLatex } = context;
  const id = box.nodes[0]!;
  const { value, gradient } = graph.nodes[id]!;
  const what = value.primitive === null ? markup`<p>${words.given}</p>` : markup`<div class="formula">${typesetLatex(mathematics.definition(id), true)}</div>`; // prettier-ignore
  const uses = steps.flatMap((step, k) => (step.kind === "edge" && step.edge.from === id ? [{ step, k }] : []));
  const lines = uses.map(
    ({ step, k }) =>
      markup`<li>
        ${typesetLatex(mathematics.chainRule(step.edge))} <span class="numeral">= ${tensorText(step.flow.contribution)}</span>
        <button type="button" class="go" data-go="${k}">${words.columns[0]} ${k + 1}</button>
      </li>`,
  );
  return markup`${what}
    <dl>
      <dt>${words.data}</dt>
      <dd>${tensorText(value.payload)}</dd>
      ${
        gradient === undefined
          ? null
          : markup`<dt>${words.gradient}</dt>
              <dd class="orange">${tensorText(gradient)}</dd>`
      }
    </dl>
    ${
      gradient === undefined
        ? markup`<p>${words.noGradient}</p>`
        : uses.length === 0
          ? id === graph.root
            ? null
            : markup`<p>${words.noUse}</p>`
          : markup`<ul class="uses" aria-label="${names.text(id)}">
              ${lines}
            </ul>`
    }
    ${derivationOf(id, context)}`;
}

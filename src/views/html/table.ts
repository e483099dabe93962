/** The trace as a table: what the drawing is for somebody who does not see it. */
import { shortText, type PageContext } from "./cards.ts";
import { markup, type Markup } from "./markup.ts";
import type { Step } from "./steps.ts";

export function tableOf(steps: readonly Step[], context: PageContext): Markup {
  const { words, names, mathematics, typesetLatex, boxName } = context;
  const row = (step: Step, k: number) => {
    const cells = rowOf(step);
    if (cells === null) return null;
    return markup`<tr data-step="${k}">
      <th scope="row">${k + 1}</th>
      ${cells.map((cell) => markup`<td>${cell}</td>`)}
    </tr>`;
  };
  const rowOf = (step: Step): (Markup | string)[] | null => {
    if (step.kind === "start") return [`${words.startRow}: ${names.text(step.node)}`, "", "", shortText(step.seed)];
    if (step.kind === "edgesFolded") return [`${boxName(step.sender!)} → ${boxName(step.box)}`, "", "", `${step.count}`];
    if (step.kind !== "edge") return null;
    const { edge, flow } = step;
    const local = mathematics.local(edge);
    const plain = local === undefined ? null : typesetLatex(local);
    const number = flow.local === undefined ? "" : shortText(flow.local);
    const isNumeral = local?.replace("-", "−") === number;
    return [
      `${names.text(edge.to)} → ${names.text(edge.from)}`,
      shortText(flow.upstream),
      plain === null ? words.ruleOf : markup`${isNumeral ? null : markup`${plain} = `}${number}`,
      shortText(flow.contribution),
    ];
  };
  return markup`<div class="table">
    <h2>${words.table}</h2>
    <div class="rows">
      <table>
        <thead>
          <tr>
            ${words.columns.map((text) => markup`<th scope="col">${text}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${steps.map(row)}
        </tbody>
      </table>
    </div>
  </div>`;
}

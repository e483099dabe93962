/** The parts of the stepping view and where they stand: drawing with its tools, table, cards, details, controls. */
import type { DrawnNode } from "../drawing.ts";
import { cardOf, type PageContext } from "./cards.ts";
import { detailOf } from "./details.ts";
import { icon } from "./icons.ts";
import { embeddedJson, markup, type Markup } from "./markup.ts";
import type { PageData } from "./page-data.ts";
import { isForward, type Step } from "./steps.ts";
import { tableOf } from "./table.ts";
import type { Words } from "./words.ts";

/** From so many steps on, the timeline is a slider only. */
const mostTicks = 24;

export function stageMarkup(
  svgs: readonly Markup[],
  boxes: readonly DrawnNode[],
  steps: readonly Step[],
  data: PageData,
  context: PageContext,
): Markup {
  const { words } = context;
  return markup`<div class="stepper" tabindex="-1">
    <svg class="markers" width="0" height="0" aria-hidden="true"><defs>${marker("cadena-plain")}${marker("cadena-active")}</defs></svg>
    <main>
      <section class="panel drawing" aria-label="${words.drawing}">
        <div class="tools">
          <label class="search">
            <span class="unseen">${words.search}</span>${icon("search")}
            <input type="search" placeholder="${words.search}" autocomplete="off" spellcheck="false" />
          </label>
          <output class="found" aria-live="polite" data-word="${words.found}"></output>
          <span class="zoom">${tool("smaller", words.smaller)}${tool("fit", words.fit)}${tool("larger", words.larger)}</span>
        </div>
        <div class="canvas wide" tabindex="0" role="group" aria-label="${words.drawing}">${svgs[0]!}</div>
        <div class="canvas narrow" tabindex="0" role="group" aria-label="${words.drawing}">${svgs[1]!}</div>
        <ul class="legend-row">
          ${words.legend.map((text, k) => markup`<li class="${["active", "done", "todo"][k]!}">${text}</li>`)}
        </ul>
        <button type="button" class="table-switch" data-act="table" aria-expanded="false">${words.showTable}</button>
        ${tableOf(steps, context)}
      </section>
      <aside>
        <div class="panel cards">${steps.map((step, k) => cardOf(step, k, steps.length, context))}</div>
        <div class="panel details" hidden>${boxes.map((box) => detailOf(box, steps, context))}</div>
      </aside>
    </main>
    <p class="unseen" role="status" aria-live="polite"></p>
    <footer class="panel controls">${controlsOf(words)}${timelineOf(steps, words)}</footer>
    <script type="application/json" class="steps">${embeddedJson(data)}</script>
  </div>`;
}

const marker = (id: string): Markup =>
  markup`<marker id="${id}" viewBox="0 0 10 10" refX="9.5" refY="5" markerUnits="userSpaceOnUse" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 1.5L10 5L0 8.5z"/></marker>`;

const tool = (act: "smaller" | "fit" | "larger", label: string): Markup =>
  markup`<button type="button" class="tool" data-act="${act}" aria-label="${label}" title="${label}">${icon(act)}</button>`;

const controlsOf = (words: Words): Markup =>
  markup`<div class="buttons">
    <button type="button" data-act="first" aria-label="${words.first}" title="${words.first}">${icon("first")}</button>
    <button type="button" data-act="previous" aria-label="${words.previous}" title="${words.previous}">${icon("previous")}</button>
    <button type="button" class="next" data-act="next"><span>${words.next}</span>${icon("next")}</button>
    <button type="button" data-act="play" aria-label="${words.play}" title="${words.play}" aria-pressed="false">
      ${icon("play")}${icon("pause")}
    </button>
    <button type="button" data-act="last" aria-label="${words.last}" title="${words.last}">${icon("last")}</button>
  </div>`;

function timelineOf(steps: readonly Step[], words: Words): Markup {
  const forward = steps.filter(isForward).length;
  if (steps.length > mostTicks)
    return markup`<div class="timeline">
      <p><span>${words.forwardTimeline}</span><span>${words.backwardTimeline}</span></p>
      <input type="range" class="slider" min="1" max="${steps.length}" value="1" data-forward="${forward}" aria-label="${words.timeline}" />
    </div>`;
  const tick = (k: number) => markup`<button type="button" class="tick ${k < forward ? "forward" : "backward"}" data-go="${k}" tabindex="-1"><span>${k + 1}</span></button>`; // prettier-ignore
  const group = (label: string, from: number, to: number) =>
    from === to
      ? null
      : markup`<div class="ticks" data-share="${to - from}">
          <p>${label}</p>
          <div role="group" aria-label="${label}">${Array.from({ length: to - from }, (_, k) => tick(from + k))}</div>
        </div>`;
  return markup`<div class="timeline ticked">
    ${group(words.forwardTimeline, 0, forward)}${group(words.backwardTimeline, forward, steps.length)}
  </div>`;
}

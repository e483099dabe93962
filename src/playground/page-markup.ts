/** The page around the stepping view, in the reader's language. */
import { icon } from "../views/html/icons.ts";
import { markup, type Markup } from "../views/html/markup.ts";
import { copyNames } from "./copies.ts";
import { shownExamples } from "./network-program.ts";
import { activationNames, dataNames, type State } from "./state.ts";
import type { Words } from "./words.ts";

/** Formulas to begin with, from one multiplication to a softmax, with the values of their letters. */
export const examples: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map([
  ["L = 0.5*(y - sigmoid(w*x + b))^2", { y: "1", w: "-0.7", x: "2", b: "0.3" }],
  ["a = tanh(w1*x1 + w2*x2 + b)", { w1: "-3", x1: "2", w2: "1", x2: "0", b: "6.88" }],
  ["y = x*x", { x: "3" }],
  ["z = w*x + b; a = relu(z); L = (a - y)^2", { w: "0.5", x: "2", b: "-0.25", y: "1" }],
  ["L = log(1 + exp(-y*(w*x + b)))", { y: "1", w: "-0.7", x: "2", b: "0.3" }],
  ["p = softmax(W @ x); L = -log(p[0])", { W: "[[0.5, -1], [1, 0.5], [-0.5, 1]]", x: "[1, 2]" }],
]);

const option = (value: string, chosen: string, text = value): Markup =>
  value === chosen ? markup`<option value="${value}" selected>${text}</option>` : markup`<option value="${value}">${text}</option>`;

export function pageMarkup(state: State, words: Words): Markup {
  return markup`<header class="page-head">
    <div><h1 class="brand">${words.title}</h1><p class="lead">${words.lead}</p></div>
    <div class="page-tools">
      <p class="keys">${words.keys}</p>
      <select id="language" aria-label="${words.language}">${option("en", state.language, "English")}${option("es", state.language, "Español")}</select>
      <button type="button" data-act="theme" aria-label="${words.theme}" title="${words.theme}">${icon("theme")}</button>
    </div>
  </header>
  <section class="panel choices">
    <div class="modes" role="group" aria-label="${words.mode}">
      ${(["formula", "network"] as const).map((mode) => markup`<button type="button" data-mode="${mode}" aria-pressed="${String(mode === state.mode)}">${words[mode]}</button>`)}
    </div>
    ${state.mode === "formula" ? formulaForm(state, words) : networkForm(state, words)}
    <p class="problem" role="alert" hidden></p>
  </section>
  <h2 class="headline" aria-live="off"></h2>
  <div id="stage" aria-busy="true"><p class="drawing-note">${words.drawing}</p></div>
  <div class="below">
    <section class="panel hand">
      <h2>${words.hand}</h2>
      <p id="hand-help">${words.handHelp}</p>
      <textarea id="hand" rows="4" spellcheck="false" autocapitalize="off" aria-describedby="hand-help" aria-label="${words.hand}">${state.hand}</textarea>
      <button type="button" id="check" class="main">${words.check}</button>
      <div id="verdicts" role="status" aria-live="polite"></div>
    </section>
    <section class="panel take">
      <h2>${words.take}</h2>
      <div class="copies">${copyNames.map((what) => markup`<button type="button" data-copy="${what}">${what === "link" || what === "page" ? words[what] : what}</button>`)}</div>
      <p id="copied" role="status" aria-live="polite"></p>
      <textarea id="to-copy" rows="4" readonly hidden aria-label="${words.notCopied}"></textarea>
    </section>
  </div>`;
}

function formulaForm({ formula }: State, words: Words): Markup {
  return markup`<div class="formula-form">
    <label class="wide-field"><span>${words.formula}</span><textarea id="formula" rows="${Math.min(4, 1 + formula.split("\n").length)}" spellcheck="false" autocapitalize="off" aria-describedby="formula-help">${formula}</textarea></label>
    <label><span>${words.examples}</span><select id="examples"><option value=""></option>${[...examples.keys()].map((example) => option(example, formula))}</select></label>
    <p id="formula-help" class="help">${words.formulaHelp}</p>
    <fieldset class="sliders"><legend>${words.values}</legend><div id="sliders"></div></fieldset>
  </div>`;
}

function networkForm({ data, hidden, activation, seed, learningRate }: State, words: Words): Markup {
  return markup`<div class="network-form">
    <div class="fields">
      <label><span>${words.data}</span><select id="data">${dataNames.map((name) => option(name, data))}</select></label>
      <label><span>${words.hidden}</span><input id="hidden" value="${hidden.join(", ")}" title="${words.hiddenHelp}" autocomplete="off"></label>
      <label><span>${words.activation}</span><select id="activation">${activationNames.map((name) => option(name, activation))}</select></label>
      <label><span>${words.seed}</span><input id="seed" inputmode="numeric" value="${seed}" autocomplete="off"></label>
      <label><span>${words.rate}</span><input id="rate" inputmode="decimal" value="${learningRate}" autocomplete="off"></label>
      <div class="train-buttons"><button type="button" id="train" class="main">${words.train}</button><button type="button" id="restart">${words.restart}</button></div>
      <output id="reached" aria-live="off"></output>
      <p class="help">${words.shown(shownExamples)}</p>
    </div>
    <figure><canvas id="surface" width="480" height="480" role="img" aria-label="${words.surface}"></canvas><figcaption>${words.surface}</figcaption></figure>
    <figure><div id="curve" role="img" aria-label="${words.curve}"></div><figcaption>${words.curve}</figcaption></figure>
  </div>`;
}

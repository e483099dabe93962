/** The playground: one state, in the address; whatever changes it draws the page again from it. */
import "../graph/methods.ts";
import { FormulaError } from "../formula/token.ts";
import { formulaWords, Refusal } from "../formula/words.ts";
import { formatNumber, typeset } from "../views/number-format.ts";
import type { Value } from "../graph/value.ts";
import { stylesheet } from "../views/html/style.ts";
import { themeSwitch } from "../views/html/theme-switch.ts";
import type { Theme } from "../views/palette.ts";
import { copied, copyOf, saved, type CopyName } from "./copies.ts";
import { formulaProgram } from "./formula-program.ts";
import { verdictsOf } from "./hand-check.ts";
import { accuracyOf, lossShown, networkOf, type Network } from "./network-program.ts";
import { examples, pageMarkup } from "./page-markup.ts";
import { lossCurve, paintSurface } from "./pictures.ts";
import { agree, slidersMarkup } from "./sliders.ts";
import { addressOf, hiddenFrom, numberFrom, stateAt, type ActivationChoice, type DataName, type State } from "./state.ts";
import { SteppingView } from "./stepping-view.ts";
import { startTraining, type Training } from "./training.ts";
import { words, type Words } from "./words.ts";

const language = navigator.language.startsWith("es") ? "es" : "en";
let state: State = stateAt(location.hash, language);
let root: Value | undefined;
let given: ReadonlyMap<string, string> = new Map();
let network: Network | undefined;
let training: Training | undefined;
let losses: number[] = [];
let view: SteppingView | undefined;

const element = <E extends HTMLElement = HTMLElement>(id: string): E | null => document.querySelector<E>(`#${id}`);
const theme = (): Theme => {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
};

/** The whole page anew: another mode, another language, another address. */
function build(): void {
  training?.stop();
  view?.leave();
  document.documentElement.lang = state.language;
  document.title = words[state.language].title;
  document.body.innerHTML = pageMarkup(state, words[state.language]).source;
  view = new SteppingView(element("stage")!, document.querySelector<HTMLElement>(".headline")!);
  if (state.mode === "network") restart();
  else read(true);
}

function change(part: Partial<State>): void {
  state = { ...state, ...part };
  history.replaceState(null, "", `#${addressOf(state)}`);
}

function complain(error: unknown): void {
  const problem = document.querySelector<HTMLElement>(".problem");
  if (!problem) return;
  problem.hidden = error === null;
  problem.textContent = error === null ? "" : sentenceOf(error);
}

function sentenceOf(error: unknown): string {
  const { language } = state;
  if (error instanceof FormulaError) return error.with({ language }).message;
  if (error instanceof Refusal) return error.say(formulaWords[language]);
  return error instanceof Error ? error.message : "?";
}

/** Runs what may refuse what was typed; the refusal is shown, the last drawing stays. */
function attempt(body: () => void): void {
  try {
    body();
    complain(null);
  } catch (error) {
    complain(error);
  }
}

/** Reads the formula; its letters get new sliders where they are others. */
function read(isNew: boolean): void {
  attempt(() => {
    const program = formulaProgram(state.formula, state.values);
    const sliders = element("sliders");
    if (sliders && (isNew || [...program.given.keys()].join() !== [...given.keys()].join()))
      sliders.innerHTML = slidersMarkup(program.given).source;
    ({ root, given } = program);
    change({ values: new Map([...state.values, ...given]) });
    draw();
  });
}

function draw(): void {
  if (root === undefined) return;
  view?.show(root, state.language).catch(complain);
}

function restart(): void {
  training?.stop();
  training = undefined;
  losses = [];
  attempt(() => {
    network = networkOf(state);
    showTraining();
    drawNetwork();
  });
}

function drawNetwork(): void {
  if (!network) return;
  root = lossShown(network);
  given = new Map();
  draw();
}

function showTraining(): void {
  const word = words[state.language];
  if (!network || state.mode !== "network") return;
  const [canvas, curve, reached, button] = [element<HTMLCanvasElement>("surface"), element("curve"), element("reached"), element("train")];
  if (!canvas || !curve || !reached || !button) return;
  paintSurface(canvas, network, theme());
  const plot = lossCurve(losses, word.epoch, word.loss, theme());
  curve.replaceChildren(...(plot ? [plot] : []));
  const loss = losses.length === 0 ? "–" : typeset(formatNumber(losses[losses.length - 1]!));
  reached.textContent = word.reached(losses.length, loss, `${Math.round(100 * accuracyOf(network))}%`);
  button.textContent = training ? word.stop : word.train;
}

function train(): void {
  if (training) {
    training.stop();
    return;
  }
  if (!network) return;
  const started = startTraining(network, state.learningRate, losses, showTraining);
  training = started;
  showTraining();
  started.ended.catch(complain).finally(() => {
    if (training !== started) return;
    training = undefined;
    showTraining();
    drawNetwork();
  });
}

function check(): void {
  const [hand, verdicts] = [element<HTMLTextAreaElement>("hand"), element("verdicts")];
  if (!hand || !verdicts || root === undefined) return;
  change({ hand: hand.value });
  try {
    verdicts.innerHTML = verdictsOf(root, hand.value, state.language).source;
  } catch (error) {
    verdicts.textContent = sentenceOf(error);
  }
}

async function copy(what: CopyName): Promise<void> {
  if (root === undefined) return;
  const text = await copyOf(what, { root, state, given });
  const [said, field] = [element("copied"), element<HTMLTextAreaElement>("to-copy")];
  if (!said || !field) return;
  if (what === "page") {
    saved(text, "cadena.html", "text/html");
    return;
  }
  const isCopied = await copied(text);
  said.textContent = isCopied ? `${what} ${words[state.language].copied}` : words[state.language].notCopied;
  field.hidden = isCopied;
  field.value = text;
}

function type(field: HTMLInputElement | HTMLTextAreaElement): void {
  if (field.dataset.letter !== undefined) {
    moved(field as HTMLInputElement);
    return;
  }
  if (field.id === "formula") {
    change({ formula: field.value });
    read(false);
  }
}

function moved(field: HTMLInputElement): void {
  const name = [...given.keys()][Number(field.dataset.letter)];
  if (name === undefined) return;
  agree(element("sliders")!, field);
  change({ values: new Map([...state.values, [name, field.value]]) });
  read(false);
}

/** Choices that take effect when they are made, not while they are typed. */
const choices: Readonly<Record<string, (chosen: string) => void>> = {
  language: (chosen) => {
    change({ language: chosen === "es" ? "es" : "en" });
    build();
  },
  examples: (chosen) => {
    const values = examples.get(chosen);
    if (values === undefined) return;
    change({ formula: chosen, values: new Map([...state.values, ...Object.entries(values)]) });
    build();
  },
  data: (chosen) => chooseNetwork({ data: chosen as DataName }),
  activation: (chosen) => chooseNetwork({ activation: chosen as ActivationChoice }),
  hidden: (chosen) => chooseOrRefuse("hidden", hiddenFrom(chosen), ({ hiddenRange }) => hiddenRange),
  seed: (chosen) => chooseOrRefuse("seed", numberFrom(chosen, 0, 2 ** 32 - 1, true), ({ seedRange }) => seedRange),
  rate: (chosen) => chooseOrRefuse("learningRate", numberFrom(chosen, 1e-6, 100, false), ({ rateRange }) => rateRange),
};

/** What does not fit leaves everything as it is, and says what would. */
function chooseOrRefuse<K extends keyof State>(key: K, chosen: State[K] | undefined, range: (words: Words) => string): void {
  chooseNetwork(chosen === undefined ? {} : { [key]: chosen });
  if (chosen === undefined) complain(new RangeError(range(words[state.language])));
}

function chooseNetwork(part: Partial<State>): void {
  change(part);
  const { hidden, seed, learningRate } = state;
  for (const [id, text] of [
    ["hidden", hidden.join(", ")],
    ["seed", String(seed)],
    ["rate", String(learningRate)],
  ] as const) {
    const field = element<HTMLInputElement>(id);
    if (field) field.value = text;
  }
  restart();
}

document.addEventListener("input", ({ target }) => {
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) type(target);
});
document.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLSelectElement || target instanceof HTMLInputElement)) return;
  if (Object.hasOwn(choices, target.id)) choices[target.id]!(target.value);
});
document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLElement>("button") : null;
  if (!button) return;
  const { mode, copy: what } = button.dataset;
  if (mode === "formula" || mode === "network") {
    change({ mode });
    build();
  } else if (what !== undefined) void copy(what as CopyName);
  else if (button.id === "train") train();
  else if (button.id === "restart") restart();
  else if (button.id === "check") check();
  else if (button.dataset.act === "theme") setTimeout(showTraining);
});
window.addEventListener("hashchange", () => {
  state = stateAt(location.hash, state.language);
  build();
});

const sheet = new CSSStyleSheet();
sheet.replaceSync(stylesheet());
document.adoptedStyleSheets = [sheet];
themeSwitch();
build();

/** The letters of a formula: a slider and a field for a number, a field alone for an array. */
import { markup, type Markup } from "../views/html/markup.ts";
import { typedNumber } from "./typed-number.ts";

/** Where a slider ends; further out the field says. */
const reach = 5;

export function slidersMarkup(given: ReadonlyMap<string, string>): Markup {
  return markup`${[...given].map(([name, text], k) => slider(name, text, k))}`;
}

function slider(name: string, text: string, k: number): Markup {
  const typed = typedNumber(text);
  const x = Number.isFinite(typed) ? typed : undefined;
  const end = x === undefined ? reach : Math.max(reach, Math.ceil(2 * Math.abs(x)));
  const range = markup`<input type="range" data-letter="${k}" min="${-end}" max="${end}" step="${end / 500}" value="${x ?? 0}" aria-label="${name}">`;
  return markup`<div class="letter"><label for="letter${k}">${name}</label>${x === undefined ? null : range}<input id="letter${k}" class="${x === undefined ? "array" : ""}" data-letter="${k}" value="${text}" spellcheck="false" autocomplete="off"></div>`;
}

/** The field and the slider of the letter that was just moved, brought together. */
export function agree(container: Element, moved: HTMLInputElement): void {
  for (const other of container.querySelectorAll<HTMLInputElement>(`[data-letter="${moved.dataset.letter ?? ""}"]`))
    if (other !== moved) other.value = moved.value;
}

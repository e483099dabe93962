/** HTML from templates: what is put into one is text and cannot be anything else, unless it is markup already. */
import { escapedXml } from "../svg-text.ts";

/** HTML that is safe to write as it is. */
export class Markup {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

type Part = string | number | Markup | readonly Part[] | null;

function written(part: Part): string {
  if (part === null) return "";
  if (part instanceof Markup) return part.source;
  return typeof part === "string" || typeof part === "number" ? escapedXml(String(part)) : part.map(written).join("");
}

/** markup`<b>${label}</b>`: the label is escaped, markup and lists of markup are not. */
export const markup = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(strings.reduce((source, text, k) => source + written(parts[k - 1] ?? null) + text));

/** Data inside a script element: no character of it can end the element, open a comment, or end a line of a script. */
export const embeddedJson = (data: unknown): Markup =>
  new Markup(JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`));

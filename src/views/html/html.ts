/**
 * `toHtml`: one file that steps through the passes of a graph, with everything it needs inside. Its Content-Security-Policy allows
 * exactly its own style and its own script, and no request at all.
 */
import { describe, formatShape } from "../../array/shape.ts";
import { Value } from "../../graph/value.ts";
import { icon } from "./icons.ts";
import { markup, Markup } from "./markup.ts";
import type { HtmlOptions } from "./page-data.ts";
import { stageOf, titleOf } from "./stage.ts";
import { stepper } from "./stepper.ts";
import { stylesheet } from "./style.ts";
import { themeSwitch } from "./theme-switch.ts";
import { words } from "./words.ts";

/**
 * A page that steps forward and backward through the computation of `root`, one edge at a time; opened from a disk, it works. The
 * gradients are those of `root` alone; no `.grad` is touched.
 *
 * @throws RangeError where the root is not a number, or for options that do not exist; as `trace` where data was written since.
 * @example
 * const [w, x] = [value(0.4, "w"), value(2, "x")];
 * const page = await toHtml(w.mul(x).add(w).tanh().named("a"));
 * page.slice(0, 15); // → <!doctype html>
 */
export async function toHtml(root: Value, options: HtmlOptions = {}): Promise<string> {
  if (!(root instanceof Value)) throw new TypeError(`toHtml: expected a value, got ${describe(root)}`);
  if (root.shape.length > 0)
    throw new RangeError(`toHtml: the root has shape ${formatShape(root.shape)}; take .sum() or .mean() of it, so that it is one number`);
  const { language = "en" } = options;
  const stage = await stageOf(root, options);
  const word = words[language];
  const [style, script] = [new Markup(stylesheet()), new Markup(clientScript())];
  const policy = `default-src 'none'; style-src ${await hashOf(style)}; script-src ${await hashOf(script)}; base-uri 'none'; form-action 'none'`;
  return markup`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${titleOf(root, language)}</title>
        <style>${style}</style>
      </head>
      <body>
        <header class="page-head">
          <h1>${stage.headline}</h1>
          <div class="page-tools">
            <p class="keys">${word.keys}</p>
            <button type="button" data-act="theme" aria-label="${word.theme}" title="${word.theme}">${icon("theme")}</button>
          </div>
        </header>
        ${stage.markup}
        <script>${script}</script>
      </body>
    </html>
`.source;
}

/** The functions' own text. Some loaders mark functions with their names by a helper, which is given here. */
const clientScript = (): string =>
  `"use strict";const __name=(f)=>f;(${String(themeSwitch)})();(${String(stepper)})(document.querySelector(".stepper"));`;

async function hashOf({ source }: Markup): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(source));
  return `'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`;
}

/** LaTeX as MathML, which browsers draw without a font or a script of ours. KaTeX loads when it is first needed. */
import { Markup } from "./markup.ts";

/** @throws never for a formula that KaTeX does not know: it is shown as text. */
export async function latexTypesetter(): Promise<(latex: string, display?: boolean) => Markup> {
  const { default: katex } = await import("katex");
  const known = new Map<string, Markup>();
  return (latex, display = false) => {
    const key = `${String(display)} ${latex}`;
    const found = known.get(key);
    if (found) return found;
    const { plain, restored } = heldBack(latex);
    const rendered = katex.renderToString(plain, {
      output: "mathml",
      displayMode: display,
      throwOnError: false,
      strict: "ignore",
      trust: false,
    });
    const markup = new Markup(restored(mathOf(rendered)));
    known.set(key, markup);
    return markup;
  };
}

/** A letter with its mark, as é, which KaTeX sets apart from its letter or does not know; and what stands for one. */
const marked = /[\p{L}\p{N}]?\p{M}+|[\ue000-\uf8ff\ufdd0-\ufdef]/gu;

/** The formula with stand-ins, which no text has, for such letters; and the way to put them back. */
function heldBack(latex: string): { plain: string; restored: (markup: string) => string } {
  const held: string[] = [];
  const plain = latex.normalize("NFD").replace(marked, (letter) => {
    const known = held.indexOf(letter.normalize("NFC"));
    const place = known >= 0 ? known : held.length < 32 ? held.push(letter.normalize("NFC")) - 1 : -1;
    return place < 0 ? "\ufffd" : String.fromCodePoint(0xfdd0 + place);
  });
  return { plain, restored: (markup) => markup.replace(/[\ufdd0-\ufdef]/g, (c) => held[c.codePointAt(0)! - 0xfdd0] ?? c) };
}

/** Only the math element: without the source text beside it, with + and = of their natural size. */
const mathOf = (rendered: string): string =>
  (/<math[\s\S]*<\/math>/.exec(rendered)?.[0] ?? rendered)
    .replace(/<annotation[^>]*>[^<]*<\/annotation>/g, "")
    .replace(/<\/?semantics>/g, "")
    .replaceAll('stretchy="true"', "")
    .replace(/ style="[^"]*"/g, "");

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
    const rendered = katex.renderToString(latex, {
      output: "mathml",
      displayMode: display,
      throwOnError: false,
      strict: "ignore",
      trust: false,
    });
    const markup = new Markup(mathOf(rendered));
    known.set(key, markup);
    return markup;
  };
}

/** Only the math element: without the source text beside it, with + and = of their natural size. */
const mathOf = (rendered: string): string =>
  (/<math[\s\S]*<\/math>/.exec(rendered)?.[0] ?? rendered)
    .replace(/<annotation[^>]*>[^<]*<\/annotation>/g, "")
    .replace(/<\/?semantics>/g, "")
    .replaceAll('stretchy="true"', "")
    .replace(/ style="[^"]*"/g, "");

/** What a notebook's cell may end with to be shown as more than text; the method is the one that Deno's kernel asks for. */

export interface Displayed {
  [method: symbol]: () => Record<string, string>;
}

const displayed = (data: Record<string, string>): Displayed => ({ [Symbol.for("Jupyter.display")]: () => data });

/** Markdown, with formulas between dollar signs. */
export const markdown = (text: string): Displayed => displayed({ "text/markdown": text });

/** A picture; the text stands for it where none can be shown. */
export const picture = (png: Uint8Array, text: string): Displayed =>
  displayed({ "image/png": Buffer.from(png).toString("base64"), "text/plain": text });

/** A table of texts and numbers, under a line of headings. */
export function table(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): Displayed {
  const line = (cells: readonly (string | number)[]) => `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  return markdown([line(headings), line(headings.map(() => "---")), ...rows.map(line)].join("\n"));
}

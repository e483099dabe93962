/** Headings, sentences and formulas as Markdown, LaTeX or plain text. */
import { describe } from "../array/shape.ts";
import { plainMath } from "./plain-math.ts";

export type PageFormat = "markdown" | "latex" | "text";

export type Block =
  | { readonly kind: "heading"; readonly level: 1 | 2; readonly text: string }
  /** A sentence of ours, never a label. */
  | { readonly kind: "sentence"; readonly text: string }
  /** A formula of several parts that are equal: a = b = c. */
  | { readonly kind: "formula"; readonly parts: readonly string[] };

export const heading = (text: string, level: 1 | 2 = 2): Block => ({ kind: "heading", level, text });
export const sentence = (text: string): Block => ({ kind: "sentence", text });
export const formula = (...parts: readonly (string | undefined)[]): Block => ({
  kind: "formula",
  parts: parts.filter((part) => part !== undefined).filter((part, k, all) => part !== all[k - 1]),
});

const printers: { readonly [F in PageFormat]: (block: Block) => string } = { markdown, latex, text };

/** @throws RangeError for what is no format. */
export function checkFormat(operation: string, given: string): void {
  const names = Object.keys(printers);
  if (!names.includes(given))
    throw new RangeError(`${operation}: format is ${names.map((name) => `"${name}"`).join(" or ")}, got ${describe(given)}`);
}

export const pageOf = (blocks: readonly Block[], format: PageFormat): string => `${blocks.map(printers[format]).join(format === "text" ? "\n" : "\n\n").replace(/^\n/, "")}\n`; // prettier-ignore

function markdown(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `${"#".repeat(block.level)} ${block.text}`;
    case "sentence":
      return block.text;
    case "formula":
      return `$$\n${block.parts.join("\n= ")}\n$$`;
  }
}

function latex(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `\\${block.level === 1 ? "section" : "subsection"}*{${block.text}}`;
    case "sentence":
      return block.text;
    case "formula":
      return block.parts.length < 3
        ? `\\[ ${block.parts.join(" = ")} \\]`
        : `\\begin{align*}\n${block.parts[0]!} &= ${block.parts.slice(1).join(" \\\\\n&= ")}\n\\end{align*}`;
  }
}

const columns = 80;

function text(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `\n${block.text}\n${"─".repeat(Array.from(block.text).length)}`;
    case "sentence":
      return wrapped(block.text, "", "");
    case "formula": {
      const parts = block.parts.map(plainMath);
      const whole = `  ${parts.join(" = ")}`;
      return Array.from(whole).length <= columns
        ? whole
        : parts.map((part, k) => wrapped(k === 0 ? part : `= ${part}`, k === 0 ? "  " : "      ")).join("\n");
    }
  }
}

/** Broken at spaces, at the right margin. */
function wrapped(line: string, indent: string, hanging = `${indent}  `): string {
  const lines: string[] = [];
  let current = indent;
  for (const word of line.split(" ")) {
    if (current.trim() !== "" && Array.from(current).length + 1 + Array.from(word).length > columns) {
      lines.push(current);
      current = hanging;
    }
    current += current.trim() === "" ? word : ` ${word}`;
  }
  return [...lines, current].join("\n");
}

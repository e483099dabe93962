/** A label as mathematics: w1 with an index, σ as a letter, anything else upright, as typed, and unable to be a command. */

const escapes: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  $: "\\$",
  "&": "\\&",
  "#": "\\#",
  _: "\\_",
  "%": "\\%",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "`": "\\textquoteleft{}",
};

const upright = (text: string): string => `\\text{${text.replace(/[\\{}$&#_%~^`]/g, (c) => escapes[c]!)}}`;

/** LaTeX that shows this label, made plain before, and does nothing else. */
export function latexName(label: string): string {
  const parts = /^([a-zA-Z\u0391-\u03c9]{1,3}?)_?(\d{0,4}(?:[,_]\d{1,4})*)$/u.exec(label);
  if (!parts) return upright(label);
  const [, letters, index] = parts as unknown as [string, string, string];
  const base = letters.length === 1 ? letters : `\\mathit{${letters}}`;
  return index === "" ? base : `${base}_{${index.replaceAll("_", ",")}}`;
}

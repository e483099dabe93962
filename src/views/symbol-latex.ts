/** Names of values as mathematics: W2 is W₂, z1[0] is z₁[0], ŷ has its hat, h' its prime; anything else is text in which nothing can be a command. */
import { plainText } from "../graph/plain-text.ts";

const greek: readonly string[] =
  "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega".split(
    " ",
  );

/** The marks that Unicode puts on a letter. */
const accents: { readonly [mark: string]: string } = { "\u0302": "\\hat", "\u0303": "\\tilde", "\u0304": "\\bar", "\u0307": "\\dot" };

export function symbolLatex(label: string): string {
  const match = /^(\p{L}\p{M}?|[A-Za-z]+)(['′]*)(?:_([A-Za-z0-9]+)|([0-9]+))?((?:\[[0-9, ]+\])*)$/u.exec(label.normalize("NFD"));
  if (match === null) return textLatex(label);
  const [, letters, primes, after, digits, index] = match;
  const subscript = after ?? digits ?? "";
  return `${lettersLatex(letters!)}${"'".repeat(primes!.length)}${subscript === "" ? "" : `_{${subscript}}`}${index ?? ""}`;
}

function lettersLatex(letters: string): string {
  const [letter, mark] = [letters[0]!, letters.slice(1)];
  if (mark in accents && Object.hasOwn(accents, mark)) return `${accents[mark]!}{${letter}}`;
  if (greek.includes(letters)) return `\\${letters}`;
  return /^(.|\P{ASCII}+)$/u.test(letters) ? letters.normalize("NFC") : textLatex(letters);
}

/** ∂y/∂x */
export const partialLatex = (y: string, x: string): string => `\\frac{\\partial ${y}}{\\partial ${x}}`;

/** Letters that LaTeX, or Markdown and HTML around the formula, would read as more than letters. */
const special: { readonly [letter: string]: string } = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  $: "\\textdollar{}",
  "`": "ˋ",
  "<": "}{\\lt}\\text{",
  ">": "}{\\gt}\\text{",
};

/** Signs such as ∑, ≠ and ℒ, which LaTeX knows in formulas only, not in text. */
const mathematical = /[\u203c\u2100-\u214f\u2190-\u23ff\u27c0-\u27ff\u2900-\u2aff]/g;

/** A label as text. */
const textLatex = (label: string): string =>
  `\\text{${plainText(label)
    .replace(/[\\~^$`<>&#_%{}]/g, (c) => special[c] ?? `\\${c}`)
    .replace(mathematical, "}{$&}\\text{")}}`;

/**
 * Formula text cut into tokens, each with its place, so that an error can point at it. Takes what people write: `a1ᵀ·dz2`,
 * `(y − ŷ)²`, `σ'(z)`, `np.dot(a1.T, dz2)  # Python`.
 */
import type { Language } from "../graph/language.ts";
import { formulaWords, type FormulaWords, type Say } from "./words.ts";

export interface Token {
  readonly kind: "number" | "name" | "sign" | "end";
  readonly text: string;
  /** Where it begins in the formula. */
  readonly at: number;
}

/** Which of several formulas it is, what helps, and the language to say it in. */
export interface Around {
  readonly of?: string;
  readonly advice?: Say;
  readonly language?: Language;
}

/** An error that says where in the text, in English unless asked otherwise. */
export class FormulaError extends SyntaxError {
  override readonly name = "FormulaError";
  /** Characters before the place. */
  readonly at: number;
  private readonly say: Say;
  private readonly text: string;
  private readonly around: Around;

  constructor(say: Say, text: string, at: number, around: Around = {}) {
    const { of = "", advice = () => "", language = "en" } = around;
    const words = formulaWords[language];
    super(`${words.formula(of)}: ${say(words)}, ${placeIn(text, at, words)}${advice(words)}`);
    [this.say, this.text, this.at, this.around] = [say, text, at, around];
  }

  /** The same, of a formula that stands among others under a name, with advice, or in another language. */
  with(around: Around): FormulaError {
    return new FormulaError(this.say, this.text, this.at, { ...this.around, ...around });
  }
}

function placeIn(text: string, at: number, words: FormulaWords): string {
  const before = text.slice(0, at).split("\n");
  const line = before.length > 1 || text.includes("\n") ? before.length : undefined;
  const rest = text.slice(at).split("\n", 1)[0]!;
  return words.place(line, before.at(-1)!.length + 1, rest.length > 24 ? `${rest.slice(0, 24)}…` : rest);
}

// The transpose signs are letters to Unicode; a name ends before them.
const letter = String.raw`(?![ᵀ⊤])[\p{L}_]`;
const name = String.raw`${letter}(?:(?![ᵀ⊤])[\p{L}\p{M}\p{Nd}₀-₉_])*`;

type Pattern = readonly [Token["kind"] | "space", RegExp];

const patternsOf = (): readonly Pattern[] => [
  ["space", /[ \t\r\f]+|#[^\n]*|\\\n/uy],
  ["number", /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[½¼¾]/uy],
  // ∂L/∂z2 is one name; f' is the derivative of f where arguments follow.
  ["name", new RegExp(`∂${name}/∂${name}|∂?${name}(?:['′](?=\\s*\\())?`, "uy")],
  ["sign", /\*\*|<=|>=|==|!=|[-+*/^@=<>≤≥≠(),;:.[\]\n·×⊙∘−∗⋅²³ᵀ⊤]/uy],
];

/** Made for the first formula: it takes V8 a while to know all letters. */
let patterns: readonly Pattern[] | undefined;

/** How signs with several forms are spelt in the rest of the reader. */
const spelling = new Map([
  ["−", "-"], ["∗", "*"], ["×", "*"], ["**", "^"], ["⋅", "·"], ["∘", "⊙"], ["≤", "<="], ["≥", ">="], ["≠", "!="], ["⊤", "ᵀ"], ["\n", ";"],
]); // prettier-ignore

const longest = 100_000;

/** @throws FormulaError for a character that no formula has. */
export function tokensOf(text: string): Token[] {
  if (text.length > longest) throw new RangeError(`formula: ${text.length} characters; formulas have at most ${longest}`);
  const tokens: Token[] = [];
  let depth = 0;
  for (let at = 0; at < text.length;) {
    const [kind, found] = tokenAt(text, at);
    depth += found === "(" || found === "[" ? 1 : found === ")" || found === "]" ? -1 : 0;
    const isInside = found === "\n" && depth > 0;
    if (kind !== "space" && !isInside) tokens.push({ kind, text: spelling.get(found) ?? found.replace("′", "'"), at });
    at += found.length;
  }
  tokens.push({ kind: "end", text: "", at: text.length });
  return tokens;
}

function tokenAt(text: string, at: number): [Token["kind"] | "space", string] {
  patterns ??= patternsOf();
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return [kind, found];
  }
  throw new FormulaError(({ foreign }) => foreign(String.fromCodePoint(text.codePointAt(at)!)), text, at);
}

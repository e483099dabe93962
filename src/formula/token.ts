/**
 * Formula text cut into tokens, each with its place, so that an error can point at it. Takes what people write: `a1ᵀ·dz2`,
 * `(y − ŷ)²`, `σ'(z)`, `np.dot(a1.T, dz2)  # Python`.
 */
export interface Token {
  readonly kind: "number" | "name" | "sign" | "end";
  readonly text: string;
  /** Where it begins in the formula. */
  readonly at: number;
}

/** An error that says where in the text. */
export class FormulaError extends SyntaxError {
  override readonly name = "FormulaError";
  /** Characters before the place. */
  readonly at: number;
  private readonly text: string;
  private readonly what: string;

  /** @param around which of several formulas it is, and what helps. */
  constructor(what: string, text: string, at: number, { of = "", advice = "" }: { readonly of?: string; readonly advice?: string } = {}) {
    super(`formula${of === "" ? "" : ` of ${JSON.stringify(of)}`}: ${what}, ${placeIn(text, at)}${advice}`);
    [this.what, this.text, this.at] = [what, text, at];
  }

  /** The same, of a formula that stands among others under a name, or with advice. */
  with(around: { readonly of?: string; readonly advice?: string }): FormulaError {
    return new FormulaError(this.what, this.text, this.at, around);
  }
}

function placeIn(text: string, at: number): string {
  const before = text.slice(0, at).split("\n");
  const line = before.length > 1 || text.includes("\n") ? `line ${before.length}, ` : "";
  const rest = text.slice(at).split("\n", 1)[0]!;
  const shown = rest.length > 24 ? `${rest.slice(0, 24)}…` : rest;
  return `at ${line}column ${before.at(-1)!.length + 1}${shown === "" ? " (the end)" : ` (${JSON.stringify(shown)})`}`;
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
  throw new FormulaError(`${JSON.stringify(String.fromCodePoint(text.codePointAt(at)!))} is not part of a formula`, text, at);
}

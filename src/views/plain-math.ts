/** LaTeX of our own making as a line of Unicode, for terminals: ∂L/∂z₂ = (a₂ − y) · σ'(z₂). */

const signs: { readonly [command: string]: string } = {
  partial: "∂", cdot: "·", cdots: "…", sum: "Σ", top: "ᵀ", infty: "∞", le: "≤", lt: "<", gt: ">", quad: "  ", lVert: "‖", rVert: "‖",
  alpha: "α", beta: "β", gamma: "γ", delta: "δ", epsilon: "ε", zeta: "ζ", eta: "η", theta: "θ", iota: "ι", kappa: "κ", lambda: "λ",
  mu: "μ", nu: "ν", xi: "ξ", pi: "π", rho: "ρ", sigma: "σ", tau: "τ", phi: "φ", varphi: "φ", chi: "χ", psi: "ψ", omega: "ω",
  Gamma: "Γ", Delta: "Δ", Theta: "Θ", Lambda: "Λ", Xi: "Ξ", Pi: "Π", Sigma: "Σ", Phi: "Φ", Psi: "Ψ", Omega: "Ω",
  big: "", textbackslash: "\\", textasciitilde: "~", textasciicircum: "^", textdollar: "$",
}; // prettier-ignore

const accents: { readonly [command: string]: string } = { hat: "\u0302", tilde: "\u0303", bar: "\u0304", dot: "\u0307" };

const paired = (letters: string, shown: string): { readonly [letter: string]: string } =>
  Object.fromEntries(Array.from(letters, (letter, k) => [letter, shown[k]!]));

const raised: { readonly [letter: string]: string } = paired("0123456789+-−()nTᵀ", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿᵀᵀ");
const lowered: { readonly [letter: string]: string } = paired("0123456789+-()aeijkmnx", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₐₑᵢⱼₖₘₙₓ");

/** One formula as one line. */
export const plainMath = (latex: string): string =>
  new Reader(latex).upTo("").replace(/ {3,}/g, "  ").normalize("NFC").trim(); // prettier-ignore

class Reader {
  readonly #latex: string;
  #at = 0;

  constructor(latex: string) {
    this.#latex = latex;
  }

  /** Reads to a closing brace, or to the end. Braces nest as formulas do, a few levels deep. */
  upTo(end: "}" | ""): string {
    let out = "";
    while (this.#at < this.#latex.length) {
      const letter = this.#latex[this.#at++]!;
      if (letter === end) break;
      if (letter === "\\") out += this.#command();
      else if (letter === "{") out += this.upTo("}");
      else if (letter === "^") out += inLetters(this.#argument(), raised, "^");
      else if (letter === "_") out += inLetters(this.#argument(), lowered, "_");
      else if (letter === "&") out += " ";
      else out += letter === "-" ? "−" : letter;
    }
    return out;
  }

  /** A group in braces, a command, or one letter. */
  #argument(): string {
    const letter = this.#latex[this.#at++] ?? "";
    if (letter === "{") return this.upTo("}");
    return letter === "\\" ? this.#command() : letter;
  }

  #command(): string {
    const word = /^[A-Za-z]+/.exec(this.#latex.slice(this.#at, this.#at + 40))?.[0];
    if (word === undefined) return this.#escaped();
    this.#at += word.length;
    switch (word) {
      case "frac":
        return `${divided(this.#argument())}/${divided(this.#argument())}`;
      case "sqrt":
        return `√(${this.#argument()})`;
      case "text":
        return this.#text();
      case "left":
      case "right":
        return this.#delimiter();
      case "operatorname":
      case "mathrm":
      case "mathbf":
        return this.#argument();
      case "begin":
        return this.#argument() === "pmatrix" ? "[" : " ";
      case "end":
        return this.#argument() === "pmatrix" ? "]" : " ";
    }
    if (word === "partial" && this.#latex[this.#at] === " ") this.#at += 1;
    if (Object.hasOwn(accents, word)) return this.#argument() + accents[word]!;
    return Object.hasOwn(signs, word) ? signs[word]! : word;
  }

  /** What `\left` and `\right` make tall. */
  #delimiter(): string {
    if (this.#latex[this.#at] !== "\\") return this.#latex[this.#at++] ?? "";
    this.#at += 1;
    return this.#command();
  }

  /** Inside `\text` a letter is itself. */
  #text(): string {
    let [out, depth] = ["", 0];
    while (this.#at < this.#latex.length) {
      const letter = this.#latex[this.#at++]!;
      if (letter === "{") depth += 1;
      else if (letter === "}") depth -= 1;
      else out += letter === "\\" ? this.#command() : letter;
      if (depth === 0) break;
    }
    return out;
  }

  #escaped(): string {
    const letter = this.#latex[this.#at++] ?? "";
    return letter === "," || letter === ";" ? " " : letter === "\\" ? "; " : letter;
  }
}

/** ∂L and ½ stand in a quotient as they are, sums and products in brackets. */
const divided = (text: string): string => (/[ /]/.test(text) ? `(${text})` : text);

function inLetters(text: string, letters: { readonly [letter: string]: string }, sign: string): string {
  const shown = Array.from(text, (c) => (Object.hasOwn(letters, c) ? letters[c]! : ""));
  if (shown.every((c) => c !== "")) return shown.join("");
  return `${sign}${Array.from(text).length === 1 ? text : `(${text})`}`;
}

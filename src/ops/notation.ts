/** How a function is written: as LaTeX with brackets where they are needed, and as the short sign of a drawing. */

/** The higher, the tighter: a sum or a negation in a product needs brackets, a product in a sum does not. */
export const precedence = { sum: 1, negation: 2, product: 3, power: 4, atom: 5 } as const;

export type Precedence = (typeof precedence)[keyof typeof precedence];

export interface Notation {
  /** What a drawing shows in the node: "×", "tanh". */
  readonly symbol: string;
  readonly precedence: Precedence;
  /** What each operand must bind at least as tightly as, not to need brackets. */
  readonly operands: readonly Precedence[];
  readonly latex: (...operands: string[]) => string;
}

export const infix = (symbol: string, latex: string, left: Precedence, right: Precedence): Notation => ({
  symbol,
  precedence: left,
  operands: [left, right],
  latex: (a, b) => `${a} ${latex} ${b}`,
});

/** f(x) */
export const call = (symbol: string, latex = `\\${symbol}`): Notation => ({
  symbol,
  precedence: precedence.atom,
  operands: [precedence.sum, precedence.sum, precedence.sum],
  latex: (...operands) => `${latex}(${operands.join(", ")})`,
});

/** A function without a LaTeX command of its own. */
export const named = (name: string): Notation => call(name, `\\operatorname{${name}}`);

/** An operand inside something that needs no brackets, such as a fraction or a root. */
export const enclosed = (symbol: string, latex: (...operands: string[]) => string): Notation => ({
  symbol,
  precedence: precedence.atom,
  operands: [precedence.sum, precedence.sum, precedence.sum],
  latex,
});

/** A fraction encloses its operands, and needs brackets itself only under an exponent. */
export const fraction = (symbol: string, latex: (...operands: string[]) => string): Notation => ({
  ...enclosed(symbol, latex),
  precedence: precedence.product,
});

export const superscript = (symbol: string, latex: (...operands: string[]) => string): Notation => ({
  symbol,
  precedence: precedence.power,
  operands: [precedence.atom, precedence.sum],
  latex,
});

/**
 * A formula as a program for a stack: operands first, then what is done with them. The reader climbs precedences and writes
 * the program as it goes, so that a sum of ten thousand terms needs no recursion when it is evaluated.
 */
import { functionNamed } from "./functions.ts";
import { FormulaError, tokensOf, type Token } from "./token.ts";
import type { Say } from "./words.ts";

export type BinarySign = "+" | "-" | "*" | "/" | "^" | "@" | "·" | "⊙" | "<" | ">" | "<=" | ">=" | "==" | "!=";

/** One step; `at` is its place in the text. */
export type Step = { readonly at: number } & (
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "load"; readonly name: string }
  | { readonly kind: "store"; readonly name: string }
  /** The end of a statement that names nothing. */
  | { readonly kind: "result" }
  | { readonly kind: "negate" | "transpose" }
  | { readonly kind: "binary"; readonly sign: BinarySign }
  /** Takes `count` operands and one more for each option. */
  | { readonly kind: "call"; readonly name: string; readonly count: number; readonly options: readonly string[] }
  | { readonly kind: "list"; readonly count: number }
  | { readonly kind: "member"; readonly name: string }
  /** Takes a value and one operand for each place: an index, or the three of begin:end:step. */
  | { readonly kind: "index"; readonly places: readonly ("index" | "range")[] }
  /** Nothing given: an open side of a range, Python's None. */
  | { readonly kind: "none" }
);

const binding: ReadonlyMap<string, number> = new Map([
  ...["<", ">", "<=", ">=", "==", "!="].map((sign) => [sign, 1] as const),
  ...["+", "-"].map((sign) => [sign, 2] as const),
  ...["*", "/", "@", "·", "⊙"].map((sign) => [sign, 3] as const),
  ["^", 5],
]);
/** −x² is −(x²), and 2·−x is allowed. */
const negation = 4;
const deepest = 200;
const modules: ReadonlySet<string> = new Set(["np", "numpy", "math", "Math", "torch", "jnp", "F"]);
const fractions: ReadonlyMap<string, number> = new Map([
  ["½", 0.5],
  ["¼", 0.25],
  ["¾", 0.75],
]);

/** @throws FormulaError with the place of what is wrong. */
export function programOf(text: string): Step[] {
  const reader = new Reader(text);
  reader.statements();
  return reader.steps;
}

class Reader {
  readonly steps: Step[] = [];
  private readonly text: string;
  private readonly tokens: readonly Token[];
  private place = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
    this.tokens = tokensOf(text);
  }

  statements(): void {
    let count = 0;
    while (!this.isAtEnd()) {
      if (this.accept(";")) continue;
      this.statement();
      count++;
      if (!this.isAtEnd() && this.next.text !== ";") throw this.error(this.adviceOn(this.next));
    }
    if (count === 0) throw this.error(({ nothing }) => nothing);
  }

  private statement(): void {
    const [name, equals] = [this.next, this.tokens[this.place + 1]];
    if (name.kind !== "name" || equals?.text !== "=") {
      this.expression(0);
      this.steps.push({ kind: "result", at: name.at });
      return;
    }
    this.place += 2;
    this.expression(0);
    this.steps.push({ kind: "store", name: name.text, at: name.at });
  }

  private expression(least: number): void {
    if (++this.depth > deepest) throw this.error(({ nested }) => nested(deepest));
    this.operand();
    for (;;) {
      const { text: sign, kind, at } = this.next;
      const strength = kind === "sign" ? binding.get(sign) : undefined;
      if (strength === undefined || strength < least) break;
      this.place++;
      if (sign === "^" && this.next.text === "T") {
        this.place++;
        this.steps.push({ kind: "transpose", at });
        continue;
      }
      // A power binds to the right: 2^3^2 is 2^(3^2); everything else to the left.
      this.expression(sign === "^" ? negation : strength + 1);
      this.steps.push({ kind: "binary", sign: sign as BinarySign, at });
    }
    this.depth--;
  }

  private operand(): void {
    const { at } = this.next;
    if (this.accept("+")) {
      this.expression(negation);
      return;
    }
    if (this.accept("-")) {
      this.expression(negation);
      this.steps.push({ kind: "negate", at });
      return;
    }
    this.atom();
    while (this.postfix());
  }

  private atom(): void {
    const token = this.next;
    if (token.kind === "number") {
      this.place++;
      this.steps.push({ kind: "number", number: fractions.get(token.text) ?? Number(token.text), at: token.at });
    } else if (token.kind === "name") this.nameOrCall();
    else if (this.accept("(")) {
      this.expression(0);
      this.expect(")");
    } else if (this.accept("[")) {
      this.steps.push({ kind: "list", count: this.items("]"), at: token.at });
    } else throw this.error(({ missing, misplaced }) => (token.kind === "end" ? missing : misplaced(token.text)));
  }

  private nameOrCall(): void {
    while (modules.has(this.next.text) && this.tokens[this.place + 1]?.text === ".") this.place += 2;
    const { text: name, kind, at } = this.next;
    if (kind !== "name") throw this.error(({ nameMissing }) => nameMissing);
    this.place++;
    if (this.next.text === "(") this.call(name, at, 0);
    else if (name === "None") this.steps.push({ kind: "none", at });
    else if (name === "True" || name === "False") this.steps.push({ kind: "number", number: Number(name === "True"), at });
    else this.steps.push({ kind: "load", name, at });
  }

  /** f(x, axis=0); `count` operands are there already when it is a method. */
  private call(name: string, at: number, count: number): void {
    this.expect("(");
    const options: string[] = [];
    while (this.next.text !== ")") {
      const isOption = this.next.kind === "name" && this.tokens[this.place + 1]?.text === "=";
      if (isOption) {
        options.push(this.next.text);
        this.place += 2;
      } else if (options.length > 0) throw this.error(({ unnamedArgument }) => unnamedArgument);
      else count++;
      this.expression(0);
      if (!this.accept(",")) break;
    }
    this.expect(")");
    this.steps.push({ kind: "call", name, count, options, at });
  }

  private postfix(): boolean {
    const { text, at } = this.next;
    if (this.accept("ᵀ")) this.steps.push({ kind: "transpose", at });
    else if (this.accept("²") || this.accept("³")) {
      this.steps.push({ kind: "number", number: text === "²" ? 2 : 3, at }, { kind: "binary", sign: "^", at });
    } else if (this.accept(".")) this.member(at);
    else if (this.accept("[")) this.index(at);
    else return false;
    return true;
  }

  private member(at: number): void {
    const { kind, text: name } = this.next;
    if (kind !== "name") throw this.error(({ nameMissing }) => nameMissing);
    this.place++;
    if (this.next.text === "(") this.call(name, at, 1);
    else this.steps.push(name === "T" ? { kind: "transpose", at } : { kind: "member", name, at });
  }

  private index(at: number): void {
    const places: ("index" | "range")[] = [];
    do places.push(this.indexPlace());
    while (this.accept(","));
    this.expect("]");
    this.steps.push({ kind: "index", places, at });
  }

  private indexPlace(): "index" | "range" {
    this.side();
    if (this.next.text !== ":") return "index";
    for (let k = 0; k < 2; k++) {
      if (this.accept(":")) this.side();
      else this.steps.push({ kind: "none", at: this.next.at });
    }
    return "range";
  }

  private side(): void {
    if ([":", ",", "]"].includes(this.next.text)) this.steps.push({ kind: "none", at: this.next.at });
    else this.expression(0);
  }

  private items(close: string): number {
    let count = 0;
    while (this.next.text !== close) {
      this.expression(0);
      count++;
      if (!this.accept(",")) break;
    }
    this.expect(close);
    return count;
  }

  private get next(): Token {
    return this.tokens[this.place]!;
  }

  private isAtEnd(): boolean {
    return this.next.kind === "end";
  }

  private accept(sign: string): boolean {
    if (this.next.kind !== "sign" || this.next.text !== sign) return false;
    this.place++;
    return true;
  }

  private expect(sign: string): void {
    if (!this.accept(sign)) throw this.error(({ expected }) => expected(sign));
  }

  private adviceOn({ kind, text }: Token): Say {
    if (text === ")" || text === "]") return ({ closesNothing }) => closesNothing(text);
    if (kind === "number" || kind === "name" || text === "(") return this.missingOperation(text);
    return ({ assignable, misplaced }) => (text === "=" ? assignable : misplaced(text));
  }

  /** 2x, a b, sin x. */
  private missingOperation(text: string): Say {
    const before = this.tokens[this.place - 1]!.text;
    return text === "(" || functionNamed(before) === undefined
      ? ({ operationMissing }) => operationMissing(`${before}*${text === "(" ? "(…)" : text}`)
      : ({ bracketsMissing }) => bracketsMissing(`${before}(${text})`);
  }

  private error(say: Say): FormulaError {
    return new FormulaError(say, this.text, this.next.at);
  }
}

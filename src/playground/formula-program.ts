/** The formula that was typed, with its letters' values, as a value to be drawn. */
import { parseFormula } from "../formula/formula.ts";
import { Refusal } from "../formula/words.ts";
import { value, type TensorLike } from "../graph/lift.ts";
import type { Value } from "../graph/value.ts";
import { typedNumber } from "./typed-number.ts";

export interface Program {
  readonly root: Value;
  /** Names that must be given, in the order of their first use, with what they are. */
  readonly given: ReadonlyMap<string, string>;
}

/** For letters that nobody has given a value yet: different, so that no two are mistaken for each other. */
const first = ["0.5", "-1", "2", "1.5", "-0.5", "3", "0.25"];

/** The names a formula needs, each with the value it had or a first one. @throws FormulaError where it cannot be read. */
function lettersOf(formula: string, values: ReadonlyMap<string, string>): Map<string, string> {
  const { free } = parseFormula(formula);
  return new Map(free.map((name, k) => [name, values.get(name) ?? first[k % first.length]!]));
}

/** @throws FormulaError with the place in the text; Refusal for a letter that is neither number nor array. */
export function formulaProgram(formula: string, values: ReadonlyMap<string, string>): Program {
  const given = lettersOf(formula, values);
  const bindings = new Map([...given].map(([name, text]) => [name, value(dataOf(name, text), name)]));
  const { result } = parseFormula(formula).evaluate(bindings);
  if (result.shape.length > 0) throw new Refusal(({ oneNumber }) => oneNumber);
  return { root: result.label === "" ? result.named(freshName(given)) : result, given };
}

/** A result that nobody named. */
const freshName = (taken: ReadonlyMap<string, string>): string => (taken.has("L") ? "result" : "L");

function dataOf(name: string, text: string): TensorLike {
  const number = typedNumber(text);
  if (number !== undefined) return number;
  if (text.trim() === "NaN") return NaN;
  try {
    return JSON.parse(text) as TensorLike;
  } catch {
    throw new Refusal(({ noData }) => noData(name, text));
  }
}

/** What `graph` and `explain` look at: a formula with its values, or a file that exports a loss. */
import type { Command } from "commander";
import { parseFormula } from "../formula/formula.ts";
import { value } from "../graph/lift.ts";
import { Value } from "../graph/value.ts";
import type { Nested } from "../array/nested.ts";
import type { Language } from "../graph/language.ts";
import { exportsOf, reasonOf } from "./module-file.ts";
import { printable, usable, UsageError } from "./usage.ts";

const words = {
  en: {
    terms: { source: "<source>", values: "[values...]" },
    source: 'a formula, as "L = 0.5*(y - sigmoid(w*x + b))^2", or a file',
    values: "values of its names, as x=2 w=-3",
    binding: (given: string) => `"${given}" gives no value; write name=number, as x=2, or name=[[1, 2], [3, 4]]`,
    number: (name: string, given: string) =>
      `${name}: "${given}" is not a number or a list of numbers${commaAdvice(given, "a decimal point is written")}`,
    foreign: (name: string, names: string) => `${name} does not occur in the formula, which has ${names}`,
    twice: (name: string) => `${name} is given two values`,
    assumed: (names: string) => `no value is given for ${names}; 1 is taken`,
    noLoss: (file: string) => `${file} exports no value; it needs export default loss, or export const loss = …`,
    extra: (file: string) => `values cannot be given to ${file}; they are those of the file`,
  },
  es: {
    terms: { source: "<fuente>", values: "[valores...]" },
    source: 'una fórmula, como "L = 0.5*(y - sigmoid(w*x + b))^2", o un archivo',
    values: "valores de sus nombres, como x=2 w=-3",
    binding: (given: string) => `"${given}" no da un valor; se escribe nombre=número, como x=2, o nombre=[[1, 2], [3, 4]]`,
    number: (name: string, given: string) =>
      `${name}: "${given}" no es un número ni una lista de números${commaAdvice(given, "los decimales se escriben con punto,")}`,
    foreign: (name: string, names: string) => `${name} no aparece en la fórmula, que tiene ${names}`,
    twice: (name: string) => `a ${name} se le dan dos valores`,
    assumed: (names: string) => `no se da valor a ${names}; se toma 1`,
    noLoss: (file: string) => `${file} no exporta ningún valor; necesita export default loss, o export const loss = …`,
    extra: (file: string) => `a ${file} no se le pueden dar valores; son los del archivo`,
  },
} as const satisfies Record<Language, unknown>;

/** 1,5 is how half the world writes 1.5. */
function commaAdvice(given: string, advice: string): string {
  return /^[-+]?\d+,\d+$/.test(given) ? `; ${advice} ${given.replace(",", ".")}` : "";
}

/** The command with the two arguments that `sourceOf` reads. */
export function takingSource(command: Command, language: Language): Command {
  const word = words[language];
  return command.argument(word.terms.source, word.source).argument(word.terms.values, word.values);
}

export interface Source {
  readonly root: Value;
  /** A sentence about what was assumed; "" where nothing was. */
  readonly note: string;
}

/** The graph of a formula, or of the loss that a file exports. */
export async function sourceOf(given: string, bindings: readonly string[], language: Language): Promise<Source> {
  if (!isFile(given)) return usable(language, () => fromFormula(given, bindings, language));
  if (bindings.length > 0) throw new UsageError(words[language].extra(printable(given)));
  return { root: await lossOf(given, language), note: "" };
}

/** No formula ends like a module's name: only .T, .shape, .size and functions follow a dot. */
const isFile = (given: string): boolean => /\.[cm]?[jt]s$/.test(given);

async function lossOf(file: string, language: Language): Promise<Value> {
  const loss = (await exportsOf(file, language)).get("loss");
  if (!(loss instanceof Value)) throw new UsageError(words[language].noLoss(printable(file)));
  return loss;
}

function fromFormula(text: string, bindings: readonly string[], language: Language): Source {
  const word = words[language];
  const formula = parseFormula(text);
  const given = new Map<string, Value>();
  for (const [name, bound] of bindings.map((binding) => bindingOf(binding, language))) {
    if (!formula.free.includes(name)) throw new UsageError(word.foreign(printable(name), formula.free.join(", ")));
    if (given.has(name)) throw new UsageError(word.twice(name));
    given.set(name, bound);
  }
  const missing = formula.free.filter((name) => !given.has(name));
  for (const name of missing) given.set(name, value(1, name));
  return { root: formula.evaluate(given).result, note: missing.length > 0 ? word.assumed(missing.join(", ")) : "" };
}

function bindingOf(binding: string, language: Language): [name: string, bound: Value] {
  const [, name, text] = /^([^=\s]+)=(.*)$/s.exec(binding) ?? [];
  if (name === undefined || text === undefined) throw new UsageError(words[language].binding(printable(binding)));
  return [name, boundTo(name, text, language)];
}

const beyond: ReadonlyMap<string, number> = new Map([["nan", NaN], ["inf", Infinity], ["infinity", Infinity], ["∞", Infinity]]); // prettier-ignore

/** A number as JavaScript or NumPy writes it, NaN and infinities too, or nested lists as JSON does. */
function boundTo(name: string, text: string, language: Language): Value {
  const plain = text.trim().replaceAll("−", "-");
  const [, sign, size] = /^([-+]?)(.*)$/s.exec(plain.toLowerCase())!;
  const number = (beyond.get(size!) ?? Number(size === "" ? "none" : size)) * (sign === "-" ? -1 : 1);
  if (!Number.isNaN(number) || beyond.has(size!)) return value(number, name);
  let given: Nested;
  try {
    given = JSON.parse(plain) as Nested;
  } catch {
    throw new UsageError(words[language].number(printable(name), printable(text)));
  }
  try {
    return value(given, name);
  } catch (error) {
    throw new UsageError(`${printable(name)}: ${reasonOf(error).replace(/^value: /, "")}`);
  }
}

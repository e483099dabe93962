/** What `graph` and `explain` look at: a formula with its values, or a file that exports a loss. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Command } from "commander";
import { parseFormula } from "../formula/formula.ts";
import { value } from "../graph/lift.ts";
import { Value } from "../graph/value.ts";
import type { Nested } from "../array/nested.ts";
import type { Language } from "../graph/language.ts";
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
  if (!isFile(given)) return usable(() => fromFormula(given, bindings, language));
  if (bindings.length > 0) throw new UsageError(words[language].extra(printable(given)));
  return { root: await lossOf(given, language), note: "" };
}

const isFile = (given: string): boolean => /\.[cm]?[jt]s$/.test(given) && existsSync(given);

async function lossOf(file: string, language: Language): Promise<Value> {
  const exported = (await import(pathToFileURL(resolve(file)).href)) as { default?: unknown; loss?: unknown };
  const found = exported.loss ?? exported.default;
  const loss: unknown = typeof found === "function" ? await (found as () => unknown)() : found;
  if (!(loss instanceof Value)) throw new UsageError(words[language].noLoss(printable(file)));
  return loss;
}

function fromFormula(text: string, bindings: readonly string[], language: Language): Source {
  const word = words[language];
  const formula = parseFormula(text);
  const given = new Map(bindings.map((binding) => bindingOf(binding, language)));
  for (const name of given.keys())
    if (!formula.free.includes(name)) throw new UsageError(word.foreign(printable(name), formula.free.join(", ")));
  const missing = formula.free.filter((name) => !given.has(name));
  for (const name of missing) given.set(name, value(1, name));
  return { root: formula.evaluate(given).result, note: missing.length > 0 ? word.assumed(missing.join(", ")) : "" };
}

function bindingOf(binding: string, language: Language): [name: string, bound: Value] {
  const [, name, text] = /^([^=\s]+)=(.*)$/s.exec(binding) ?? [];
  if (name === undefined || text === undefined) throw new UsageError(words[language].binding(printable(binding)));
  return [name, value(numbersOf(name, text, language), name)];
}

/** A number as JavaScript writes it, or nested lists as JSON does. */
function numbersOf(name: string, text: string, language: Language): Nested {
  const number = Number(text);
  if (text.trim() !== "" && !Number.isNaN(number)) return number;
  try {
    return JSON.parse(text) as Nested;
  } catch {
    throw new UsageError(words[language].number(printable(name), printable(text)));
  }
}

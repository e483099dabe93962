/** Bad usage in one sentence. Commander finds what is wrong; the sentence, its language and the exit code are ours. */
import type { CommanderError } from "commander";
import { FormulaError } from "../formula/token.ts";
import type { Language } from "../graph/language.ts";
import { plainText } from "../graph/plain-text.ts";

export const exitCodes = { done: 0, checkFailed: 1, badUsage: 2, interrupted: 130 } as const;

/** Arguments that mean nothing; ends the program with exit code 2. */
export class UsageError extends Error {}

/** A formula that cannot be read is an argument that means nothing. */
export function usable<T>(language: Language, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw error instanceof FormulaError ? new UsageError(error.with({ language }).message) : error;
  }
}

type Sentence = (what: string) => string;

/** −x^2 at the beginning looks like an option to every shell program. */
const minusAdvice = (given: string, advice: string): string =>
  /^-[^-]|[(*+/^·@²]/.test(given) ? `; ${advice} --, as in: graph -- "${given}"` : "";

const sentences = {
  en: {
    "commander.unknownOption": (what) => `there is no option ${what}${minusAdvice(what, "a formula that begins with a minus goes after")}`,
    "commander.unknownCommand": (what) => `there is no command ${what}`,
    "commander.optionMissingArgument": (what) => `the option ${what} needs an argument`,
    "commander.missingArgument": (what) => `the argument ${what} is missing`,
    "commander.excessArguments": (what) => `there are too many arguments for ${what}`,
  },
  es: {
    "commander.unknownOption": (what) =>
      `no existe la opción ${what}${minusAdvice(what, "una fórmula que empieza con menos va después de")}`,
    "commander.unknownCommand": (what) => `no existe la orden ${what}`,
    "commander.optionMissingArgument": (what) => `a la opción ${what} le falta un argumento`,
    "commander.missingArgument": (what) => `falta el argumento ${what}`,
    "commander.excessArguments": (what) => `hay demasiados argumentos para ${what}`,
  },
} as const satisfies Record<Language, Record<string, Sentence>>;

const advice = { en: "cadena --help lists what there is", es: "cadena --help enumera lo que hay" } as const;

/** What Commander found, said as this program says it. */
export function usageSentence(error: CommanderError, language: Language): string {
  const known: Record<string, Sentence> = sentences[language];
  const [, quoted = ""] = /'([^']*)'/.exec(error.message) ?? [];
  const sentence = Object.hasOwn(known, error.code) ? known[error.code]!(quoted) : error.message.replace(/^error: /, "");
  return `cadena: ${printable(sentence)}; ${advice[language]}`;
}

/** What was typed or read could move the cursor, colour the terminal or turn the text about. */
export const printable = (text: string): string => plainText(text, Infinity);

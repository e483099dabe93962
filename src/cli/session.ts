/** What commands share while one runs: first of all the language, which is asked before the arguments are read, because errors speak it too. */
import type { Language } from "../graph/language.ts";

export function languageOf(argv: readonly string[]): Language {
  const at = argv.lastIndexOf("--lang");
  const given = at >= 0 ? argv[at + 1] : argv.find((word) => word.startsWith("--lang="))?.slice("--lang=".length);
  return given === "es" ? "es" : "en";
}

/** What a command knows of the world: the language to speak, where to print, and how to end. */
export interface Session {
  readonly language: Language;
  /** To standard output. */
  readonly print: (text: string) => void;
  /** A line beside the result, to standard error: what was assumed, what was written. */
  readonly note: (sentence: string) => void;
  /** Of the process; 0 unless a command sets it. */
  exitCode: number;
}

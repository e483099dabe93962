/** One run of the command line, apart from the process it runs in, so that tests can read what it says. */
import { CommanderError } from "commander";
import { program } from "./program.ts";
import type { Language } from "../graph/language.ts";
import { languageOf, type Session } from "./session.ts";
import { exitCodes, printable, UsageError, usageSentence } from "./usage.ts";

/** Runs the command that `argv` names; gives the exit code. */
export async function run(argv: readonly string[], print: (text: string) => void, complain: (text: string) => void): Promise<number> {
  const note = (sentence: string): void => complain(`cadena: ${sentence}\n`);
  const session: Session = { language: languageOf(argv), print, note, exitCode: exitCodes.done };
  const cadena = program(session);
  try {
    await cadena.parseAsync(argv, { from: "user" });
    return session.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.code === "commander.help") cadena.outputHelp(); // no command was named
    const { code, sentence } = failure(error, session.language);
    if (sentence !== "") complain(`${sentence}\n`);
    return code;
  }
}

function failure(error: unknown, language: Language): { code: number; sentence: string } {
  if (error instanceof CommanderError) {
    const isHelp = error.exitCode === 0 || error.code === "commander.help"; // or the version
    return isHelp ? { code: exitCodes.done, sentence: "" } : { code: exitCodes.badUsage, sentence: usageSentence(error, language) };
  }
  const sentence = `cadena: ${printable(error instanceof Error ? error.message : String(error))}`;
  return { code: error instanceof UsageError ? exitCodes.badUsage : exitCodes.checkFailed, sentence };
}

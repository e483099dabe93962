/** `cadena check FILE`: compares the hand gradients that a module exports with those of the loss it exports. */
import type { Command } from "commander";
import { describe } from "../array/shape.ts";
import { compareGradients } from "../check/compare-gradients.ts";
import type { HandGradients } from "../check/hand.ts";
import { Value } from "../graph/value.ts";
import type { Language } from "../graph/language.ts";
import { exportsOf, reasonOf } from "./module-file.ts";
import type { Session } from "./session.ts";
import { exitCodes, printable, UsageError } from "./usage.ts";

const words = {
  en: {
    terms: { file: "<file>" },
    about: "compares hand-derived gradients with those of a loss",
    file: "a module that exports `loss` and `mine`, its hand gradients by label",
    noLoss: (file: string, what: string) => `${file} must export loss, a value made with cadena, or a function that gives one; got ${what}`,
    noMine: (file: string, what: string) => `${file} must export mine, its hand gradients by label, as { W2: … } or text; got ${what}`,
  },
  es: {
    terms: { file: "<archivo>" },
    about: "compara gradientes derivados a mano con los de una pérdida",
    file: "un módulo que exporta `loss` y `mine`, sus gradientes a mano por etiqueta",
    noLoss: (file: string, what: string) => `${file} debe exportar loss, un valor hecho con cadena, o una función que lo dé; hay ${what}`,
    noMine: (file: string, what: string) =>
      `${file} debe exportar mine, sus gradientes a mano por etiqueta, como { W2: … } o texto; hay ${what}`,
  },
} as const satisfies Record<Language, unknown>;

export function addCheck(cadena: Command, session: Session): Command {
  const word = words[session.language];
  return cadena
    .command("check")
    .summary(word.about)
    .description(word.about)
    .argument(word.terms.file, word.file)
    .action(async (file: string, { json = false }: { readonly json?: boolean }) => {
      await check(file, json, session);
    });
}

async function check(file: string, json: boolean, session: Session): Promise<void> {
  const { language, print } = session;
  const { loss, mine } = await exported(file, language);
  const report = comparable(() => compareGradients(loss, mine, { language }));
  print(json ? `${JSON.stringify(report, null, 2)}\n` : `${report.toText()}\n`);
  if (!report.passed) session.exitCode = exitCodes.checkFailed;
}

async function exported(file: string, language: Language): Promise<{ loss: Value; mine: HandGradients }> {
  const [word, shown] = [words[language], printable(file)];
  const names = await exportsOf(file, language);
  const loss = names.get("loss");
  if (!(loss instanceof Value)) throw new UsageError(word.noLoss(shown, describe(loss)));
  const mine = names.get("mine") ?? names.get("gradients");
  if (!isHandGradients(mine)) throw new UsageError(word.noMine(shown, describe(mine)));
  return { loss: loss as Value, mine };
}

/** Gradients that cannot be compared are no wrong ones: the exit code tells them apart. */
function comparable<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw new UsageError(reasonOf(error));
  }
}

const isHandGradients = (x: unknown): x is HandGradients => typeof x === "string" || (typeof x === "object" && x !== null);

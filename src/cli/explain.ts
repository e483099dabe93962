/** `cadena explain FORMULA x=2 … --wrt w`: the chain rule for one value, in symbols, with derivatives substituted, in numbers. */
import type { Command } from "commander";
import { nodesOf } from "../graph/order.ts";
import type { Value } from "../graph/value.ts";
import { explain } from "../views/explain.ts";
import { workedSolution } from "../views/worked-solution.ts";
import type { Language } from "../graph/language.ts";
import { formatOf, formatOption } from "./format.ts";
import type { Session } from "./session.ts";
import { sourceOf, takingSource } from "./source.ts";
import { printable, UsageError } from "./usage.ts";

const formats = ["text", "markdown", "latex"] as const;

const words = {
  en: {
    terms: { name: "<name>" },
    about: "explains a gradient: the chain rule in symbols, then in numbers",
    wrt: "explain only the gradient with respect to this name",
    unknownName: (name: string, known: string) => `nothing is called ${name}; there are ${known}`,
  },
  es: {
    terms: { name: "<nombre>" },
    about: "explica un gradiente: la regla de la cadena en símbolos y en números",
    wrt: "explica solo el gradiente respecto a este nombre",
    unknownName: (name: string, known: string) => `nada se llama ${name}; hay ${known}`,
  },
} as const satisfies Record<Language, unknown>;

interface Options {
  readonly wrt?: string;
  readonly format?: string;
  readonly json?: boolean;
}

export function addExplain(cadena: Command, session: Session): Command {
  const word = words[session.language];
  const command = cadena.command("explain").summary(word.about).description(word.about);
  return takingSource(command, session.language)
    .option(`-w, --wrt ${word.terms.name}`, word.wrt)
    .addOption(formatOption(formats, session.language))
    .action((source: string, values: readonly string[], options: Options) => explained(source, values, options, session));
}

async function explained(given: string, values: readonly string[], options: Options, session: Session): Promise<void> {
  const { language } = session;
  const { wrt, json = false } = options;
  const format = formatOf(options.format, formats, language);
  const { root, note } = await sourceOf(given, values, language);
  if (note !== "") session.note(note);
  if (wrt === undefined) {
    const text = workedSolution(root, { language, format });
    session.print(json ? asJson({ solution: text }) : text);
    return;
  }
  const explanation = explain(root, valueCalled(wrt, root, language), { language });
  const { gradient, paths } = explanation;
  session.print(json ? asJson({ wrt, gradient, paths, explanation: explanation.print(format) }) : explanation.print(format));
}

const asJson = (data: object): string => `${JSON.stringify(data, null, 2)}\n`;

function valueCalled(name: string, root: Value, language: Language): Value {
  const labelled = nodesOf(root).filter((v) => v.takesGradient && v.label !== "");
  const found = labelled.find((v) => v.label === name);
  if (found !== undefined) return found;
  throw new UsageError(words[language].unknownName(printable(name), labelled.map((v) => v.label).join(", ")));
}

/** The command line as a whole: which commands there are, and what all of them share. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { addCheck } from "./check.ts";
import { addExample } from "./example.ts";
import { addExplain } from "./explain.ts";
import { addGraph } from "./graph.ts";
import { addPlay } from "./play.ts";
import { isLanguage, type Language } from "../graph/language.ts";
import type { Session } from "./session.ts";
import { UsageError } from "./usage.ts";

const words = {
  en: {
    about: "See and check the chain rule.",
    help: "shows this help",
    version: "shows the version",
    lang: "language: en or es",
    json: "prints everything as JSON",
    terms: { options: "[options]", command: "[command]", language: "<language>" },
    titles: {},
  },
  es: {
    about: "Ver y comprobar la regla de la cadena.",
    help: "muestra esta ayuda",
    version: "muestra la versión",
    lang: "idioma: en o es",
    json: "imprime todo como JSON",
    terms: { options: "[opciones]", command: "[orden]", language: "<idioma>" },
    titles: { "Usage:": "Uso:", "Options:": "Opciones:", "Commands:": "Órdenes:", "Arguments:": "Argumentos:" },
  },
} as const satisfies Record<Language, { readonly titles: Readonly<Record<string, string>> } & Record<string, unknown>>;

/** Both from the sources and from the published bundle the package's own file lies two folders up. */
const version = (): string =>
  (JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string }).version;

export function program(session: Session): Command {
  const { language, print } = session;
  const word = words[language];
  const titles: Readonly<Record<string, string>> = word.titles;
  const cadena = new Command("cadena")
    .description(word.about)
    .version(version(), "-V, --version", word.version)
    .helpOption("-h, --help", word.help)
    .helpCommand(false)
    .configureHelp({
      helpWidth: 80,
      minWidthToWrap: 30,
      styleTitle: (title) => titles[title] ?? title,
      subcommandTerm: (command) => `${command.name()} ${command.usage()}`,
    })
    .configureOutput({ writeOut: print, writeErr: () => undefined })
    .exitOverride();
  withLanguage(cadena, language);
  for (const add of commands) withUsage(withLanguage(add(cadena, session), language).option("--json", word.json), language);
  return withUsage(cadena, language);
}

/** One line for each command. */
const commands: readonly ((cadena: Command, session: Session) => Command)[] = [addCheck, addExample, addExplain, addGraph, addPlay];

const withLanguage = (command: Command, language: Language): Command =>
  command.option(`--lang ${words[language].terms.language}`, words[language].lang, checkedLanguage);

/** The line of usage that Commander makes, in the language. */
function withUsage(command: Command, language: Language): Command {
  const { options, command: name } = words[language].terms;
  return command.usage(command.usage().replace("[options]", options).replace("[command]", name));
}

function checkedLanguage(given: string): string {
  if (isLanguage(given)) return given;
  throw new UsageError(`--lang: "${given}" is not a language here; it is en or es`);
}

/** `cadena graph FORMULA|FILE`: its graph with data and gradients, as a drawing, a page or text. */
import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import type { Value } from "../graph/value.ts";
import { toDot } from "../views/dot.ts";
import { toHtml } from "../views/html/html.ts";
import { toJson } from "../views/json.ts";
import { toLatex } from "../views/latex.ts";
import { toMermaid } from "../views/mermaid.ts";
import { toPng } from "../views/png.ts";
import { toSvg } from "../views/svg.ts";
import { toText } from "../views/text.ts";
import type { Language } from "../graph/language.ts";
import { formatOf, formatOption } from "./format.ts";
import { reasonOf } from "./module-file.ts";
import type { Session } from "./session.ts";
import { sourceOf, takingSource } from "./source.ts";
import { printable, UsageError } from "./usage.ts";

type Drawn = string | Uint8Array;

const formats = {
  text: (root, language) => toText(root, { language }),
  dot: (root, language) => toDot(root, { language }),
  svg: (root, language) => toSvg(root, { language }),
  png: (root, language) => toPng(root, { language }),
  mermaid: (root, language) => toMermaid(root, { language }),
  html: (root, language) => toHtml(root, { language }),
  latex: (root) => toLatex(root),
} as const satisfies Record<string, (root: Value, language: Language) => Drawn | Promise<Drawn>>;

type Format = keyof typeof formats;
const names = Object.keys(formats) as Format[];

const words = {
  en: {
    terms: { output: "<file>" },
    about: "draws a formula, or the loss that a file exports, with its gradients",
    output: "file to write; to standard output where none is given",
    terminal: "a PNG is not for the terminal; name a file with -o",
    wrote: (file: string) => `wrote ${file}`,
    unwritten: (file: string, why: string) => `${file} cannot be written: ${why}`,
  },
  es: {
    terms: { output: "<archivo>" },
    about: "dibuja una fórmula, o la pérdida que exporta un archivo, con sus gradientes",
    output: "archivo de salida; a la salida estándar si no se indica",
    terminal: "un PNG no es para la terminal; hay que nombrar un archivo con -o",
    wrote: (file: string) => `escrito ${file}`,
    unwritten: (file: string, why: string) => `no se puede escribir ${file}: ${why}`,
  },
} as const satisfies Record<Language, unknown>;

interface Options {
  readonly format?: string;
  readonly output?: string;
  readonly json?: boolean;
}

export function addGraph(cadena: Command, session: Session): Command {
  const word = words[session.language];
  const command = cadena.command("graph").summary(word.about).description(word.about);
  return takingSource(command, session.language)
    .addOption(formatOption(names, session.language))
    .option(`-o, --output ${word.terms.output}`, word.output)
    .action((source: string, values: readonly string[], options: Options) => graph(source, values, options, session));
}

async function graph(given: string, values: readonly string[], options: Options, session: Session): Promise<void> {
  const { language } = session;
  const format = formatOf(options.format, names, language);
  if (format === "png" && options.output === undefined) throw new UsageError(words[language].terminal);
  const { root, note } = await sourceOf(given, values, language);
  if (root.shape.length === 0 && root.takesGradient) root.backward();
  const drawn = options.json === true ? toJson(root) : await formats[format](root, language);
  if (note !== "") session.note(note);
  if (options.output === undefined) {
    session.print(endedLine(drawn as string));
    return;
  }
  const file = printable(options.output);
  await writeFile(options.output, drawn).catch((error: unknown) => {
    throw new UsageError(words[language].unwritten(file, reasonOf(error)));
  });
  session.note(words[language].wrote(file));
}

const endedLine = (text: string): string => (text.endsWith("\n") ? text : `${text}\n`);

/** `cadena example`: trains a small network, checks the document's hand-derived gradients, and draws the graph they belong to. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { toDot } from "../views/dot.ts";
import { toSvg } from "../views/svg.ts";
import { exampleRun, exampleStart, settings, type ExampleName, type ExampleRun, type ExampleStart } from "./example-run.ts";
import { exampleText, printedEpochs, type Files } from "./example-text.ts";
import type { Language } from "../graph/language.ts";
import type { Session } from "./session.ts";
import { exitCodes, printable, UsageError } from "./usage.ts";

const words = {
  en: {
    terms: { which: "[which]", output: "<folder>" },
    about: "trains the document's network and checks its hand-derived gradients",
    which: `one of these: ${Object.keys(settings).join(", ")} (default: "or")`,
    output: "folder for the pictures; out where none is given",
    unknown: (which: string) => `there is no example ${which}; there are ${Object.keys(settings).join(", ")}`,
  },
  es: {
    terms: { which: "[ejemplo]", output: "<carpeta>" },
    about: "entrena la red del documento y comprueba sus gradientes derivados a mano",
    which: `uno de estos: ${Object.keys(settings).join(", ")} (si no se indica: "or")`,
    output: "carpeta para las figuras; out si no se indica",
    unknown: (which: string) => `no existe el ejemplo ${which}; hay ${Object.keys(settings).join(", ")}`,
  },
} as const satisfies Record<Language, unknown>;

interface Options {
  readonly output: string;
  readonly json?: boolean;
}

export function addExample(cadena: Command, session: Session): Command {
  const word = words[session.language];
  return cadena
    .command("example")
    .summary(word.about)
    .description(word.about)
    .argument(word.terms.which, word.which)
    .option(`-o, --output ${word.terms.output}`, word.output)
    .action(async (which: string | undefined, options: Partial<Options>) => {
      const name = which ?? "or";
      if (!isExample(name)) throw new UsageError(word.unknown(printable(name)));
      await example(name, { output: "out", ...options }, session);
    });
}

const isExample = (which: string): which is ExampleName => Object.hasOwn(settings, which);

async function example(which: ExampleName, { output, json = false }: Options, session: Session): Promise<void> {
  await mkdir(output, { recursive: true });
  const start = exampleStart(which);
  const files = await pictures(start, output, session.language);
  const run = await untilInterrupted((signal) => exampleRun(start, signal));
  session.print(json ? `${JSON.stringify(asJson(run, files), null, 2)}\n` : exampleText(run, files, session.language));
  if (run.comparisons.some(({ ratio }) => ratio === null)) session.exitCode = exitCodes.checkFailed;
  if (run.ended === "aborted") session.exitCode = exitCodes.interrupted;
}

/** Ctrl-C ends the training, not the program: what was learnt until then is shown. */
async function untilInterrupted<T>(body: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  process.once("SIGINT", abort);
  try {
    return await body(controller.signal);
  } finally {
    process.removeListener("SIGINT", abort);
  }
}

async function pictures({ name, loss }: ExampleStart, output: string, language: Language): Promise<Files> {
  const files = { dot: join(output, `${name}.dot`), svg: join(output, `${name}.svg`) };
  await writeFile(files.dot, toDot(loss, { language }));
  await writeFile(files.svg, await toSvg(loss, { language }));
  return files;
}

/** Everything that is printed, for programs. */
function asJson({ comparisons, losses, ...run }: ExampleRun, files: Files): object {
  const gradients = Object.fromEntries(comparisons.map(({ name, ...comparison }) => [name, comparison]));
  return { ...run, losses: printedEpochs(losses), gradients, files };
}

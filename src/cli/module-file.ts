/** What a module of the user's exports. Its code is run; whatever goes wrong there is told as one sentence, with exit code 2. */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Language } from "../graph/language.ts";
import { printable, UsageError } from "./usage.ts";

const words = {
  en: {
    missing: (file: string) => `there is no file ${file}`,
    unreadable: (file: string, why: string) => `${file} cannot be loaded: ${why}`,
  },
  es: {
    missing: (file: string) => `no existe el archivo ${file}`,
    unreadable: (file: string, why: string) => `no se puede cargar ${file}: ${why}`,
  },
} as const satisfies Record<Language, unknown>;

/** What somebody else's code said when it threw. */
export const reasonOf = (error: unknown): string => printable(error instanceof Error ? error.message : String(error));

/** What a module exports, by name or as fields of its default export; its loss computed where it is a function. */
export async function exportsOf(file: string, language: Language): Promise<ReadonlyMap<string, unknown>> {
  const [word, path, shown] = [words[language], resolve(file), printable(file)];
  if ((await stat(path).catch(() => undefined))?.isFile() !== true) throw new UsageError(word.missing(shown));
  try {
    const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
    const fields = typeof module.default === "object" && module.default !== null ? module.default : {};
    const exported = new Map<string, unknown>([...Object.entries(fields), ...Object.entries(module)]);
    const loss = exported.get("loss") ?? exported.get("default");
    return exported.set("loss", typeof loss === "function" ? await (loss as () => unknown)() : loss);
  } catch (error) {
    throw new UsageError(word.unreadable(shown, reasonOf(error)));
  }
}

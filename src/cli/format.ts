/** The option `--format` of `graph` and `explain`: one of the formats that a command has, text where none is given. */
import { Option } from "commander";
import type { Language } from "../graph/language.ts";
import { printable, UsageError } from "./usage.ts";

const words = {
  en: {
    term: "<format>",
    about: (formats: string) => `one of ${formats}; text where none is given`,
    unknown: (format: string, formats: string) => `there is no format ${format}; there are ${formats}`,
  },
  es: {
    term: "<formato>",
    about: (formats: string) => `uno de ${formats}; text si no se indica`,
    unknown: (format: string, formats: string) => `no existe el formato ${format}; hay ${formats}`,
  },
} as const satisfies Record<Language, unknown>;

export function formatOption(formats: readonly string[], language: Language): Option {
  const word = words[language];
  return new Option(`-f, --format ${word.term}`, word.about(formats.join(", ")));
}

/** The one of `formats` that was asked for, text where none was; throws a UsageError where there is no such format. */
export function formatOf<Format extends string>(asked = "text", formats: readonly Format[], language: Language): Format {
  const format = formats.find((one) => one === asked);
  if (format !== undefined) return format;
  throw new UsageError(words[language].unknown(printable(asked), formats.join(", ")));
}

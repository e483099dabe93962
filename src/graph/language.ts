/** The languages in which the library explains; whatever is said in one is said in all. */
import { describe } from "../array/shape.ts";

/** The languages in which the library explains. */
export type Language = "en" | "es";

export const languages: readonly Language[] = ["en", "es"];

export const isLanguage = (given: unknown): given is Language => languages.some((language) => language === given);

/** @throws RangeError for any other. */
export function checkLanguage(operation: string, language: unknown): asserts language is Language {
  if (!isLanguage(language))
    throw new RangeError(`${operation}: language is ${languages.map((known) => `"${known}"`).join(" or ")}, got ${describe(language)}`);
}

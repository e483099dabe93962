/** A number as a person types it, also with a minus sign of print. */

/** Undefined where the text is none. */
export function typedNumber(text: string): number | undefined {
  const x = text.trim() === "" ? NaN : Number(text.replace("−", "-"));
  return Number.isNaN(x) ? undefined : x;
}

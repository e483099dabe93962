/** A number as a person types it, also with a minus sign of print, or with the decimal comma of half the world. */

/** Undefined where the text is none. */
export function typedNumber(text: string): number | undefined {
  const x = text.trim() === "" ? NaN : Number(text.replace("−", "-").replace(/^(\s*[-+]?\d*),(\d+\s*)$/, "$1.$2"));
  return Number.isNaN(x) ? undefined : x;
}

/**
 * A small array as squares of text: ■ □ large, ▪ ▫ under 40 % of its largest entry, · exactly zero; filled is positive. Plain
 * text, so DOT, SVG and the terminal have it, and a row of zeros (a dead unit, a kink) leaps out.
 */
import { entriesOf, shapeOf, type Tensor } from "../array/ndarray.ts";

const largestSide = 6;

/** What each square means, for a legend. */
export const squares: readonly (readonly [sign: string, en: string, es: string])[] = [
  ["■", "positive", "positivo"],
  ["□", "negative", "negativo"],
  ["▪▫", "below 40 % of the largest entry of that array", "menos del 40 % de la mayor entrada de esa matriz"],
  ["·", "zero", "cero"],
];
export const unknownSquare = ["?", "NaN", "NaN"] as const;

/** Whether an array is shown as squares: more than one entry, at most 6 × 6. */
export function isMappable(x: Tensor): boolean {
  const shape = shapeOf(x);
  return shape.length > 0 && shape.length <= 2 && entriesOf(x).length > 1 && shape.every((n) => n <= largestSide);
}

/** Whether a row of squares has a NaN. */
export const hasUnknown = (text: string): boolean => isHeatMapRow(text) && text.includes("?");

/** Whether a line of text is a row of squares. */
export const isHeatMapRow = (text: string): boolean => /^[■□▪▫·?]( |$)/.test(text);

/** One line of squares per row. */
export function heatMap(x: Tensor): string[] {
  const values = entriesOf(x);
  const columns = shapeOf(x).at(-1)!;
  const largest = values.reduce((most, entry) => (Math.abs(entry) > most ? Math.abs(entry) : most), 0);
  const signs = Array.from(values, (entry) => square(entry, largest));
  return Array.from({ length: values.length / columns }, (_, i) => signs.slice(i * columns, (i + 1) * columns).join(" "));
}

function square(x: number, largest: number): string {
  if (Number.isNaN(x)) return "?";
  if (x === 0) return "·";
  const isLarge = Math.abs(x) >= 0.4 * largest;
  return x > 0 ? (isLarge ? "■" : "▪") : isLarge ? "□" : "▫";
}

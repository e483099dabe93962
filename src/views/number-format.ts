/**
 * Numbers as drawings and explanations print them: few digits, no trailing zeros, whole numbers whole, the very small and the
 * very large as 1.2e-7. Plain ASCII, so that it pastes into code; `typeset` makes it typographic.
 */
import { entriesOf, shapeOf, type Tensor } from "../array/ndarray.ts";
import type { Shape } from "../array/shape.ts";
import type { Line } from "./drawing.ts";

/** Significant digits in drawings; explanations use 6. */
export const drawingPrecision = 4;
export const explanationPrecision = 6;

/** `x` to so many significant digits. −0 is 0; NaN and inf as such. */
export function formatNumber(x: number, precision = drawingPrecision): string {
  if (Number.isNaN(x)) return "NaN";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  if (x === 0) return "0";
  if (Number.isInteger(x) && Math.abs(x) < 1e6) return String(x);
  const rounded = Number(x.toPrecision(precision));
  const size = Math.abs(rounded);
  return size < 1e-4 || size >= 1e6 ? rounded.toExponential().replace("e+", "e") : String(rounded);
}

/** (4, 3), as NumPy prints a shape; (3,) for one axis, () for a number. */
export const formatTuple = (shape: Shape): string => `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;

/** The smallest and the largest of some numbers, NaN left out; undefined where nothing is left. */
export function extent(xs: Iterable<number>): readonly [low: number, high: number] | undefined {
  let [low, high] = [Infinity, -Infinity];
  for (const x of xs) {
    if (x < low) low = x;
    if (x > high) high = x;
  }
  return low <= high ? [low, high] : undefined;
}

/** "-0.03 .. 0.05"; one number where all are equal; "[]" of nothing. A NaN among them is not hidden: "-0.03 .. 0.05, NaN". */
export function formatRange(xs: Iterable<number>, precision = drawingPrecision): string {
  const values = Array.from(xs);
  if (values.length === 0) return "[]";
  const range = extent(values);
  if (range === undefined) return "NaN";
  const [low, high] = range.map((x) => formatNumber(x, precision)) as [string, string];
  return (low === high ? low : `${low} .. ${high}`) + (values.some(Number.isNaN) ? ", NaN" : "");
}

/** A number, or the range of an array of several. */
export const formatTensor = (x: Tensor, precision = drawingPrecision): string =>
  typeof x === "number" ? formatNumber(x, precision) : formatRange(x.values, precision);

/** Every digit: nested lists of up to `most` entries, else shape and range. */
export function formatExactly(x: Tensor, most = 36): string {
  const values = entriesOf(x);
  if (values.length > most) return `${formatTuple(shapeOf(x))} ${formatRange(values, 17)}`;
  const text = (n: number) => (Object.is(n, -0) ? "-0" : Number.isFinite(n) || Number.isNaN(n) ? String(n) : n > 0 ? "inf" : "-inf");
  return typeof x === "number" ? text(x) : nested(Array.from(values, text), x.shape);
}

function nested(texts: readonly string[], shape: Shape): string {
  if (shape.length === 0) return texts[0]!;
  const [n, ...rest] = shape as [number, ...number[]];
  if (texts.length === 0) return "[]";
  const size = texts.length / n;
  return `[${Array.from({ length: n }, (_, i) => nested(texts.slice(i * size, (i + 1) * size), rest)).join(",")}]`;
}

/** ASCII of our own making as print: − and × and ∞. Never for labels, which are shown as typed. */
export const typeset = (text: string): string =>
  text
    .replace(/(?<![0-9]e)-/g, "−")
    .replace(/\*/g, "×")
    .replace(/\binf\b/g, "∞");

/** A line of a box in print: names and notes hold what people typed. */
export const typesetLine = ({ role, text }: Line): string => (role === "name" || role === "note" ? text : typeset(text));

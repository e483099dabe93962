/** Arrays as NumPy prints them, so that an output can be laid beside the document's: eight digits, columns aligned at the point. */
import { entriesOf, shapeOf, type Tensor } from "../array/ndarray.ts";

export interface NumpyTextOptions {
  /** Digits after the point; 8 where none is given, as NumPy's. */
  readonly precision?: number;
  /** Longer columns are shown by their first and last three rows. */
  readonly rows?: number;
  /** As `suppress` of NumPy: small numbers are shown as 0, never with an exponent. */
  readonly suppress?: boolean;
}

/** The text of `print(x)`; arrays of whole numbers look like NumPy's integers where `integers` is true. */
export function numpyText(x: Tensor, { rows = Infinity, ...options }: NumpyTextOptions & { readonly integers?: boolean } = {}): string {
  const entries = formatted(entriesOf(x), options);
  const shape = shapeOf(x);
  if (shape.length === 0) return entries[0]!;
  return nested(entries, shape, 1, rows);
}

function nested(entries: readonly string[], shape: readonly number[], depth: number, rows: number): string {
  const [n, ...inner] = shape;
  const width = entries.length / n!;
  const part = (i: number) => entries.slice(i * width, (i + 1) * width);
  const shown = [...Array(n).keys()].map((i) => (inner.length === 0 ? part(i).join("") : nested(part(i), inner, depth + 1, Infinity)));
  const kept = n! > rows ? [...shown.slice(0, 3), "...", ...shown.slice(-3)] : shown;
  return `[${kept.join(inner.length === 0 ? " " : `\n${" ".repeat(depth)}`)}]`;
}

function formatted(
  entries: Float64Array,
  { precision = 8, suppress = false, integers = false }: NumpyTextOptions & { integers?: boolean },
): string[] {
  if (integers && entries.every(Number.isInteger)) return padded([...entries].map((x) => [String(x), ""]));
  const sizes = [...entries].map(Math.abs).filter((x) => x > 0 && x < Infinity);
  const [largest, smallest] = [Math.max(...sizes.slice(0, 1e4), 0), Math.min(...sizes.slice(0, 1e4), Infinity)];
  const isWide = largest >= 1e8 || (!suppress && sizes.length > 0 && (smallest < 1e-4 || largest / smallest > 1000));
  return isWide ? scientific(entries, precision) : padded([...entries].map((x) => partsOf(x, precision)));
}

/** Before and after the point: no more digits than needed, at most `precision`. */
function partsOf(x: number, precision: number): [string, string] {
  if (!Number.isFinite(x)) return [nonFinite(x), ""];
  const rounded = Math.abs(x) < 1e-6 ? x.toFixed(precision) : shorter(String(x), x.toFixed(precision));
  const [whole, fraction = ""] = rounded.split(".");
  const digits = fraction.replace(/0+$/, "");
  return [Object.is(x, -0) && whole === "0" ? "-0" : whole!, `.${digits}`];
}

/** The shortest text that reads back as the number, unless that has too many digits. */
const shorter = (exact: string, rounded: string): string => (exact.includes("e") || exact.length > rounded.length ? rounded : exact);

const nonFinite = (x: number): string => (Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf");

/** Aligned at the point; what has none, inf and nan, at the right. */
function padded(parts: readonly (readonly [string, string])[]): string[] {
  const right = Math.max(...parts.map(([, fraction]) => fraction.length));
  const left = Math.max(...parts.map(([whole, fraction]) => (fraction === "" ? whole.length - right : whole.length)));
  return parts.map(([whole, fraction]) => (fraction === "" ? whole.padStart(left + right) : whole.padStart(left) + fraction.padEnd(right)));
}

/** 9.34e-05, every entry with as many digits as the longest needs. */
function scientific(entries: Float64Array, precision: number): string[] {
  const digits = Math.max(...[...entries].filter(Number.isFinite).map((x) => neededDigits(x, precision)), 0);
  const texts = [...entries].map((x) => (Number.isFinite(x) ? exponential(x, digits) : nonFinite(x)));
  const width = Math.max(...texts.map(({ length }) => length));
  return texts.map((text) => text.padStart(width));
}

const neededDigits = (x: number, precision: number): number => {
  const [mantissa] = x.toExponential(precision).split("e");
  return mantissa!.replace(/^-?\d\.?/, "").replace(/0+$/, "").length;
};

function exponential(x: number, digits: number): string {
  const [mantissa, exponent] = x.toExponential(digits).split("e");
  const sign = exponent!.startsWith("-") ? "-" : "+";
  return `${digits === 0 ? `${mantissa!}.` : mantissa!}e${sign}${exponent!.slice(1).padStart(2, "0")}`;
}

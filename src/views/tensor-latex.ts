/** Numbers and small arrays as LaTeX; large arrays by their shape and range. */
import { entriesOf, shapeOf, type Tensor } from "../array/ndarray.ts";
import { extent, formatNumber, formatTuple } from "./number-format.ts";

const largestSide = 6;

export function numberLatex(x: number, precision: number): string {
  const text = formatNumber(x, precision);
  const [digits, exponent] = text.split("e");
  if (exponent !== undefined) return `${digits!} \\cdot 10^{${exponent}}`;
  return text.replace("inf", "\\infty").replace("NaN", "\\mathrm{NaN}");
}

export function tensorLatex(x: Tensor, precision: number): string {
  if (typeof x === "number") return numberLatex(x, precision);
  const [values, shape] = [entriesOf(x), shapeOf(x)];
  const columns = shape.at(-1)!;
  if (shape.length > 2 || shape.some((n) => n > largestSide || n === 0)) return rangeLatex(x, precision);
  const texts = Array.from(values, (entry) => numberLatex(entry, precision));
  const rows = Array.from({ length: values.length / columns }, (_, i) => texts.slice(i * columns, (i + 1) * columns).join(" & "));
  return `\\begin{pmatrix} ${rows.join(" \\\\ ")} \\end{pmatrix}`;
}

function rangeLatex(x: Tensor, precision: number): string {
  const shape = `\\text{${formatTuple(shapeOf(x))}: }`;
  const values = entriesOf(x);
  if (values.length === 0) return `${shape} [\\,]`;
  const [low, high] = extent(values) ?? [NaN, NaN];
  const others = values.some(Number.isNaN) && !Number.isNaN(low) ? ",\\; \\mathrm{NaN}" : "";
  return `${shape} ${numberLatex(low, precision)} \\,\\ldots\\, ${numberLatex(high, precision)}${others}`;
}

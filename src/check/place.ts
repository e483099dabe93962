/** How a place in the graph is called in a message: by its label, or by the formula that computes it, a few operations deep. */
import { plainText } from "../graph/plain-text.ts";
import type { Value } from "../graph/value.ts";
import { signOf } from "../graph/value.ts";

const signs: ReadonlyMap<string, string> = new Map([
  ["add", "+"],
  ["sub", "−"],
  ["mul", "·"],
  ["div", "/"],
  ["matmul", "@"],
  ["sumOf", "+"],
]);
/** What moves entries about without changing them goes unmentioned. */
const silent: ReadonlySet<string> = new Set(["broadcastTo", "reshape", "identity"]);
export const isSilent = ({ op }: Value): boolean => silent.has(op);

/** A label as a report shows it. */
export const shownLabel = (label: string): string => plainText(label, 24);

/** A value as a message names it: `z1`, `tanh(z1)`, `(a1 @ W2)`. */
export function placeOf(v: Value, depth = 2): string {
  return v.label === "" ? expressionOf(v, depth) : shownLabel(v.label);
}

/** The formula of a value, whatever its label: `σ(z2)` for a2. */
export function expressionOf(v: Value, depth = 2): string {
  const { op, inputs } = v;
  if (v.primitive === null) return v.payload instanceof Object ? "…" : shortNumber(v.payload);
  const [a] = inputs;
  if (isSilent(v)) return placeOf(a!, depth);
  if (depth === 0) return "…";
  const parts = inputs.slice(0, 4).map((x) => placeOf(x, depth - 1));
  if (inputs.length > 4) parts.push("…");
  const sign = signs.get(op);
  if (sign !== undefined) return `(${parts.join(` ${sign} `)})`;
  if (op === "square") return `${parts[0]!}²`;
  if (op === "transpose") return `${parts[0]!}ᵀ`;
  if (op === "sigmoid") return `σ(${bare(parts[0]!)})`;
  return op === "neg" ? `−${parts[0]!}` : `${/^\w+$/.test(signOf(v)) ? signOf(v) : op}(${parts.map(bare).join(", ")})`;
}

/** Brackets around all of an argument are there twice. */
const bare = (text: string): string => (/^\((?:[^()]|\([^()]*\))*\)$/.test(text) ? text.slice(1, -1) : text);

/** A number as short as it can be told from others: ½, 1/4, 2, 0.1234. */
export function shortNumber(exact: number): string {
  const x = Number(exact.toPrecision(9));
  if (Object.is(x, 0.5)) return "½";
  if (Number.isInteger(x)) return String(x).replace("-", "−");
  const inverse = 1 / x;
  const whole = Math.round(inverse);
  if (Math.abs(inverse - whole) < 1e-9 && Math.abs(whole) <= 1e6) return `${whole < 0 ? "−" : ""}1/${Math.abs(whole)}`;
  return String(Number(x.toPrecision(4))).replace("-", "−");
}

/** What a drawing can be asked for. */
import { describe } from "../array/shape.ts";
import { languages, type Language } from "../graph/language.ts";
import { checkOptions } from "../graph/options.ts";
import type { Value } from "../graph/value.ts";
import { drawingPrecision } from "./number-format.ts";
import type { Theme, Verdict } from "./palette.ts";
import type { Collapse } from "./units.ts";

/** What a hand-derived gradient was found to be, and the lines that say so in the node. */
export interface Mark {
  readonly verdict: Verdict;
  readonly lines: readonly string[];
}

/** What every drawing can be asked for. */
export interface DrawingOptions {
  /** Left to right, or top to bottom for narrow places. */
  readonly direction?: "LR" | "TB";
  /** Significant digits, 1 … 17; 4 where none are given. */
  readonly precision?: number;
  /** What an arrow of a gradient says: "product" (upstream * local = contribution, the default), one factor of it, or nothing. */
  readonly edges?: "product" | "local" | "contribution" | "none";
  /** Fill boxes by what they are, or by the size of their gradient. */
  readonly color?: "kind" | "gradient";
  /** Scopes drawn closed: their names, or a number of scopes that stay open, counted from outside. */
  readonly collapse?: Collapse;
  /** A value: every path from it to the root stands out; several: the path along them. */
  readonly highlight?: Value | readonly Value[];
  /** From how many boxes on scopes close by themselves and the middle is cut; 150 where none is given. */
  readonly maxNodes?: number;
  /** The gradient graph, beside the forward one or instead of it. */
  readonly backward?: "beside" | "instead";
  /** Gradients also where no sweep has been; where nothing is said, they are drawn after `backward()`. */
  readonly gradients?: boolean;
  /** Verdicts on hand-derived gradients. */
  readonly marks?: ReadonlyMap<Value, Mark>;
  readonly theme?: Theme;
  readonly language?: Language;
}

/** Options with nothing left open. */
export type FullOptions = Required<Omit<DrawingOptions, "collapse" | "highlight" | "backward" | "marks" | "gradients">> &
  Pick<DrawingOptions, "collapse" | "highlight" | "backward" | "marks" | "gradients">;

const choices = {
  direction: ["LR", "TB"],
  edges: ["product", "local", "contribution", "none"],
  color: ["kind", "gradient"],
  backward: ["beside", "instead"],
  theme: ["light", "dark"],
  language: languages,
  renderer: ["wasm", "graphviz-cli", "dot"],
} as const;

const names: readonly string[] = [
  "direction", "precision", "edges", "color", "collapse", "highlight", "maxNodes", "backward", "gradients", "marks", "theme", "language",
  "renderer",
] satisfies (keyof DrawingOptions | "renderer")[]; // prettier-ignore

/** @throws TypeError for an option that does not exist; RangeError naming one that is not one of its choices, and the choices. */
export function fullOptions(operation: string, options: DrawingOptions & { readonly renderer?: string }): FullOptions {
  checkOptions(operation, options, names);
  for (const [name, allowed] of Object.entries(choices)) {
    const given = options[name as keyof typeof choices];
    if (given !== undefined && !(allowed as readonly string[]).includes(given))
      throw new RangeError(`${operation}: ${name} is ${allowed.map((x) => `"${x}"`).join(" or ")}, got ${describe(given)}`);
  }
  const { precision = drawingPrecision, maxNodes = 150 } = options;
  checkWhole(operation, "precision", precision, 1, 17);
  checkWhole(operation, "maxNodes", maxNodes, 2, 1e6);
  return { direction: "LR", edges: "product", color: "kind", theme: "light", language: "en", ...options, precision, maxNodes };
}

function checkWhole(operation: string, name: string, x: unknown, low: number, high: number): void {
  if (typeof x !== "number" || !Number.isInteger(x) || x < low || x > high)
    throw new RangeError(`${operation}: ${name} is a whole number from ${low} to ${high}, got ${describe(x)}`);
}

/** How a box and an arrow look, by what they are: the one place where the meanings of the drawing become colours and lines. */
import type { DrawnEdge, DrawnNode, LineRole } from "./drawing.ts";
import type { Palette } from "./palette.ts";

export interface BoxStyle {
  readonly fill: string;
  readonly border: string;
  readonly text: string;
  readonly width: number;
  readonly line: "solid" | "dashed" | "dotted";
  readonly isRounded: boolean;
}

/** A verdict covers the colour of the kind, a shade of gradient its fill. */
export function boxStyle(
  { kind, isResult, verdict, shade, emphasis }: Pick<DrawnNode, "kind" | "isResult" | "verdict" | "shade" | "emphasis">,
  palette: Palette,
): BoxStyle {
  const plain: BoxStyle = { ...kindStyle(kind, palette), ...(isResult && { border: palette.ink, width: 1.8 }) };
  const shaded = shade === undefined ? plain : { ...plain, fill: palette.ramp[shade]! };
  const judged = verdict === undefined ? shaded : { ...shaded, ...verdictStyle(verdict, palette) };
  if (emphasis === "path") return { ...judged, border: palette.gradient, width: 1.8 };
  return emphasis === "faded" ? { ...judged, fill: palette.paper, border: palette.hairline, text: palette.line, width: 1 } : judged;
}

function kindStyle(
  kind: DrawnNode["kind"],
  { paper, panel, ink, line, valueFill, constantFill, gradientFill, gradientEdge }: Palette,
): BoxStyle {
  const plain = { fill: paper, border: line, text: ink, width: 1, line: "solid", isRounded: true } as const;
  switch (kind) {
    case "leaf":
      return { ...plain, fill: valueFill };
    case "constant":
      return { ...plain, fill: constantFill, isRounded: false };
    case "computed":
    case "result":
      return plain;
    case "gradient":
      return { ...plain, fill: gradientFill, border: gradientEdge };
    case "scope":
      return { ...plain, fill: panel, width: 1.4 };
    case "cut":
      return { ...plain, line: "dashed" };
  }
}

function verdictStyle(verdict: keyof Palette["verdicts"], { verdicts }: Palette): Partial<BoxStyle> {
  const shape = {
    right: {},
    wrong: { width: 2 },
    inherited: { line: "dashed" },
    kink: { isRounded: false },
    vacuous: { line: "dotted" },
  } as const;
  return { width: 1.4, isRounded: true, line: "solid", ...shape[verdict], ...verdicts[verdict] };
}

export interface ArrowStyle {
  readonly color: string;
  readonly text: string;
  readonly width: number;
  readonly line: "solid" | "dashed";
  /** Where the head is: at the value that was computed, or at the one that receives a gradient. */
  readonly points: "forward" | "back";
  readonly head: "arrow" | "tee";
}

export function arrowStyle({ kind, width, emphasis }: Pick<DrawnEdge, "kind" | "width" | "emphasis">, palette: Palette): ArrowStyle {
  const style = kindArrow(kind, width, palette);
  if (emphasis === "path") return { ...style, width: Math.max(width, 2) };
  return emphasis === "faded" ? { ...style, color: palette.hairline, width: Math.min(width, 1) } : style;
}

function kindArrow(kind: DrawnEdge["kind"], width: number, { line, secondText, value, gradient, gradientEdge }: Palette): ArrowStyle {
  const plain = { color: line, text: secondText, width, line: "solid", points: "forward", head: "arrow" } as const;
  switch (kind) {
    case "value":
      return plain;
    case "reuse":
      return { ...plain, color: value, text: value, line: "dashed" };
    case "gradient":
      return { ...plain, color: gradientEdge, text: gradient };
    case "flow":
      return { ...plain, color: gradientEdge, text: gradient, points: "back" };
    case "dead":
      return { ...plain, line: "dashed", points: "back", head: "tee" };
  }
}

/** The colour of a line of text: by its role on light fills, one colour where the fill means something. */
export function lineColor(role: LineRole, { text, fill }: BoxStyle, palette: Palette): string {
  if (text !== palette.ink || palette.ramp.indexOf(fill) > 0) return text;
  if (role === "grad" || role === "sum") return palette.gradient;
  return role === "shape" ? palette.secondText : text;
}

/** The legend under an SVG: samples with words, in lines as wide as the drawing. */
import type { Drawing, LegendItem } from "./drawing.ts";
import { typeset } from "./number-format.ts";
import type { Palette } from "./palette.ts";
import { cellsOf } from "./cells.ts";
import { boxStyle } from "./style.ts";
import { escapedXml } from "./svg-text.ts";

const [lineHeight, cell, sampleWidth, gap] = [18, 5.42, 16, 14];

export function legendSvg(legend: Drawing["legend"], width: number, palette: Palette): { source: string; width: number; height: number } {
  const parts: string[] = [];
  let [y, widest] = [0, 0];
  for (const items of legend) {
    let x = 0;
    for (const item of items) {
      const size = widthOf(item);
      if (x > 0 && x + size > width) [x, y] = [0, y + lineHeight];
      parts.push(itemSvg(item, x, y, palette));
      x += size + gap;
      widest = Math.max(widest, x - gap);
    }
    y += lineHeight;
  }
  return { source: parts.join(""), width: widest, height: y === 0 ? 0 : y + 10 };
}

function sampleCells({ sample }: LegendItem): number {
  if (sample === null) return 0;
  return "sign" in sample ? (cellsOf(sample.sign) + 1) * cell : sampleWidth;
}

const widthOf = (item: LegendItem): number => sampleCells(item) + cellsOf(item.text) * cell;

function itemSvg(item: LegendItem, x: number, y: number, palette: Palette): string {
  const text = `<text x="${(x + sampleCells(item)).toFixed(2)}" y="${y + 10}" font-size="9" fill="${palette.secondText}">${escapedXml(typeset(item.text).replace("<=", "≤"))}</text>`;
  return `${sampleSvg(item, x, y, palette)}${text}`;
}

function sampleSvg({ sample }: LegendItem, x: number, y: number, palette: Palette): string {
  if (sample === null) return "";
  if ("sign" in sample)
    return `<text x="${x.toFixed(2)}" y="${y + 10}" font-size="9" fill="${palette.ink}">${escapedXml(sample.sign)}</text>`;
  const nothing = { kind: "computed", isResult: false, verdict: undefined, shade: undefined, emphasis: "none" } as const;
  const { fill, border, line, isRounded } = boxStyle({ ...nothing, ...sample }, palette);
  const dashes = line === "solid" ? "" : ` stroke-dasharray="${line === "dashed" ? "3 2" : "1 2"}"`;
  return `<rect x="${x.toFixed(2)}" y="${y + 1}" width="11" height="11"${isRounded ? ' rx="2.5"' : ""} fill="${fill}" stroke="${border}"${dashes}/>`;
}

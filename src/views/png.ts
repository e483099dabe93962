/** PNG: the SVG, painted by resvg. */
import type { Value } from "../graph/value.ts";
import { toSvg, type SvgOptions } from "./svg.ts";

/** What `toPng` can be asked for beside the options of `toSvg`. */
export interface PngOptions extends SvgOptions {
  /** Pixels per point of the drawing; 2 where none are given. */
  readonly scale?: number;
  /** Font files to paint with instead of the machine's fixed-pitch font: the same files give the same bytes. */
  readonly fontFiles?: readonly string[];
}

/**
 * The graph of `root` as the bytes of a PNG; options as `toSvg`.
 *
 * @throws as `toSvg`; RangeError for a scale outside 0.1 … 10; Error in a page, for which bundlers leave resvg out.
 */
export async function toPng(root: Value, { scale = 2, fontFiles, ...options }: PngOptions = {}): Promise<Uint8Array> {
  if (!(scale >= 0.1 && scale <= 10)) throw new RangeError(`toPng: scale is a number from 0.1 to 10, got ${scale}`);
  const svg = await toSvg(root, options);
  const { Resvg } = await paintersOf();
  if (Resvg === undefined) throw new Error("toPng: PNG is painted in Node only. In a page, draw what toSvg gives on a canvas");
  const font = { loadSystemFonts: fontFiles === undefined, defaultFontFamily: "DejaVu Sans Mono", monospaceFamily: "DejaVu Sans Mono" };
  const painted = new Resvg(svg, {
    fitTo: { mode: "zoom", value: scale },
    font: fontFiles === undefined ? font : { ...font, fontFiles: [...fontFiles] },
  });
  return painted.render().asPng();
}

const paintersOf = async (): Promise<Partial<typeof import("#resvg")>> => import("#resvg");

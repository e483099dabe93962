/** What an arrow says: upstream * local = contribution, in the order in which the sweep meets them. */
import { entriesOf, type Tensor } from "../array/ndarray.ts";
import type { TraceFlow } from "../gradient/trace.ts";
import { formatNumber } from "./number-format.ts";
import type { FullOptions } from "./options.ts";

export function edgeLabel(flow: TraceFlow | undefined, { edges, precision }: FullOptions): string {
  if (flow === undefined || edges === "none") return "";
  const { upstream, local, contribution } = flow;
  if (typeof upstream !== "number" || typeof contribution !== "number") return "";
  const [g, d, c] = [upstream, local, contribution].map((x) => (typeof x === "number" ? formatNumber(x, precision) : ""));
  if (edges === "contribution" || d === "") return c!;
  return edges === "local" ? `* ${d!}` : `${g!} * ${d!} = ${c!}`;
}

/** The largest |entry|; NaN counts as infinitely large. */
export function magnitude(x: Tensor): number {
  let most = 0;
  for (const entry of entriesOf(x)) most = Math.max(most, Number.isNaN(entry) ? Infinity : Math.abs(entry));
  return most;
}

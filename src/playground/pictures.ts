/** What training looks like: the side of ½ that every point of the plane is on, and the loss, epoch by epoch. */
import * as Plot from "@observablehq/plot";
import { array, entriesOf } from "../array/ndarray.ts";
import { palettes, type Theme } from "../views/palette.ts";
import type { Network } from "./network-program.ts";

/** Squares of the plane along each side. */
const cells = 48;

export interface Plane {
  readonly low: number;
  readonly high: number;
}

/** A square around the data. */
function planeOf(X: Iterable<number>): Plane {
  let [low, high] = [Infinity, -Infinity];
  for (const x of X) [low, high] = [Math.min(low, x), Math.max(high, x)];
  const margin = 0.25 * (high - low);
  return { low: low - margin, high: high + margin };
}

/** Paints the surface; class 0 as squares, class 1 as discs, so that nobody needs the colours. */
export function paintSurface(canvas: HTMLCanvasElement, { model, data: [X, y] }: Network, theme: Theme): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const { ink, paper, verdicts } = palettes[theme];
  const { low, high } = planeOf(X.values);
  const at = (k: number) => low + ((k + 0.5) / cells) * (high - low);
  const grid = Array.from({ length: cells * cells }, (_, k) => [at(k % cells), at(cells - 1 - Math.floor(k / cells))]).flat();
  const predictions = entriesOf(model.forward(array(grid, [cells * cells, 2])).payload);
  const size = canvas.width / cells;
  context.fillStyle = paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  for (const [k, p] of predictions.entries()) {
    context.globalAlpha = Number.isFinite(p) ? 0.75 * Math.abs(2 * p - 1) : 0;
    context.fillStyle = p >= 0.5 ? verdicts.right.border : verdicts.kink.border;
    context.fillRect(Math.floor((k % cells) * size), Math.floor(Math.floor(k / cells) * size), Math.ceil(size), Math.ceil(size));
  }
  context.globalAlpha = 1;
  const place = (x: number) => ((x - low) / (high - low)) * canvas.width;
  context.lineWidth = 2;
  for (const [i, target] of y.values.entries()) {
    const [px, py] = [place(X.values[2 * i]!), canvas.height - place(X.values[2 * i + 1]!)];
    context.fillStyle = target >= 0.5 ? verdicts.right.fill : verdicts.kink.fill;
    context.strokeStyle = ink;
    context.beginPath();
    if (target >= 0.5) context.arc(px, py, 6, 0, 2 * Math.PI);
    else context.rect(px - 5, py - 5, 10, 10);
    context.fill();
    context.stroke();
  }
}

/** At most so many points of the curve are drawn. */
const most = 400;

/** The curve of the losses, or nothing before there are two. */
export function lossCurve(losses: readonly number[], epochLabel: string, lossLabel: string, theme: Theme): Element | null {
  if (losses.length < 2) return null;
  const every = Math.ceil(losses.length / most);
  const points = losses.flatMap((loss, epoch) => (epoch % every === 0 || epoch === losses.length - 1 ? [{ epoch, loss }] : []));
  const { ink, value } = palettes[theme];
  return Plot.plot({
    width: 360,
    height: 220,
    marginLeft: 48,
    marginRight: 26,
    marginBottom: 40,
    style: { background: "transparent", color: ink, fontSize: "12px" },
    x: { label: epochLabel, labelAnchor: "center", nice: true, ticks: 5 },
    y: { label: lossLabel, zero: true, grid: true, nice: true, ticks: 5 },
    marks: [Plot.ruleY([0]), Plot.line(points, { x: "epoch", y: "loss", stroke: value, strokeWidth: 2 })],
  });
}

/** Graphviz's points, boxes and splines as SVG's. Graphviz counts y upwards. */
export interface Frame {
  readonly height: number;
}

export type Point = readonly [x: number, y: number];

const rounded = (x: number): number => Math.round(x * 100) / 100;

export function pointOf(text: string, { height }: Frame): Point {
  const [x, y] = text.split(",").map(Number) as [number, number];
  return [rounded(x), rounded(height - y)];
}

/** From "left,bottom,right,top". */
export function rectangleOf(text: string, { height }: Frame): { x: number; y: number; width: number; height: number } {
  const [left, bottom, right, top] = text.split(",").map(Number) as [number, number, number, number];
  return { x: rounded(left), y: rounded(height - top), width: rounded(right - left), height: rounded(top - bottom) };
}

export interface Spline {
  readonly d: string;
  /** Where the head of the arrow points, and where it starts. */
  readonly tip: Point;
  readonly base: Point;
}

/** From "s,x,y p p p p" (head at the start) or "e,x,y p p p p" (head at the end). */
export function pathOf(pos: string, frame: Frame): Spline {
  const parts = pos.split(" ");
  const isBack = parts[0]!.startsWith("s,");
  const points = parts.filter((part) => /^-?[0-9.]/.test(part)).map((part) => pointOf(part, frame));
  const marked = parts.find((part) => part.startsWith(isBack ? "s," : "e,"));
  const base = isBack ? points[0]! : points[points.length - 1]!;
  const [start, ...rest] = points.map((point) => point.join(" "));
  return { d: `M${start!}C${rest.join(" ")}`, tip: marked === undefined ? base : pointOf(marked.slice(2), frame), base };
}

/** A triangle that points at the tip, or the bar of an arrow that is blocked there. */
export function arrowHead({ tip, base }: Spline, head: "arrow" | "tee", color: string, width: number): string {
  const [dx, dy] = [tip[0] - base[0], tip[1] - base[1]];
  const length = Math.hypot(dx, dy) || 1;
  const half = head === "tee" ? 4 : 2.4 + 0.3 * width;
  const [nx, ny] = [(-dy / length) * half, (dx / length) * half];
  const point = (x: number, y: number) => `${rounded(x)},${rounded(y)}`;
  if (head === "tee") {
    const [x, y] = [base[0] + 0.7 * dx, base[1] + 0.7 * dy];
    return `<path class="head" d="M${point(base[0], base[1])}L${point(x, y)}M${point(x + nx, y + ny)}L${point(x - nx, y - ny)}" fill="none" stroke="${color}" stroke-width="2"/>`;
  }
  return `<polygon class="head" points="${point(tip[0], tip[1])} ${point(base[0] + nx, base[1] + ny)} ${point(base[0] - nx, base[1] - ny)}" fill="${color}"/>`;
}

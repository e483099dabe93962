/**
 * The drawing of a graph as data: boxes with lines that each have a role, arrows that say which way what flows, clusters, a
 * legend. Made once from the trace; DOT, SVG, Mermaid, text and the page are printers of it, so they cannot disagree.
 */
import type { ScopeKind } from "../graph/scope.ts";
import type { Verdict } from "./palette.ts";

/** What a line of text tells; bold and orange follow from it. */
export type LineRole = "name" | "op" | "shape" | "data" | "grad" | "sum" | "note";

export interface Line {
  readonly role: LineRole;
  /** Numbers and signs are ASCII, to be `typeset`; names are as typed, made plain. */
  readonly text: string;
}

/** One field of a box. */
export interface Cell {
  readonly align: "center" | "left";
  readonly lines: readonly Line[];
}

/** Leaf: gets a gradient. Constant: gets none. Scope: a closed one. Cut: nodes left out of a large graph. */
export type NodeKind = "leaf" | "constant" | "computed" | "result" | "gradient" | "scope" | "cut";

export type Emphasis = "none" | "path" | "faded";

/** A box. */
export interface DrawnNode {
  /** A constant made of digits: n3 for node 3 of the trace, s2 for closed scope 2, cut. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly isResult: boolean;
  /** Rows of fields, from the top. */
  readonly rows: readonly (readonly Cell[])[];
  readonly cluster: string | null;
  /** The place in the ramp of |gradient|, 0 … 5, where the drawing is coloured by it. */
  readonly shade: number | undefined;
  readonly verdict: Verdict | undefined;
  readonly emphasis: Emphasis;
  /** The nodes of the trace that it shows. */
  readonly nodes: readonly number[];
  /** Every digit, for a tooltip. */
  readonly tooltip: string;
}

/**
 * Value: data forward. Flow: a gradient back. Dead: a gradient of exactly 0. Gradient: inside a gradient graph, whose values are
 * gradients. Reuse: a forward value used there.
 */
export type EdgeKind = "value" | "flow" | "dead" | "gradient" | "reuse";

/** An arrow: one use of a value, and what the sweep carried back along it. */
export interface DrawnEdge {
  /** e5 for edge 5 of the trace; the first of them where several run between two closed boxes. */
  readonly id: string;
  /** The input; what is drawn along the arrow may come back from `to`. */
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  readonly label: string;
  readonly width: number;
  readonly emphasis: Emphasis;
  /** Whether it belongs to the spine, computed from data, rather than bringing a parameter in. */
  readonly isSpine: boolean;
  /** The edges of the trace that it shows. */
  readonly edges: readonly number[];
  readonly tooltip: string;
}

/** The frame around an open scope. */
export interface DrawnCluster {
  readonly id: string;
  readonly title: string;
  readonly kind: ScopeKind | "region";
  readonly parent: string | null;
}

/** One entry of the legend: a sample, and what it means. */
export interface LegendItem {
  readonly sample:
    { readonly shade: number } | { readonly verdict: Verdict } | { readonly kind: NodeKind } | { readonly sign: string } | null;
  readonly text: string;
}

/** All that a drawing shows, before anything is laid out; DOT, SVG and Mermaid are written from it. */
export interface Drawing {
  /** What the whole picture is, in words. */
  readonly title: string;
  readonly direction: "LR" | "TB";
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
  readonly clusters: readonly DrawnCluster[];
  readonly legend: readonly (readonly LegendItem[])[];
}

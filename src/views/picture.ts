/** Which graph is drawn: that of a value, its gradient graph (`gradient` returns values, so it is a graph like any other), or both. */
import { nodesOf } from "../graph/order.ts";
import type { Value } from "../graph/value.ts";
import { gradient } from "../gradient/gradient.ts";
import { graphData, shownNodes, untraced, type GraphData, type GraphNode } from "./graph-data.ts";
import { grouped } from "./grouped.ts";
import type { Highlighted } from "./highlight.ts";
import { labelOf } from "./node-rows.ts";
import type { FullOptions } from "./options.ts";
import type { Folded } from "./units.ts";

export type Region = "forward" | "backward";

export interface Picture {
  readonly graph: GraphData;
  /** The name a node is shown by: its label, or that of which it is the gradient. */
  readonly nameOf: (node: GraphNode) => string;
  /** Which half it is in, where both are drawn. */
  readonly regionOf: (id: number) => Region | null;
  /** Whether a node belongs to the gradient graph. */
  readonly isGradient: (id: number) => boolean;
}

/** What the parts of a drawing are made from. */
export interface Context {
  readonly picture: Picture;
  readonly folded: Folded;
  readonly path: Highlighted | undefined;
  readonly options: FullOptions;
}

export function pictureOf(root: Value, backward: "beside" | "instead" | undefined, hasGradients?: boolean): Picture {
  if (backward !== undefined) return gradientPicture(root, backward);
  const graph = graphData(root, hasGradients);
  const nameOf = ({ value, gradientOf }: GraphNode) => labelOf(value) || (gradientOf === undefined ? "" : `d/d${shortName(gradientOf)}`);
  return { graph, nameOf, regionOf: () => null, isGradient: (id) => graph.nodes[id]!.gradientOf !== undefined };
}

const shortName = (v: Value): string => labelOf(v) || v.op || "constant";

/** The gradients of all values, as values. Those that are passed on unchanged have several names. */
function gradientPicture(root: Value, backward: "beside" | "instead"): Picture {
  const forward = shownNodes(root);
  const targets = forward.filter((v) => v.takesGradient);
  const gradients = targets.length === 0 ? [] : gradient(root, targets);
  const leaves = gradients.filter((_, k) => targets[k]!.primitive === null);
  const drawn = untraced(backward === "beside" ? nodesOf(root, ...leaves) : nodesOf(...leaves));
  const places = grouped(gradients.keys(), (k) => gradients[k]!);
  const isForward = new Set(forward);
  const graph = backward === "beside" ? { ...drawn, root: drawn.idOf(root)! } : drawn;
  const y = shortName(root);
  const isBackward = (id: number) => !isForward.has(graph.nodes[id]!.value);
  return {
    graph,
    nameOf: ({ value }) =>
      labelOf(value) ||
      gradientNames(
        y,
        (places.get(value) ?? []).map((k) => targets[k]!),
      ),
    regionOf: (id) => (backward === "instead" ? null : isBackward(id) ? "backward" : "forward"),
    isGradient: isBackward,
  };
}

/** "da/dz = da/db"; named values first, and unnamed ones only where there are no others. */
function gradientNames(y: string, origins: readonly Value[]): string {
  const labelled = origins.filter((v) => v.label !== "");
  const shown = (labelled.length > 0 ? labelled : origins.slice(-1)).map((v) => `d${y}/d${shortName(v)}`);
  return shown.length <= 3 ? shown.join(" = ") : `${shown.slice(0, 3).join(" = ")} = ...`;
}

/** Makes the drawing of a graph: folds it, writes the boxes, joins them by arrows, and says below what the signs mean. */
import { checkValue } from "../graph/lift.ts";
import type { Value } from "../graph/value.ts";
import { clustersOf } from "./clusters.ts";
import type { Drawing } from "./drawing.ts";
import { drawnEdges } from "./drawn-edges.ts";
import { drawnNodes } from "./drawn-nodes.ts";
import { highlighted } from "./highlight.ts";
import { legendOf } from "./legend.ts";
import { labelOf } from "./node-rows.ts";
import { fullOptions, type DrawingOptions } from "./options.ts";
import { pictureOf } from "./picture.ts";
import { drawingTitle } from "./spoken.ts";
import { fold } from "./units.ts";

/**
 * The drawing that `toDot`, `toSvg` and the others print.
 *
 * @throws TypeError for what is no value, and for options that do not exist; RangeError for choices that do not; as `trace` where data was written since.
 */
export function drawingOf(root: Value, options: DrawingOptions = {}, operation = "drawing"): Drawing {
  checkValue(operation, root);
  const full = fullOptions(operation, options);
  const picture = pictureOf(root, full.backward, full.gradients);
  const { graph } = picture;
  const context = {
    picture,
    folded: fold(graph, full.collapse, full.maxNodes),
    path: highlighted(operation, graph, full.highlight),
    options: full,
  };
  const { nodes, largest } = drawnNodes(context);
  return {
    title: drawingTitle(root, labelOf(root), graph, full.language),
    direction: full.direction,
    nodes,
    edges: drawnEdges(context),
    clusters: clustersOf(context),
    legend: legendOf(context, nodes, largest),
  };
}

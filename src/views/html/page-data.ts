/** What is embedded in the page: both passes with all digits, and what each step moves. */
import { trace } from "../../gradient/trace.ts";
import type { Value } from "../../graph/value.ts";
import { drawingOf } from "../drawing-of.ts";
import type { Drawing } from "../drawing.ts";
import { graphData, type GraphData } from "../graph-data.ts";
import { jsonGraph, type JsonGraph } from "../json.ts";
import { drawingPrecision, formatNumber, typeset } from "../number-format.ts";
import type { DrawingOptions } from "../options.ts";
import type { Renderer } from "../graphviz.ts";
import type { StepperData, StepperStep } from "./stepper.ts";
import { isForward, stepsOf, type Step } from "./steps.ts";

/** What a page can be asked for. Both directions and both themes are always in it. */
export type HtmlOptions = Omit<DrawingOptions, "backward" | "marks" | "direction" | "theme" | "gradients"> & {
  readonly renderer?: Renderer;
};

export interface PageData extends StepperData {
  readonly graph: JsonGraph;
}

/** What a page is made from. */
export interface Passes {
  readonly graph: GraphData;
  readonly drawing: Drawing;
  readonly steps: readonly Step[];
  readonly data: PageData;
}

/** @throws as `toHtml`. */
export function passesOf(root: Value, options: HtmlOptions = {}): Passes {
  const drawing = drawingOf(root, { edges: "contribution", ...options, gradients: true }, "toHtml");
  const graph = graphData(root, true);
  const order = trace(root).steps.map(({ id }) => graph.edges[id]!);
  const steps = stepsOf(graph, drawing, order);
  const { precision = drawingPrecision } = options;
  return { graph, drawing, steps, data: { graph: jsonGraph(root, true), steps: steps.map((step) => stepData(step, precision)) } };
}

function stepData(step: Step, precision: number): StepperStep {
  const { box, sender, arrows } = step;
  const isPartial = step.kind === "edge" && typeof step.sum === "number" && step.terms.length < step.uses;
  const partial = isPartial ? `grad ${typeset(formatNumber(step.sum, precision))}` : null;
  return { way: isForward(step) ? "forward" : "backward", box, sender, arrows, partial };
}

/**
 * cadena: see and check the chain rule.
 *
 * @packageDocumentation
 */
export * from "./engine.ts";
export { parseFormula, type Evaluation, type Formula } from "./formula/formula.ts";
export { FormulaError } from "./formula/token.ts";
export { Module, type Model } from "./nn/module.ts";
export type { Language } from "./graph/language.ts";
export type { Activation, ActivationName } from "./nn/activation.ts";
export { initialisers, type Initialiser, type InitialiserName } from "./nn/init.ts";
export { Neuron, type NeuronOptions } from "./nn/neuron.ts";
export { Layer, type LayerOptions } from "./nn/layer.ts";
export { MLP, type MLPOptions } from "./nn/mlp.ts";
export {
  absoluteError,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  halfSquaredError,
  hinge,
  huber,
  squaredError,
  type HuberOptions,
  type Loss,
  type LossOptions,
  type Reduction,
} from "./nn/losses.ts";
export { toDot } from "./views/dot.ts";
export { toHtml } from "./views/html/html.ts";
export type { HtmlOptions } from "./views/html/page-data.ts";
export { toPng, type PngOptions } from "./views/png.ts";
export { drawingSvg, toSvg, type SvgOptions } from "./views/svg.ts";
export { drawingOf } from "./views/drawing-of.ts";
export type { Drawing, DrawnCluster, DrawnEdge, DrawnNode } from "./views/drawing.ts";
export type { DrawingOptions, Mark } from "./views/options.ts";
export { compile, type Compiled, type CompileOptions } from "./compile/compile.ts";
export { jsonGraph, toJson, type JsonEdge, type JsonGraph, type JsonNode } from "./views/json.ts";
export { toMermaid } from "./views/mermaid.ts";
export { toText } from "./views/text.ts";
export { explain, Explanation, type ExplainOptions } from "./views/explain.ts";
export { toLatex } from "./views/latex.ts";
export { plainMath } from "./views/plain-math.ts";
export { workedSolution, type SolutionOptions } from "./views/worked-solution.ts";
export { Optimizer, type OptimizerOptions, type OptimizerState, type UpdateRule } from "./nn/optimizer.ts";
export { SGD, type SGDOptions } from "./nn/sgd.ts";
export { Adam, AdamW, type AdamOptions } from "./nn/adam.ts";
export { RMSProp, type RMSPropOptions } from "./nn/rmsprop.ts";
export { schedules, type Schedule } from "./nn/schedules.ts";
export { datasets, type DataSet, type DataSetOptions } from "./nn/datasets.ts";
export { train, trainAsync } from "./nn/training.ts";
export type { CompiledTraining, CompileTraining, History, Progress, TrainingParts, TrainOptions } from "./nn/training-options.ts";
export type { Checkpoint } from "./nn/checkpoint.ts";
export { TrainingStopped } from "./nn/safeguard.ts";
export { compileTraining, type CompiledTraining as CompiledTrainingRun, type CompileTrainingOptions } from "./compile/training.ts";
export { checkGradients, type GradientCheck, type GradientEntry } from "./check/check-gradients.ts";
export { compareGradients, type CompareOptions, type Finding } from "./check/compare-gradients.ts";
export type { HandGradient, HandGradients } from "./check/hand.ts";
export { numericDerivative, oneSidedSlopes } from "./check/numeric.ts";
export type { NumericDerivative } from "./ops/numeric-derivative.ts";
export type { Report } from "./check/report.ts";

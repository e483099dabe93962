/**
 * Losses: how far predictions ŷ are from targets y, with an explicit reduction. The document's two are L = ½(y − ŷ)² and
 * binary cross-entropy (3.1). Shapes must agree: broadcasting (n, 1) against (n) would silently compare everything with everything.
 */
import { arange, entriesOf, NdArray, shapeOf, type Tensor } from "../array/ndarray.ts";
import { describe, formatShape, isSameShape, sizeOf } from "../array/shape.ts";
import { checkOptions } from "../graph/options.ts";
import { abs, add, clip, mul, neg, relu, softplus, square, sub, xlog1py, xlogy } from "../graph/pointwise-functions.ts";
import { logSoftmax, mean, sum } from "../graph/reductions.ts";
import { scoped } from "../graph/scope.ts";
import { checkData, isTraced } from "../graph/tracer.ts";
import { constant, type ValueLike } from "../graph/lift.ts";
import type { Value } from "../graph/value.ts";
import { values } from "../graph/values.ts";
import { labelled } from "./input.ts";
import { anyTarget, oneOf, probability, type TargetCheck } from "./targets.ts";

/** What becomes of the losses of the single entries. */
export type Reduction = "mean" | "sum" | "none";

/** What every loss can be asked for. */
export interface LossOptions {
  /** "mean" where none is given. */
  readonly reduction?: Reduction;
}

/** (prediction, target) → loss. */
export interface Loss<Options extends LossOptions = LossOptions> {
  (prediction: ValueLike, target: ValueLike, options: Options & { readonly reduction: "none" }): Value;
  (prediction: ValueLike, target: ValueLike, options?: Options & { readonly reduction?: "mean" | "sum" }): Value<number>;
  (prediction: ValueLike, target: ValueLike, options?: Options): Value;
  /** Refuses targets that the loss is not defined for, with their place; training asks before its first step. */
  readonly checkTargets: TargetCheck;
}

interface Definition<Options> {
  /** What may be asked for beside the reduction. */
  readonly options?: readonly string[];
  /** As drawings show it. */
  readonly formula: string;
  readonly checkTargets: TargetCheck;
  /** The loss of each entry; its two arguments have one shape. */
  readonly each: (prediction: Value, target: Value, options: Options) => Value;
}

function loss<Options extends LossOptions = LossOptions>(name: string, definition: Definition<Options>): Loss<Options> {
  const { options: more = [], formula, checkTargets, each } = definition;
  const f = (prediction: ValueLike, target: ValueLike, options = {} as Options): Value => {
    checkOptions(name, options, ["reduction", ...more]);
    const [p, t] = [labelled(name, prediction, "ŷ"), labelled(name, target, "y")];
    checkSameShape(name, p, t);
    checkData(t, (targets) => {
      checkTargets(name, targets);
    });
    const reduction = reductionOf(name, options);
    return scoped(name, { kind: "loss", formula }, () => reduced(each(p, t, options), reduction));
  };
  return Object.assign(f, { checkTargets }) as Loss<Options>;
}

function reductionOf(name: string, { reduction = "mean" }: LossOptions): Reduction {
  if (reduction === "mean" || reduction === "sum" || (reduction as string) === "none") return reduction;
  throw new RangeError(`${name}: reduction is "mean", "sum" or "none", got ${describe(reduction)}`);
}

/** The reduced loss is L, as the document calls it. */
function reduced(losses: Value, reduction: Reduction): Value {
  if (reduction === "none") return losses;
  if (losses.shape.length === 0) return losses.named("L");
  return (reduction === "mean" ? mean(losses) : sum(losses)).named("L");
}

function checkSameShape(name: string, prediction: Value, target: Value): void {
  const [p, t] = [prediction.shape, target.shape];
  if (isSameShape(p, t)) return;
  const shapes = `${name}: the prediction has shape ${formatShape(p)}, the target ${formatShape(t)}`;
  const remedy = sizeOf(p) === sizeOf(t) ? `reshape the target, y.reshape(${formatShape(p)})` : "they must agree entry by entry";
  throw new RangeError(`${shapes}; ${remedy}`);
}

/** ½(y − ŷ)²: the document's error for regression (3.1). */
export const halfSquaredError = loss("halfSquaredError", {
  formula: "½(y − ŷ)²",
  checkTargets: anyTarget,
  each: (prediction, target) => mul(0.5, square(sub(target, prediction))),
});

/** (y − ŷ)². */
export const squaredError = loss("squaredError", {
  formula: "(y − ŷ)²",
  checkTargets: anyTarget,
  each: (prediction, target) => square(sub(target, prediction)),
});

/** |y − ŷ|; its derivative at 0 is 0. */
export const absoluteError = loss("absoluteError", {
  formula: "|y − ŷ|",
  checkTargets: anyTarget,
  each: (prediction, target) => abs(sub(target, prediction)),
});

/** What `huber` can be asked for. */
export interface HuberOptions extends LossOptions {
  /** Where the parabola becomes a line; 1 where none is given. */
  readonly delta?: number;
}

/** ½r² for |r| ≤ δ, δ(|r| − ½δ) beyond (Huber, 1964): ½c² + δ·relu(|r| − δ) with c = r held within ±δ, whose slope is ±δ also at ±∞. */
export const huber = loss<HuberOptions>("huber", {
  options: ["delta"],
  formula: "½r² where |r| ≤ δ, else δ(|r| − ½δ), r = ŷ − y",
  checkTargets: anyTarget,
  each: (prediction, target, { delta = 1 }) => {
    if (!(delta > 0) || !Number.isFinite(delta)) throw new RangeError(`huber: delta is a finite number above 0, got ${describe(delta)}`);
    const r = sub(prediction, target);
    const c = clip(r, { min: -delta, max: delta });
    return add(mul(0.5, square(c)), mul(delta, relu(sub(abs(r), delta))));
  },
});

/** max(0, 1 − y·ŷ) of labels −1 and 1. */
export const hinge = loss("hinge", {
  formula: "max(0, 1 − y·ŷ)",
  checkTargets: oneOf([-1, 1], "2y − 1 makes them of labels 0 and 1"),
  each: (prediction, target) => relu(sub(1, mul(target, prediction))),
});

/** −[y log ŷ + (1 − y) log(1 − ŷ)] of probabilities ŷ (3.1). 0·log 0 is 0; a certain and wrong prediction costs ∞. */
export const binaryCrossEntropy = loss("binaryCrossEntropy", {
  formula: "−[y log ŷ + (1 − y) log(1 − ŷ)]",
  checkTargets: probability,
  // 0 − […] and not −[…], which would be −0 for a prediction that is certain and right.
  each: (prediction, target) => sub(0, add(xlogy(target, prediction), xlog1py(sub(1, target), neg(prediction)))),
});

/** The same of ŷ = σ(z), from z: exact where σ(z) has rounded to 0 or 1, for −log σ(z) = softplus(−z). */
export const binaryCrossEntropyWithLogits = loss("binaryCrossEntropyWithLogits", {
  formula: "y softplus(−z) + (1 − y) softplus(z)",
  checkTargets: probability,
  // `chain` is a product that is 0 where y is, also where the other factor is ∞.
  each: (logits, target) => add(values.chain(target, softplus(neg(logits))), values.chain(sub(1, target), softplus(logits))),
});

/**
 * −Σₖ yₖ log softmax(z)ₖ of logits z, of shape (n, k), one example a row. The target has the same shape (one-hot, or
 * probabilities), or is the list of the n classes, numbers 0 … k − 1. The mean is that over the rows.
 */
export const crossEntropy: Loss = Object.assign(
  (logits: ValueLike, target: ValueLike, options: LossOptions = {}) => {
    checkOptions("crossEntropy", options, ["reduction"]);
    const z = labelled("crossEntropy", logits, "z");
    if (z.shape.length === 0) throw new RangeError("crossEntropy: the logits are a number; they need an axis of classes, the last");
    const y = distribution(z, labelled("crossEntropy", target, "y"));
    const reduction = reductionOf("crossEntropy", options);
    return scoped("crossEntropy", { kind: "loss", formula: "−Σ y log softmax(z)" }, () =>
      reduced(sub(0, sum(values.chain(y, logSoftmax(z)), { axis: -1 })), reduction),
    );
  },
  { checkTargets: anyTarget },
) as Loss;

/** Targets of the logits' shape: as they are, or one-hot from classes. */
function distribution(z: Value, target: Value): Value {
  if (isSameShape(z.shape, target.shape)) {
    checkData(target, (targets) => {
      probability("crossEntropy", targets);
    });
    return target;
  }
  const rows = z.shape.slice(0, -1);
  if (isSameShape(rows, target.shape)) {
    const k = z.shape.at(-1)!;
    checkData(target, (classes) => {
      checkClasses(classes, k);
    });
    return isTraced() ? indicated(target, z) : constant(oneHot(target.payload, k), "y");
  }
  const remedy = sizeOf(rows) === sizeOf(target.shape) ? `; reshape classes to ${formatShape(rows)}` : "";
  throw new RangeError(
    `crossEntropy: the logits have shape ${formatShape(z.shape)}, the target ${formatShape(target.shape)}; ` +
      `it is one of the shape of the logits, or of shape ${formatShape(rows)}${remedy}`,
  );
}

/** One-hot rows computed from the classes, for a program whose next batch has others: 1 where the number of the column is the class. */
function indicated(classes: Value, { shape }: Value): Value {
  const column = values.reshape([classes], { shape: [...classes.shape, 1] });
  const numbers = constant(arange(shape.at(-1)!));
  return values.indicator(values.broadcastTo([column], { shape }), values.broadcastTo([numbers], { shape }));
}

function checkClasses(classes: Tensor, k: number): void {
  for (const [i, c] of entriesOf(classes).entries())
    if (!Number.isInteger(c) || c < 0 || c >= k)
      throw new RangeError(`crossEntropy: the class ${c} in row ${i} is not one of 0 … ${k - 1}`);
}

function oneHot(classes: Tensor, k: number): NdArray {
  const entries = entriesOf(classes);
  const rows = new Float64Array(entries.length * k);
  for (const [i, c] of entries.entries()) rows[i * k + c] = 1;
  return new NdArray([...shapeOf(classes), k], rows);
}

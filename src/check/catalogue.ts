/**
 * The mistakes people make, as alterations of the chain rule along one edge. Each entry says where it can happen and what the
 * edge would then hand back; the diagnosis runs the learner's own step again with it and looks whether that is what they wrote.
 */
import { around } from "../array/layout.ts";
import { entriesOf, NdArray, shapeOf, type Tensor } from "../array/ndarray.ts";
import { isSameShape, sizeOf } from "../array/shape.ts";
import { pointwisePrimitives, type PointwisePrimitive } from "../ops/primitive.ts";
import { tensors } from "../ops/tensors.ts";
import type { Algebra } from "../ops/vocabulary.ts";
import { centred, inOutput, parts, softmaxForms, sumAlong, turned } from "./misspelt-derivatives.ts";
import { expressionOf, placeOf, shortNumber } from "./place.ts";
import { rerun, type Edge, type Use } from "./segment.ts";

export type MistakeName =
  | "sign" | "constant missing" | "constant doubled" | "constant inverted" | "derivative missing" | "factor missing" | "own factor"
  | "derivative at output" | "input for output" | "function for derivative" | "wrong derivative" | "part of derivative"
  | "derivative twice" | "derivative inverted" | "mask inverted" | "power rule"
  | "not summed" | "summed too much" | "mean for sum" | "sum doubled" | "last only" | "first only" | "upstream dropped"
  | "not transposed" | "transposed" | "upstream transposed" | "softmax diagonal" | "softmax share missing" | "softmax axis" | "softmax sum axis"
  | "path missing" | "path only" | "paths cut" | "path factor" | "treated as constant" | "stretch missing"
  | "another value" | "another gradient" | "updated before use" | "gradient of another" | "another loss" | "wrong reduction" | "other count"
  | "extra factor" | "target missing" | "wrong axis" | "zero" | "ratio" | "some entries" | "not a number" | "wrong shape" | "unnamed"; // prettier-ignore

/** What a message about a mistake is made of; which are there depends on the mistake. */
export interface Facts {
  /** The operation it happened at: "σ(z2)". */
  readonly place?: string;
  /** What is missing, or was used. */
  readonly what?: string;
  readonly other?: string;
  readonly ratio?: number;
  readonly count?: number;
}

export interface EdgeMistake {
  readonly name: MistakeName;
  /** The lower, the sooner it is believed when several fit. */
  readonly rank: number;
  readonly applies: (use: Use) => boolean;
  /** What comes back along the edge instead. */
  readonly contribution: (edge: Edge) => Tensor | undefined;
  readonly facts: (use: Use) => Facts;
}

const m = tensors;
const at = ({ node }: Use): Facts => ({ place: expressionOf(node) });
const isOp =
  (...names: readonly string[]) =>
  ({ node }: Use): boolean =>
    names.includes(node.op);
const inputOf = ({ node, index }: Use) => node.inputs[index]!;

/** A pointwise function of one number with a derivative to forget. */
const isUnary = ({ node: { primitive } }: Use): boolean =>
  primitive?.kind === "pointwise" && primitive.row.partials.length === 1 && !["identity", "neg"].includes(primitive.name);
const unaryOf = ({ node }: Use): PointwisePrimitive => node.primitive as PointwisePrimitive;

type Partial = (m: Algebra<Tensor>, x: Tensor, y: Tensor) => Tensor;
const derivative = (primitive: PointwisePrimitive, x: Tensor): Tensor =>
  (primitive.row.partials[0] as unknown as Partial)(m, x, primitive.compute(x));

const isScaled = (use: Use): boolean => constantOf(use) !== undefined;

/** The number that an edge multiplies by, where it is one number: 1/N of a mean, ½, the −1 of a difference. */
export function constantOf({ node, index }: Use): number | undefined {
  const other = node.inputs[1 - index];
  if (node.op === "neg" || (node.op === "sub" && index === 1)) return -1;
  if (other === undefined || other.takesGradient || other.label !== "") return undefined;
  const entries = entriesOf(other.payload);
  const k = entries[0];
  if (k === undefined || !entries.every((x) => x === k)) return undefined;
  if (node.op === "mul") return k;
  return node.op === "div" && index === 0 ? 1 / k : undefined;
}

/** Where the sum of a mean is divided. */
const isMean = (use: Use): boolean => use.node.op === "div" && use.index === 0 && inputOf(use).op === "sum" && isScaled(use);

const sumShape = (use: Use) => inputOf(use).inputs[0]!.shape;

const constantFacts = (use: Use): Facts => ({ place: expressionOf(use.node, 3), what: shortNumber(constantOf(use)!) });

/** Products of the arithmetic: the partner of an operand is its local derivative. */
const isProduct = (use: Use): boolean => isOp("mul", "dot", "matmul")(use) && !isScaled(use);
function partnerOf({ node, index }: Use) {
  const { inputs } = node;
  if (node.op !== "dot") return inputs[1 - index]!;
  const n = inputs.length / 2;
  return inputs[index < n ? index + n : index - n]!;
}
const partnerFacts = (use: Use): Facts => ({ place: expressionOf(use.node), what: placeOf(partnerOf(use)) });

/** Of n places along an axis the entries in those that are kept, and 0 in the others. */
function keepRows(x: Tensor, axis: number, keep: (i: number, n: number) => boolean): Tensor {
  if (typeof x === "number") return x;
  const [, n, inner] = around(x.shape, axis);
  return new NdArray(
    x.shape,
    x.values.map((entry, place) => (keep(Math.floor(place / inner) % n, n) ? entry : 0)),
  );
}

/** The axis of the upstream gradient that is summed away along this edge, and how long it is. */
function summedAxis({ node, index }: Use): { axis: number; count: number } | undefined {
  const { shape } = node;
  const from = inputOf({ node, index }).shape;
  if (node.op === "matmul") {
    const axis = shape.length - (index === 0 ? 1 : 2);
    return { axis, count: shape[axis]! };
  }
  if (node.op !== "broadcastTo") return undefined;
  const missing = shape.length - from.length;
  const axis = shape.findIndex((n, k) => k < missing || from[k - missing] !== n);
  return axis < 0 ? undefined : { axis, count: shape[axis]! };
}
const isSummed = (use: Use): boolean => (summedAxis(use)?.count ?? 1) > 1;
const sumFacts = (use: Use): Facts => ({ place: expressionOf(use.node), count: summedAxis(use)!.count });
const withRows = (edge: Edge, keep: (i: number, n: number) => boolean): Tensor =>
  rerun(edge, { g: keepRows(edge.g, summedAxis(edge)!.axis, keep) }).contribution;

/** The same number in several entries: what it would be without it, a factor says better. */
const isUniform = (x: Tensor): boolean => typeof x !== "number" && x.values.every((entry) => entry === x.values[0]);
export const onesLike = (x: Tensor): Tensor => m.add(m.mul(0, x), 1);
const scaled = (x: Tensor, k: number): Tensor => m.mul(x, k);
const ifFits = (x: Tensor, edge: Edge): Tensor | undefined => (isSameShape(shapeOf(x), edge.input.shape) ? x : undefined);
const isActivation = (use: Use): boolean => isUnary(use) && use.node.op !== "square";
const xOf = (edge: Edge): Tensor => edge.read(edge.input);
const yOf = (edge: Edge): Tensor => edge.read(edge.node);
const isMask = isOp("relu", "leakyRelu", "abs");
const isSoftmax = isOp("softmax");
const axisOf = ({ node: { primitive } }: Use): number =>
  primitive?.kind === "structural" && "axis" in primitive.options ? primitive.options.axis : 0;
const sharesOf = (edge: Edge): Tensor => (edge.node.op === "logSoftmax" ? m.softmax([xOf(edge)], { axis: axisOf(edge) }) : yOf(edge));

const isSquare = (shape: readonly number[]): boolean => shape.length === 2 && shape[0] === shape[1];

/** A mean over what it is not over: one axis of the entries, or all of them. */
const otherCount = (countIn: (shape: readonly number[]) => number): EdgeMistake => ({
  name: "other count",
  rank: 14,
  applies: (use) => isMean(use) && countIn(sumShape(use)) > 1,
  contribution: (edge) => scaled(edge.g, 1 / countIn(sumShape(edge))),
  facts: (use) => ({ ...constantFacts(use), count: 1 / constantOf(use)!, what: String(countIn(sumShape(use))) }),
});

/** Alterations of what one edge hands back. */
export const edgeMistakes: readonly EdgeMistake[] = [
  { name: "not summed", rank: 5, applies: (use) => use.node.op === "broadcastTo" && isSummed(use), contribution: ({ g }) => g, facts: sumFacts },
  { name: "sign", rank: 10, applies: (use) => constantOf(use) === -1, contribution: ({ g }) => g, facts: at },
  { name: "wrong reduction", rank: 10, applies: isMean, contribution: ({ g }) => g, facts: (use) => ({ ...constantFacts(use), count: 1 / constantOf(use)! }) },
  ...[0, 1, 2].map((axis): EdgeMistake => otherCount((shape) => (shape.length > 1 ? (shape[axis] ?? 1) : 1))),
  otherCount((shape) => sizeOf(shape)),
  { name: "constant missing", rank: 10, applies: (use) => isScaled(use) && !isMean(use) && constantOf(use) !== -1, contribution: ({ g }) => g, facts: constantFacts },
  { name: "derivative missing", rank: 11, applies: isActivation, contribution: ({ g }) => g, facts: at },
  { name: "last only", rank: 12, applies: isSummed, contribution: (edge) => withRows(edge, (i, n) => i === n - 1), facts: sumFacts },
  { name: "first only", rank: 13, applies: isSummed, contribution: (edge) => withRows(edge, (i) => i === 0), facts: sumFacts },
  { name: "mean for sum", rank: 13, applies: isSummed, contribution: (edge) => scaled(edge.contribution, 1 / summedAxis(edge)!.count), facts: sumFacts },
  { name: "sum doubled", rank: 24, applies: isSummed, contribution: (edge) => scaled(edge.contribution, summedAxis(edge)!.count), facts: sumFacts },
  { name: "summed too much", rank: 14, applies: (use) => use.node.op === "broadcastTo" && isSummed(use), contribution: ({ g, input }) => m.broadcastTo([m.sum([g], { axes: shapeOf(g).map((_, k) => k), keepdims: false })], { shape: input.shape }), facts: sumFacts },
  ...[-1, -2].map((axis): EdgeMistake => (
    { name: "wrong axis", rank: 14, applies: (use) => use.node.op === "broadcastTo" && use.node.shape.length >= 2, contribution: (edge) => overAxis(edge, axis), facts: at })),
  { name: "power rule", rank: 15, applies: isOp("square"), contribution: (edge) => m.mul(edge.g, xOf(edge)), facts: (use) => ({ ...at(use), what: "2" }) },
  { name: "power rule", rank: 16, applies: isOp("square"), contribution: (edge) => m.mul(edge.g, m.mul(2, yOf(edge))), facts: (use) => ({ ...at(use), what: "x² → x" }) },
  { name: "power rule", rank: 16, applies: (use) => use.node.op === "pow" && use.index === 0, contribution: (edge) => m.div(edge.contribution, edge.read(edge.node.inputs[1]!)), facts: (use) => ({ ...at(use), what: "n" }) },
  { name: "derivative missing", rank: 17, applies: isOp("square"), contribution: ({ g }) => g, facts: at },
  { name: "derivative at output", rank: 16, applies: isActivation, contribution: (edge) => m.mul(edge.g, derivative(unaryOf(edge), yOf(edge))), facts: (use) => ({ ...at(use), what: use.node.op, other: placeOf(use.node) }) },
  { name: "input for output", rank: 16, applies: (use) => inOutput.has(use.node.op), contribution: (edge) => m.mul(edge.g, inOutput.get(edge.node.op)!(xOf(edge))), facts: (use) => ({ ...at(use), what: placeOf(inputOf(use)), other: placeOf(use.node) }) },
  { name: "function for derivative", rank: 18, applies: isUnary, contribution: (edge) => m.mul(edge.g, yOf(edge)), facts: at },
  { name: "mask inverted", rank: 18, applies: isMask, contribution: (edge) => m.mul(edge.g, m.sub(1, edge.local!)), facts: at },
  { name: "sign", rank: 19, applies: isUnary, contribution: (edge) => m.neg(edge.contribution), facts: at },
  { name: "factor missing", rank: 20, applies: (use) => isProduct(use) && use.node.op !== "matmul", contribution: ({ g }) => g, facts: partnerFacts },
  { name: "factor missing", rank: 20, applies: isOp("matmul"), contribution: (edge) => rerun(edge, { read: (node) => (node === partnerOf(edge) ? onesLike(edge.read(node)) : edge.read(node)) }).contribution, facts: partnerFacts },
  { name: "factor missing", rank: 21, applies: (use) => use.node.op === "div" && !isScaled(use), contribution: (edge) => (edge.index === 0 ? edge.g : m.neg(m.mul(edge.g, yOf(edge)))), facts: (use) => ({ place: expressionOf(use.node), what: `1/${placeOf(use.node.inputs[1]!)}` }) },
  { name: "own factor", rank: 22, applies: isOp("mul", "dot"), contribution: (edge) => m.mul(edge.g, xOf(edge)), facts: partnerFacts },
  { name: "not transposed", rank: 22, applies: isOp("matmul"), contribution: untransposed, facts: (use) => ({ ...at(use), what: placeOf(partnerOf(use)) }) },
  { name: "transposed", rank: 22, applies: isOp("matmul", "transpose"), contribution: (edge) => { const { contribution: c } = edge; return typeof c === "number" || c.shape.length !== 2 ? undefined : ifFits(m.transpose([c], { axes: [1, 0] }), edge); }, facts: at },
  { name: "upstream transposed", rank: 22.5, applies: (use) => isOp("matmul")(use) && isSquare(use.node.shape), contribution: (edge) => rerun(edge, { g: turned(edge.g) }).contribution, facts: ({ node }) => ({ what: placeOf(node) }) },
  { name: "upstream dropped", rank: 23, applies: ({ node }) => node.primitive !== null, contribution: (edge) => (isUniform(edge.g) ? undefined : rerun(edge, { g: onesLike(edge.g) }).contribution), facts: (use) => ({ ...at(use), what: placeOf(use.node) }) },
  { name: "constant doubled", rank: 24, applies: (use) => isScaled(use) && constantOf(use) !== -1, contribution: (edge) => scaled(edge.contribution, constantOf(edge)!), facts: constantFacts },
  { name: "constant inverted", rank: 29.5, applies: (use) => isScaled(use) && constantOf(use) !== -1, contribution: (edge) => scaled(edge.g, 1 / constantOf(edge)!), facts: constantFacts },
  { name: "softmax diagonal", rank: 16, applies: isSoftmax, contribution: (edge) => m.mul(edge.g, m.mul(yOf(edge), m.sub(1, yOf(edge)))), facts: at },
  { name: "softmax diagonal", rank: 17, applies: isOp("logSoftmax"), contribution: (edge) => m.mul(edge.g, m.sub(1, sharesOf(edge))), facts: at },
  { name: "softmax diagonal", rank: 18, applies: isSoftmax, contribution: (edge) => m.mul(edge.g, yOf(edge)), facts: at },
  ...softmaxForms.map(([what, form], k): EdgeMistake => (
    { name: "part of derivative", rank: 17 + k / 10, applies: isSoftmax, contribution: (edge) => form(edge.g, yOf(edge), sumAlong(axisOf(edge))), facts: (use) => ({ ...at(use), what: what(placeOf(use.node)) }) })),
  { name: "softmax sum axis", rank: 17.5, applies: (use) => isSoftmax(use) && use.node.shape.length === 2, contribution: (edge) => centred(edge.g, yOf(edge), sumAlong(1 - axisOf(edge))), facts: at },
  { name: "softmax sum axis", rank: 17.6, applies: (use) => isSoftmax(use) && isSquare(use.node.shape), contribution: (edge) => centred(edge.g, yOf(edge), (x) => turned(sumAlong(axisOf(edge))(x))), facts: at },
  { name: "softmax share missing", rank: 17, applies: isOp("logSoftmax", "softmax"), contribution: ({ g }) => g, facts: at },
  { name: "wrong derivative", rank: 27, applies: isUnary, contribution: (edge) => m.div(edge.g, xOf(edge)), facts: (use) => ({ ...at(use), other: "log" }) },
  { name: "derivative twice", rank: 28, applies: isUnary, contribution: (edge) => m.mul(edge.contribution, edge.local!), facts: at },
  { name: "derivative inverted", rank: 29, applies: isUnary, contribution: (edge) => m.div(edge.g, edge.local!), facts: at },
  { name: "derivative inverted", rank: 29, applies: (use) => isOp("mul", "div")(use) && !isScaled(use), contribution: (edge) => m.div(edge.g, edge.local!), facts: at },
  ...[...parts].flatMap(([op, forms]) => forms.map(([what, form], k): EdgeMistake => (
    { name: "part of derivative", rank: 17 + k / 10, applies: isOp(op), contribution: (edge) => m.mul(edge.g, form(xOf(edge), yOf(edge))), facts: (use) => ({ ...at(use), what }) }))),
  ...Object.values(pointwisePrimitives).filter(({ name, row }) => row.partials.length === 1 && !/identity|neg|step|sign|bounded|geluLogit|Derivative|oneMinus|normal/.test(name)).map((primitive): EdgeMistake => (
    { name: "wrong derivative", rank: 26, applies: (use) => isActivation(use) && use.node.op !== primitive.name, contribution: (edge) => m.mul(edge.g, derivative(primitive, xOf(edge))), facts: (use) => ({ ...at(use), what: use.node.op, other: primitive.name }) })),
  ...["tanh", "sigmoid", "exp"].map((name): EdgeMistake => (
    { name: "wrong derivative", rank: 26.5, applies: (use) => isActivation(use) && use.node.op !== name, contribution: (edge) => m.mul(edge.g, inOutput.get(name)!(yOf(edge))), facts: (use) => ({ ...at(use), what: use.node.op, other: name }) })),
]; // prettier-ignore

/** The upstream gradient of a broadcast summed over an axis that is not the repeated one. */
function overAxis({ g, node, input }: Edge, axis: number): Tensor | undefined {
  const along = node.shape.length + axis;
  const isRepeated = (input.shape.at(axis) ?? 1) === 1;
  return isRepeated || typeof g === "number" ? undefined : m.sum([g], { axes: [along], keepdims: true });
}

/** g·b where g·bᵀ belongs, a·g where aᵀ·g does; only where the sizes happen to agree. */
function untransposed(edge: Edge): Tensor | undefined {
  const { g, node, index, read } = edge;
  const partner = read(node.inputs[1 - index]!);
  const [left, right] = index === 0 ? [g, partner] : [partner, g];
  if (typeof left === "number" || typeof right === "number" || left.shape.length !== 2 || left.shape[1] !== right.shape[0])
    return undefined;
  return ifFits(m.matmul([left, right], {}), edge);
}

/** First values of weights. Which draw goes where is part of the promise: a run printed elsewhere can be repeated number for number. */
import { NdArray, shapeOf, toTensor } from "../array/ndarray.ts";
import { checkShape, describe, formatShape, isSameShape } from "../array/shape.ts";
import type { TensorLike } from "../graph/lift.ts";
import { numpyRandom } from "../random/numpy-random.ts";
import { checkRandom, type Random } from "../random/random.ts";

export interface WeightShape {
  readonly nIn: number;
  readonly nOut: number;
}

/** Weights of shape (nIn, nOut). */
export type Initialiser = (shape: WeightShape, random: Random) => TensorLike;

const rowByRow = ({ nIn, nOut }: WeightShape, draw: () => number): NdArray =>
  new NdArray([nIn, nOut], Float64Array.from({ length: nIn * nOut }, draw));

/** The draws of one neuron follow each other: column by column. */
const neuronByNeuron = ({ nIn, nOut }: WeightShape, draw: () => number): NdArray => {
  const weights = new Float64Array(nIn * nOut);
  for (let j = 0; j < nOut; j++) for (let i = 0; i < nIn; i++) weights[i * nOut + j] = draw();
  return new NdArray([nIn, nOut], weights);
};

/** How the first weights are drawn, by name. */
export const initialisers = {
  /** Standard normal, row by row: the document's `np.random.randn(nIn, nOut)`. */
  normal: (shape, random) => rowByRow(shape, () => random.normal()),
  /** Uniform in [−1, 1), neuron by neuron: micrograd's. */
  uniform: (shape, random) => neuronByNeuron(shape, () => random.uniform(-1, 1)),
  /** Uniform within ±√(6/(nIn + nOut)): Glorot and Bengio (2010), for tanh and sigmoid. */
  xavier: (shape, random) => {
    const bound = Math.sqrt(6 / (shape.nIn + shape.nOut));
    return rowByRow(shape, () => random.uniform(-bound, bound));
  },
  /** Normal of variance 2/nIn: He and others (2015), for relu. */
  he: (shape, random) => rowByRow(shape, () => Math.sqrt(2 / shape.nIn) * random.normal()),
  /** All 0; the neurons of a layer then stay the same. */
  zeros: (shape) => rowByRow(shape, () => 0),
} as const satisfies Record<string, Initialiser>;

/** The name of one of `initialisers`. */
export type InitialiserName = keyof typeof initialisers;

/** The stream of modules that are given none. Seeded, so that a program starts with the same weights every time. */
let defaultRandom: Random | undefined;

/** Weights drawn as asked; an initialiser of one's own is checked for its shape. */
export function initialWeights(
  operation: string,
  shape: WeightShape,
  init: InitialiserName | Initialiser,
  random: Random = (defaultRandom ??= numpyRandom(0)),
): NdArray {
  checkCounts(operation, shape);
  checkRandom(operation, random);
  const expected = [shape.nIn, shape.nOut];
  const weights = toTensor(operation, initialiser(operation, init)(shape, random));
  if (weights instanceof NdArray && isSameShape(weights.shape, expected)) return weights;
  throw new RangeError(`${operation}: the initialiser gave shape ${formatShape(shapeOf(weights))}, W has ${formatShape(expected)}`);
}

function initialiser(operation: string, init: unknown): Initialiser {
  if (typeof init === "function") return init as Initialiser;
  if (typeof init === "string" && Object.hasOwn(initialisers, init)) return initialisers[init as InitialiserName];
  throw new TypeError(`${operation}: init is one of ${Object.keys(initialisers).join(", ")}, or a function, got ${describe(init)}`);
}

function checkCounts(operation: string, { nIn, nOut }: WeightShape): void {
  for (const n of [nIn, nOut])
    if (!Number.isInteger(n) || n < 1)
      throw new RangeError(`${operation}: the numbers of inputs and outputs are whole numbers from 1, got ${describe(n)}`);
  checkShape(operation, [nIn, nOut]);
}

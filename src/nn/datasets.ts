/** Small data sets to learn on, each as [X, y]: one example a row of X, its label in the same row of y. */
import { array, linspace, NdArray } from "../array/ndarray.ts";
import { checkShape } from "../array/shape.ts";
import { checkOptions } from "../graph/options.ts";
import { numpyRandom } from "../random/numpy-random.ts";
import { checkRandom, type Random } from "../random/random.ts";
import { checkRange } from "./hyper-parameters.ts";

/** X and y: one example a row of X, its label in the same row of y. */
export type DataSet = readonly [X: NdArray, y: NdArray];

/** What a data set that is drawn can be asked for. */
export interface DataSetOptions {
  /** The deviation of what is added to each coordinate; 0.1 where none is given. */
  readonly noise?: number;
  /** The stream of order and noise; numpyRandom(0) where none is given. */
  readonly random?: Random;
}

function checked<Options extends DataSetOptions>(operation: string, options: Options, more: readonly string[] = []): Options {
  checkOptions(operation, options, [...more, "noise", "random"]);
  checkRandom(operation, options.random);
  return options;
}

type Point = readonly [x: number, y: number];

const truthTable = (...labels: readonly number[]) => (): DataSet => [array([[0, 0], [0, 1], [1, 0], [1, 1]]), array(labels.map((y) => [y]))]; // prettier-ignore

/** Points of two classes, class 0 first, in the order and with the draws of scikit-learn: a permutation, then the noise row by row. */
function twoClasses(operation: string, zeros: readonly Point[], ones: readonly Point[], options: DataSetOptions): DataSet {
  const { noise = 0.1, random = numpyRandom(0) } = checked(operation, options);
  checkRange(operation, "noise", noise);
  const points = [...zeros, ...ones];
  const order = random.permutation(points.length);
  const X = order.flatMap((i) => points[i]!.map((x) => (noise === 0 ? x : x + noise * random.normal())));
  const y = order.map((i) => (i < zeros.length ? 0 : 1));
  return [array(X, [points.length, 2]), array(y, [points.length, 1])];
}

/** `n` angles from 0 to `end`, the end left out where `open`. */
const angles = (n: number, end: number, open = false): number[] => [...linspace(0, end, open ? n + 1 : n).values].slice(0, n);

const halves = (operation: string, n: number): [number, number] => {
  checkShape(operation, [n]);
  return [Math.floor(n / 2), n - Math.floor(n / 2)];
};

/** Two interleaving half circles, y of shape (n, 1): scikit-learn's `make_moons`, draw for draw where `random` is numpyRandom. */
function moons(n = 100, options: DataSetOptions = {}): DataSet {
  const [outer, inner] = halves("moons", n);
  const upper = angles(outer, Math.PI).map((t): Point => [Math.cos(t), Math.sin(t)]);
  const lower = angles(inner, Math.PI).map((t): Point => [1 - Math.cos(t), 1 - Math.sin(t) - 0.5]);
  return twoClasses("moons", upper, lower, options);
}

/** A circle and a smaller one inside, y of shape (n, 1): scikit-learn's `make_circles` with factor 0.5. */
function circles(n = 100, options: DataSetOptions = {}): DataSet {
  const [outer, inner] = halves("circles", n);
  const circle = (count: number, radius: number) =>
    angles(count, 2 * Math.PI, true).map((t): Point => [radius * Math.cos(t), radius * Math.sin(t)]);
  return twoClasses("circles", circle(outer, 1), circle(inner, 0.5), options);
}

/** Two arms that wind one and a half times around each other, y of shape (n, 1). */
function spiral(n = 100, options: DataSetOptions = {}): DataSet {
  const [first, second] = halves("spiral", n);
  const arm = (count: number, turn: number) =>
    [...linspace(0.1, 1, count).values].map((r): Point => [r * Math.cos(3 * Math.PI * r + turn), r * Math.sin(3 * Math.PI * r + turn)]);
  return twoClasses("spiral", arm(first, 0), arm(second, Math.PI), { noise: 0.02, ...checked("spiral", options) });
}

export interface BlobOptions extends DataSetOptions {
  /** How many classes; 3 where none is given, as the irises have. */
  readonly classes?: number;
  /** How many columns X has; 4 where none is given. */
  readonly features?: number;
}

/** Normal clouds around centres drawn from [−5, 5); y, of shape (n), has the classes 0 … as `crossEntropy` takes them. Noise 1 where none is given. */
function blobs(n = 150, options: BlobOptions = {}): DataSet {
  const { classes = 3, features = 4, noise = 1, random = numpyRandom(0) } = checked("blobs", options, ["classes", "features"]);
  checkShape("blobs", [n, classes, features]);
  checkRange("blobs", "noise", noise);
  if (classes === 0) throw new RangeError("blobs: needs at least one class");
  const centres = Array.from({ length: classes }, () => Array.from({ length: features }, () => random.uniform(-5, 5)));
  const y = random.permutation(n).map((i) => i % classes);
  const X = y.flatMap((c) => centres[c]!.map((x) => x + noise * random.normal()));
  return [array(X, [n, features]), array(y)];
}

/** Small data sets to learn on, by name. */
export const datasets = {
  /** 1 where one of two inputs is 1, y of shape (4, 1): the document's, 4.2. */
  or: truthTable(0, 1, 1, 1),
  /** 1 where both inputs are 1. */
  and: truthTable(0, 0, 0, 1),
  /** 1 where the inputs differ: no single neuron can learn it. */
  xor: truthTable(0, 1, 1, 0),
  moons,
  circles,
  spiral,
  blobs,
} as const;

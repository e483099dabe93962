/**
 * Functions of whole arrays. Most are linear and come in adjoint pairs, ⟨Ax, g⟩ = ⟨x, Aᵀg⟩: what one spreads the other sums,
 * what one drops the other fills with zeros. Then the matrix product, which is bilinear, and, in a file of their own, the functions
 * along axes that would lose digits if they were composed.
 */
import * as layout from "../array/layout.ts";
import { matmul, type Upstream } from "../array/matmul.ts";
import { map2 } from "../array/map.ts";
import { block, pairwise } from "../array/pairwise.ts";
import { entriesOf, NdArray, shapeOf, tensor, type Tensor } from "../array/ndarray.ts";
import * as reductions from "../array/reduce.ts";
import type { Shape } from "../array/shape.ts";
import { precedence } from "./notation.ts";
import { reducing } from "./reducing.ts";
import type { StructuralRow } from "./row.ts";
import { none, operatorname, overAxes, spread } from "./structural-words.ts";
import type { Algebra, StructuralName } from "./vocabulary.ts";

const { sum, product, power, atom } = precedence;

type Table = { readonly [N in StructuralName]: StructuralRow<N> };

const swapOfMatrix = [1, 0];
const swapLast = (rank: number): number[] =>
  rank === 2 ? swapOfMatrix : [...Array.from({ length: rank - 2 }, (_, k) => k), rank - 1, rank - 2];
const transposed = <T>(m: Algebra<T>, x: T): T => m.transpose([x], { axes: swapLast(m.shapeOf(x).length) });

/** What arrives at factor number `index` has the strong zero; the other factor too, where it is itself such a gradient. */
const withUpstream = (index: 0 | 1, upstream: Upstream | undefined): Upstream =>
  upstream === undefined || upstream === index ? index : "both";

const repeated = new NdArray([5], Float64Array.of(0, 3, 3, 1, 3));

export const structural: Table = {
  reshape: {
    forward: ([x], { shape }) => layout.reshape(x!, shape),
    shape: (_, { shape }) => shape,
    vjp: (m, g, [x]) => [m.reshape([g], { shape: m.shapeOf(x!) })],
    jvp: "linear",
    symbol: "reshape",
    latex: operatorname("reshape"),
    examples: [
      { shapes: [[2, 3]], options: { shape: [3, 2] } },
      { shapes: [[0, 2]], options: { shape: [4, 0] } },
      { shapes: [[]], options: { shape: [1, 1] } },
    ],
  },
  broadcastTo: {
    forward: ([x], { shape }) => layout.broadcastTo(x!, shape),
    shape: (_, { shape }) => shape,
    vjp: (m, g, [x]) => [m.sumTo([g], { shape: m.shapeOf(x!) })],
    jvp: "linear",
    symbol: "broadcast",
    latex: operatorname("broadcast"),
    examples: [
      { shapes: [[1, 3]], options: { shape: [4, 2, 3] } },
      { shapes: [[]], options: { shape: [2, 2] } },
      { shapes: [[2, 1]], options: { shape: [2, 0] } },
    ],
  },
  sumTo: {
    forward: ([x], { shape }) => sumTo(x!, shape),
    shape: (_, { shape }) => shape,
    vjp: (m, g, [x]) => [m.broadcastTo([g], { shape: m.shapeOf(x!) })],
    jvp: "linear",
    symbol: "sumTo",
    latex: ([x]) => `\\sum ${x!}`,
    binds: { result: product, operands: product },
    examples: [
      { shapes: [[4, 2, 3]], options: { shape: [1, 3] } },
      { shapes: [[2, 3]], options: { shape: [] } },
      { shapes: [[0, 2]], options: { shape: [2] } },
    ],
  },
  transpose: {
    forward: ([x], { axes }) => layout.transpose(x!, axes),
    shape: ([shape], { axes }) => axes.map((k) => shape![k]!),
    vjp: (m, g, _x, _y, { axes }) => [m.transpose([g], { axes: axes.map((_, k) => axes.indexOf(k)) })],
    jvp: "linear",
    symbol: "T",
    latex: ([x]) => `${x!}^{\\top}`,
    binds: { result: power, operands: atom },
    examples: [
      { shapes: [[2, 3]], options: { axes: [1, 0] } },
      { shapes: [[2, 3, 4]], options: { axes: [2, 0, 1] } },
    ],
  },
  slice: {
    forward: ([x], { ranges }) => layout.slice(x!, ranges),
    shape: (_, { ranges }) => ranges.map(({ count }) => count),
    vjp: (m, g, [x], _y, { ranges }) => [m.unslice([g], { ranges, shape: m.shapeOf(x!) })],
    jvp: "linear",
    symbol: "slice",
    latex: operatorname("slice"),
    examples: [
      {
        shapes: [[5, 4]],
        options: {
          ranges: [
            { begin: 4, step: -2, count: 3 },
            { begin: 1, step: 1, count: 2 },
          ],
        },
      },
    ],
  },
  unslice: {
    forward: ([g], { ranges, shape }) => layout.unslice(g!, ranges, shape),
    shape: (_, { shape }) => shape,
    vjp: (m, g, _x, _y, { ranges }) => [m.slice([g], { ranges })],
    jvp: "linear",
    symbol: "unslice",
    latex: operatorname("unslice"),
    examples: [
      {
        shapes: [[3, 2]],
        options: {
          ranges: [
            { begin: 4, step: -2, count: 3 },
            { begin: 1, step: 1, count: 2 },
          ],
          shape: [5, 4],
        },
      },
    ],
  },
  take: {
    forward: ([x], { indices, axis }) => layout.take(x as NdArray, indices, axis),
    shape: ([shape], { indices, axis }) => [...shape!.slice(0, axis), ...shapeOf(indices), ...shape!.slice(axis + 1)],
    vjp: (m, g, [x], _y, { indices, axis }) => [m.scatter([g], { indices, axis, shape: m.shapeOf(x!) })],
    jvp: "linear",
    symbol: "take",
    latex: operatorname("take"),
    examples: [
      { shapes: [[3, 4]], options: { indices: repeated, axis: 1 } },
      { shapes: [[3, 4]], options: { indices: 2, axis: 0 } },
    ],
  },
  scatter: {
    forward: ([g], { indices, axis, shape }) => layout.scatter(g!, indices, axis, shape),
    shape: (_, { shape }) => shape,
    vjp: (m, g, _x, _y, { indices, axis }) => [m.take([g], { indices, axis })],
    jvp: "linear",
    symbol: "scatter",
    latex: operatorname("scatter"),
    examples: [
      { shapes: [[3, 5]], options: { indices: repeated, axis: 1, shape: [3, 4] } },
      { shapes: [[4]], options: { indices: 2, axis: 0, shape: [3, 4] } },
    ],
  },
  concat: {
    forward: (xs, { axis }) => layout.concat(xs, axis),
    shape: (shapes, { axis }) => shapes[0]!.map((n, k) => (k === axis ? shapes.reduce((sum, s) => sum + s[axis]!, 0) : n)),
    vjp: (m, g, xs, _y, { axis }) => {
      let begin = 0;
      return xs.map((x) => {
        const shape = m.shapeOf(x);
        const ranges = shape.map((count, k) => ({ begin: k === axis ? begin : 0, step: 1, count }));
        begin += shape[axis]!;
        return m.slice([g], { ranges });
      });
    },
    jvp: "linear",
    symbol: "concat",
    latex: operatorname("concat"),
    examples: [
      {
        shapes: [
          [2, 3],
          [2, 1],
          [2, 0],
        ],
        options: { axis: 1 },
      },
      { shapes: [[2], [3]], options: { axis: 0 } },
    ],
  },
  // A selection, not a product with a mask: what was not selected gets exactly 0 whatever it holds.
  where: {
    forward: ([a, b], { condition }) => chosen(condition, a!, b!),
    shape: ([shape]) => shape!,
    vjp: (m, g, _x, _y, { condition }) => {
      const nothing = none(m, g);
      return [m.where([g, nothing], { condition }), m.where([nothing, g], { condition })];
    },
    jvp: "linear",
    symbol: "where",
    latex: operatorname("where"),
    examples: [
      {
        shapes: [
          [2, 2],
          [2, 2],
        ],
        options: { condition: new NdArray([2, 2], Float64Array.of(1, 0, 0, 1)) },
      },
      { shapes: [[], []], options: { condition: 1 } },
    ],
  },
  cumsum: {
    forward: ([x], { axis, reverse }) => reductions.cumsum(x!, axis, reverse),
    shape: ([shape]) => shape!,
    vjp: (m, g, _x, _y, { axis, reverse }) => [m.cumsum([g], { axis, reverse: !reverse })],
    jvp: "linear",
    symbol: "cumsum",
    latex: operatorname("cumsum"),
    examples: [
      { shapes: [[2, 4]], options: { axis: 1, reverse: false } },
      { shapes: [[3, 2]], options: { axis: 0, reverse: true } },
    ],
  },
  sum: {
    forward: ([x], options) => reductions.sum(x!, options),
    shape: ([shape], options) => reductions.reducedShape(shape!, options),
    vjp: (m, g, [x], _y, { axes }) => [spread(m, g, x!, axes)],
    jvp: "linear",
    symbol: "sum",
    latex: ([x]) => `\\sum ${x!}`,
    binds: { result: product, operands: product },
    examples: overAxes,
  },
  sumOf: {
    forward: (xs) => addedUp(xs, 0, xs.length),
    shape: ([shape]) => shape!,
    vjp: (_m, g, xs) => xs.map(() => g),
    jvp: "linear",
    symbol: "sum",
    latex: (xs) => xs.join(" + "),
    binds: { result: sum, operands: sum },
    examples: [
      {
        shapes: [
          [2, 2],
          [2, 2],
          [2, 2],
        ],
        options: {},
      },
      { shapes: [[], []], options: {} },
    ],
  },

  matmul: {
    forward: ([a, b], { upstream }) => matmul(a as NdArray, b as NdArray, upstream),
    shape: ([a, b]) => [...a!.slice(0, -1), b!.at(-1)!],
    vjp: (m, g, [a, b], _y, { upstream }, needs) => [
      needs(0) ? m.matmul([g, transposed(m, b!)], { upstream: withUpstream(0, upstream) }) : g,
      needs(1) ? m.matmul([transposed(m, a!), g], { upstream: withUpstream(1, upstream) }) : g,
    ],
    jvp: (m, [ta, tb], [a, b], _y, { upstream }) =>
      m.add(m.matmul([ta!, b!], { upstream: withUpstream(0, upstream) }), m.matmul([a!, tb!], { upstream: withUpstream(1, upstream) })),
    symbol: "matmul",
    latex: ([a, b]) => `${a!}\\,${b!}`,
    binds: { result: product, operands: product },
    examples: [
      {
        shapes: [
          [2, 3],
          [3, 4],
        ],
        options: {},
      },
      {
        shapes: [
          [2, 2, 3],
          [2, 3, 1],
        ],
        options: {},
      },
      {
        shapes: [
          [2, 0],
          [0, 2],
        ],
        options: {},
      },
    ],
  },
  // Σ wᵢxᵢ of numbers w₁ … wₙ, x₁ … xₙ as one node: a neuron's weighted sum.
  dot: {
    forward: (operands) => dot(operands as readonly number[]),
    shape: () => [],
    vjp: (m, g, operands) => {
      const n = operands.length / 2;
      return operands.map((_, i) => m.chain(g, operands[i < n ? i + n : i - n]!));
    },
    jvp: (m, tangents, operands) => {
      const n = operands.length / 2;
      return m.sumOf(
        tangents.map((t, i) => m.chain(t, operands[i < n ? i + n : i - n]!)),
        {},
      );
    },
    symbol: "dot",
    latex: (operands) => {
      const n = operands.length / 2;
      return operands.slice(0, n).map((w, i) => `${w} \\cdot ${operands[i + n]!}`).join(" + "); // prettier-ignore
    },
    binds: { result: sum, operands: product },
    examples: [
      { shapes: [[], [], [], []], options: {} },
      { shapes: [[], []], options: {} },
    ],
  },

  ...reducing,
};

function sumTo(x: Tensor, shape: Shape): Tensor {
  const from = shapeOf(x);
  // The gradient of a bias over a batch.
  if (typeof x !== "number" && from.length === 2 && shape.length === 2 && shape[0] === 1 && shape[1] === from[1])
    return reductions.sumOfRows(x, shape);
  const missing = from.length - shape.length;
  const axes: number[] = [];
  for (let k = 0; k < from.length; k++) if (k < missing || shape[k - missing] !== from[k]) axes.push(k);
  if (axes.length === 0) return x;
  const sums = reductions.sum(x, { axes, keepdims: missing === 0 });
  return missing === 0 ? sums : layout.reshape(sums, shape);
}

function chosen(condition: Tensor, a: Tensor, b: Tensor): Tensor {
  if (typeof condition === "number") return condition === 0 ? b : a;
  const [p, q, c] = [entriesOf(a), entriesOf(b), condition.values];
  return tensor(
    condition.shape,
    Float64Array.from(c, (chosen, i) => (chosen === 0 ? q[i]! : p[i]!)),
  );
}

/** Pairwise, as entries of one array are. */
function addedUp(xs: readonly Tensor[], begin: number, end: number): Tensor {
  if (end - begin > block) {
    const half = begin + ((end - begin) >> 1);
    return map2((a, b) => a + b, addedUp(xs, begin, half), addedUp(xs, half, end));
  }
  let total = xs[begin]!;
  for (let i = begin + 1; i < end; i++) total = map2((a, b) => a + b, total, xs[i]!);
  return total;
}

function dot(operands: readonly number[]): number {
  const n = operands.length / 2;
  return pairwise(0, n, (begin, end) => {
    let total = 0;
    for (let i = begin; i < end; i++) total += operands[i]! * operands[i + n]!;
    return total;
  });
}

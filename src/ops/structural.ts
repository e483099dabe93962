/**
 * Functions of whole arrays. Most are linear and come in adjoint pairs, ⟨Ax, g⟩ = ⟨x, Aᵀg⟩: what one spreads the other sums,
 * what one drops the other fills with zeros. Then the matrix product, which is bilinear, and the reductions that would
 * lose digits if they were composed.
 */
import * as layout from "../array/layout.ts";
import { matmul } from "../array/matmul.ts";
import { map1, map2 } from "../array/map.ts";
import { entriesOf, NdArray, shapeOf, tensor, type Tensor } from "../array/ndarray.ts";
import * as reductions from "../array/reduce.ts";
import { balanced, logsumexpLane, logSoftmaxLane, relativeToTop, softmaxLane } from "../array/softmax.ts";
import { keptShape, type Shape } from "../array/shape.ts";
import { precedence } from "./notation.ts";
import type { StructuralExample, StructuralRow } from "./row.ts";
import type { Algebra, StructuralName, StructuralOptions } from "./vocabulary.ts";

const { sum, product, power, atom } = precedence;

type Table = { readonly [N in StructuralName]: StructuralRow<N> };

const letters = (operands: readonly string[]) => operands.join(", ");
const operatorname = (name: string) => (operands: readonly string[]) => `\\operatorname{${name}}(${letters(operands)})`;

/** A reduced gradient, spread over the entries it came from. */
function spread<T>(m: Algebra<T>, g: T, x: T, axes: readonly number[]): T {
  const shape = m.shapeOf(x);
  return m.broadcastTo([m.reshape([g], { shape: keptShape(shape, axes) })], { shape });
}

/** max and min: every entry that attains the extreme takes an equal share of the gradient. */
function extreme(name: "max" | "min", lane: (lane: reductions.Lane) => number): StructuralRow<"max"> & StructuralRow<"min"> {
  const shares = <T>(m: Algebra<T>, x: T, y: T, axes: readonly number[]): T => {
    const attained = m.indicator(x, spread(m, y, x, axes));
    return m.div(attained, spread(m, m.sum([attained], { axes, keepdims: true }), x, axes));
  };
  return {
    forward: ([x], options) => reductions.reduce(lane, x!, options),
    shape: ([shape], options) => reductions.reducedShape(shape!, options),
    vjp: (m, g, [x], y, { axes }) => [m.chain(spread(m, g, x!, axes), shares(m, x!, y, axes))],
    jvp: (m, [t], [x], y, options) => m.sum([m.chain(t!, shares(m, x!, y, options.axes))], options),
    symbol: name,
    latex: ([x]) => `\\${name}(${x!})`,
    kink: { at: ([x], y, options) => ties(x!, y, options), convention: `${name}: ties share equally` },
    examples: overAxes,
  };
}

function ties(x: Tensor, y: Tensor, options: reductions.Reduced): Tensor {
  const { axes } = options;
  const top = layout.broadcastTo(layout.reshape(y, keptShape(shapeOf(x), axes)), shapeOf(x));
  const attained = map2((a, b) => (a === b ? 1 : 0), x, top);
  return map1((n) => (n > 1 ? 1 : 0), reductions.sum(attained, options));
}

const lanes =
  (f: Parameters<typeof reductions.mapLanes>[0]) =>
  ([x]: readonly Tensor[], { axis }: { axis: number }) =>
    reductions.mapLanes(f, x as NdArray, axis);

/** Σ sⱼtⱼ along the axis, in every place of it. */
const weighted = <T>(m: Algebra<T>, t: T, s: T, axis: number): T =>
  spread(m, m.sum([m.chain(t, s)], { axes: [axis], keepdims: true }), s, [axis]);

/**
 * tᵢ − Σ sⱼtⱼ for shares s that add up to 1. Where one share is nearly 1 the difference cancels; counted from the t of the
 * largest share, which changes nothing else, it does not.
 */
const centred = <T>(m: Algebra<T>, t: T, s: T, axis: number): T => {
  const r = m.relative([t, s], { axis });
  return m.sub(r, weighted(m, r, s, axis));
};

const none = <T>(m: Algebra<T>, x: T): T => m.broadcastTo([m.identity(0)], { shape: m.shapeOf(x) });

const swapOfMatrix = [1, 0];
const swapLast = (rank: number): number[] =>
  rank === 2 ? swapOfMatrix : [...Array.from({ length: rank - 2 }, (_, k) => k), rank - 1, rank - 2];
const transposed = <T>(m: Algebra<T>, x: T): T => m.transpose([x], { axes: swapLast(m.shapeOf(x).length) });

const repeated = new NdArray([5], Float64Array.of(0, 3, 3, 1, 3));

const overAxes: readonly StructuralExample<reductions.Reduced>[] = [
  { shapes: [[2, 3]], options: { axes: [1], keepdims: false } },
  { shapes: [[2, 3, 2]], options: { axes: [0, 2], keepdims: true } },
  { shapes: [[4]], options: { axes: [0], keepdims: false } },
  { shapes: [[2, 1]], options: { axes: [], keepdims: false } },
];

const alongAxes = [
  { shapes: [[2, 4]], options: { axis: 1 } },
  { shapes: [[3, 2, 2]], options: { axis: 0 } },
] as const;

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
    forward: (xs) => xs.slice(1).reduce((total, x) => map2((a, b) => a + b, total, x), xs[0]!),
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
    // What arrives has the strong zero; where a factor is itself such a gradient, that factor.
    vjp: (m, g, [a, b], _y, { upstream }, needs) => [
      needs(0) ? m.matmul([g, transposed(m, b!)], { upstream: upstream ?? 0 }) : g,
      needs(1) ? m.matmul([transposed(m, a!), g], { upstream: upstream ?? 1 }) : g,
    ],
    jvp: (m, [ta, tb], [a, b], _y, { upstream }) =>
      m.add(m.matmul([ta!, b!], { upstream: upstream ?? 0 }), m.matmul([a!, tb!], { upstream: upstream ?? 1 })),
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

  max: extreme("max", reductions.largest),
  min: extreme("min", reductions.smallest),
  norm: {
    forward: ([x], options) => reductions.reduce(lengthOf(options.ord), x!, options),
    shape: ([shape], options) => reductions.reducedShape(shape!, options),
    vjp: (m, g, [x], y, options) => [m.chain(spread(m, g, x!, options.axes), slopeOfNorm(m, x!, y, options))],
    jvp: (m, [t], [x], y, options) => m.sum([m.chain(t!, slopeOfNorm(m, x!, y, options))], options),
    symbol: "norm",
    latex: ([x], { ord }) => `\\lVert ${x!} \\rVert${ord === 2 ? "" : `_{${ord}}`}`,
    kink: { at: (_, y) => map1((length) => (length === 0 ? 1 : 0), y), convention: "norm'(0) = 0" },
    examples: [
      ...overAxes.map(({ shapes, options }) => ({ shapes, options: { ...options, ord: 2 } })),
      { shapes: [[2, 3]], options: { axes: [1], keepdims: false, ord: 3 } },
      { shapes: [[4]], options: { axes: [0], keepdims: true, ord: 1.5 } },
    ],
  },
  logsumexp: {
    forward: ([x], options) => reductions.reduce(logsumexpLane, x!, options),
    shape: ([shape], options) => reductions.reducedShape(shape!, options),
    vjp: (m, g, [x], _y, { axes }) => [m.chain(spread(m, g, x!, axes), softmaxOver(m, x!, axes))],
    jvp: (m, [t], [x], _y, options) => m.sum([m.chain(t!, softmaxOver(m, x!, options.axes))], options),
    symbol: "logsumexp",
    latex: ([x]) => `\\log \\sum e^{${x!}}`,
    binds: { result: product, operands: sum },
    examples: overAxes,
  },
  softmax: {
    forward: lanes(softmaxLane),
    shape: ([shape]) => shape!,
    vjp: (m, g, _x, y, { axis }) => [m.chain(centred(m, g, y, axis), y)],
    jvp: (m, [t], _x, y, { axis }) => m.chain(centred(m, t!, y, axis), y),
    symbol: "softmax",
    latex: operatorname("softmax"),
    examples: alongAxes,
  },
  logSoftmax: {
    forward: lanes(logSoftmaxLane),
    shape: ([shape]) => shape!,
    // g − sΣg, whose entries add up to 0: that of the largest share is minus the sum of the others.
    vjp: (m, g, [x], _y, { axis }) => {
      const s = m.softmax([x!], { axis });
      const total = spread(m, m.sum([g], { axes: [axis], keepdims: true }), s, [axis]);
      return [m.balance([m.sub(g, m.chain(total, s)), s], { axis })];
    },
    jvp: (m, [t], [x], _y, { axis }) => centred(m, t!, m.softmax([x!], { axis }), axis),
    symbol: "logSoftmax",
    latex: operatorname("logsoftmax"),
    examples: alongAxes,
  },
  relative: {
    forward: ([t, s], { axis }) => relativeToTop(t as NdArray, s as NdArray, axis),
    shape: ([shape]) => shape!,
    vjp: (m, g, [, s], _y, { axis }) => [m.balance([g, s!], { axis }), none(m, s!)],
    jvp: (m, [t], [, s], _y, { axis }) => m.relative([t!, s!], { axis }),
    symbol: "relative",
    latex: operatorname("relative"),
    examples: [
      {
        shapes: [
          [2, 4],
          [2, 4],
        ],
        options: { axis: 1 },
      },
    ],
  },
  balance: {
    forward: ([t, s], { axis }) => balanced(t as NdArray, s as NdArray, axis),
    shape: ([shape]) => shape!,
    vjp: (m, g, [, s], _y, { axis }) => [m.relative([g, s!], { axis }), none(m, s!)],
    jvp: (m, [t], [, s], _y, { axis }) => m.balance([t!, s!], { axis }),
    symbol: "balance",
    latex: operatorname("balance"),
    examples: [
      {
        shapes: [
          [2, 4],
          [2, 4],
        ],
        options: { axis: 1 },
      },
    ],
  },
};

const lengthOf = (ord: number) => (ord === 2 ? reductions.euclideanNorm : reductions.normOfOrder(ord));

/**
 * ∂‖x‖/∂xᵢ = sign(xᵢ)|eᵢ|ᵖ⁻¹ of e = x/‖x‖, which for p = 2 is e itself. Its derivative takes the part along x out of a direction. Where
 * one entry is nearly all of x, what is left there is a small difference of large numbers, and wrong; so e is divided by its own length
 * once more, which is 1: what the first division did not take out, the second does (Kahan: "twice is enough").
 */
function slopeOfNorm<T>(m: Algebra<T>, x: T, y: T, { axes, ord }: StructuralOptions["norm"]): T {
  const e = m.ratio(x, spread(m, y, x, axes));
  const unit = m.ratio(e, spread(m, m.norm([e], { axes, ord, keepdims: true }), x, axes));
  return ord === 2 ? unit : m.mul(m.sign(unit), m.pow(m.abs(unit), ord - 1));
}

/** softmax along several axes at once: they are made one, and parted again. */
function softmaxOver<T>(m: Algebra<T>, x: T, axes: readonly number[]): T {
  if (axes.length === 1) return m.softmax([x], { axis: axes[0]! });
  const shape = m.shapeOf(x);
  const order = [...shape.keys()].filter((k) => !axes.includes(k)).concat(axes);
  const moved = m.transpose([x], { axes: order });
  const others = order.slice(0, shape.length - axes.length).map((k) => shape[k]!);
  const rows = m.reshape([moved], { shape: [...others, -1].map((n) => (n < 0 ? axes.reduce((size, k) => size * shape[k]!, 1) : n)) });
  const shares = m.reshape([m.softmax([rows], { axis: others.length })], { shape: order.map((k) => shape[k]!) });
  return m.transpose([shares], { axes: order.map((_, k) => order.indexOf(k)) });
}

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

function dot(operands: readonly number[]): number {
  const n = operands.length / 2;
  let total = 0;
  for (let i = 0; i < n; i++) total += operands[i]! * operands[i + n]!;
  return total;
}

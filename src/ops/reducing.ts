/**
 * Functions along axes that would lose digits if they were composed: extremes, norms, logsumexp, softmax and its logarithm, and the two
 * that count from the largest share.
 */
import * as layout from "../array/layout.ts";
import { map1, map2 } from "../array/map.ts";
import { shapeOf, type NdArray, type Tensor } from "../array/ndarray.ts";
import * as reductions from "../array/reduce.ts";
import { droppedShape, keptShape, sizeOf } from "../array/shape.ts";
import { balanced, logsumexpLane, logSoftmaxLane, relativeToTop, softmaxLane } from "../array/softmax.ts";
import { precedence } from "./notation.ts";
import { none, operatorname, overAxes, spread } from "./structural-words.ts";
import type { StructuralRow } from "./row.ts";
import type { Algebra, StructuralOptions } from "./vocabulary.ts";

const { sum, product } = precedence;

type Name = "max" | "min" | "norm" | "logsumexp" | "softmax" | "logSoftmax" | "relative" | "balance";

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

const alongAxes = [
  { shapes: [[2, 4]], options: { axis: 1 } },
  { shapes: [[3, 2, 2]], options: { axis: 0 } },
] as const;

export const reducing: { readonly [N in Name]: StructuralRow<N> } = {
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
  const others = droppedShape(shape, axes);
  const rows = m.reshape([moved], { shape: [...others, sizeOf(axes.map((k) => shape[k]!))] });
  const shares = m.reshape([m.softmax([rows], { axis: others.length })], { shape: order.map((k) => shape[k]!) });
  return m.transpose([shares], { axes: order.map((_, k) => order.indexOf(k)) });
}

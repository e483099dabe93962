/**
 * Every pointwise function of the vocabulary as vector code, forward only: derivatives are lines of the program already, because
 * the rows say them in these same words. Functions that are rare are computed by the host, by their own row.
 */
import { bound, geluCubic, geluScale } from "../../ops/special.ts";
import type { ParametricName, ParametricOptions, PointwiseName } from "../../ops/vocabulary.ts";
import {
  decay,
  exponential,
  exponentialLessOne,
  hyperbolicTangent,
  hyperbolicTangentDerivative,
  logarithm,
  logarithmOfOneMore,
  shareBesideDecay,
} from "./elementary.ts";
import type { Local } from "./function.ts";
import type { Lanes } from "./lanes.ts";

export type Emission = (m: Lanes, ...operands: Local[]) => Local;

/** "host": the row's own forward column, number by number. */
export type PointwiseCode = Emission | "host";

const one = (m: Lanes): Local => m.constant(1);
const zero = (m: Lanes): Local => m.constant(0);
const isNaNMask = (m: Lanes, x: Local): Local => m.do("ne", x, x);
/** NaN where x is NaN, as an addition to a mask. */
const orNaN = (m: Lanes, y: Local, x: Local): Local => m.op("v128.or", y, isNaNMask(m, x));

const exp = (m: Lanes, x: Local): Local => m.inDoubles(exponential, x);
const log = (m: Lanes, x: Local): Local => m.inDoubles(logarithm, x);
const log1p = (m: Lanes, x: Local): Local => m.inDoubles(logarithmOfOneMore, x);
/** exp(−|x|), which σ, σ′, softplus and log σ share. */
const decayed = (m: Lanes, x: Local): Local => m.inDoubles(decay, belowZero(m, x));
const belowZero = (m: Lanes, x: Local): Local => m.op("v128.or", x, m.constant(-0));
const square = (m: Lanes, x: Local): Local => m.do("mul", x, x);

/** 1/(1 + e) for x ≥ 0, e/(1 + e) below, e = exp(−|x|). */
const sigmoid: Emission = (m, x) => m.do("mul", m.choose(m.do("lt", x, zero(m)), decayed(m, x), one(m)), shareOfOne(m, x));

/** 1/(1 + e), the one division of σ and σ′. */
const shareOfOne = (m: Lanes, x: Local): Local => m.inDoubles(shareBesideDecay, belowZero(m, x));

const softplus: Emission = (m, x) => m.do("add", relu(m, x), log1p(m, decayed(m, x)));

/** x, 0 where x < 0; NaN stays, and so does −0. */
const relu: Emission = (m, x) => m.do("pmax", x, zero(m));

const step: Emission = (m, x) => orNaN(m, stepOfNumber(m, x), x);

/** The step at a number; where x may be NaN somebody else has to notice. */
export const stepOfNumber: Emission = (m, x) => m.without(one(m), m.do("le", x, zero(m)));

/** a·log b and its like, 0 where a is 0. */
const unlessZero = (m: Lanes, a: Local, y: Local): Local => m.without(y, m.do("eq", a, zero(m)));

/** The larger where `isLarger`; either NaN gives NaN, and of two zeros the sign is kept as Math.max and Math.min keep it. */
const extreme =
  (name: "gt" | "lt", zeros: "v128.and" | "v128.or"): Emission =>
  (m, a, b) => {
    const chosen = m.choose(m.do(name, a, b), a, b);
    const tied = m.choose(m.do("eq", a, b), m.op(zeros, a, b), chosen);
    return orNaN(m, orNaN(m, tied, a), b);
  };

const share: Emission = (m, a, b) => {
  const tied = m.op("v128.and", m.do("eq", a, b), m.constant(0.5));
  const larger = m.op("v128.and", m.do("gt", a, b), one(m));
  return orNaN(m, orNaN(m, m.op("v128.or", tied, larger), a), b);
};

const indicator: Emission = (m, a, b) => {
  const areNaN = m.op("v128.and", isNaNMask(m, a), isNaNMask(m, b));
  return m.op("v128.and", m.op("v128.or", m.do("eq", a, b), areNaN), one(m));
};

const sign: Emission = (m, x) => {
  const belowZero = m.choose(m.do("lt", x, zero(m)), m.constant(-1), x);
  return m.choose(m.do("gt", x, zero(m)), one(m), belowZero);
};

/** e/(1 + e)² */
const sigmoidDerivative: Emission = (m, x) => {
  const share = shareOfOne(m, x);
  return m.do("mul", m.do("mul", decayed(m, x), share), share);
};

/** x·σ(u), −0 at −∞. */
const gated = (m: Lanes, x: Local, u: Local): Local => {
  const y = m.do("mul", x, sigmoid(m, u));
  return m.choose(m.do("eq", x, m.constant(-Infinity)), m.constant(-0), y);
};

/** √(8/π)(x + 0.044715x³) */
const geluLogit: Emission = (m, x) => {
  const cube = m.do("mul", x, square(m, x));
  return m.do("mul", m.constant(geluScale), m.do("add", x, m.do("mul", m.constant(geluCubic), cube)));
};

const bounded: Emission = (m, x) => m.do("pmin", m.do("pmax", x, m.constant(-bound)), m.constant(bound));

const normalPdf: Emission = (m, x) => {
  const power = exp(m, m.do("mul", m.do("mul", m.constant(-0.5), x), x));
  return m.do("div", power, m.constant(Math.sqrt(2 * Math.PI)));
};

const select: Emission = (m, a, b, c) => orNaN(m, m.choose(m.do("gt", a, zero(m)), b, c), a);

export const pointwiseCode: { readonly [N in PointwiseName]: PointwiseCode } = {
  identity: (_, x) => x,
  neg: (m, x) => m.do("neg", x),
  square: (m, x) => square(m, x),
  sqrt: (m, x) => m.do("add", m.do("sqrt", x), zero(m)),
  reciprocal: (m, x) => m.do("div", one(m), x),
  abs: (m, x) => m.do("abs", x),
  sign,
  exp: (m, x) => exp(m, x),
  expm1: (m, x) => m.inDoubles(exponentialLessOne, x),
  log: (m, x) => log(m, x),
  log1p: (m, x) => log1p(m, x),
  sin: "host",
  cos: "host",
  tan: "host",
  asin: "host",
  acos: "host",
  atan: "host",
  sinh: "host",
  cosh: "host",
  tanh: (m, x) => m.inDoubles(hyperbolicTangent, x),
  asinh: "host",
  acosh: "host",
  atanh: "host",
  sigmoid,
  logSigmoid: (m, x) => m.do("neg", softplus(m, m.do("neg", x))),
  relu,
  silu: (m, x) => gated(m, x, x),
  softplus,
  gelu: "host",
  geluTanh: (m, x) => gated(m, x, geluLogit(m, x)),
  geluLogit,
  bounded,
  normalCdf: "host",
  step,
  sigmoidDerivative,
  tanhDerivative: (m, x) => m.inDoubles(hyperbolicTangentDerivative, x),
  oneMinusSquare: (m, x) => m.do("mul", m.do("sub", one(m), x), m.do("add", one(m), x)),
  normalPdf,
  add: (m, a, b) => m.do("add", a, b),
  sub: (m, a, b) => m.do("sub", a, b),
  mul: (m, a, b) => m.do("mul", a, b),
  div: (m, a, b) => m.do("div", a, b),
  pow: "host",
  maximum: extreme("gt", "v128.and"),
  minimum: extreme("lt", "v128.or"),
  hypot: "host",
  xlogy: (m, a, b) => unlessZero(m, a, m.do("mul", a, log(m, b))),
  xlog1py: (m, a, b) => unlessZero(m, a, m.do("mul", a, log1p(m, b))),
  chain: (m, g, d) => unlessZero(m, g, m.do("mul", g, d)),
  gradientProduct: (m, g, h) => unlessZero(m, g, unlessZero(m, h, m.do("mul", g, h))),
  ratio: (m, a, b) => unlessZero(m, b, m.do("div", a, b)),
  share,
  indicator,
  powerRule: "host",
  powerLog: "host",
  select,
};

type ParametricCode = { readonly [N in ParametricName]: (options: ParametricOptions[N]) => Emission };

export const parametricCode: ParametricCode = {
  leakyRelu:
    ({ slope }) =>
    (m, x) =>
      m.choose(m.do("gt", x, zero(m)), x, m.do("mul", m.constant(slope), x)),
  elu:
    ({ alpha }) =>
    (m, x) =>
      m.choose(m.do("gt", x, zero(m)), x, m.do("mul", m.constant(alpha), m.inDoubles(exponentialLessOne, x))),
  clip:
    ({ min, max }) =>
    (m, x) =>
      m.choose(m.do("lt", x, m.constant(min)), m.constant(min), m.choose(m.do("gt", x, m.constant(max)), m.constant(max), x)),
  inside:
    ({ min, max }) =>
    (m, x) => {
      const isInside = m.op("v128.and", m.do("ge", x, m.constant(min)), m.do("le", x, m.constant(max)));
      return orNaN(m, m.op("v128.and", isInside, one(m)), x);
    },
};

/**
 * The calculus table: each function once, with its derivative, its notation, its kinks, and where tests draw from.
 * Derivatives are written in the same words, so that they can themselves be differentiated, printed and compiled; where the
 * textbook form loses digits in the tails, the row says the form that does not.
 */
import { describe } from "../array/shape.ts";
import { call, enclosed, fraction, infix, named, precedence, superscript } from "./notation.ts";
import type { ParametricRow, PointwiseRow } from "./row.ts";
import {
  bound,
  geluCubic,
  geluLogit,
  geluScale,
  normalCdf,
  normalPdf,
  power,
  sigmoid,
  sigmoidDerivative,
  softplus,
  tanhDerivative,
} from "./special.ts";
import type { Algebra, BinaryName, ParametricName, ParametricOptions, TernaryName, UnaryName } from "./vocabulary.ts";

const { sum, product, negation, atom } = precedence;
const anywhere = [-3, 3] as const;
const positive = [0.1, 4] as const;
const zero = () => 0;

type UnaryTable = { readonly [N in UnaryName]: PointwiseRow<1> };
type BinaryTable = { readonly [N in BinaryName]: PointwiseRow<2> };
type TernaryTable = { readonly [N in TernaryName]: PointwiseRow<3> };

/** √(8/π)(1 + 3 · 0.044715x²) */
function slopeOfGeluLogit<T>(m: Algebra<T>, x: T): T {
  return m.mul(geluScale, m.add(1, m.mul(3 * geluCubic, m.square(x))));
}

export const unary: UnaryTable = {
  identity: {
    forward: (x) => x,
    partials: [() => 1],
    notation: { symbol: "=", precedence: atom, operands: [atom], latex: (x) => x },
    domain: [anywhere],
  },
  neg: {
    forward: (x) => -x,
    partials: [() => -1],
    notation: { symbol: "neg", precedence: negation, operands: [product], latex: (x) => `-${x}` },
    domain: [anywhere],
  },
  square: {
    forward: (x) => x * x,
    partials: [({ mul }, x) => mul(2, x)],
    notation: superscript("square", (x) => `${x}^2`),
    domain: [anywhere],
  },
  sqrt: {
    // √−0 is 0, so that its derivative is ∞ and not −∞.
    forward: (x) => Math.sqrt(x) + 0,
    partials: [({ div }, _x, y) => div(0.5, y)],
    notation: enclosed("sqrt", (x) => `\\sqrt{${x}}`),
    domain: [positive],
    kink: { at: (x) => x === 0, convention: "sqrt'(0) = ∞" },
  },
  reciprocal: {
    forward: (x) => 1 / x,
    partials: [({ neg, square }, _x, y) => neg(square(y))],
    notation: fraction("1/x", (x) => `\\frac{1}{${x}}`),
    domain: [positive],
  },
  abs: {
    forward: Math.abs,
    partials: [({ sign }, x) => sign(x)],
    notation: enclosed("abs", (x) => `\\left|${x}\\right|`),
    domain: [anywhere],
    kink: { at: (x) => x === 0, convention: "abs'(0) = 0" },
  },
  sign: {
    forward: Math.sign,
    partials: [zero],
    notation: named("sign"),
    domain: [anywhere],
    kink: { at: (x) => x === 0, convention: "sign'(0) = 0" },
  },
  exp: {
    forward: Math.exp,
    partials: [(_m, _x, y) => y],
    notation: { symbol: "exp", precedence: precedence.power, operands: [sum], latex: (x) => `e^{${x}}` },
    domain: [anywhere],
  },
  expm1: { forward: Math.expm1, partials: [({ exp }, x) => exp(x)], notation: named("expm1"), domain: [anywhere] },
  log: {
    forward: Math.log,
    partials: [({ reciprocal }, x) => reciprocal(x)],
    notation: call("log"),
    domain: [positive],
    kink: { at: (x) => x === 0, convention: "log'(0) = ∞" },
  },
  log1p: {
    forward: Math.log1p,
    partials: [({ reciprocal, add }, x) => reciprocal(add(1, x))],
    notation: named("log1p"),
    domain: [[-0.8, 3]],
  },
  sin: { forward: Math.sin, partials: [({ cos }, x) => cos(x)], notation: call("sin"), domain: [anywhere] },
  cos: { forward: Math.cos, partials: [({ neg, sin }, x) => neg(sin(x))], notation: call("cos"), domain: [anywhere] },
  tan: { forward: Math.tan, partials: [({ add, square }, _x, y) => add(1, square(y))], notation: call("tan"), domain: [[-1.3, 1.3]] },
  asin: {
    forward: Math.asin,
    partials: [({ reciprocal, sqrt, oneMinusSquare }, x) => reciprocal(sqrt(oneMinusSquare(x)))],
    notation: call("asin", "\\arcsin"),
    domain: [[-0.9, 0.9]],
  },
  acos: {
    forward: Math.acos,
    partials: [({ neg, reciprocal, sqrt, oneMinusSquare }, x) => neg(reciprocal(sqrt(oneMinusSquare(x))))],
    notation: call("acos", "\\arccos"),
    domain: [[-0.9, 0.9]],
  },
  atan: {
    forward: Math.atan,
    partials: [({ square, reciprocal, hypot }, x) => square(reciprocal(hypot(1, x)))],
    notation: call("atan", "\\arctan"),
    domain: [anywhere],
  },
  sinh: { forward: Math.sinh, partials: [({ cosh }, x) => cosh(x)], notation: call("sinh"), domain: [anywhere] },
  cosh: { forward: Math.cosh, partials: [({ sinh }, x) => sinh(x)], notation: call("cosh"), domain: [anywhere] },
  tanh: { forward: Math.tanh, partials: [({ tanhDerivative: d }, x) => d(x)], notation: call("tanh"), domain: [anywhere] },
  asinh: {
    forward: Math.asinh,
    partials: [({ reciprocal, hypot }, x) => reciprocal(hypot(1, x))],
    notation: named("arsinh"),
    domain: [anywhere],
  },
  acosh: {
    forward: Math.acosh,
    partials: [({ reciprocal, mul, sqrt, sub, add }, x) => reciprocal(mul(sqrt(sub(x, 1)), sqrt(add(x, 1))))],
    notation: named("arcosh"),
    domain: [[1.1, 4]],
  },
  atanh: {
    forward: Math.atanh,
    partials: [({ reciprocal, oneMinusSquare }, x) => reciprocal(oneMinusSquare(x))],
    notation: named("artanh"),
    domain: [[-0.9, 0.9]],
  },
  sigmoid: {
    forward: sigmoid,
    partials: [({ sigmoidDerivative: d }, x) => d(x)],
    notation: call("sigmoid", "\\sigma"),
    domain: [anywhere],
  },
  logSigmoid: {
    forward: (x) => -softplus(-x),
    partials: [(m, x) => m.sigmoid(m.neg(x))],
    notation: call("logSigmoid", "\\log\\sigma"),
    domain: [anywhere],
  },
  relu: {
    forward: (x) => (x > 0 ? x : x <= 0 ? 0 : NaN),
    partials: [({ step }, x) => step(x)],
    notation: named("relu"),
    domain: [anywhere],
    kink: { at: (x) => x === 0, convention: "relu'(0) = 0" },
  },
  silu: {
    forward: (x) => (x === -Infinity ? -0 : x * sigmoid(x)),
    partials: [(m, x) => m.add(m.sigmoid(x), m.mul(m.sigmoidDerivative(x), m.bounded(x)))],
    notation: named("silu"),
    domain: [anywhere],
  },
  gelu: {
    forward: (x) => (x === -Infinity ? -0 : x * normalCdf(x)),
    partials: [(m, x) => m.add(m.normalCdf(x), m.mul(m.normalPdf(x), m.bounded(x)))],
    notation: named("gelu"),
    domain: [anywhere],
  },
  // The usual approximation of gelu: x·σ(u), u close to the logit of Φ(x).
  geluTanh: {
    forward: (x) => (x === -Infinity ? -0 : x * sigmoid(geluLogit(x))),
    partials: [
      (m, x) => {
        const held = m.bounded(x);
        const u = m.geluLogit(held);
        return m.add(m.sigmoid(u), m.mul(m.sigmoidDerivative(u), m.mul(held, slopeOfGeluLogit(m, held))));
      },
    ],
    notation: named("gelu"),
    domain: [anywhere],
  },
  softplus: { forward: softplus, partials: [(m, x) => m.sigmoid(x)], notation: named("softplus"), domain: [anywhere] },
  normalCdf: { forward: normalCdf, partials: [(m, x) => m.normalPdf(x)], notation: call("Φ", "\\Phi"), domain: [anywhere] },

  geluLogit: {
    forward: geluLogit,
    partials: [slopeOfGeluLogit],
    notation: {
      symbol: "u",
      precedence: product,
      operands: [atom],
      latex: (x) => `\\sqrt{8/\\pi} \\cdot \\left(${x} + ${geluCubic} \\cdot ${x}^3\\right)`,
    },
    domain: [anywhere],
  },
  // x in a product with what has long vanished where x is held, so that 0 · ∞ does not come up.
  bounded: {
    forward: (x) => Math.max(-bound, Math.min(x, bound)),
    partials: [() => 1],
    notation: { symbol: "=", precedence: atom, operands: [atom], latex: (x) => x },
    domain: [anywhere],
  },
  step: {
    forward: (x) => (x > 0 ? 1 : x <= 0 ? 0 : NaN),
    partials: [zero],
    notation: call("step", "\\mathbf{1}_{>0}"),
    domain: [anywhere],
    kink: { at: (x) => x === 0, convention: "step'(0) = 0" },
  },
  sigmoidDerivative: {
    forward: sigmoidDerivative,
    // σ″ = σ′(1 − 2σ), and 1 − 2σ(x) = −tanh(x/2) does not cancel.
    partials: [({ neg, mul, tanh }, x, y) => neg(mul(y, tanh(mul(0.5, x))))],
    notation: call("σ'", "\\sigma'"),
    domain: [anywhere],
  },
  tanhDerivative: {
    forward: tanhDerivative,
    partials: [({ mul, tanh }, x, y) => mul(-2, mul(y, tanh(x)))],
    notation: call("tanh'", "\\tanh'"),
    domain: [anywhere],
  },
  oneMinusSquare: {
    forward: (x) => (1 - x) * (1 + x),
    partials: [({ mul }, x) => mul(-2, x)],
    notation: { symbol: "1-x^2", precedence: sum, operands: [atom], latex: (x) => `1 - ${x}^2` },
    domain: [anywhere],
  },
  normalPdf: {
    forward: normalPdf,
    partials: [({ neg, mul, bounded }, x, y) => neg(mul(y, bounded(x)))],
    notation: call("φ", "\\varphi"),
    domain: [anywhere],
  },
};

export const binary: BinaryTable = {
  add: { forward: (a, b) => a + b, partials: [() => 1, () => 1], notation: infix("+", "+", sum, product), domain: [anywhere, anywhere] },
  sub: { forward: (a, b) => a - b, partials: [() => 1, () => -1], notation: infix("-", "-", sum, product), domain: [anywhere, anywhere] },
  mul: {
    forward: (a, b) => a * b,
    partials: [(_m, _a, b) => b, (_m, a) => a],
    notation: infix("*", "\\cdot", product, product),
    domain: [anywhere, anywhere],
  },
  div: {
    forward: (a, b) => a / b,
    partials: [({ reciprocal }, _a, b) => reciprocal(b), ({ neg, div }, _a, b, y) => neg(div(y, b))],
    notation: fraction("/", (a, b) => `\\frac{${a}}{${b}}`),
    domain: [anywhere, positive],
  },
  pow: {
    forward: power,
    partials: [({ powerRule }, x, y) => powerRule(x, y), ({ powerLog }, x, y) => powerLog(x, y)],
    notation: superscript("pow", (x, y) => `${x}^{${y}}`),
    domain: [positive, anywhere],
    kink: { at: (x, y) => x === 0 && y === 0, convention: "pow at 0^0: both partial derivatives 0" },
  },
  maximum: {
    forward: (a, b) => Math.max(a, b),
    partials: [({ share }, a, b) => share(a, b), ({ share }, a, b) => share(b, a)],
    notation: call("max"),
    domain: [anywhere, anywhere],
    kink: { at: (a, b) => a === b, convention: "maximum: ties share equally, ½ each" },
  },
  minimum: {
    forward: (a, b) => Math.min(a, b),
    partials: [({ share }, a, b) => share(b, a), ({ share }, a, b) => share(a, b)],
    notation: call("min"),
    domain: [anywhere, anywhere],
    kink: { at: (a, b) => a === b, convention: "minimum: ties share equally, ½ each" },
  },
  hypot: {
    forward: (a, b) => Math.hypot(a, b),
    partials: [({ ratio }, a, _b, y) => ratio(a, y), ({ ratio }, _a, b, y) => ratio(b, y)],
    notation: enclosed("hypot", (a, b) => `\\sqrt{${a}^2 + ${b}^2}`),
    domain: [positive, anywhere],
    kink: { at: (a, b) => a === 0 && b === 0, convention: "hypot'(0, 0) = 0" },
  },
  // a·log b with 0·log 0 = 0, also in the derivative: the cross-entropy of a certain and right prediction is 0.
  xlogy: {
    forward: (a, b) => (a === 0 ? 0 : a * Math.log(b)),
    partials: [({ log }, _a, b) => log(b), ({ chain, reciprocal }, a, b) => chain(a, reciprocal(b))],
    notation: { symbol: "a log b", precedence: product, operands: [product, sum], latex: (a, b) => `${a}\\,\\log(${b})` },
    domain: [anywhere, positive],
  },
  xlog1py: {
    forward: (a, b) => (a === 0 ? 0 : a * Math.log1p(b)),
    partials: [({ log1p }, _a, b) => log1p(b), ({ chain, reciprocal, add }, a, b) => chain(a, reciprocal(add(1, b)))],
    notation: { symbol: "a log(1+b)", precedence: product, operands: [product, sum], latex: (a, b) => `${a}\\,\\log(1 + ${b})` },
    domain: [anywhere, [-0.8, 3]],
  },

  // Upstream gradient × local derivative, the product the chain rule is made of: where nothing arrives, nothing is passed on,
  // not even through a derivative of ∞. Without it where(x > 0, log x, 0) has the gradient 0 · ∞ = NaN at 0.
  chain: {
    forward: (g, d) => (g === 0 ? 0 : g * d),
    partials: [(_m, _g, d) => d, (_m, g) => g],
    notation: infix("*", "\\cdot", product, product),
    domain: [anywhere, anywhere],
  },
  // Upstream gradient × a local derivative that is itself a gradient, as when `chain` is differentiated again: nothing is passed on where
  // either is 0. Without it the third derivative of where(x > 0, xˣ, 0) is 0 · NaN at −1.
  gradientProduct: {
    forward: (g, h) => (g === 0 || h === 0 ? 0 : g * h),
    partials: [(_m, _g, h) => h, (_m, g) => g],
    notation: infix("*", "\\cdot", product, product),
    domain: [anywhere, anywhere],
  },
  ratio: {
    forward: (a, b) => (b === 0 ? 0 : a / b),
    partials: [({ ratio }, _a, b) => ratio(1, b), ({ neg, ratio }, _a, b, y) => neg(ratio(y, b))],
    notation: fraction("/", (a, b) => `\\frac{${a}}{${b}}`),
    domain: [anywhere, positive],
    kink: { at: (_a, b) => b === 0, convention: "ratio at a divisor of 0: 0" },
  },
  share: {
    forward: (a, b) => (a > b ? 1 : a === b ? 0.5 : a < b ? 0 : NaN),
    partials: [zero, zero],
    notation: enclosed("a>b", (a, b) => `\\mathbf{1}[${a} > ${b}]`),
    domain: [anywhere, anywhere],
    kink: { at: (a, b) => a === b, convention: "share: ½ on ties" },
  },
  indicator: {
    forward: (a, b) => (a === b || (Number.isNaN(a) && Number.isNaN(b)) ? 1 : 0),
    partials: [zero, zero],
    notation: enclosed("a=b", (a, b) => `\\mathbf{1}[${a} = ${b}]`),
    domain: [anywhere, anywhere],
    kink: { at: (a, b) => a === b, convention: "indicator' = 0" },
  },
  // ∂(xⁿ)/∂x = n xⁿ⁻¹, which is 0 for n = 0 also where xⁿ⁻¹ is infinite.
  powerRule: {
    forward: (x, n) => (n === 0 ? 0 : n === 1 ? 1 : n * power(x, n - 1)),
    partials: [(m, x, n) => m.chain(n, m.powerRule(x, m.sub(n, 1))), (m, x, n, y) => m.add(m.pow(x, m.sub(n, 1)), m.chain(y, m.log(x)))],
    notation: { symbol: "n*x^(n-1)", precedence: product, operands: [atom, atom], latex: (x, n) => `${n} ${x}^{${n} - 1}` },
    domain: [positive, anywhere],
  },
  // ∂(xʸ)/∂y = xʸ log x, which is 0 at x = 0 for y ≥ 0 (as PyTorch has it).
  powerLog: {
    forward: (x, y) => (x === 0 && y >= 0 ? 0 : power(x, y) * Math.log(x)),
    partials: [(m, x, y) => m.add(m.pow(x, m.sub(y, 1)), m.chain(m.powerRule(x, y), m.log(x))), (m, x, _y, z) => m.chain(z, m.log(x))],
    notation: { symbol: "x^y*log(x)", precedence: product, operands: [atom, sum], latex: (x, y) => `${x}^{${y}} \\log(${x})` },
    domain: [positive, anywhere],
  },
};

export const ternary: TernaryTable = {
  // b where a > 0, c where a ≤ 0.
  select: {
    forward: (a, b, c) => (a > 0 ? b : a <= 0 ? c : NaN),
    partials: [zero, ({ step }, a) => step(a), ({ sub, step }, a) => sub(1, step(a))],
    notation: enclosed("select", (a, b, c) => `\\begin{cases}${b} & ${a} > 0\\\\ ${c} & ${a} \\le 0\\end{cases}`),
    domain: [anywhere, anywhere, anywhere],
    kink: { at: (a) => a === 0, convention: "select at 0: the branch for a ≤ 0" },
  },
};

export const parametric: { readonly [N in ParametricName]: ParametricRow<ParametricOptions[N]> } = {
  leakyRelu: {
    defaults: { slope: 0.01 },
    check: ({ slope }) => {
      checkNumber("leakyRelu", "slope", slope);
    },
    row: ({ slope }) => ({
      forward: (x) => (x > 0 ? x : slope * x),
      partials: [({ select }, x) => select(x, 1, slope)],
      notation: named("leakyRelu"),
      domain: [anywhere],
      kink: { at: (x) => x === 0 && slope !== 1, convention: "leakyRelu'(0) = slope" },
    }),
  },
  elu: {
    defaults: { alpha: 1 },
    check: ({ alpha }) => {
      checkNumber("elu", "alpha", alpha);
    },
    row: ({ alpha }) => ({
      forward: (x) => (x > 0 ? x : alpha * Math.expm1(x)),
      // The power is that of min(x, 0): of a large x it would be ∞, and 0 · ∞ in the second derivative, though it is not selected.
      partials: [({ select, mul, exp, clip }, x) => select(x, 1, mul(alpha, exp(clip(x, { min: -Infinity, max: 0 }))))],
      notation: named("elu"),
      domain: [anywhere],
      kink: { at: (x) => x === 0 && alpha !== 1, convention: "elu'(0) = alpha" },
    }),
  },
  clip: {
    defaults: { min: -Infinity, max: Infinity },
    check: ({ min, max }) => {
      if (typeof min !== "number" || typeof max !== "number" || !(min <= max))
        throw new RangeError(`clip: needs numbers min ≤ max, got min ${describe(min)} and max ${describe(max)}`);
    },
    row: (options) => ({
      forward: (x) => (x < options.min ? options.min : x > options.max ? options.max : x),
      partials: [({ inside }, x) => inside(x, options)],
      notation: { ...named("clip"), latex: (x) => clipLatex(x, options) },
      domain: [anywhere],
      kink: { at: (x) => x === options.min || x === options.max, convention: "clip passes the gradient at its edges" },
    }),
  },
  inside: {
    defaults: { min: -Infinity, max: Infinity },
    check: () => undefined,
    row: ({ min, max }) => ({
      forward: (x) => (x >= min && x <= max ? 1 : Number.isNaN(x) ? NaN : 0),
      partials: [zero],
      notation: named("inside"),
      domain: [anywhere],
      kink: { at: (x) => x === min || x === max, convention: "inside' = 0" },
    }),
  },
};

/** Held on one side only it is a maximum or a minimum. */
function clipLatex(x: string, { min, max }: ParametricOptions["clip"]): string {
  if (Number.isFinite(min) === Number.isFinite(max)) return `\\operatorname{clip}(${x})`;
  return Number.isFinite(min) ? `\\max(${x}, ${min})` : `\\min(${x}, ${max})`;
}

function checkNumber(operation: string, option: string, x: unknown): void {
  if (typeof x !== "number" || !Number.isFinite(x))
    throw new RangeError(`${operation}: ${option} must be a finite number, got ${describe(x)}`);
}

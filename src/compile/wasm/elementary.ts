/**
 * exp, log and what follows from them, two doubles at a time. Cody–Waite reduction: x = k·log 2 + r with |r| ≤ ½ log 2, a polynomial
 * in r by Estrin's scheme, and 2ᵏ put in as an exponent, in two steps so that subnormal results come out right. The logarithm
 * has the polynomial of FreeBSD's msun e_log.c (Sun Microsystems, 1993).
 */
import type { Local } from "./function.ts";
import type { Lanes } from "./lanes.ts";

const log2Exponent = 1023;
/** 1.5·2⁵²: added to a small number it leaves the nearest whole number in the low bits. */
const magic = 6755399441055744;
const [ln2High, ln2Low] = [6.93147180369123816490e-1, 1.90821492927058770002e-10]; // prettier-ignore

const add = (m: Lanes, a: Local, b: Local): Local => m.do("add", a, b);
const sub = (m: Lanes, a: Local, b: Local): Local => m.do("sub", a, b);
const mul = (m: Lanes, a: Local, b: Local): Local => m.do("mul", a, b);
const div = (m: Lanes, a: Local, b: Local): Local => m.do("div", a, b);

/** (e^r − 1 − r)/r² at ten Chebyshev nodes of |r| ≤ ½ log 2: off by 1.6·10⁻¹⁷ of e^r at most. */
const exponentialCoefficients = [
  5.000000000000001e-1, 1.6666666666666669e-1, 4.166666666662413e-2, 8.333333333330062e-3, 1.3888888917213717e-3,
  1.9841269863053618e-4, 2.4801521295954376e-5, 2.7557268459997064e-6, 2.7620088445409746e-7, 2.510038549551032e-8,
]; // prettier-ignore

/** x as k·log 2 + r; `whole` is k with `shift` added, which holds `magic`. */
function reduced(m: Lanes, held: Local, shift = magic): { r: Local; whole: Local; k: Local } {
  const whole = add(m, mul(m, held, m.constant(Math.LOG2E)), m.constant(shift));
  const k = sub(m, whole, m.constant(shift));
  const r = sub(m, sub(m, held, mul(m, k, m.constant(ln2High))), mul(m, k, m.constant(ln2Low)));
  return { r, whole, k };
}

/**
 * e^r − 1 = r + r²·q(r), or so many times that. Products do not wait for one another more than must be, the last of them not for
 * the factor either, nor are there so many at once that two vectors side by side run out of registers.
 */
function fractionOf(m: Lanes, r: Local, factor?: Local): Local {
  const [c0, c1, c2, c3, c4] = [0, 2, 4, 6, 8].map((i) => estrin(m, r, exponentialCoefficients.slice(i, i + 2))) as Five;
  const scaled = (x: Local): Local => (factor === undefined ? x : mul(m, factor, x));
  const square = mul(m, r, r);
  const early = add(m, c0, mul(m, square, c1));
  const late = add(m, c2, mul(m, square, add(m, c3, mul(m, square, c4))));
  const sixth = mul(m, square, mul(m, square, square));
  return add(m, add(m, scaled(r), mul(m, scaled(square), early)), mul(m, scaled(sixth), late));
}

type Five = [Local, Local, Local, Local, Local];

/** Any x: 2ᵏ as two factors, for neither 2¹⁰²⁴ nor 2⁻¹⁰⁷⁴ is a normal number. */
function reducedAnywhere(m: Lanes, x: Local): { fraction: Local; scales: readonly [Local, Local] } {
  const { r, k } = reduced(m, m.do("pmax", m.do("pmin", x, m.constant(710)), m.constant(-746)));
  const half = add(m, mul(m, k, m.constant(0.5)), m.constant(magic));
  const rest = add(m, sub(m, k, sub(m, half, m.constant(magic))), m.constant(magic));
  return { fraction: fractionOf(m, r), scales: [powerOfTwo(m, half), powerOfTwo(m, rest)] };
}

/** 2ⁿ for the whole number n that `magic` left in the low bits. */
const powerOfTwo = (m: Lanes, whole: Local): Local => m.shift("i64x2.shl", m.op("i64x2.add", whole, m.bits(0, log2Exponent)), 52);

/** 2¹⁰⁰: so far exponents are lifted above the subnormal ones. */
const lift = 100;

/** Σ cᵢxⁱ: pairs, then pairs of pairs, so that the products do not wait for one another. */
function estrin(m: Lanes, x: Local, coefficients: readonly number[]): Local {
  let terms = coefficients.map((c) => m.constant(c));
  for (let power = x; terms.length > 1; power = mul(m, power, power)) {
    const pairs: Local[] = [];
    for (let i = 0; i < terms.length; i += 2)
      pairs.push(i + 1 < terms.length ? add(m, terms[i]!, mul(m, terms[i + 1]!, power)) : terms[i]!);
    terms = pairs;
  }
  return terms[0]!;
}

/** eˣ */
export function exponential(m: Lanes, x: Local): Local {
  const { fraction, scales } = reducedAnywhere(m, x);
  return mul(m, mul(m, add(m, m.constant(1), fraction), scales[0]), scales[1]);
}

/** eˣ − 1 = 2ᵏ(e^r − 1) + (2ᵏ − 1), which does not cancel. */
export function exponentialLessOne(m: Lanes, x: Local): Local {
  const { fraction, scales } = reducedAnywhere(m, x);
  const scale = mul(m, scales[0], scales[1]);
  const sum = add(m, mul(m, fraction, scale), sub(m, scale, m.constant(1)));
  const isLarge = m.do("gt", x, m.constant(700));
  return m.choose(m.do("eq", x, m.constant(0)), x, m.choose(isLarge, exponential(m, x), sum));
}

/** r and 2ᵏ⁺¹⁰⁰ for x = k·log 2 + r ≤ 0: lifted above the subnormal numbers, one factor suffices. */
function lifted(m: Lanes, x: Local): { r: Local; scale: Local } {
  const { r, whole } = reduced(m, m.do("pmax", x, m.constant(-746)), magic + log2Exponent + lift);
  return { r, scale: m.shift("i64x2.shl", whole, 52) };
}

const lowered = (m: Lanes, x: Local): Local => mul(m, x, m.constant(2 ** -lift));

/** eˣ for x ≤ 0. */
export function decay(m: Lanes, x: Local): Local {
  const { r, scale } = lifted(m, x);
  return lowered(m, add(m, scale, fractionOf(m, r, scale)));
}

/** 1/(1 + eˣ) for x ≤ 0. */
export function shareBesideDecay(m: Lanes, x: Local): Local {
  const { r, scale } = lifted(m, x);
  const one = m.constant(2 ** lift);
  return div(m, one, add(m, add(m, one, scale), fractionOf(m, r, scale)));
}

/** tanh |x| = −t/(2 + t) and e = 1 + t, t = exp(−2|x|) − 1; neither sum cancels. */
function tangentAboveZero(m: Lanes, x: Local): { tangent: Local; e: Local } {
  const { r, scale } = lifted(m, mul(m, m.constant(-2), m.do("abs", x)));
  const power = lowered(m, scale);
  const fraction = mul(m, power, fractionOf(m, r));
  const t = add(m, fraction, sub(m, power, m.constant(1)));
  return { tangent: div(m, m.do("neg", t), add(m, m.constant(2), t)), e: add(m, power, fraction) };
}

/** tanh x */
export const hyperbolicTangent = (m: Lanes, x: Local): Local => withSignOf(m, tangentAboveZero(m, x).tangent, x);

/** tanh′ x = 4e/(1 + e)², where 2/(1 + e) is 1 + tanh |x|: its division is that of tanh. */
export function hyperbolicTangentDerivative(m: Lanes, x: Local): Local {
  const { tangent, e } = tangentAboveZero(m, x);
  const twice = add(m, m.constant(1), tangent);
  return mul(m, mul(m, e, twice), twice);
}

/** |a| with the sign of b. */
const withSignOf = (m: Lanes, a: Local, b: Local): Local => m.choose(m.bits(0x80000000, 0), b, a);

const logCoefficients = [
  6.666666666666735130e-1, 3.999999999940941908e-1, 2.857142874366239149e-1, 2.222219843214978396e-1,
  1.818357216161805012e-1, 1.531383769920937332e-1, 1.479819860511658591e-1,
]; // prettier-ignore

/** log(u) + correction/u, for a positive normal u: u = 2ᵏ(1 + f), √½ ≤ 1 + f < √2. */
function logarithmOf(m: Lanes, u: Local, lost: Local | undefined, scaledBy: Local | undefined): Local {
  const shifted = m.op("i64x2.sub", u, m.bits(0x3fe6a09e, 0x667f3bcd));
  const exponent = m.shift("i64x2.shr_s", shifted, 52);
  const mantissa = m.op("i64x2.sub", u, m.shift("i64x2.shl", exponent, 52));
  const whole = sub(m, m.op("i64x2.add", exponent, m.constant(magic)), m.constant(magic));
  const k = scaledBy === undefined ? whole : sub(m, whole, scaledBy);
  const f = sub(m, mantissa, m.constant(1));
  const s = div(m, f, add(m, m.constant(2), f));
  const z = mul(m, s, s);
  const series = mul(m, z, estrin(m, z, logCoefficients));
  const halfSquare = mul(m, m.constant(0.5), mul(m, f, f));
  const low = mul(m, k, m.constant(ln2Low));
  const correction = lost === undefined ? low : add(m, low, lost);
  const tail = add(m, mul(m, s, add(m, halfSquare, series)), correction);
  return sub(m, mul(m, k, m.constant(ln2High)), sub(m, sub(m, halfSquare, tail), f));
}

/** −∞ at 0, NaN below it, ∞ at ∞: the corners of log u. */
function logarithmCorners(m: Lanes, u: Local, inside: Local): Local {
  const zero = m.constant(0);
  const upper = m.choose(m.do("lt", u, m.constant(Infinity)), inside, u);
  return m.choose(m.do("eq", u, zero), m.constant(-Infinity), m.choose(m.do("lt", u, zero), m.constant(NaN), upper));
}

/** log x; subnormal numbers are scaled by 2⁵⁴ first. */
export function logarithm(m: Lanes, x: Local): Local {
  const isSmall = m.do("lt", x, m.constant(2 ** -1022));
  const scaled = m.choose(isSmall, mul(m, x, m.constant(2 ** 54)), x);
  const by = m.op("v128.and", isSmall, m.constant(54));
  return logarithmCorners(m, x, logarithmOf(m, scaled, undefined, by));
}

/** log(1 + x): the digits of x that 1 + x rounds away come back as a correction. */
export function logarithmOfOneMore(m: Lanes, x: Local): Local {
  const u = add(m, m.constant(1), x);
  const lost = m.choose(m.do("gt", x, m.constant(1)), sub(m, m.constant(1), sub(m, u, x)), sub(m, x, sub(m, u, m.constant(1))));
  const inside = logarithmCorners(m, u, logarithmOf(m, u, div(m, lost, u), undefined));
  return m.choose(m.do("eq", x, m.constant(0)), x, inside);
}

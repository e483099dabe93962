/**
 * Functions that JavaScript lacks or has with other corners: the error function, pow as IEEE has it, σ and its relatives
 * in the forms that neither overflow nor cancel.
 */

/** xʸ with pow(1, anything) = 1 and pow(−1, ±∞) = 1, as IEEE 754, NumPy and PyTorch; JavaScript gives NaN. */
export const power = (x: number, y: number): number => (x === 1 || (x === -1 && (y === Infinity || y === -Infinity)) ? 1 : x ** y);

/** 1/(1 + e⁻ˣ), with the exponential of a negative number only. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** σ(x)σ(−x) = e/(1 + e)², e = exp(−|x|). */
export function sigmoidDerivative(x: number): number {
  const e = Math.exp(-Math.abs(x));
  return e / (1 + e) ** 2;
}

/** sech² x = 4e/(1 + e)², e = exp(−2|x|). */
export function tanhDerivative(x: number): number {
  const e = Math.exp(-2 * Math.abs(x));
  return (4 * e) / (1 + e) ** 2;
}

/** log(1 + eˣ) = max(x, 0) + log1p(exp(−|x|)). */
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** Φ(x) = ½ erfc z, z = −x/√2: the standard normal distribution function. In the tail by x²/2 and not by z², which has the rounding of z. */
export function normalCdf(x: number): number {
  const z = -x / Math.SQRT2;
  return 0.5 * (z >= 1.25 && z < 28 ? tailOf(z, -x, 0.5) : erfc(z));
}

/** The numbers of gelu's approximation. */
export const [geluScale, geluCubic] = [Math.sqrt(8 / Math.PI), 0.044715];

/** √(8/π)(x + 0.044715x³): σ of it is close to Φ(x) (Hendrycks and Gimpel, 2016, who write ½(1 + tanh) of its half). */
export const geluLogit = (x: number): number => geluScale * (x + geluCubic * (x * (x * x)));
/** Where x is held that stands in a product with what has long vanished there. */
export const bound = 1e30;

/** φ(x) = exp(−x²/2)/√(2π). */
export const normalPdf = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);

/** 1 − erf x, to the last digits in the tail: the rational approximations of FreeBSD's msun s_erf.c (Sun Microsystems, 1993). */
function erfc(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const size = Math.abs(x);
  if (size < 0.84375) return size < 2 ** -56 ? 1 - x : 1 - (x + x * nearZero(x * x));
  if (size < 1.25) {
    const rest = aroundOne(size - 1);
    return x >= 0 ? 1 - erfAtOne - rest : 1 + (erfAtOne + rest);
  }
  if (size >= 28) return x > 0 ? 0 : 2;
  const tail = tailOf(size);
  return x > 0 ? tail : 2 - tail;
}

/** Horner's rule, the constant coefficient first. */
const polynomial = (x: number, coefficients: readonly number[]): number => coefficients.reduceRight((sum, c) => sum * x + c, 0);

const erfAtOne = 8.45062911510467529297e-1;

const nearZero = (z: number): number =>
  polynomial(
    z,
    [
      1.28379167095512558561e-1, -3.2504210724700149937e-1, -2.84817495755985104766e-2, -5.77027029648944159157e-3,
      -2.37630166566501626084e-5,
    ],
  ) /
  polynomial(
    z,
    [
      1, 3.97917223959155352819e-1, 6.50222499887672944485e-2, 5.08130628187576562776e-3, 1.32494738004321644526e-4,
      -3.9602282787753681232e-6,
    ],
  );

const aroundOne = (s: number): number =>
  polynomial(
    s,
    [
      -2.36211856075265944077e-3, 4.14856118683748331666e-1, -3.72207876035701323847e-1, 3.18346619901161753674e-1,
      -1.10894694282396677476e-1, 3.54783043256182359371e-2, -2.166375594868790843e-3,
    ],
  ) /
  polynomial(
    s,
    [
      1, 1.06420880400844228286e-1, 5.40397917702171048937e-1, 7.18286544141962662868e-2, 1.26171219808761642112e-1,
      1.36370839120290507362e-2, 1.1984499846799107417e-2,
    ],
  );

/** erfc x for x ≥ 1.25: exp(−x²) times a rational of 1/x². The square may be given as `factor`·root². */
function tailOf(x: number, root = x, factor = 1): number {
  const s = 1 / (x * x);
  const quotient =
    x < 1 / 0.35
      ? polynomial(
          s,
          [
            -9.86494403484714822705e-3, -6.93858572707181764372e-1, -1.05586262253232909814e1, -6.23753324503260060396e1,
            -1.62396669462573470355e2, -1.84605092906711035994e2, -8.12874355063065934246e1, -9.81432934416914548592,
          ],
        ) /
        polynomial(
          s,
          [
            1, 1.96512716674392571292e1, 1.376577541435190426e2, 4.34565877475229228821e2, 6.45387271733267880336e2,
            4.29008140027567833386e2, 1.08635005541779435134e2, 6.57024977031928170135, -6.04244152148580987438e-2,
          ],
        )
      : polynomial(
          s,
          [
            -9.86494292470009928597e-3, -7.99283237680523006574e-1, -1.77579549177547519889e1, -1.60636384855821916062e2,
            -6.37566443368389627722e2, -1.02509513161107724954e3, -4.83519191608651397019e2,
          ],
        ) /
        polynomial(
          s,
          [
            1, 3.03380607434824582924e1, 3.25792512996573918826e2, 1.53672958608443695994e3, 3.19985821950859553908e3,
            2.55305040643316442583e3, 4.74528541206955367215e2, -2.24409524465858183362e1,
          ],
        );
  // A root of few digits has an exact square.
  const short = Math.fround(root);
  return (Math.exp(-factor * short * short - 0.5625) * Math.exp(factor * (short - root) * (short + root) + quotient)) / x;
}

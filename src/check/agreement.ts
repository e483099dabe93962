/**
 * When two gradients are the same: to rounding, and to nothing else. There is no absolute floor, through which a tiny gradient of
 * the wrong sign would slip; what rounding can do to a number is measured, by shaking every number on the way to it in its last bits.
 */
import { entriesOf, NdArray, shapeOf, tensor, type Tensor } from "../array/ndarray.ts";
import { isSameShape } from "../array/shape.ts";

/** Relative difference up to which two numbers count as the same. */
const relativeTolerance = 1e-7;

/** The numbers that an entry may be: several where a kink leaves a choice. */
export interface Expected {
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** How far rounding alone may move an entry. */
  readonly noise: Float64Array;
}

/** |a − b| ≤ noise + rtol·max(|a|, |b|); NaN agrees with nothing. */
export const isClose = (a: number, b: number, noise = 0): boolean =>
  a === b || Math.abs(a - b) <= noise + relativeTolerance * Math.max(Math.abs(a), Math.abs(b));

/** The entries at which a tensor is not what was expected. */
export function disagreements(mine: Tensor, { low, high, noise }: Expected, resolution?: Float64Array): number[] {
  const places: number[] = [];
  for (const [i, x] of entriesOf(mine).entries()) {
    const slack = noise[i]! + (resolution?.[i] ?? 0);
    const isBetween = x >= low[i]! && x <= high[i]!;
    if (!isBetween && !isClose(x, low[i]!, slack) && !isClose(x, high[i]!, slack)) places.push(i);
  }
  return places;
}

/** Whether two tensors of one shape agree in every entry. */
export function agrees(a: Tensor, b: Tensor, noise?: Float64Array): boolean {
  if (!isSameShape(shapeOf(a), shapeOf(b))) return false;
  const [p, q] = [entriesOf(a), entriesOf(b)];
  return p.every((x, i) => isClose(x, q[i]!, noise?.[i] ?? 0));
}

const shakes = 4;
/** Each number on the way is moved by up to 8 units of rounding; what that does, sixteen times, is put down to rounding. */
const amplitude = 2 ** -50;
const safety = 16;

/** A number in (−1, 1) that is the same for the same seed, in every process. */
function scrambled(seed: number): number {
  let x = Math.imul(seed ^ (seed >>> 16), 0x45d9f3b);
  x = Math.imul(x ^ (x >>> 16), 0x45d9f3b);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 31 - 1;
}

function shaken(x: Tensor, seed: number): Tensor {
  if (typeof x === "number") return x * (1 + amplitude * scrambled(seed));
  return new NdArray(
    x.shape,
    x.values.map((entry, i) => entry * (1 + amplitude * scrambled(seed + 7919 * (i + 1)))),
  );
}

/** Functions that shake numbers, each in its own way. */
export function shakers(): ((x: Tensor) => Tensor)[] {
  return Array.from({ length: shakes }, (_, draw) => {
    let calls = 0;
    return (x) => shaken(x, 104729 * (draw + 1) + 31 * calls++);
  });
}

/** How far the entries of `exact` move when it is computed again with the numbers on the way shaken. */
export const noiseOf = (exact: Tensor, compute: (shake: (x: Tensor) => Tensor) => Tensor | undefined): Float64Array =>
  noiseAmong(exact, shakers().map(compute));

export function noiseAmong(exact: Tensor, shakenOnes: readonly (Tensor | undefined)[]): Float64Array {
  const before = entriesOf(exact);
  const noise = new Float64Array(before.length);
  const largest = before.reduce((top, x) => Math.max(top, Math.abs(x)), 0);
  for (const moved of shakenOnes) {
    if (moved === undefined || !isSameShape(shapeOf(moved), shapeOf(exact))) continue;
    for (const [i, x] of entriesOf(moved).entries()) {
      const distance = Math.abs(x - before[i]!);
      // A jump is no rounding: shaking undid a comparison that holds exactly.
      if (distance < 0.1 * largest) noise[i] = Math.max(noise[i]!, safety * distance);
    }
  }
  return noise;
}

/** Numbers of more digits were not copied from paper. */
const mostWritten = 8;

/** How many digits the numbers of an array were written with; 0 where a program wrote them. */
export function digitsOf(x: Tensor): number {
  const most = entriesOf(x).reduce((digits, entry) => Math.max(digits, entry === 0 ? 0 : significantDigits(entry)), 0);
  return most > mostWritten ? 0 : most;
}

/**
 * Half a unit of the last digit that somebody wrote, where numbers have 3 to 8 digits, as people copy them from paper; but never more
 * than 0.05 % of the number.
 *
 * @param among how many digits the numbers beside it were written with: 0.25 among numbers of four is 0.2500, nobody writes the zeros.
 */
export function resolutionOf(x: Tensor, among = 0): Float64Array {
  const entries = entriesOf(x);
  const own = digitsOf(x);
  const most = Math.max(own, among);
  if (own === 0 || most < 3) return new Float64Array(entries.length);
  const unit = (entry: number, n: number): number => 10 ** (Math.floor(Math.log10(Math.abs(entry))) - (n < 3 ? most : n) + 1);
  return entries.map((entry) => (entry === 0 ? 0 : Math.min(0.501 * unit(entry, significantDigits(entry)), 5e-4 * Math.abs(entry))));
}

const significantDigits = (x: number): number => x.toExponential().replace(/e.*|[-.]/g, "").length;

const patterns = 16;

/** How far the entries of `exact` may move where what they are computed from was rounded: each entry by its own half unit, up or down. */
export function roundingOf(
  exact: Tensor,
  compute: (round: (x: Tensor, resolution: Float64Array) => Tensor) => Tensor | undefined,
): Float64Array {
  const before = entriesOf(exact);
  const spread = new Float64Array(before.length);
  for (let draw = 0; draw < patterns; draw++) {
    let calls = 0;
    const moved = compute((x, resolution) => {
      const seed = 15485863 * (draw + 1) + 1299709 * calls++;
      return tensor(shapeOf(x), entriesOf(x).map((entry, i) => entry + Math.sign(scrambled(seed + 7919 * (i + 1))) * resolution[i]!)); // prettier-ignore
    });
    if (moved === undefined || !isSameShape(shapeOf(moved), shapeOf(exact))) continue;
    for (const [i, x] of entriesOf(moved).entries()) spread[i] = Math.max(spread[i]!, 1.5 * Math.abs(x - before[i]!));
  }
  return spread;
}

/** The ratio that all entries of `a` have to those of `b`, where both are 0 aside; undefined where there is none. */
export function constantRatio(a: Tensor, b: Tensor, noise?: Float64Array): { ratio: number; entries: number } | undefined {
  if (!isSameShape(shapeOf(a), shapeOf(b))) return undefined;
  const [p, q] = [entriesOf(a), entriesOf(b)];
  let [ratio, entries, largest] = [NaN, 0, 0];
  for (let i = 0; i < p.length; i++) if (Math.abs(q[i]!) > largest) [ratio, largest] = [p[i]! / q[i]!, Math.abs(q[i]!)];
  if (!Number.isFinite(ratio) || ratio === 0) return undefined;
  for (let i = 0; i < p.length; i++) {
    if (!isClose(p[i]!, ratio * q[i]!, Math.abs(ratio) * (noise?.[i] ?? 0))) return undefined;
    if (p[i] !== 0) entries++;
  }
  return { ratio, entries };
}

/** A tensor of the same entries in another shape. */
export const reshaped = (x: Tensor, shape: readonly number[]): Tensor => tensor(shape, entriesOf(x));

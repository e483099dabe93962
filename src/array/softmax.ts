/**
 * logsumexp, softmax and logSoftmax along a lane, shifted by the maximum m = max xᵢ, with the maximum's own share kept apart:
 *
 *     log Σ exp xᵢ = m + log(1 + S),   S = Σ exp(xᵢ − m) over all i but one place of the maximum,
 *
 * so that log1p keeps what 1 + S would round away. A lane of −∞ only gives −∞ and shares of 0, whose logarithms are −∞; where +∞ occurs,
 * its places share 1.
 */
import type { NdArray } from "./ndarray.ts";
import { mapLanes, type Lane } from "./reduce.ts";

interface Shifted {
  readonly top: number;
  readonly place: number;
  /** S: the sum of exp(xᵢ − top) over the other places. */
  readonly rest: number;
}

function shifted({ n, values, start, stride }: Lane): Shifted {
  let [top, place] = [-Infinity, -1];
  for (let i = 0, at = start; i < n; i++, at += stride) {
    const x = values[at]!;
    if (Number.isNaN(x)) return { top: NaN, place: at, rest: NaN };
    if (x > top || place < 0) [top, place] = [x, at];
  }
  let rest = 0;
  for (let i = 0, at = start; i < n; i++, at += stride) if (at !== place) rest += exponential(values[at]!, top);
  return { top, place, rest };
}

/** exp(x − top), where ∞ − ∞ counts as 0 at the top and a lane of −∞ has no shares. */
const exponential = (x: number, top: number): number => (top === -Infinity ? 0 : x === top ? 1 : Math.exp(x - top));

export function logsumexpLane(lane: Lane): number {
  const { top, rest } = shifted(lane);
  return Number.isFinite(top) ? top + Math.log1p(rest) : top;
}

export function softmaxLane(lane: Lane, out: Float64Array): void {
  const { top, rest } = shifted(lane);
  const { n, values, start, stride } = lane;
  for (let i = 0, at = start; i < n; i++, at += stride) out[at] = exponential(values[at]!, top) / (1 + rest);
}

export function logSoftmaxLane(lane: Lane, out: Float64Array): void {
  const { top, rest } = shifted(lane);
  const { n, values, start, stride } = lane;
  const correction = Math.log1p(rest);
  for (let i = 0, at = start; i < n; i++, at += stride) out[at] = below(values[at]!, top) - correction;
}

/** x − top, where ∞ − ∞ counts as 0 at the top, and a lane of −∞ is infinitely far below. */
const below = (x: number, top: number): number => (top === -Infinity ? -Infinity : x === top ? 0 : x - top);

function placeOfLargest({ n, values, start, stride }: Lane): number {
  let place = start;
  for (let i = 0, at = start; i < n; i++, at += stride) if (values[at]! > values[place]!) place = at;
  return place;
}

/** t less its entry where `s` is largest, and 0 there. */
export function relativeToTop(t: NdArray, s: NdArray, axis: number): NdArray {
  return mapLanes(
    (lane, out) => {
      const top = placeOfLargest(lane);
      for (let i = 0, at = lane.start; i < lane.n; i++, at += lane.stride) out[at] = at === top ? 0 : t.values[at]! - t.values[top]!;
    },
    s,
    axis,
  );
}

/** t with its entry where `s` is largest replaced by minus the sum of the others: the adjoint of `relativeToTop`. */
export function balanced(t: NdArray, s: NdArray, axis: number): NdArray {
  return mapLanes(
    (lane, out) => {
      const top = placeOfLargest(lane);
      let others = 0;
      for (let i = 0, at = lane.start; i < lane.n; i++, at += lane.stride) if (at !== top) others += out[at] = t.values[at]!;
      out[top] = -others;
    },
    s,
    axis,
  );
}

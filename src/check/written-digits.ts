/** What a step may be off by because the gradients it starts from were written with few digits. */
import { entriesOf, type Tensor } from "../array/ndarray.ts";
import type { Value } from "../graph/value.ts";
import { roundingOf } from "./agreement.ts";
import type { Hand } from "./hand.ts";
import { carriedBack, type Segment, type Setting } from "./segment.ts";

/** The hand gradients a step starts from that were written with few digits. */
export const writtenAmong = ({ nodes }: Segment, byTarget: ReadonlyMap<Value, Hand>): Hand[] =>
  nodes.flatMap((node) => {
    const hand = byTarget.get(node);
    return hand?.fitted !== undefined && hand.resolution.some((x) => x > 0) ? [hand] : [];
  });

const largestOf = (xs: Float64Array): number => xs.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/** How coarse the coarsest is, relative to its largest entry. */
export const coarsenessOf = (written: readonly Hand[]): number =>
  written.reduce((most, { fitted, resolution }) => Math.max(most, largestOf(resolution) / largestOf(entriesOf(fitted!))), 0);

/** How far each entry of `value`, which the step gives, may be off; `factorOf` is what a convention multiplies the gradients by. */
export function spreadOf(
  value: Tensor,
  segment: Segment,
  setting: Setting,
  written: readonly Hand[],
  factorOf: (node: Value) => number,
): Float64Array {
  // prettier-ignore
  const byTarget = new Map(written.map((hand) => [hand.target, hand]));
  if (written.length === 0) return new Float64Array(entriesOf(value).length);
  return roundingOf(value, (round) => {
    const given = (node: Value): Tensor | undefined => {
      const [g, hand] = [setting.given(node), byTarget.get(node)];
      if (g === undefined || hand === undefined) return g;
      const factor = Math.abs(factorOf(node));
      return round(g, hand.resolution.map((x) => x / factor)); // prettier-ignore
    };
    return carriedBack(segment, { ...setting, given });
  });
}

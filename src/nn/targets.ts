/** Which targets a loss is defined for; a bad one is named with its row and column. */
import { entriesOf, type Tensor } from "../array/ndarray.ts";
import { placeIn } from "../graph/examples.ts";

/** @throws RangeError naming the first bad target. */
export type TargetCheck = (operation: string, targets: Tensor) => void;

export const anyTarget: TargetCheck = () => undefined;

/** Numbers of [0, 1]; NaN passes, so that it can be seen. */
export const probability: TargetCheck = (operation, targets) => {
  const bad = entriesOf(targets).findIndex((y) => y < 0 || y > 1);
  if (bad >= 0) throw new RangeError(`${operation}: the target ${entriesOf(targets)[bad]!}${placeIn(targets, bad)} is outside [0, 1]`);
};

export const oneOf =
  (labels: readonly number[], remedy: string): TargetCheck =>
  (operation, targets) => {
    const bad = entriesOf(targets).findIndex((y) => !labels.includes(y));
    if (bad < 0) return;
    const place = placeIn(targets, bad);
    throw new RangeError(`${operation}: the target ${entriesOf(targets)[bad]!}${place} is not one of ${labels.join(", ")}; ${remedy}`);
  };

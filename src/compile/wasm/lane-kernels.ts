/** Functions of a lane, the entries along an axis: the walk over all lanes of an array, and which code each of them gets. */
import { sizeOf } from "../../array/shape.ts";
import type { StructuralName } from "../../ops/vocabulary.ts";
import { runReadBy } from "../access.ts";
import { areOfShares, type LanesKernel } from "../kernel.ts";
import { nameOf, type Instruction } from "../program.ts";
import { widthOf, type KernelContext } from "./context.ts";
import { cumsum, extreme, norm } from "./lane-reductions.ts";
import { balance, relative, shares } from "./lane-shares.ts";
import { laneOf, type LaneCode } from "./lane.ts";

export function lanes(context: KernelContext, { lines }: LanesKernel): void {
  const { code } = context;
  const [line] = lines as [Instruction];
  const { bytes } = widthOf(context);
  const { outer, n, inner } = runReadBy(line);
  if (sizeOf(line.shape) === 0) return;
  // A lane without entries still has a length, largest entry and so on.
  const step = Math.max(n, 1) * inner * bytes;
  const [row, column] = [code.local("i32"), code.local("i32")];
  const lane = laneOf(context, n, inner * bytes);
  code.i32(0).set(lane.to).i32(0).set(row);
  code.count(row, outer * step, step, () => {
    code.count(column, inner * bytes, bytes, () => {
      code.get(row).get(column).op("i32.add").set(lane.start);
      if (areOfShares(line)) shares(lane, lines);
      else kinds[nameOf(line) as StructuralName]!(lane, line);
      code.get(lane.to).i32(bytes).op("i32.add").set(lane.to);
    });
  });
}

const kinds: Partial<Record<StructuralName, LaneCode>> = {
  max: extreme(-Infinity, "f64.max"),
  min: extreme(Infinity, "f64.min"),
  norm,
  cumsum,
  relative,
  balance,
};

/** Functions of a lane, the entries along an axis: the walk over all lanes of an array, and which code each of them gets. */
import type { Reduced } from "../../array/reduce.ts";
import { sizeOf } from "../../array/shape.ts";
import type { StructuralName } from "../../ops/vocabulary.ts";
import { operandsOf, type Instruction } from "../program.ts";
import { lanesOf as runOf } from "../simplify.ts";
import { widthOf, type KernelContext } from "./context.ts";
import { cumsum, extreme, norm } from "./lane-reductions.ts";
import { balance, logSoftmax, logsumexp, relative, softmax } from "./lane-shares.ts";
import { laneOf, type LaneCode } from "./lane.ts";

export function lanes(context: KernelContext, line: Instruction): void {
  const { code } = context;
  const { bytes } = widthOf(context);
  const { primitive } = line.definition as { primitive: { name: StructuralName; options: Partial<Reduced> & { axis?: number } } };
  const [first] = operandsOf(line) as [Instruction];
  const { outer, n, inner } = runOf(first.shape, primitive.options.axes ?? [primitive.options.axis!])!;
  if (sizeOf(line.shape) === 0) return;
  // A lane without entries still has a length, largest entry and so on.
  const step = Math.max(n, 1) * inner * bytes;
  const [row, column] = [code.local("i32"), code.local("i32")];
  const lane = laneOf(context, n, inner * bytes);
  code.i32(0).set(lane.to).i32(0).set(row);
  code.count(row, outer * step, step, () => {
    code.count(column, inner * bytes, bytes, () => {
      code.get(row).get(column).op("i32.add").set(lane.start);
      kinds[primitive.name]!(lane, line);
      code.get(lane.to).i32(bytes).op("i32.add").set(lane.to);
    });
  });
}

const kinds: Partial<Record<StructuralName, LaneCode>> = {
  max: extreme(-Infinity, "f64.max"),
  min: extreme(Infinity, "f64.min"),
  norm,
  cumsum,
  softmax,
  logSoftmax,
  logsumexp,
  relative,
  balance,
};

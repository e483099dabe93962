/** Entries by a list of indices along one axis: `take` collects them, `scatter`, its adjoint, adds them where they were taken. */
import { entriesOf } from "../../array/ndarray.ts";
import { sizeOf } from "../../array/shape.ts";
import { isCallOf, operandsOf, optionsOf, type Instruction } from "../program.ts";
import { widthOf, type KernelContext } from "./context.ts";

export function indexed(context: KernelContext, line: Instruction): void {
  const { code, precision } = context;
  const isTake = isCallOf(line, "take");
  const [x] = operandsOf(line) as [Instruction];
  const { bytes } = widthOf(context);
  // What is listed and what the list makes of it: operand and result, or the other way round.
  const whole = isTake ? x : line;
  const { indices, axis } = optionsOf<"take" | "scatter">(line);
  const listed = entriesOf(indices);
  const [outer, n] = [sizeOf(whole.shape.slice(0, axis)), whole.shape[axis]!];
  const width = sizeOf(whole.shape.slice(axis + 1)) * bytes;
  if (!isTake) code.i32(context.addressOf(line)).i32(0).i32(sizeOf(line.shape) * bytes).op("memory.fill"); // prettier-ignore
  if (outer * listed.length * width === 0) return;
  const table = context.table(Array.from(listed, (i) => i * width));
  const [block, place, at, entry, start] = Array.from({ length: 5 }, () => code.local("i32")) as [number, number, number, number, number];
  code.i32(0).set(at);
  code.count(block, outer * n * width, n * width, () => {
    code.count(place, listed.length * 4, 4, () => {
      code.get(block).get(place).memory("i32.load", table).op("i32.add").set(start);
      code.count(entry, width, bytes, () => {
        const [load, store] = [`${precision}.load`, `${precision}.store`] as const;
        const inWhole = (): void => void code.get(start).get(entry).op("i32.add");
        if (isTake) {
          code.get(at);
          inWhole();
          code.memory(load, context.addressOf(x)).memory(store, context.addressOf(line));
        } else {
          inWhole();
          inWhole();
          code.memory(load, context.addressOf(line)).get(at).memory(load, context.addressOf(x));
          code.op(`${precision}.add`).memory(store, context.addressOf(line));
        }
        code.get(at).i32(bytes).op("i32.add").set(at);
      });
    });
  });
}

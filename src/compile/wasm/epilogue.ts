/** What is done with a tile of a matrix product while its sums are in registers: the very code of a loop's round, for each vector. */
import { widthOf, type KernelContext } from "./context.ts";
import { body } from "./elementwise.ts";
import type { Local } from "./function.ts";
import { Lanes } from "./lanes.ts";
import type { Factors, Pointers } from "./matmul.ts";

/** Of whole vectors only: a product whose rows end in the middle of one has no epilogue (epilogues.ts). */
export function epilogue(context: KernelContext, { m, kernel }: Factors, at: Pointers, sums: readonly (readonly Local[])[]): void {
  const { code, precision, host } = context;
  const { bytes } = widthOf(context);
  const rowNumber = code.local("i32");
  // The row among those of all matrices of the stack.
  code.get(at.out).i32(m * bytes).op("i32.div_u").i32(bytes).op("i32.mul").set(rowNumber); // prettier-ignore
  const lanes = new Lanes(code, precision, host);
  const start = { linear: at.out, inRow: at.column, row: rowNumber };
  for (const [r, row] of sums.entries())
    for (const [v, sum] of row.entries()) {
      const place = { ...start, offset: r * m * bytes + v * 16, inRowOffset: v * 16, rowOffset: r * bytes };
      body(context, lanes, kernel.epilogue, place, new Map([[kernel.line, sum]]));
    }
}

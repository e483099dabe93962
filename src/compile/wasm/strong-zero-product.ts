/**
 * The matrix product where zeros count: of the factor that is an upstream gradient or a tangent a 0 is exactly nothing, so that
 * 0 · ∞ is 0. The quick kernel multiplies as it likes; a tile in which it has made a NaN is computed again before it goes on.
 */
import { splatOf, widthOf, type KernelContext } from "./context.ts";
import type { Local } from "./function.ts";
import type { Factors, Pointers } from "./matmul.ts";

interface Tile {
  readonly height: number;
  readonly width: number;
}

/** Entry by entry, term by term, by way of memory; it runs once in a blue moon. */
export function strongZeroProduct(
  context: KernelContext,
  factors: Factors,
  at: Pointers,
  { height, width }: Tile,
  sums: readonly (readonly Local[])[],
): void {
  const { code, precision } = context;
  const { bytes } = widthOf(context);
  const rowBytes = sums[0]!.length * 16;
  hasNaN(context, sums, width);
  code.when(() => {
    const room = context.room(height * rowBytes);
    const [row, column, inner, sum] = [code.local("i32"), code.local("i32"), code.local("i32"), code.local("f64")];
    code.count(row, height, 1, () => {
      code.count(column, width * bytes, bytes, () => {
        code.f64(0).set(sum);
        code.count(inner, factors.k, 1, () => {
          term(context, factors, at, { row, column, inner });
          code.get(sum).op("f64.add").set(sum);
        });
        code.get(row).i32(rowBytes).op("i32.mul").get(column).op("i32.add").get(sum).op("f64x2.splat"); // prettier-ignore
        if (precision === "f32") code.op("f32x4.demote_f64x2_zero");
        code.storeLane(precision, room, 0);
      });
    });
    for (const [r, vectors] of sums.entries())
      for (const [v, vector] of vectors.entries()) code.i32(0).memory("v128.load", room + r * rowBytes + v * 16).set(vector); // prettier-ignore
  });
}

/** Leaves on the stack whether a tile has a NaN; the lanes beyond its width hold anything. */
function hasNaN(context: KernelContext, sums: readonly (readonly Local[])[], width: number): void {
  const { code, precision } = context;
  const { bytes } = widthOf(context);
  for (const [r, row] of sums.entries())
    for (const [v, sum] of row.entries()) {
      code
        .get(sum)
        .get(sum)
        .op(precision === "f64" ? "f64x2.ne" : "f32x4.ne");
      const inside = width * bytes - v * 16;
      if (inside < 16) code.v128(Array.from({ length: 16 }, (_, byte) => (byte < inside ? 255 : 0))).op("v128.and");
      if (r > 0 || v > 0) code.op("v128.or");
    }
  code.op("v128.any_true");
}

/** An entry of the tile, its column in bytes, and a step of its inner size. */
interface Place {
  readonly row: Local;
  readonly column: Local;
  readonly inner: Local;
}

/** Leaves one product on the stack, 0 where an upstream factor is 0. */
function term(context: KernelContext, { m, left, right, stack, upstream }: Factors, at: Pointers, { row, column, inner }: Place): void {
  const { code } = context;
  const { bytes } = widthOf(context);
  const factors = [code.local("f64"), code.local("f64")] as const;
  code.get(at.row).get(row).op("i32.add").i32(left.rowStep).op("i32.mul"); // prettier-ignore
  code.get(inner).i32(left.innerStep).op("i32.mul", "i32.add");
  if (stack > 1) code.get(at.stackLeft).op("i32.add");
  loaded(context, left.address);
  code.set(factors[0]);
  code.get(at.column).get(column).op("i32.add").get(inner).i32(m * bytes).op("i32.mul", "i32.add"); // prettier-ignore
  if (stack > 1) code.get(at.stackRight).op("i32.add");
  loaded(context, right);
  code.set(factors[1]);
  code.f64(0).get(factors[0]).get(factors[1]).op("f64.mul");
  if (upstream !== 1) code.get(factors[0]).f64(0).op("f64.eq");
  if (upstream !== 0) code.get(factors[1]).f64(0).op("f64.eq");
  if (upstream === "both") code.op("i32.or");
  code.op("select");
}

function loaded({ code, precision }: KernelContext, address: number): void {
  code.memory(splatOf(precision), address);
  if (precision === "f32") code.op("f64x2.promote_low_f32x4");
  code.lane("f64x2.extract_lane", 0);
}

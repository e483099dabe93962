/**
 * The matrix product where zeros count: of the factor that is an upstream gradient or a tangent a 0 is exactly nothing, so that
 * 0 · ∞ is 0. The quick kernel multiplies as it likes and calls for this only when it has made a NaN.
 */
import { splatOf, widthOf, type KernelContext } from "./context.ts";
import type { Local } from "./function.ts";
import type { Factors } from "./matmul.ts";

/** Entry by entry, term by term; it runs once in a blue moon. */
export function productOfZeros(context: KernelContext, factors: Factors, upstream: 0 | 1): void {
  const { code } = context;
  const { n, k, m, stack } = factors;
  const [matrix, row, column, inner] = [code.local("i32"), code.local("i32"), code.local("i32"), code.local("i32")];
  const sum = code.local("f64");
  code.count(matrix, stack, 1, () => {
    code.count(row, n, 1, () => {
      code.count(column, m, 1, () => {
        code.f64(0).set(sum);
        code.count(inner, k, 1, () => {
          term(context, factors, { matrix, row, column, inner }, upstream);
          code.get(sum).op("f64.add").set(sum);
        });
        offset(context, matrix, n * m, row, m, column, 1);
        code.get(sum).op("f64x2.splat");
        if (context.precision === "f32") code.op("f32x4.demote_f64x2_zero");
        code.storeLane(context.precision, factors.out, 0);
      });
    });
  });
}

interface Place {
  readonly matrix: Local;
  readonly row: Local;
  readonly column: Local;
  readonly inner: Local;
}

/** Leaves one product on the stack, 0 where its upstream factor is 0. */
function term(context: KernelContext, { n, k, m, left, right }: Factors, { matrix, row, column, inner }: Place, upstream: 0 | 1): void {
  const { code } = context;
  const { bytes } = widthOf(context);
  const factors = [code.local("f64"), code.local("f64")] as const;
  offset(context, matrix, n * k, row, left.rowStep / bytes, inner, left.innerStep / bytes);
  loaded(context, left.address);
  code.set(factors[0]);
  offset(context, matrix, k * m, inner, m, column, 1);
  loaded(context, right);
  code.set(factors[1]);
  code.f64(0).get(factors[0]).get(factors[1]).op("f64.mul").get(factors[upstream]).f64(0).op("f64.eq", "select");
}

/** The bytes from the first entry to the one at three indices, each so many entries apart. */
function offset(context: KernelContext, matrix: Local, size: number, i: Local, iStep: number, j: Local, jStep: number): void {
  const { code } = context;
  code.get(matrix).i32(size).op("i32.mul");
  code.get(i).i32(iStep).op("i32.mul", "i32.add");
  code.get(j).i32(jStep).op("i32.mul", "i32.add");
  code.i32(widthOf(context).bytes).op("i32.mul");
}

function loaded({ code, precision }: KernelContext, address: number): void {
  code.memory(splatOf(precision), address);
  if (precision === "f32") code.op("f64x2.promote_low_f32x4");
  code.lane("f64x2.extract_lane", 0);
}

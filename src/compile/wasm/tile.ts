/**
 * The micro-kernel of the matrix product: a few rows by two vectors of the result stay in registers while the loop runs down the
 * inner size; of the left factor one number at a time is spread over the lanes, so it may as well lie transposed.
 */
import type { Block } from "./blocking.ts";
import { splatOf, widthOf, type KernelContext } from "./context.ts";
import { epilogue } from "./epilogue.ts";
import type { FunctionCode, Local } from "./function.ts";
import type { Factors, Pointers } from "./matmul.ts";
import { strongZeroProduct } from "./strong-zero-product.ts";

/** What the right factor holds of a strip for one block of the inner size; a copy of it begins with the strip, the factor itself with its first column. */
export interface Strip extends Block {
  readonly address: number;
  readonly rowBytes: number;
  readonly isPacked: boolean;
}

/** Columns and rows of a tile. */
export interface TileSize {
  readonly width: number;
  readonly height: number;
}

type Sums = readonly (readonly Local[])[];

/** The longest block whose steps stand one after another. */
const mostUnrolled = 2;
/** V8 keeps one of sixteen to itself. */
const vectorRegisters = 15;

/** One tile of the result, or what one block of the inner size adds to it; after the last the epilogue. */
export function tile(context: KernelContext, factors: Factors, at: Pointers, strip: Strip, size: TileSize): void {
  const { code } = context;
  const { lanes, bytes } = widthOf(context);
  const { m, kernel } = factors;
  const vectors = Math.ceil(size.width / lanes);
  const sums = Array.from({ length: size.height }, () => Array.from({ length: vectors }, () => code.local("v128")));
  code.get(at.row).i32(m * bytes).op("i32.mul").get(at.column).op("i32.add"); // prettier-ignore
  if (factors.stack > 1) code.get(at.stackOut).op("i32.add");
  code.set(at.out);
  const isLast = strip.begin + strip.count === factors.k;
  // What nobody else reads, and what is done in one block, has no place in memory.
  const out = context.stored.has(kernel.line) || strip.count < factors.k ? context.addressOf(kernel.line) : 0;
  const placeOf = (r: number, v: number): number => out + r * m * bytes + v * 16;
  const each = (f: (sum: Local, place: number, v: number) => void): void => {
    for (const [r, row] of sums.entries()) for (const [v, sum] of row.entries()) f(sum, placeOf(r, v), v);
  };
  each((sum, place) => (strip.begin === 0 ? code.zeros() : code.get(at.out).memory("v128.load", place)).set(sum));
  accumulate(context, factors, at, strip, sums);
  if (isLast && factors.upstream !== undefined) strongZeroProduct(context, factors, at, size, sums);
  if (isLast && kernel.epilogue.length > 0) epilogue(context, factors, at, sums);
  else each((sum, place, v) => storeVector(context, at.out, place, sum, size.width - v * lanes));
}

const isLoop = ({ count }: Strip): boolean => count > mostUnrolled;

/** The loop down the inner size, one step a round. */
function accumulate(context: KernelContext, factors: Factors, at: Pointers, strip: Strip, sums: Sums): void {
  const { code } = context;
  const { left } = factors;
  const { count, rowBytes } = strip;
  startPointers(context, factors, at, strip);
  if (!isLoop(strip)) {
    for (let l = 0; l < count; l++) step(context, factors, at, strip, sums, l);
    return;
  }
  code.get(at.right).i32(count * rowBytes).op("i32.add").set(at.end); // prettier-ignore
  code.block(() =>
    code.loop(() => {
      step(context, factors, at, strip, sums, 0);
      code.get(at.left).i32(left.innerStep).op("i32.add").set(at.left); // prettier-ignore
      code.get(at.right).i32(rowBytes).op("i32.add").tee(at.right).get(at.end).op("i32.ne"); // prettier-ignore
    }),
  );
}

/** Byte offsets of the tile's first row in the left factor, and of the strip in the right one. */
function startPointers({ code }: KernelContext, { left, stack }: Factors, at: Pointers, { isPacked }: Strip): void {
  code.get(at.row).i32(left.rowStep).op("i32.mul"); // prettier-ignore
  if (stack > 1) code.get(at.stackLeft).op("i32.add");
  code.set(at.left);
  if (isPacked) code.i32(0);
  else code.get(at.column);
  if (stack > 1 && !isPacked) code.get(at.stackRight).op("i32.add");
  code.set(at.right);
}

/** The `l`-th step from where the pointers are: a row of the strip, times each row's number of the left factor. */
function step(context: KernelContext, { left }: Factors, at: Pointers, strip: Strip, sums: Sums, l: number): void {
  const { code, precision } = context;
  const type = precision === "f64" ? "f64x2" : "f32x4";
  const vectors = sums[0]!.map(() => code.local("v128"));
  const spread = code.local("v128");
  for (const [v, vector] of vectors.entries()) code.get(at.right).memory("v128.load", strip.address + l * strip.rowBytes + v * 16).set(vector); // prettier-ignore
  const from = left.address + (strip.begin + l) * left.innerStep;
  for (const [r, row] of sums.entries()) {
    if (r % 2 === 1 && isLoop(strip) && isCrowded(sums)) divide(code, at, r);
    code.get(at.left).memory(splatOf(precision), from + r * left.rowStep).set(spread); // prettier-ignore
    for (const [v, sum] of row.entries()) code.get(sum).get(spread).get(vectors[v]!).op(`${type}.mul`, `${type}.add`).set(sum); // prettier-ignore
  }
}

/** Whether sums, factors and one product do not fit the registers together. */
const isCrowded = (sums: Sums): boolean => {
  const [height, vectors] = [sums.length, sums[0]!.length];
  return height * vectors + height + vectors + 1 > vectorRegisters;
};

/**
 * Divides a round of the loop: V8 moves the loads of a block before its arithmetic and would run out of registers. Pointers are even,
 * so this branch is never taken; it costs nothing that could be measured. Another odd number each time, or V8 knows the answer.
 */
const divide = (code: FunctionCode, at: Pointers, odd: number): FunctionCode => code.get(at.right).i32(odd).op("i32.eq").leave(1);

/** Stores as many lanes of a vector as belong to the result. */
function storeVector(context: KernelContext, base: Local, offset: number, x: Local, count: number): void {
  const { code, precision } = context;
  const { lanes, bytes } = widthOf(context);
  if (count >= lanes) {
    code.get(base).get(x).memory("v128.store", offset);
    return;
  }
  for (let lane = 0; lane < count; lane++)
    code
      .get(base)
      .get(x)
      .storeLane(precision, offset + lane * bytes, lane);
}

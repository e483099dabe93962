/**
 * The matrix product from one micro-kernel: four rows by two vectors of the result stay in eight registers while the loop runs
 * down the inner size; of the left factor one number at a time is spread over the lanes, so it may as well lie transposed.
 */
import { sizeOf } from "../../array/shape.ts";
import type { StructuralOptions } from "../../ops/vocabulary.ts";
import { leftFactorOf } from "../access.ts";
import type { ProductKernel } from "../kernel.ts";
import { operandsOf, type Instruction } from "../program.ts";
import { splatOf, widthOf, type KernelContext } from "./context.ts";
import { epilogue } from "./epilogue.ts";
import type { Local } from "./function.ts";
import { bytesOf, type Precision } from "./lanes.ts";
import { strongZeroProduct } from "./strong-zero-product.ts";

/** Two factors in memory, and what becomes of their product. */
export interface Factors {
  readonly n: number;
  readonly k: number;
  readonly m: number;
  /** How many matrices lie one after another. */
  readonly stack: number;
  readonly left: { readonly address: number; readonly rowStep: number; readonly innerStep: number };
  readonly right: number;
  /** The factor of which a 0 is exactly nothing. */
  readonly upstream: 0 | 1 | undefined;
  readonly kernel: ProductKernel;
}

export interface Pointers {
  /** Byte offsets of the matrix of the stack, in the left factor, the right factor and the result. */
  readonly stackLeft: Local;
  readonly stackRight: Local;
  readonly stackOut: Local;
  readonly row: Local;
  readonly column: Local;
  readonly left: Local;
  readonly right: Local;
  readonly end: Local;
  readonly out: Local;
}

const tileRows = 4;
const tileVectors = 2;
/** Up to this inner size there is no loop. Longer loops do one step a round: V8 moves the loads of a round before its sums, and runs out of registers. */
const mostUnrolled = 2;
/** The most of the inner size that one pass over a strip takes; less where rows lie a power of two apart and share places of the cache. */
const [longestBlock, longestAligned] = [256, 64];

export function matmul(context: KernelContext, kernel: ProductKernel): void {
  const { code } = context;
  const local = (): Local => code.local("i32");
  const at: Pointers = {
    stackLeft: local(), stackRight: local(), stackOut: local(), row: local(), column: local(), left: local(), right: local(), end: local(), out: local(),
  }; // prettier-ignore
  products(context, factorsOf(context, kernel), at);
}

/** One product, or one after another of a stack. */
function products(context: KernelContext, factors: Factors, at: Pointers): void {
  const { code } = context;
  const { n, k, m, stack } = factors;
  const { bytes } = widthOf(context);
  const one = (): void => {
    for (const block of blocksOf(k, m * bytes)) columns(context, factors, at, block);
  };
  if (stack === 1) {
    one();
    return;
  }
  code.i32(0).set(at.stackLeft).i32(0).set(at.stackRight);
  code.count(at.stackOut, stack * n * m * bytes, n * m * bytes, () => {
    one();
    code.get(at.stackLeft).i32(n * k * bytes).op("i32.add").set(at.stackLeft); // prettier-ignore
    code.get(at.stackRight).i32(k * m * bytes).op("i32.add").set(at.stackRight); // prettier-ignore
  });
}

export const optionsOf = ({ definition }: Instruction): StructuralOptions["matmul"] =>
  (definition as { readonly primitive: { readonly options: StructuralOptions["matmul"] } }).primitive.options;

function factorsOf(context: KernelContext, kernel: ProductKernel): Factors {
  const { line } = kernel;
  const [a, b] = operandsOf(line) as [Instruction, Instruction];
  const [n, k, m] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-1)!];
  const { from, isTransposed } = leftFactorOf(a);
  const { bytes } = widthOf(context);
  const [rowStep, innerStep] = isTransposed ? [bytes, n * bytes] : [k * bytes, bytes];
  const left = { address: context.addressOf(from), rowStep, innerStep };
  return { n, k, m, stack: sizeOf(a.shape.slice(0, -2)), left, right: context.addressOf(b), upstream: optionsOf(line).upstream, kernel };
}

/** A run of the inner size: what the right factor holds of it for one strip stays in the nearest cache. */
interface Block {
  readonly begin: number;
  readonly count: number;
}

/** Whether sums go to memory and come back. */
export const isInBlocks = (line: Instruction, precision: Precision): boolean =>
  blocksOf(operandsOf(line)[0]!.shape.at(-1)!, line.shape.at(-1)! * bytesOf[precision]).length > 1;

function blocksOf(k: number, rowBytes: number): Block[] {
  const most = rowBytes % 512 === 0 ? longestAligned : longestBlock;
  const count = Math.ceil(k / Math.max(1, Math.ceil(k / most)));
  const blocks: Block[] = [];
  for (let begin = 0; begin < k || begin === 0; begin += Math.max(count, 1)) blocks.push({ begin, count: Math.min(count, k - begin) });
  return blocks;
}

/** Strips of two vectors, then what is left: fewer vectors, the last perhaps not full. */
function columns(context: KernelContext, factors: Factors, at: Pointers, block: Block): void {
  const { m } = factors;
  const { lanes, bytes } = widthOf(context);
  const strip = lanes * tileVectors;
  const whole = m - (m % strip);
  const { code } = context;
  if (whole > 0) code.count(at.column, whole * bytes, strip * bytes, () => rows(context, factors, at, { ...block, width: strip }));
  if (whole < m) {
    code.i32(whole * bytes).set(at.column);
    rows(context, factors, at, { ...block, width: m - whole });
  }
}

/** Blocks of four rows, then what is left of them. */
function rows(context: KernelContext, factors: Factors, at: Pointers, strip: Block & { readonly width: number }): void {
  const { n } = factors;
  const whole = n - (n % tileRows);
  const { code } = context;
  if (whole > 0) code.count(at.row, whole, tileRows, () => tile(context, factors, at, { ...strip, height: tileRows }));
  if (whole < n) {
    code.i32(whole).set(at.row);
    tile(context, factors, at, { ...strip, height: n - whole });
  }
}

interface Tile extends Block {
  readonly width: number;
  readonly height: number;
}

/** One tile of the result, or what one block of the inner size adds to it; after the last the epilogue. */
function tile(context: KernelContext, factors: Factors, at: Pointers, size: Tile): void {
  const { code } = context;
  const { lanes, bytes } = widthOf(context);
  const { m, kernel } = factors;
  const vectors = Math.ceil(size.width / lanes);
  const sums = Array.from({ length: size.height }, () => Array.from({ length: vectors }, () => code.local("v128")));
  code.get(at.row).i32(m * bytes).op("i32.mul").get(at.column).op("i32.add"); // prettier-ignore
  if (factors.stack > 1) code.get(at.stackOut).op("i32.add");
  code.set(at.out);
  const isLast = size.begin + size.count === factors.k;
  // What nobody else reads, and what is done in one block, has no place in memory.
  const out = context.stored.has(kernel.line) || size.count < factors.k ? context.addressOf(kernel.line) : 0;
  const placeOf = (r: number, v: number): number => r * m * bytes + v * 16;
  for (const [r, row] of sums.entries())
    for (const [v, sum] of row.entries()) {
      if (size.begin === 0) code.v128(new Array<number>(16).fill(0)).set(sum);
      else code.get(at.out).memory("v128.load", out + placeOf(r, v)).set(sum); // prettier-ignore
    }
  accumulate(context, factors, at, size, sums);
  if (isLast && factors.upstream !== undefined) strongZeroProduct(context, factors, at, size, sums);
  if (isLast && kernel.epilogue.length > 0) {
    epilogue(context, factors, at, sums);
    return;
  }
  for (const [r, row] of sums.entries())
    for (const [v, sum] of row.entries()) storeVector(context, at.out, out + placeOf(r, v), sum, size.width - v * lanes);
}

/** The loop down the inner size. */
function accumulate(
  context: KernelContext,
  factors: Factors,
  at: Pointers,
  { begin, count }: Tile,
  sums: readonly (readonly Local[])[],
): void {
  const { code } = context;
  const { m, left, stack } = factors;
  const { bytes } = widthOf(context);
  code.get(at.row).i32(left.rowStep).op("i32.mul").set(at.left); // prettier-ignore
  code.get(at.column).set(at.right);
  if (stack > 1) {
    code.get(at.left).get(at.stackLeft).op("i32.add").set(at.left);
    code.get(at.right).get(at.stackRight).op("i32.add").set(at.right);
  }
  const step = stepWriter(context, factors, at, sums);
  if (count <= mostUnrolled) {
    for (let l = 0; l < count; l++) step((begin + l) * left.innerStep, (begin + l) * m * bytes);
    return;
  }
  code.get(at.right).i32(count * m * bytes).op("i32.add").set(at.end); // prettier-ignore
  code.loop(() => {
    step(begin * left.innerStep, begin * m * bytes);
    code.get(at.left).i32(left.innerStep).op("i32.add").set(at.left); // prettier-ignore
    code.get(at.right).i32(m * bytes).op("i32.add").tee(at.right).get(at.end).op("i32.ne"); // prettier-ignore
  });
}

/** One step: a strip of the right factor, times each row's number of the left. */
function stepWriter(
  context: KernelContext,
  { left, right }: Factors,
  at: Pointers,
  sums: readonly (readonly Local[])[],
): (leftOffset: number, rightOffset: number) => void {
  const { code, precision } = context;
  const type = precision === "f64" ? "f64x2" : "f32x4";
  const strips = sums[0]!.map(() => code.local("v128"));
  const spread = code.local("v128");
  return (leftOffset, rightOffset) => {
    for (const [v, strip] of strips.entries()) code.get(at.right).memory("v128.load", right + rightOffset + v * 16).set(strip); // prettier-ignore
    for (const [r, row] of sums.entries()) {
      code.get(at.left).memory(splatOf(precision), left.address + leftOffset + r * left.rowStep).set(spread); // prettier-ignore
      for (const [v, sum] of row.entries()) code.get(sum).get(spread).get(strips[v]!).op(`${type}.mul`, `${type}.add`).set(sum); // prettier-ignore
    }
  };
}

/** Stores as many lanes of a vector as belong to the result. */
export function storeVector(context: KernelContext, base: Local, offset: number, x: Local, count: number): void {
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

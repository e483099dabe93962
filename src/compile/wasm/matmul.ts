/**
 * The matrix product: block after block of the inner size, strip after strip of the columns, tile after tile of the rows. Where rows
 * of the right factor lie a power of two apart a strip is first copied together, so that the nearest cache has places for all of it.
 */
import type { Upstream } from "../../array/matmul.ts";
import { sizeOf } from "../../array/shape.ts";
import { leftFactorOf } from "../access.ts";
import type { ProductKernel } from "../kernel.ts";
import { operandsOf, optionsOf, type Instruction } from "../program.ts";
import { bandsOf, blocksOf, isPacked, stripVectors, wholeStrips, type Block } from "./blocking.ts";
import { widthOf, type KernelContext } from "./context.ts";
import type { Local } from "./function.ts";
import { tile, type Strip } from "./tile.ts";

/** Two factors in memory, and what becomes of their product. */
export interface Factors {
  readonly n: number;
  readonly k: number;
  readonly m: number;
  /** How many matrices lie one after another. */
  readonly stack: number;
  readonly left: { readonly address: number; readonly rowStep: number; readonly innerStep: number };
  readonly right: number;
  /** The factor of which, or both of which, a 0 is exactly nothing. */
  readonly upstream: Upstream | undefined;
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
    for (const block of blocksOf(n, k, m * bytes)) columns(context, factors, at, block);
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

function factorsOf(context: KernelContext, kernel: ProductKernel): Factors {
  const { line } = kernel;
  const [a, b] = operandsOf(line) as [Instruction, Instruction];
  const [n, k, m] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-1)!];
  const { from, isTransposed } = leftFactorOf(a);
  const { bytes } = widthOf(context);
  const [rowStep, innerStep] = isTransposed ? [bytes, n * bytes] : [k * bytes, bytes];
  const left = { address: context.addressOf(from), rowStep, innerStep };
  const { upstream } = optionsOf<"matmul">(line);
  return { n, k, m, stack: sizeOf(a.shape.slice(0, -2)), left, right: context.addressOf(b), upstream, kernel };
}

/** Strips of two vectors, then what is left: fewer vectors, the last perhaps not full. */
function columns(context: KernelContext, factors: Factors, at: Pointers, block: Block): void {
  const { n, k, m, right } = factors;
  const { lanes, bytes } = widthOf(context);
  const { code } = context;
  const width = lanes * stripVectors;
  const whole = wholeStrips(m, context.precision);
  const inPlace = { ...block, address: right + block.begin * m * bytes, rowBytes: m * bytes, isPacked: false };
  code.count(at.column, whole * bytes, width * bytes, () =>
    rows(context, factors, at, isPacked(n, k, m * bytes) ? packed(context, factors, at, inPlace) : inPlace, width),
  );
  if (whole < m) {
    code.i32(whole * bytes).set(at.column);
    rows(context, factors, at, inPlace, m - whole);
  }
}

/** Copies a strip's share of a block to where its rows lie one after another. */
function packed(context: KernelContext, { stack }: Factors, at: Pointers, from: Strip): Strip {
  const { code } = context;
  const strip = { ...from, address: context.packedStrip(), rowBytes: stripVectors * 16, isPacked: true };
  code.get(at.column);
  if (stack > 1) code.get(at.stackRight).op("i32.add");
  code.set(at.right);
  code.count(at.left, from.count * strip.rowBytes, strip.rowBytes, () => {
    for (let v = 0; v < stripVectors; v++)
      code
        .get(at.left)
        .get(at.right)
        .memory("v128.load", from.address + v * 16)
        .memory("v128.store", strip.address + v * 16);
    code.get(at.right).i32(from.rowBytes).op("i32.add").set(at.right); // prettier-ignore
  });
  return strip;
}

/** The tiles of a strip. */
function rows(context: KernelContext, factors: Factors, at: Pointers, strip: Strip, width: number): void {
  const { code } = context;
  for (const { begin, height, count } of bandsOf(factors.n))
    code.count(at.row, begin + count * height, height, () => tile(context, factors, at, strip, { width, height }), begin);
}

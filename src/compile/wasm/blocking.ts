/**
 * How a matrix product is cut: its rows into tiles, its columns into strips, its inner size into blocks of which the nearest cache
 * holds one strip's share.
 */
import { operandsOf, type Instruction } from "../program.ts";
import { bytesOf, lanesOf, type Precision } from "./lanes.ts";

/** A run of the inner size. */
export interface Block {
  readonly begin: number;
  readonly count: number;
}

/** Tiles of one height, one below the other. */
export interface Band {
  readonly begin: number;
  readonly height: number;
  readonly count: number;
}

/** Vectors of a strip. Five rows of two are ten sums in registers; with what is multiplied, V8's fifteen are full. */
export const stripVectors = 2;
const [tallest, other] = [5, 4];
/** The most of the inner size that one pass over a strip takes; less where rows lie a power of two apart and share places of the cache. */
const [longestBlock, longestAligned] = [256, 64];
/** With fewer rows tiles of a second height take longer to compile than they save, and a copy of a strip is not read often enough. */
const fewestRows = 64;

/** Bytes of a strip's share of the longest block, copied together. */
export const packedBytes = longestBlock * stripVectors * 16;

const isAligned = (rowBytes: number): boolean => rowBytes % 512 === 0;

/** Whether the right factor's strips are first copied to where their rows lie one after another. */
export const isPacked = (n: number, k: number, rowBytes: number): boolean => n >= fewestRows && k > longestAligned && isAligned(rowBytes);

/** The inner size k of a product of n rows, in equal blocks but for the last; `rowBytes` are those of a row of the right factor. */
export function blocksOf(n: number, k: number, rowBytes: number): Block[] {
  const most = isAligned(rowBytes) && !isPacked(n, k, rowBytes) ? longestAligned : longestBlock;
  const count = Math.ceil(k / Math.max(1, Math.ceil(k / most)));
  const blocks: Block[] = [];
  for (let begin = 0; begin < k || begin === 0; begin += Math.max(count, 1)) blocks.push({ begin, count: Math.min(count, k - begin) });
  return blocks;
}

/** Whether a product's sums go to memory and come back. */
export function isInBlocks(line: Instruction, precision: Precision): boolean {
  const [n, m] = [line.shape.at(-2)!, line.shape.at(-1)!];
  return blocksOf(n, operandsOf(line)[0]!.shape.at(-1)!, m * bytesOf[precision]).length > 1;
}

/** Many rows in tiles of five and then of four, so that it comes out even; few in tiles of four, and one for what is left. */
export function bandsOf(n: number): Band[] {
  let tall = n < fewestRows ? 0 : Math.floor(n / tallest);
  while (tall > 0 && (n - tall * tallest) % other > 0) tall--;
  const even = Math.floor((n - tall * tallest) / other);
  const begin = tall * tallest + even * other;
  return [
    { begin: 0, height: tallest, count: tall },
    { begin: tall * tallest, height: other, count: even },
    { begin, height: n - begin, count: begin < n ? 1 : 0 },
  ].filter(({ count }) => count > 0);
}

/** How many of m columns lie in whole strips; those that are left are fewer than a strip has. */
export const wholeStrips = (m: number, precision: Precision): number => m - (m % (lanesOf[precision] * stripVectors));

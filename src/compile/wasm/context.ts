/** What writing a kernel needs to know: where lines lie, how wide lanes are, and how the host is called. */
import type { Instruction } from "../program.ts";
import type { Reads } from "../reads.ts";
import type { FunctionCode, Local } from "./function.ts";
import { bytesOf, lanesOf, type HostCalls, type Lanes, type Precision } from "./lanes.ts";

export interface KernelContext {
  readonly code: FunctionCode;
  readonly precision: Precision;
  readonly host: HostCalls;
  readonly stored: ReadonlySet<Instruction>;
  readonly reads: Reads;
  addressOf(line: Instruction): number;
  /** The address of 32-bit whole numbers, put into memory when the program is loaded. */
  table(entries: readonly number[] | Int32Array): number;
  /** The address of so many bytes that begin as zeros. */
  room(bytes: number): number;
  /** The address where products copy a strip of their right factor; each finds it as the last one left it. */
  packedStrip(): number;
  /** The number of a function of doubles: log(1 + x). */
  log1p(): number;
}

export const widthOf = ({ precision }: KernelContext): { lanes: number; bytes: number } => ({
  lanes: lanesOf[precision],
  bytes: bytesOf[precision],
});

/** One number of memory in every lane. */
export const splatOf = (precision: Precision): "v128.load64_splat" | "v128.load32_splat" =>
  precision === "f64" ? "v128.load64_splat" : "v128.load32_splat";

/** The sum of the lanes, left on the stack as a number of the lanes' own width. */
export function horizontalSum(m: Lanes, x: Local): void {
  const { code, precision } = m;
  const half = m.once("swap", x, () => code.get(x).get(x).shuffle([8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7]));
  const pairs = m.do("add", x, half);
  if (precision === "f64") {
    code.get(pairs).lane("f64x2.extract_lane", 0);
    return;
  }
  const neighbours = m.once("turn", pairs, () =>
    code.get(pairs).get(pairs).shuffle([4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11]),
  );
  code.get(m.do("add", pairs, neighbours)).lane("f32x4.extract_lane", 0);
}

/** What writing a kernel needs to know: where lines lie, how wide lanes are, and how the host is called. */
import type { Instruction } from "../program.ts";
import type { Reads } from "../reads.ts";
import type { FunctionCode } from "./function.ts";
import { bytesOf, lanesOf, type HostCalls, type Precision } from "./lanes.ts";

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

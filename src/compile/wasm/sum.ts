/** Sums along a run of axes: lanes side by side where entries remain behind the run, else several sums of one lane that are added at its end. */
import { sizeOf } from "../../array/shape.ts";
import { runReadBy } from "../access.ts";
import { operandsOf, type Instruction } from "../program.ts";
import { widthOf, type KernelContext } from "./context.ts";
import type { Local } from "./function.ts";
import { horizontalSum } from "./horizontal.ts";
import { Lanes } from "./lanes.ts";

export function sum(context: KernelContext, line: Instruction): void {
  const [x] = operandsOf(line) as [Instruction];
  const { outer, n, inner } = runReadBy(line);
  const { code } = context;
  if (sizeOf(line.shape) === 0) return;
  const [from, to] = [code.local("i32"), code.local("i32")];
  const { bytes } = widthOf(context);
  code.i32(0).set(from);
  code.count(to, outer * inner * bytes, inner * bytes, () => {
    if (inner === 1) oneLane(context, { n, from, to, x, line });
    else sideBySide(context, { n, inner, from, to, x, line });
    if (outer > 1) code.get(from).i32(n * inner * bytes).op("i32.add").set(from); // prettier-ignore
  });
}

interface Lane {
  readonly n: number;
  readonly from: Local;
  readonly to: Local;
  readonly x: Instruction;
  readonly line: Instruction;
}

/** `n` entries in a row become one. */
function oneLane(context: KernelContext, { n, from, to, x, line }: Lane): void {
  const { code, precision } = context;
  const { lanes, bytes } = widthOf(context);
  const m = new Lanes(code, precision, context.host);
  const address = context.addressOf(x);
  const parts = n >= 8 * lanes ? 4 : 1;
  const sums = Array.from({ length: parts }, () => code.local("v128"));
  for (const part of sums) code.zeros().set(part);
  const [at, whole] = [code.local("i32"), n - (n % (lanes * parts))];
  const add = (part: Local, offset: number): void => {
    code.get(part).get(from).get(at).op("i32.add").memory("v128.load", address + offset).op(`${precision === "f64" ? "f64x2" : "f32x4"}.add`).set(part); // prettier-ignore
  };
  code.count(at, whole * bytes, parts * 16, () => {
    for (const [p, part] of sums.entries()) add(part, p * 16);
  });
  let total = sums[0]!;
  for (const part of sums.slice(1)) total = m.do("add", total, part);
  // What is left of the row, number by number.
  for (let i = whole; i < n; i++) {
    const rest = code.local("v128");
    code.zeros().get(from);
    code.memory(precision === "f64" ? "f64.load" : "f32.load", address + i * bytes);
    code.lane(precision === "f64" ? "f64x2.replace_lane" : "f32x4.replace_lane", 0).set(rest);
    total = m.do("add", total, rest);
  }
  code.get(to);
  horizontalSum(m, total);
  code.memory(precision === "f64" ? "f64.store" : "f32.store", context.addressOf(line));
}

/** `n` rows of `inner` entries become one row; a vector may write past its end, where the next row is written later. */
function sideBySide(context: KernelContext, { n, inner, from, to, x, line }: Lane & { readonly inner: number }): void {
  const { code, precision } = context;
  const { lanes, bytes } = widthOf(context);
  const vectors = Math.ceil(inner / lanes);
  const [column, at] = [code.local("i32"), code.local("i32")];
  const strip = [4, 3, 2, 1].find((s) => vectors % s === 0)!;
  const sums = Array.from({ length: strip }, () => code.local("v128"));
  const type = precision === "f64" ? "f64x2" : "f32x4";
  code.count(column, vectors * 16, strip * 16, () => {
    for (const part of sums) code.zeros().set(part);
    const base = code.local("i32");
    code.get(from).get(column).op("i32.add").set(base);
    code.count(at, n * inner * bytes, inner * bytes, () => {
      for (const [s, part] of sums.entries())
        code.get(part).get(base).get(at).op("i32.add").memory("v128.load", context.addressOf(x) + s * 16).op(`${type}.add`).set(part); // prettier-ignore
    });
    for (const [s, part] of sums.entries()) code.get(to).get(column).op("i32.add").get(part).memory("v128.store", context.addressOf(line) + s * 16); // prettier-ignore
  });
}

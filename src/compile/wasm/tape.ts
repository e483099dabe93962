/**
 * An interpreter in WebAssembly for graphs of numbers that have no regular shape. The operations lie on a tape, those of one function
 * next to one another as far as their operands allow, so that a run of them is a short loop and not a guess of the processor
 * what comes next. Results lie in the order of the tape: an entry has the addresses of its operands and no other.
 */
import type { PointwisePrimitive } from "../../ops/primitive.ts";
import type { ElementwiseKernel } from "../kernel.ts";
import { splatOf, widthOf, type KernelContext } from "./context.ts";
import { emissionOf } from "./elementwise.ts";
import type { Local } from "./function.ts";
import { Lanes } from "./lanes.ts";
import { Operations } from "./operations.ts";
import { runsOf, type Run } from "./runs.ts";

/** More lines than this are interpreted; as straight code they would take V8 too long. */
export const mostStraightLines = 2000;

export function tape(context: KernelContext, kernel: ElementwiseKernel): void {
  const { bytes } = widthOf(context);
  const operations = new Operations(context, kernel);
  const runs = runsOf(operations);
  const cells = context.room(operations.count * bytes);
  const addresses = new Int32Array(operations.count);
  const entries = new Int32Array(operations.operands.length);
  let [to, end] = [cells, 0];
  for (const { places } of runs)
    for (const place of places) {
      addresses[place] = to;
      to += bytes;
      for (let k = operations.first[place]!; k < operations.first[place + 1]!; k++) {
        const operand = operations.operands[k]!;
        entries[end++] = operand < 0 ? addresses[~operand]! : operand;
      }
    }
  interpreter(context, operations.primitives, cells, entries, runs);
  copies(context, operations.results.map(({ place, address }) => ({ from: addresses[place]!, to: address }))); // prettier-ignore
}

/** A loop over runs; in each, a loop over its entries with the code of the run's function. */
function interpreter(context: KernelContext, primitives: readonly PointwisePrimitive[], cells: number, entries: Int32Array, runs: readonly Run[]): void {
  const { code } = context;
  const { bytes } = widthOf(context);
  const table = context.table(runs.flatMap(({ primitive, places }) => [primitive, places.length * bytes]));
  const [at, to, end, run] = [code.local("i32"), code.local("i32"), code.local("i32"), code.local("i32")];
  code.i32(context.table(entries)).set(at).i32(cells).set(to).i32(table).set(run);
  code.loop(() => {
    code.get(run).memory("i32.load", 4).get(to).op("i32.add").set(end);
    code.cases(
      primitives.length,
      () => code.get(run).memory("i32.load", 0),
      (k) => {
        code.loop(() => {
          entry(context, primitives[k]!, at, to);
          code.get(at).i32(4 * primitives[k]!.row.partials.length).op("i32.add").set(at);
          code.get(to).i32(bytes).op("i32.add").tee(to).get(end).op("i32.ne");
        });
      },
    );
    code.get(run).i32(8).op("i32.add").tee(run).i32(table + runs.length * 8).op("i32.ne");
  });
} // prettier-ignore

function entry({ code, precision, host }: KernelContext, primitive: PointwisePrimitive, at: Local, to: Local): void {
  const m = new Lanes(code, precision, host);
  const operands = primitive.row.partials.map((_, k) =>
    m.once("operand", k, () => code.get(at).memory("i32.load", 4 * k).memory(splatOf(precision), 0))); // prettier-ignore
  const result = emissionOf(m, primitive, operands);
  code.get(to).get(result).storeLane(precision, 0, 0);
}

/** Results that are read elsewhere, to where they are read. */
function copies(context: KernelContext, results: readonly { from: number; to: number }[]): void {
  const { code, precision } = context;
  if (results.length === 0) return;
  const [first, at] = [context.table(results.flatMap(({ from, to }) => [from, to])), code.local("i32")];
  code.count(at, results.length * 8, 8, () => {
    code.get(at).memory("i32.load", first + 4);
    code
      .get(at)
      .memory("i32.load", first)
      .memory(precision === "f64" ? "f64.load" : "f32.load", 0);
    code.memory(precision === "f64" ? "f64.store" : "f32.store", 0);
  });
}

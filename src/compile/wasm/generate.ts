/** A planned program as a WebAssembly module: one function for each kernel, and `steps`, which runs them all a number of times. */
import { entriesOf } from "../../array/ndarray.ts";
import type { PointwisePrimitive } from "../../ops/primitive.ts";
import { arena, type Arena } from "../arena.ts";
import { roomFor, type Kernel, type Plan } from "../plan.ts";
import type { Instruction } from "../program.ts";
import type { KernelContext } from "./context.ts";
import { copy } from "./copy.ts";
import { elementwise } from "./elementwise.ts";
import { FunctionCode } from "./function.ts";
import { matmul } from "./matmul.ts";
import { ModuleCode, type Import } from "./module.ts";
import { sum } from "./sum.ts";

/** What has to be in memory before the first step. */
export interface Segment {
  readonly address: number;
  readonly entries: Float64Array | Int32Array;
}

export interface Generated {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly arena: Arena;
  /** How many bytes of memory the program needs. */
  readonly memory: number;
  readonly segments: readonly Segment[];
  /** Pointwise functions that the host computes, by place. */
  readonly hosted: readonly PointwisePrimitive[];
  /** Lines that the host computes as a whole, by place. */
  readonly hostedLines: readonly Instruction[];
}

const imports: readonly Import[] = [
  { name: "unary", parameters: ["i32", "f64"], results: ["f64"] },
  { name: "binary", parameters: ["i32", "f64", "f64"], results: ["f64"] },
  { name: "ternary", parameters: ["i32", "f64", "f64", "f64"], results: ["f64"] },
  { name: "line", parameters: ["i32"], results: [] },
];

/** Where memory begins to be used; address 0 stays empty. */
const firstAddress = 64;

/** @param fixed lines whose place in memory is already chosen, below `start`. */
export function generate(plan: Plan, start = firstAddress, fixed?: ReadonlyMap<Instruction, number>): Generated {
  const module = new ModuleCode(imports);
  const places = arena(plan, start, fixed);
  const hosted: PointwisePrimitive[] = [];
  const hostedLines: Instruction[] = [];
  const segments: Segment[] = [];
  let end = places.end;
  const context = (code: FunctionCode): KernelContext => ({
    code,
    precision: plan.precision,
    stored: plan.stored,
    addressOf: places.addressOf,
    host: { place: (primitive) => placeIn(hosted, primitive), caller: (arity) => arity - 1 },
    table: (entries) => {
      const address = end;
      end += 16 * Math.ceil(entries.length / 4);
      segments.push({ address, entries: Int32Array.from(entries) });
      return address;
    },
    scalar: () => 0,
  });
  const functions = plan.kernels.map((kernel) => {
    const code = new FunctionCode([], []);
    emit(context(code), kernel, hostedLines);
    return module.add(code);
  });
  module.add(stepsFunction(plan, places, functions), "steps");
  for (const line of plan.program.instructions)
    if (line.definition.kind === "constant") segments.push({ address: places.addressOf(line), entries: entriesOf(line.definition.value) });
  return { bytes: module.bytes(), arena: places, memory: end, segments, hosted, hostedLines };
}

function placeIn<T>(list: T[], item: T): number {
  const known = list.indexOf(item);
  return known >= 0 ? known : list.push(item) - 1;
}

function emit(context: KernelContext, kernel: Kernel, hostedLines: Instruction[]): void {
  switch (kernel.kind) {
    case "elementwise":
      elementwise(context, kernel);
      return;
    case "matmul":
      matmul(context, kernel.line);
      return;
    case "sum":
      sum(context, kernel.line);
      return;
    case "copy":
      copy(context, kernel.line);
      return;
    case "lanes":
    case "host":
      context.code.i32(placeIn(hostedLines, kernel.line)).call(imports.length - 1);
  }
}

/** `steps(n)`: every kernel in order, then the results that must be copied home, n times. */
function stepsFunction(plan: Plan, places: Arena, functions: readonly number[]): FunctionCode {
  const code = new FunctionCode(["i32"], []);
  code.loop(() => {
    for (const f of functions) code.call(f);
    for (const { from, to, line } of places.copies)
      code.i32(to).i32(from).i32(roomFor(line, plan.precision) - 16).op("memory.copy"); // prettier-ignore
    code.get(0).i32(1).op("i32.sub").tee(0);
  });
  return code;
}

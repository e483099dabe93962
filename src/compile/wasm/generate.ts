/** A planned program as a WebAssembly module: one function for each kernel, and `steps`, which runs them all a number of times. */
import type { PointwisePrimitive } from "../../ops/primitive.ts";
import { arena, placesAtStart, type Arena } from "../arena.ts";
import { roomFor } from "../access.ts";
import type { Computation, ElementwiseKernel, Kernel, Plan } from "../kernel.ts";
import { plan } from "../plan.ts";
import type { Instruction } from "../program.ts";
import { packedBytes } from "./blocking.ts";
import type { KernelContext } from "./context.ts";
import { copy } from "./copy.ts";
import { FunctionCode } from "./function.ts";
import { matmul } from "./matmul.ts";
import { ModuleCode, type Import } from "./module.ts";
import { indexed } from "./indexed.ts";
import { lanes } from "./lane-kernels.ts";
import { LoopForms } from "./loop-forms.ts";
import { logarithmFunction } from "./lane-shares.ts";
import type { HostCalls, Precision } from "./lanes.ts";
import { Room } from "./room.ts";
import { straight } from "./straight.ts";
import { sum } from "./sum.ts";
import { mostStraightLines, tape } from "./tape.ts";

export interface Generated {
  /** A module that exports `steps(n, begin)`. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where `steps` gives whether a parameter has become NaN: the module that then does these steps again, with guards against 0 · ∞. */
  readonly careful: (() => Uint8Array<ArrayBuffer>) | undefined;
  readonly arena: Arena;
  /** What else lies in memory, and where memory ends. */
  readonly room: Room;
  /** Pointwise functions that the host computes, by place. */
  readonly hosted: readonly PointwisePrimitive[];
}

const imports: readonly Import[] = [
  { name: "unary", parameters: ["i32", "f64"], results: ["f64"] },
  { name: "binary", parameters: ["i32", "f64", "f64"], results: ["f64"] },
  { name: "ternary", parameters: ["i32", "f64", "f64", "f64"], results: ["f64"] },
];

/** Where memory begins to be used; address 0 stays empty. */
export const firstAddress = 64;

/** What happens around the kernels in each step of a run. */
export interface Loop {
  /** The line whose number is kept for every step, and where. */
  readonly loss?: { readonly line: Instruction; readonly address: number };
  /** The numbers of each step, copied from a table to where the lines read them. */
  readonly numbers?: { readonly table: number; readonly to: number; readonly bytes: number };
  /** The rows of each step's batch, gathered in the order of a list of 32-bit row numbers. */
  readonly rows?: { readonly order: number; readonly batch: number; readonly moves: readonly RowMove[] };
}

export interface RowMove {
  readonly from: number;
  readonly to: number;
  /** Bytes of one row. */
  readonly bytes: number;
}

export interface Placement {
  /** The first byte that is free. */
  readonly start?: number;
  /** Lines whose place in memory is already chosen, below `start`. */
  readonly fixed?: ReadonlyMap<Instruction, number>;
  readonly loop?: Loop;
  /** Inputs whose rows are a batch: small programs are then written as a straight line over it. */
  readonly batch?: readonly Instruction[];
}

/** In a straight line where the program is small enough; else as loops, which have to be planned. */
export function generate(computation: Computation, placement: Placement = {}): Generated {
  const { program, precision, assignments } = computation;
  return inStraightLine(computation, placement) ?? inLoops(plan(program, precision, assignments), placement);
}

function inStraightLine(
  computation: Computation,
  { start = firstAddress, fixed, loop = {}, batch = [] }: Placement,
): Generated | undefined {
  const places = placesAtStart(computation, start, fixed);
  const room = new Room(places.end);
  const hosted: PointwisePrimitive[] = [];
  const line = straight(computation, { batch, addressOf: places.addressOf, host: hostCalls(room, hosted), loop });
  if (line === undefined) return undefined;
  room.complete(computation.program.instructions, places.addressOf);
  return { bytes: alone(line.quick), careful: () => alone(line.careful()), arena: places, room, hosted };
}

/** A module with nothing but `steps`. */
function alone(steps: FunctionCode): Uint8Array<ArrayBuffer> {
  const module = new ModuleCode(imports);
  module.add(steps, "steps");
  return module.bytes();
}

function inLoops(plan: Plan, { start = firstAddress, fixed, loop = {} }: Placement): Generated {
  const module = new ModuleCode(imports);
  const places = arena(plan, start, fixed);
  const room = new Room(places.end);
  const hosted: PointwisePrimitive[] = [];
  const host = hostCalls(room, hosted);
  let logarithm: number | undefined;
  let strip: number | undefined;
  const context = (code: FunctionCode): KernelContext => ({
    code,
    precision: plan.precision,
    stored: plan.stored,
    reads: plan.reads,
    addressOf: places.addressOf,
    host,
    table: (entries) => room.table(Int32Array.from(entries)),
    room: (bytes) => room.zeros(bytes),
    packedStrip: () => (strip ??= room.zeros(packedBytes)),
    log1p: () => (logarithm ??= module.add(logarithmFunction(host))),
  });
  const forms = new LoopForms();
  const functions = plan.kernels.map((kernel) => {
    if (kernel.kind === "elementwise" && !isLong(kernel)) return module.add(forms.codeOf(kernel, context));
    const code = new FunctionCode([], []);
    emit(context(code), kernel);
    return module.add(code);
  });
  module.add(stepsFunction(plan, places, functions, loop), "steps");
  room.complete(plan.program.instructions, places.addressOf);
  return { bytes: module.bytes(), careful: undefined, arena: places, room, hosted };
}

const hostCalls = (room: Room, hosted: PointwisePrimitive[]): HostCalls => ({
  place: (primitive) => placeIn(hosted, primitive),
  caller: (arity) => arity - 1,
  constant: (key, bytes) => room.constant(key, bytes),
});

function placeIn<T>(list: T[], item: T): number {
  const known = list.indexOf(item);
  return known >= 0 ? known : list.push(item) - 1;
}

/** Whether a loop over one entry is too long to be written as it is: it is interpreted. */
const isLong = ({ size, lines }: ElementwiseKernel): boolean => size === 1 && lines.length > mostStraightLines;

/** The code of a kernel; of loops only the long ones come here, the others are placed by their form. */
function emit(context: KernelContext, kernel: Kernel): void {
  switch (kernel.kind) {
    case "elementwise":
      tape(context, kernel);
      return;
    case "matmul":
      matmul(context, kernel);
      return;
    case "sum":
      sum(context, kernel.line);
      return;
    case "copy":
      copy(context, kernel.line);
      return;
    case "lanes":
      lanes(context, kernel);
      return;
    case "indexed":
      indexed(context, kernel.line);
  }
}

/** `steps(n, begin)`: n times every kernel in order, then the results that must be copied home; batches begin at a place in the order. */
function stepsFunction(plan: Plan, places: Arena, functions: readonly number[], { loss, numbers, rows }: Loop): FunctionCode {
  const code = new FunctionCode(["i32", "i32"], []);
  const step = code.local("i32");
  code
    .i32(0)
    .set(step)
    .loop(() => {
      if (numbers) {
        const { table, to, bytes } = numbers;
        code.i32(to).get(step).i32(bytes).op("i32.mul").i32(table).op("i32.add").i32(bytes).op("memory.copy"); // prettier-ignore
      }
      if (rows) gather(code, rows);
      for (const f of functions) code.call(f);
      if (loss) keepLoss(code, plan.precision, step, places.addressOf(loss.line), loss.address);
      for (const { from, to, line } of places.copies)
      code.i32(to).i32(from).i32(roomFor(line, plan.precision) - 16).op("memory.copy"); // prettier-ignore
      code.get(step).i32(1).op("i32.add").tee(step).get(0).op("i32.ne"); // prettier-ignore
    });
  return code;
}

/** Losses are kept as doubles. */
function keepLoss(code: FunctionCode, precision: Precision, step: number, from: number, to: number): void {
  code.get(step).i32(3).op("i32.shl").i32(0); // prettier-ignore
  if (precision === "f64") code.memory("f64.load", from);
  else code.memory("f32.load", from).op("f64.promote_f32");
  code.memory("f64.store", to);
}

/** Copies the rows of the next batch side by side. */
function gather(code: FunctionCode, { order, batch, moves }: NonNullable<Loop["rows"]>): void {
  const [row, from] = [code.local("i32"), code.local("i32")];
  code.count(row, batch, 1, () => {
    code.get(1).i32(2).op("i32.shl").memory("i32.load", order).set(from); // prettier-ignore
    for (const { from: base, to, bytes } of moves) {
      code.get(row).i32(bytes).op("i32.mul").i32(to).op("i32.add"); // prettier-ignore
      code.get(from).i32(bytes).op("i32.mul").i32(base).op("i32.add").i32(bytes).op("memory.copy"); // prettier-ignore
    }
    code.get(1).i32(1).op("i32.add").set(1); // prettier-ignore
  });
}

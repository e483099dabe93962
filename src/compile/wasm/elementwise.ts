/** A shared loop: every line of it, a vector of entries at a time, without leaving the registers in between. */
import { sizeOf } from "../../array/shape.ts";
import type { ParametricName, PointwiseName } from "../../ops/vocabulary.ts";
import type { PointwisePrimitive } from "../../ops/primitive.ts";
import type { Access } from "../access.ts";
import type { ElementwiseKernel } from "../kernel.ts";
import { operandsOf, type Instruction } from "../program.ts";
import { splatOf, widthOf, type KernelContext } from "./context.ts";
import { FunctionCode, type Local } from "./function.ts";
import { Lanes, type Precision } from "./lanes.ts";
import { Totals } from "./totals.ts";
import { parametricCode, pointwiseCode, type PointwiseCode } from "./pointwise-code.ts";

/** Where a vector of entries lies: bytes from the beginning, in the row, and of the row's number, each a local and an offset. */
export interface Place {
  readonly linear: Local;
  readonly inRow: Local;
  readonly row: Local;
  readonly offset: number;
  readonly inRowOffset: number;
  readonly rowOffset: number;
}

export function elementwise(context: KernelContext, kernel: ElementwiseKernel): void {
  const { code } = context;
  const { lanes, bytes } = widthOf(context);
  const place = { linear: code.local("i32"), inRow: code.local("i32"), row: code.local("i32") };
  const m = new Lanes(code, context.precision, context.host);
  const length = kernel.inner ?? kernel.size;
  const vectors = Math.ceil(length / lanes);
  const unrolled = unrollingOf(vectors, kernel.lines.length);
  const totals = new Totals(context, kernel);
  const rounds = (): void => {
    for (let u = 0; u < unrolled; u++) {
      const results = body(context, m, kernel.lines, { ...place, offset: u * 16, inRowOffset: u * 16, rowOffset: 0 });
      totals.add(results, place.linear, u * 16);
    }
  };
  hoist(context, m, kernel, unrolled === vectors ? vectors : 0);
  if (kernel.inner === null) {
    code.count(place.linear, vectors * 16, unrolled * 16, rounds);
    totals.keep(m);
    return;
  }
  code.i32(0).set(place.linear);
  code.count(place.row, (kernel.size / length) * bytes, bytes, () => {
    code.count(place.inRow, vectors * 16, unrolled * 16, () => {
      rounds();
      code
        .get(place.linear)
        .i32(unrolled * 16)
        .op("i32.add")
        .set(place.linear);
    });
  });
  totals.keep(m);
}

/** Loads that every round would repeat are done before the loop: numbers, and a row that one round covers. */
function hoist(context: KernelContext, m: Lanes, kernel: ElementwiseKernel, rowVectors: number): void {
  for (const line of kernel.lines) {
    const { sources, accesses } = context.reads.of(line);
    for (let k = 0; k < sources.length; k++) {
      const [access, from] = [accesses[k]!, sources[k]!];
      if (access === "linear" || (access === "number" && from.definition.kind === "constant")) continue;
      const address = context.addressOf(from);
      if (access === "number") m.load(access, splatOf(context.precision), null, address);
      if (access === "row" && kernel.inner !== null)
        for (let u = 0; u < rowVectors; u++) m.load(access, "v128.load", null, address + u * 16);
    }
  }
}

/** How many vectors a round takes: all of a short row, else a few that divide it. */
function unrollingOf(vectors: number, lines: number): number {
  const most = Math.max(1, Math.floor(24 / lines));
  for (let n = Math.min(8, most, vectors); n > 1; n--) if (vectors % n === 0) return n;
  return 1;
}

/** Lines for one vector of entries; `results` begins with what a register holds already, and is stored with them. */
export function body(
  context: KernelContext,
  m: Lanes,
  lines: readonly Instruction[],
  place: Place,
  results = new Map<Instruction, Local>(),
): Map<Instruction, Local> {
  for (const line of lines) {
    const { sources, accesses } = context.reads.of(line);
    const operands: Local[] = [];
    for (let k = 0; k < sources.length; k++) operands.push(operandOf(context, m, accesses[k]!, sources[k]!, place, results));
    results.set(line, applied(m, line, operands));
  }
  // Stored last: a result may lie where one of the operands lay.
  for (const [line, result] of results)
    if (context.stored.has(line))
      context.code
        .get(place.linear)
        .get(result)
        .memory("v128.store", context.addressOf(line) + place.offset);
  return results;
}

/** What was loaded is known by its address: in one round nothing is stored between two loads. */
function operandOf(
  context: KernelContext,
  m: Lanes,
  access: Access,
  from: Instruction,
  place: Place,
  results: ReadonlyMap<Instruction, Local>,
): Local {
  const known = access === "linear" ? results.get(from) : undefined;
  if (known !== undefined) return known;
  const number = numberIn(from);
  if (number !== undefined) return m.constant(number);
  const address = context.addressOf(from);
  switch (access) {
    case "number":
      return m.load(access, splatOf(context.precision), null, address);
    case "row":
      return m.load(access, "v128.load", place.inRow, address + place.inRowOffset);
    case "column":
      return m.load(access, splatOf(context.precision), place.row, address + place.rowOffset);
    case "linear":
      return m.load(access, "v128.load", place.linear, address + place.offset);
  }
}

/** The number that a constant of one entry is; such are part of the code. */
export function numberIn({ definition, shape }: Instruction): number | undefined {
  if (definition.kind !== "constant" || sizeOf(shape) !== 1) return undefined;
  return typeof definition.value === "number" ? definition.value : definition.value.values[0]!;
}

/** The code of one line on the operands' vectors. */
export function applied(m: Lanes, { definition }: Instruction, operands: readonly Local[]): Local {
  if (definition.kind !== "apply") throw new Error("compile: only a function can be applied");
  const { primitive } = definition;
  if (primitive.kind === "pointwise") return emissionOf(m, primitive, operands);
  switch (primitive.name) {
    case "sumOf":
      return operands.slice(1).reduce((total, x) => m.do("add", total, x), operands[0]!);
    case "dot": {
      const n = operands.length / 2;
      const products = operands.slice(0, n).map((w, i) => m.do("mul", w, operands[i + n]));
      return products.reduce((total, x) => m.do("add", total, x), m.constant(0));
    }
    default:
      throw new Error(`compile: ${primitive.name} is not computed entry by entry`);
  }
}

/** Bytes of code that some lines take for one vector; what the host computes is never short. */
export function lengthOf(lines: readonly Instruction[], precision: Precision): number {
  const code = new FunctionCode([], []);
  const m = new Lanes(code, precision, { place: () => 0, caller: () => 0, constant: () => 0 });
  for (const line of lines) {
    const { definition } = line;
    if (definition.kind === "apply" && definition.primitive.kind === "pointwise" && codeOf(definition.primitive) === "host")
      return Infinity;
    applied(m, line, operandsOf(line).map(() => code.local("v128"))); // prettier-ignore
  }
  return code.size;
}

/** The code of a pointwise function; where it has none, the host's. */
export function emissionOf(m: Lanes, primitive: PointwisePrimitive, operands: readonly Local[]): Local {
  const emission = codeOf(primitive);
  return emission === "host" ? m.hosted(primitive, operands) : emission(m, ...operands);
}

function codeOf({ name, options, isCustom }: PointwisePrimitive): PointwiseCode {
  if (isCustom) return "host";
  if (options) return parametricCode[name as ParametricName](options as never);
  return pointwiseCode[name as PointwiseName];
}

/**
 * An interpreter in WebAssembly for graphs of numbers that have no regular shape. The operations lie on a tape, those of one function
 * next to one another as far as their operands allow, so that a run of them is a short loop and not a guess of the processor
 * what comes next.
 */
import { pointwisePrimitives, type PointwisePrimitive } from "../../ops/primitive.ts";
import { rootOf, type ElementwiseKernel } from "../plan.ts";
import { operandsOf, type Instruction } from "../program.ts";
import { splatOf, widthOf, type KernelContext } from "./context.ts";
import { emissionOf } from "./elementwise.ts";
import type { Local } from "./function.ts";
import { Lanes } from "./lanes.ts";

/** More lines than this are interpreted; as straight code they would take V8 too long. */
export const mostStraightLines = 2000;

/** An operand: the place of an operation, or of what lies in memory before, the address. */
type Operand = { readonly operation: number } | { readonly address: number };

interface Operation {
  readonly primitive: PointwisePrimitive;
  readonly operands: readonly Operand[];
  /** Where the result goes; undefined for a cell of the tape's own. */
  readonly to?: number;
}

/** Words of one entry: the address of the result and of at most three operands. */
const entryWords = 4;

export function tape(context: KernelContext, { lines }: ElementwiseKernel): void {
  const operations = operationsOf(context, lines);
  const { bytes } = widthOf(context);
  const cells = context.table(new Array<number>(Math.ceil((operations.length * bytes) / 4) + 4).fill(0));
  const addressOf = (operand: Operand): number => ("address" in operand ? operand.address : cells + operand.operation * bytes);
  const primitives = [...new Set(operations.map(({ primitive }) => primitive))];
  const entries: number[] = [];
  const runs: number[] = [];
  for (const run of runsOf(operations)) {
    runs.push(primitives.indexOf(operations[run[0]!]!.primitive), run.length);
    for (const place of run) {
      const { operands, to } = operations[place]!;
      const words = [to ?? cells + place * bytes, ...operands.map(addressOf)];
      for (let k = 0; k < entryWords; k++) entries.push(words[k] ?? 0);
    }
  }
  interpreter(context, primitives, context.table(entries), context.table(runs), runs.length / 2);
}

/** Lines as operations of at most three operands; a sum of many becomes a chain of additions. */
function operationsOf(context: KernelContext, lines: readonly Instruction[]): Operation[] {
  const operations: Operation[] = [];
  const placeOf = new Map<Instruction, number>();
  const { add, mul, identity } = pointwisePrimitives;
  const push = (primitive: PointwisePrimitive, operands: readonly Operand[]): Operand => ({
    operation: operations.push({ primitive, operands }) - 1,
  });
  for (const line of lines) {
    const operands = operandsOf(line).map((x): Operand => {
      const operation = placeOf.get(rootOf(x));
      return operation === undefined ? { address: context.addressOf(x) } : { operation };
    });
    const result = append(line, operands, push, { add, mul, identity });
    placeOf.set(line, (result as { operation: number }).operation);
    if (context.stored.has(line)) operations.push({ primitive: identity, operands: [result], to: context.addressOf(line) });
  }
  return operations;
}

type Push = (primitive: PointwisePrimitive, operands: readonly Operand[]) => Operand;

function append(
  { definition }: Instruction,
  operands: readonly Operand[],
  push: Push,
  { add, mul, identity }: Record<"add" | "mul" | "identity", PointwisePrimitive>,
): Operand {
  if (definition.kind !== "apply") throw new Error("compile: only a function can be on a tape");
  const { primitive } = definition;
  if (primitive.kind === "pointwise") return push(primitive, operands);
  const half = operands.length / 2;
  const terms = primitive.name === "dot" ? operands.slice(0, half).map((w, i) => push(mul, [w, operands[half + i]!])) : operands;
  return terms.length === 1 ? push(identity, terms) : terms.slice(1).reduce((sum, x) => push(add, [sum, x]), terms[0]!);
}

/** Operations in an order that their operands allow, those of one function together: always the function of which most are ready. */
function runsOf(operations: readonly Operation[]): number[][] {
  const waiting = new Int32Array(operations.length);
  const users = operations.map(() => [] as number[]);
  for (const [place, { operands }] of operations.entries())
    for (const operand of operands)
      if ("operation" in operand) {
        waiting[place]!++;
        users[operand.operation]!.push(place);
      }
  const ready = new Map<PointwisePrimitive, number[]>();
  const add = (place: number): void => {
    const { primitive } = operations[place]!;
    const list = ready.get(primitive);
    if (list) list.push(place);
    else ready.set(primitive, [place]);
  };
  for (const place of operations.keys()) if (waiting[place] === 0) add(place);
  const runs: number[][] = [];
  for (;;) {
    let longest: number[] = [];
    for (const list of ready.values()) if (list.length > longest.length) longest = list;
    if (longest.length === 0) return runs;
    // What becomes ready while the run goes on, of the same function, joins its end.
    for (const place of longest)
      for (const user of users[place]!) {
        waiting[user]! -= 1;
        if (waiting[user] === 0) add(user);
      }
    runs.push(longest.splice(0));
  }
}

/** A loop over runs; in each, a loop over the entries with the code of the run's function. */
function interpreter(
  context: KernelContext,
  primitives: readonly PointwisePrimitive[],
  tapeAt: number,
  runsAt: number,
  runs: number,
): void {
  const { code } = context;
  const [at, end, run] = [code.local("i32"), code.local("i32"), code.local("i32")];
  code.i32(tapeAt).set(at).i32(runsAt).set(run);
  code.loop(() => {
    code.get(run).memory("i32.load", 4).i32(entryWords * 4).op("i32.mul").get(at).op("i32.add").set(end); // prettier-ignore
    code.cases(
      primitives.length,
      () => code.get(run).memory("i32.load", 0),
      (k) => {
        code.loop(() => {
          entry(context, primitives[k]!, at);
          code.get(at).i32(entryWords * 4).op("i32.add").tee(at).get(end).op("i32.ne"); // prettier-ignore
        });
      },
    );
    code.get(run).i32(8).op("i32.add").tee(run).i32(runsAt + runs * 8).op("i32.ne"); // prettier-ignore
  });
}

function entry(context: KernelContext, primitive: PointwisePrimitive, at: Local): void {
  const { code, precision, host } = context;
  const m = new Lanes(code, precision, host);
  const operands = Array.from(
    { length: primitive.row.partials.length },
    (_, k) =>
    m.once(`operand ${k}`, () => code.get(at).memory("i32.load", 4 * (k + 1)).memory(splatOf(precision), 0)), // prettier-ignore
  );
  const result = emissionOf(m, primitive, operands);
  code.get(at).memory("i32.load", 0).get(result).storeLane(precision, 0, 0); // prettier-ignore
}

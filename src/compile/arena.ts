/**
 * Where every array lies. Inputs, constants and results keep their place; what a step computes on the way takes room in an arena
 * that is planned beforehand, and gives it back after its last reader. Nothing is allocated while a step runs.
 */
import { numbersOf, type Instruction } from "./program.ts";
import { roomFor, rootOf } from "./access.ts";
import { linesOf, type Computation, type Kernel, type Plan } from "./kernel.ts";
import type { Reads } from "./reads.ts";
import { isInBlocks } from "./wasm/blocking.ts";

export interface Arena {
  /** The address of a line's entries; of a reshape, those of what it reshapes. */
  addressOf(line: Instruction): number;
  /** The first byte that is free. */
  readonly end: number;
  /** Results that could not be computed in the place of their input and are copied there when the step ends. */
  readonly copies: readonly { from: number; to: number; line: Instruction }[];
}

interface Block {
  readonly address: number;
  readonly bytes: number;
}

/** The lines that a kernel writes. */
function writesOf(kernel: Kernel, { stored, precision }: Plan): readonly Instruction[] {
  if (kernel.kind === "elementwise") return [...kernel.lines.filter((line) => stored.has(line)), ...kernel.totals];
  if (kernel.kind !== "matmul") return linesOf(kernel);
  return linesOf(kernel).filter((line) => stored.has(line) || (line === kernel.line && isInBlocks(line, precision)));
}

/** Inputs and constants from `start` on; `fixed` gives lines whose address somebody else has chosen. */
export function placesAtStart(
  { program, precision }: Computation,
  start: number,
  fixed: ReadonlyMap<Instruction, number> = new Map(),
): Arena & { readonly addresses: Map<Instruction, number> } {
  const addresses = new Map(fixed);
  let end = start;
  for (const line of program.instructions) {
    if (line.definition.kind === "apply" || addresses.has(line)) continue;
    addresses.set(line, end);
    end += roomFor(line, precision);
  }
  return { addresses, addressOf: (line) => addressIn(addresses, line), end, copies: [] };
}

/** Plans the memory of everything. */
export function arena(plan: Plan, start: number, fixed?: ReadonlyMap<Instruction, number>): Arena {
  const { program, kernels, precision } = plan;
  const places = placesAtStart(plan, start, fixed);
  const { addresses, addressOf } = places;
  let { end } = places;
  const reserve = (line: Instruction): number => {
    const address = end;
    end += roomFor(line, precision);
    return address;
  };
  const lastRead = lastReads(plan);
  const copies = assignInPlace(plan, addresses, lastRead, reserve);
  for (const line of program.outputs.map(rootOf)) if (!addresses.has(line)) addresses.set(line, reserve(line));
  const free: Block[] = [];
  const leaving = kernels.map((): Instruction[] => []);
  for (const [at, kernel] of kernels.entries()) {
    for (const line of writesOf(kernel, plan)) {
      if (addresses.has(line)) continue;
      const bytes = roomFor(line, precision);
      const fit = free.findIndex((block) => block.bytes >= bytes);
      const block = fit < 0 ? { address: reserve(line), bytes } : free.splice(fit, 1)[0]!;
      addresses.set(line, block.address);
      if (block.bytes > bytes) free.push({ address: block.address + bytes, bytes: block.bytes - bytes });
      leaving[Math.max(lastRead[line.index]!, at)]!.push(line);
    }
    for (const line of leaving[at]!) free.push({ address: addresses.get(line)!, bytes: roomFor(line, precision) });
  }
  return { addressOf, end, copies };
}

function addressIn(addresses: ReadonlyMap<Instruction, number>, line: Instruction): number {
  const address = addresses.get(rootOf(line));
  if (address === undefined) throw new Error(`compile: line ${line.index} has no place in memory`);
  return address;
}

/** By a line's index: the last kernel that reads it; −1 where none does. What comes out, be it a weight as it was, is read after all. */
function lastReads({ program, kernels, reads }: Plan): Int32Array {
  const last = numbersOf(program, -1);
  for (const [at, kernel] of kernels.entries())
    for (const line of linesOf(kernel)) for (const { index } of reads.sourcesOf(line)) last[index] = at;
  for (const output of program.outputs) last[rootOf(output).index] = kernels.length;
  return last;
}

/** The lines that a kernel computes entry by entry. */
function entrywiseLines(kernel: Kernel): readonly Instruction[] {
  if (kernel.kind === "elementwise") return kernel.lines;
  return kernel.kind === "matmul" ? kernel.epilogue : [];
}

/** Whether a product reads an input as a whole while it runs. */
const isFactorOf = (kernel: Kernel, input: Instruction, reads: Reads): boolean =>
  kernel.kind === "matmul" && reads.sourcesOf(kernel.line).includes(input);

/** A result takes the place of its input where nothing reads the old entries later; elsewhere it is copied at the end. */
function assignInPlace(
  { kernels, assignments, reads }: Plan,
  addresses: Map<Instruction, number>,
  lastRead: Int32Array,
  reserve: (line: Instruction) => number,
): Arena["copies"] {
  const assigned = new Set(assignments.map(({ line }) => rootOf(line)));
  const madeAt = new Map<Instruction, number>();
  for (const [at, kernel] of kernels.entries()) for (const line of entrywiseLines(kernel)) if (assigned.has(line)) madeAt.set(line, at);
  const copies: { from: number; to: number; line: Instruction }[] = [];
  // What another input takes over as it was, the weights before this step, outlives the kernels and is put aside before all copies.
  const aside: typeof copies = [];
  for (const { input, line } of assignments) {
    const root = rootOf(line);
    const to = addresses.get(input)!;
    const at = madeAt.get(root);
    if (root.definition.kind === "input") {
      const between = reserve(root);
      aside.push({ from: addresses.get(root)!, to: between, line: root });
      copies.push({ from: between, to, line: root });
      continue;
    }
    // In its own loop every entry is read before it is written: the loop has as many entries as the input.
    const isFree =
      at !== undefined &&
      !assigned.has(input) &&
      !addresses.has(root) &&
      lastRead[input.index]! <= at &&
      !isFactorOf(kernels[at]!, input, reads);
    if (isFree) addresses.set(root, to);
    else {
      if (!addresses.has(root)) addresses.set(root, reserve(root));
      copies.push({ from: addresses.get(root)!, to, line: root });
    }
  }
  return [...aside, ...copies];
}

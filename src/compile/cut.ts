/**
 * A long loop cut into short ones. V8 compiles a short body well and a body of a thousand lines badly, and a loop has registers
 * for a few sums only; what one short loop computes for another goes through memory, which lies in the cache.
 */
import { rootOf } from "./access.ts";
import type { ElementwiseKernel } from "./kernel.ts";
import { operandsOf, type Instruction } from "./program.ts";
import type { Reads } from "./reads.ts";

/** The most lines, and the most sums, of one loop. */
const [mostLines, mostTotals] = [32, 8];

/** Itself where it is short. Loops over one entry are left whole: a long one is interpreted. */
export function cut(kernel: ElementwiseKernel, reads: Reads): ElementwiseKernel[] {
  if (kernel.size === 1 || (kernel.lines.length <= mostLines && kernel.totals.length <= mostTotals)) return [kernel];
  const totalsOf = new Map<Instruction, Instruction[]>();
  for (const total of kernel.totals) {
    const summed = rootOf(operandsOf(total)[0]!);
    totalsOf.set(summed, [...(totalsOf.get(summed) ?? []), total]);
  }
  const pieces: ElementwiseKernel[] = [];
  for (const expression of expressions(kernel, reads)) {
    const totals = expression.flatMap((line) => totalsOf.get(line) ?? []);
    const last = pieces.at(-1);
    if (last && last.lines.length + expression.length <= mostLines && last.totals.length + totals.length <= mostTotals) {
      last.lines.push(...expression);
      last.totals.push(...totals);
    } else pieces.push(...parts(kernel, expression, totalsOf));
  }
  return pieces;
}

/** A loop of its own for an expression; several where it is very long. */
function parts(
  kernel: ElementwiseKernel,
  expression: readonly Instruction[],
  totalsOf: ReadonlyMap<Instruction, Instruction[]>,
): ElementwiseKernel[] {
  return Array.from({ length: Math.ceil(expression.length / mostLines) }, (_, i) => {
    const lines = expression.slice(i * mostLines, (i + 1) * mostLines);
    return { ...kernel, lines, totals: lines.flatMap((line) => totalsOf.get(line) ?? []) };
  });
}

/**
 * Lines that several want, or nobody in this loop, each with all that is computed for it alone; in an order in which each finds
 * what it reads.
 */
function expressions({ lines }: ElementwiseKernel, reads: Reads): Instruction[][] {
  const users = new Map<Instruction, Set<Instruction>>(lines.map((line) => [line, new Set()]));
  for (const line of lines) for (const from of reads.sourcesOf(line)) users.get(from)?.add(line);
  const found = new Map<Instruction, Instruction[]>();
  for (const line of lines.toReversed()) {
    const [user, other] = users.get(line)!;
    const expression = (other ? undefined : user && found.get(user)) ?? [];
    expression.push(line);
    found.set(line, expression);
  }
  const all = [...new Set(found.values())].map((expression) => expression.reverse());
  return all.sort((a, b) => a.at(-1)!.index - b.at(-1)!.index);
}

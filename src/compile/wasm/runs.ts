/** Operations in an order that their operands allow, those of one function together: always the function of which most are ready. */
import type { Operations } from "./operations.ts";

export interface Run {
  /** The function's place among those that occur. */
  readonly primitive: number;
  readonly places: readonly number[];
}

export function runsOf(operations: Operations): Run[] {
  const { count, functions } = operations;
  const waiting = waitingFor(operations);
  const { first, users } = usersOf(operations);
  const ready = operations.primitives.map((): number[] => []);
  for (let place = 0; place < count; place++) if (waiting[place] === 0) ready[functions[place]!]!.push(place);
  const runs: Run[] = [];
  for (;;) {
    const primitive = ready.reduce((longest, places, k) => (places.length > ready[longest]!.length ? k : longest), 0);
    const places = ready[primitive]!;
    if (places.length === 0) return runs;
    // What becomes ready while the run goes on, of the same function, joins its end.
    for (const place of places)
      for (let k = first[place]!; k < first[place + 1]!; k++) {
        const user = users[k]!;
        waiting[user]! -= 1;
        if (waiting[user] === 0) ready[functions[user]!]!.push(user);
      }
    ready[primitive] = [];
    runs.push({ primitive, places });
  }
}

/** How many operands of each operation are results of others. */
function waitingFor({ count, operands, first }: Operations): Int32Array {
  const waiting = new Int32Array(count);
  for (let place = 0; place < count; place++)
    for (let k = first[place]!; k < first[place + 1]!; k++) if (operands[k]! < 0) waiting[place]! += 1;
  return waiting;
}

/** Who reads each operation: `users` from `first[k]` on, those of the next from where they end. */
function usersOf({ count, operands, first: begins }: Operations): { first: Int32Array; users: Int32Array } {
  const first = new Int32Array(count + 1);
  for (const operand of operands) if (operand < 0) first[~operand + 1]! += 1;
  for (let place = 0; place < count; place++) first[place + 1]! += first[place]!;
  const users = new Int32Array(first[count]!);
  const next = first.slice();
  for (let place = 0; place < count; place++)
    for (let k = begins[place]!; k < begins[place + 1]!; k++) {
      const used = ~operands[k]!;
      if (used >= 0) {
        users[next[used]!] = place;
        next[used]! += 1;
      }
    }
  return { first, users };
}

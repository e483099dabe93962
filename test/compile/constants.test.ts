/** Constants of compiled code: in memory while it grows, in the code itself where they come later. */
import { expect, test } from "vitest";
import { FunctionCode } from "../../src/compile/wasm/function.ts";
import { Lanes } from "../../src/compile/wasm/lanes.ts";
import { ModuleCode } from "../../src/compile/wasm/module.ts";
import { Room } from "../../src/compile/wasm/room.ts";

/** What a function leaves in memory that adds two constants, of which the room has been asked for as many as stated before it was complete. */
function added(numbers: readonly [number, number], inMemory: number): number {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const room = new Room(64);
  const host = { place: () => 0, caller: () => 0, constant: (key: string, bytes: () => readonly number[]) => room.constant(key, bytes) };
  const early = new Lanes(new FunctionCode([], []), "f64", host);
  for (const x of numbers.slice(0, inMemory)) early.constant(x);
  room.complete([], () => 0);
  const code = new FunctionCode([], []);
  const m = new Lanes(code, "f64", host);
  const sum = m.do("add", m.constant(numbers[0]), m.constant(numbers[1]));
  code.i32(0).get(sum).memory("v128.store", 16);
  const module = new ModuleCode([]);
  module.add(code, "run");
  expect(room.segments.length).toBe(inMemory);
  for (const { address, entries } of room.segments) new Int32Array(memory.buffer).set(entries, address / 4);
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), { host: { memory } }).exports;
  (run as () => void)();
  const [low, high] = new Float64Array(memory.buffer, 16, 2);
  expect(high).toBe(low);
  return low!;
}

test.each([0, 1, 2])("are the same with %i of two in memory", (inMemory) => {
  expect(added([1.5, -1e300], inMemory)).toBe(1.5 - 1e300);
  expect(added([3, 0.25], inMemory)).toBe(3.25);
});

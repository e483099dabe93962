/** Loops of one form share their code; what differs in anything but its place in memory does not. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { arena } from "../../src/compile/arena.ts";
import { plan } from "../../src/compile/plan.ts";
import { forwardProgram, tracedFunction } from "../../src/compile/trace.ts";
import type { KernelContext } from "../../src/compile/wasm/context.ts";
import { elementwise } from "../../src/compile/wasm/elementwise.ts";
import { addressUnit, FunctionCode } from "../../src/compile/wasm/function.ts";
import { LoopForms } from "../../src/compile/wasm/loop-forms.ts";
import { numpyRandom, value, type Value } from "../../src/index.ts";
import { expectAgreement } from "./agreement.ts";

const drawn = (seed: number, n: number): number[] => {
  const random = numpyRandom(seed);
  return Array.from({ length: n }, () => random.normal());
};

/** What a loop does with the array x, two other arrays and a number s: what others read of it, and the array whose mean they read. */
type Body = (x: Value, w: Value, u: Value, s: Value) => readonly [read: Value, averaged: Value];

const one =
  (f: (...operands: Parameters<Body>) => Value): Body =>
  (...operands) => {
    const y = f(...operands).tanh();
    return [y, y];
  };
/** Two lines that a third reads, in one order whatever is read of them. */
const three =
  (f: (p: Value, q: Value, y: Value) => readonly [Value, Value], g = (p: Value, q: Value) => p.mul(q).add(q)): Body =>
  (x, w, _, s) => {
    const p = x.mul(w).add(s).tanh();
    const q = p.sub(w).tanh();
    return f(p, q, g(p, q));
  };

/** Bodies side by side differ in a single thing. */
const families: readonly (readonly Body[])[] = [
  [one((x, w, _, s) => x.mul(w).add(s)), one((x, _, __, s) => x.mul(x).add(s)), one((x, w, _, s) => x.mul(s).add(w)), one((x, w, _, s) => w.mul(x).add(s))],
  [one((x, w, u) => x.add(w).mul(w).add(u)), one((x, w, u) => x.add(w).mul(u).add(u)), one((x, w, u) => x.add(u).mul(w).add(w))],
  [one((x, w, _, s) => x.sub(w).mul(s)), one((x, w, _, s) => w.sub(x).mul(s)), one((x, w, _, s) => x.sub(s).mul(w)), one((x, w, _, s) => s.sub(x).mul(w))],
  [one((x) => x.add(0.5)), one((x) => x.add(0.25)), one((x) => x.sub(0.5))],
  [one((x) => x.abs().mul(0).reciprocal()), one((x) => x.abs().mul(-0).reciprocal())],
  [one((x, w) => x.mul(w.sum({ axis: 0 }))), one((x, w) => x.mul(w.sum({ axis: 1, keepdims: true }))), one((x, w) => x.mul(w.at(0, 1))), one((x, w) => x.reshape([6, 4]).mul(w.sum({ axis: 1 })).reshape([4, 6]))],
  [one((x) => x.clip({ min: -1, max: 0.1 })), one((x) => x.clip({ min: -1, max: 0.2 }))],
  [three((p, _, y) => [y, p]), three((_, q, y) => [y, q])],
  [three((p, _, y) => [p, y]), three((_, q, y) => [q, y])],
  [three((_, __, y) => [y, y]), three((_, __, y) => [y, y], (p, q) => p.mul(q).add(p)), three((_, __, y) => [y, y], (p, q) => p.add(q).mul(q))],
]; // prettier-ignore

/** One loop for each, for the number that the next one reads is the mean of what the last has computed. */
function chain([x, w, u]: readonly Value[], bodies: readonly Body[]): Value {
  let [read, total] = [x!, x!.mean()];
  for (const body of bodies) {
    const [next, averaged] = body(read.add(total), w!, u!, total);
    [read, total] = [next, averaged.mean()];
  }
  return read.square().sum().add(total);
}

const inputs = [10, 20, 30].map((seed) => [0, 1, 2, 3].map((i) => drawn(seed + i, 6)));

const picks = fc.constantFrom(...families).chain((family) => fc.array(fc.constantFrom(...family), { minLength: 3, maxLength: 8 }));

test("loops that resemble one another compute what each of them says", () => {
  fc.assert(
    fc.property(picks, (picked) => {
      expectAgreement((...xs) => chain(xs, picked), inputs, 1);
    }),
    { numRuns: 30, seed: 5 },
  );
});

test("a loop that is placed has the very bytes of one that is written where it lies", () => {
  let placed = 0;
  fc.assert(
    fc.property(picks, fc.constantFrom("f64" as const, "f32" as const), (picked, precision) => {
      const f = (...xs: Value[]): Value => chain(xs, picked);
      const planned = plan(forwardProgram(tracedFunction("compile", f, inputs.map((x) => value(x)))), precision); // prettier-ignore
      const { addressOf } = arena(planned, 64);
      const contextOf = (code: FunctionCode): KernelContext => ({
        ...planned,
        code,
        addressOf,
        host: { place: ({ name }) => name.length, caller: (arity) => arity - 1, constant: () => undefined },
        table: () => 0,
        room: () => 0,
        packedStrip: () => 0,
        log1p: () => 0,
      });
      const forms = new LoopForms();
      for (const kernel of planned.kernels) {
        if (kernel.kind !== "elementwise") continue;
        const written = new FunctionCode([], []);
        elementwise(contextOf(written), kernel);
        expect(forms.codeOf(kernel, contextOf).encoded()).toEqual(written.encoded());
        placed++;
      }
    }),
    { numRuns: 100, seed: 6 },
  );
  expect(placed).toBeGreaterThan(200);
});

test("every load and store is placed, that of a single lane too", () => {
  const at = (address: number): FunctionCode => {
    const code = new FunctionCode([], []);
    const x = code.local("v128");
    code.i32(0).memory("v128.load", address).set(x);
    return code
      .i32(0)
      .get(x)
      .storeLane("f64", address + 8, 1);
  };
  expect(at(addressUnit).placed([64, 70_000]).encoded()).toEqual(at(70_000).encoded());
});

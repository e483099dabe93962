/** Compiled and eager results agree to 1e-13, relative to the largest entry of what is compared. */
import { expect } from "vitest";
import { entriesOf, type Tensor } from "../../src/array/ndarray.ts";
import { compile } from "../../src/compile/compile.ts";
import { gradient, value, type Value } from "../../src/index.ts";

export const tolerance = 1e-13;

/** The largest difference of two tensors, relative to the largest finite entry; entries that are not finite must be the same. */
export function difference(a: Tensor, b: Tensor, leastScale = 0): number {
  const [p, q] = [entriesOf(a), entriesOf(b)];
  if (p.length !== q.length) return Infinity;
  const scale = Math.max(leastScale, ...q.filter(Number.isFinite).map(Math.abs));
  let worst = 0;
  for (const [i, x] of p.entries()) {
    if (Object.is(x, q[i]) || x === q[i]) continue;
    worst = Math.max(worst, Number.isFinite(x) && Number.isFinite(q[i]) ? Math.abs(x - q[i]!) / scale : Infinity);
  }
  return worst;
}

export type Data = number | number[] | number[][];

/** f and all its gradients, compiled and eager. */
export function expectAgreement(f: (...inputs: Value[]) => Value, data: readonly Data[], leastScale = 0): void {
  const inputs = data.map((x) => value(x as number));
  const eager = f(...inputs);
  const compiled = compile(f, data);
  expect(compiled.note).toBeNull();
  expect(difference(compiled.value(...data), eager.payload, leastScale), "value").toBeLessThanOrEqual(tolerance);
  if (eager.shape.length > 0) return;
  // A second call must not find what the first one left in memory.
  compiled.valueAndGrad(...data);
  const [y, gradients] = compiled.valueAndGrad(...data);
  expect(difference(y, eager.payload, leastScale), "value with gradients").toBeLessThanOrEqual(tolerance);
  for (const [i, g] of gradient(eager, inputs).entries())
    expect(difference(gradients[i]!, g.payload, leastScale), `gradient of input ${i}`).toBeLessThanOrEqual(tolerance);
}

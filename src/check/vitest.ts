/**
 * Matchers for vitest, whose failure message is the report: `import "cadena/vitest"` once, in a test or in a setup file.
 *
 * @packageDocumentation
 */
import { expect } from "vitest";
import { entriesOf, shapeOf, toTensor } from "../array/ndarray.ts";
import { formatShape, indexOf, isSameShape } from "../array/shape.ts";
import type { TensorLike } from "../graph/lift.ts";
import { Value } from "../graph/value.ts";
import { checkGradients } from "./check-gradients.ts";
import { compareGradients, type CompareOptions } from "./compare-gradients.ts";
import type { HandGradients } from "./hand.ts";

/** How far entries may be apart: |a − b| ≤ absolute + relative·max(|a|, |b|). */
export interface Closeness {
  /** 1e-9 where none is given. */
  readonly relative?: number;
  /** 0 where none is given. */
  readonly absolute?: number;
}

/** What `expect(…)` can do once this module is imported. */
export interface GradientMatchers<R = unknown> {
  /** That the gradient of a function agrees with numeric derivatives at these arguments; see `checkGradients`. */
  toHaveCorrectGradients: (at: readonly (TensorLike | Value)[]) => R;
  /** That hand-derived gradients agree with those of this loss; see `compareGradients`. */
  toMatchHandDerived: (mine: HandGradients, options?: CompareOptions) => R;
  /** That a tensor has the same shape and nearly the same entries. */
  toBeCloseToTensor: (expected: TensorLike | Value, closeness?: Closeness) => R;
}

interface Outcome {
  readonly pass: boolean;
  readonly message: () => string;
}

function toHaveCorrectGradients(f: unknown, at: readonly (TensorLike | Value)[]): Outcome {
  if (typeof f !== "function") throw new TypeError("toHaveCorrectGradients: expect(…) takes a function of values, as (x, w) => …");
  const report = checkGradients(f as (...values: Value[]) => Value, at);
  return { pass: report.passed, message: () => report.toText() };
}

function toMatchHandDerived(loss: unknown, mine: HandGradients, options?: CompareOptions): Outcome {
  if (!(loss instanceof Value)) throw new TypeError("toMatchHandDerived: expect(…) takes the loss, a value");
  const report = compareGradients(loss as Value, mine, options);
  return { pass: report.passed, message: () => report.toText() };
}

function toBeCloseToTensor(received: unknown, expected: TensorLike | Value, closeness: Closeness = {}): Outcome {
  const [a, b] = [tensorOf(received), tensorOf(expected)];
  if (!isSameShape(shapeOf(a), shapeOf(b)))
    return { pass: false, message: () => `shapes differ: ${formatShape(shapeOf(a))}, expected ${formatShape(shapeOf(b))}` };
  const [p, q] = [entriesOf(a), entriesOf(b)];
  const far = [...p.keys()].filter((i) => !isNear(p[i]!, q[i]!, closeness));
  const lines = far.slice(0, 10).map((i) => `  [${indexOf(i, shapeOf(a)).join(", ")}]: ${p[i]!}, expected ${q[i]!}`);
  const message = () =>
    far.length === 0 ? "all entries are close" : [`${far.length} of ${p.length} entries are apart:`, ...lines].join("\n");
  return { pass: far.length === 0, message };
}

const tensorOf = (x: unknown) => (x instanceof Value ? (x as Value).data : toTensor("toBeCloseToTensor", x));

const isNear = (a: number, b: number, { relative = 1e-9, absolute = 0 }: Closeness): boolean =>
  Object.is(a, b) || a === b || Math.abs(a - b) <= absolute + relative * Math.max(Math.abs(a), Math.abs(b));

expect.extend({ toHaveCorrectGradients, toMatchHandDerived, toBeCloseToTensor });

declare module "vitest" {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any, @typescript-eslint/no-empty-object-type -- as vitest declares it
  interface Matchers<T = any> extends GradientMatchers<T> {}
}

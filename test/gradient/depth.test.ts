/** Nothing recurses over the graph and nothing spreads a list of data size: depth and width are limited by memory alone. */
import { expect, test } from "vitest";
import { gradient, sumOf, trace, value, type Value } from "../../src/index.ts";

const million = 1_000_000;

test("a chain of a million nodes goes forward and backward", () => {
  const x = value(1.5, "x");
  let y: Value<number> = x;
  for (let k = 0; k < million / 2; k++) y = y.add(x).mul(0.5);
  y.backward();
  // yₙ = (yₙ₋₁ + x)/2 from y₀ = x: y stays x, so ∂y/∂x = 1, as a sum of half a million halves of halves.
  expect([y.data, x.grad]).toEqual([1.5, 1]);
  expect(String(y)).toBe("Value(1.5)");
});

test("a sum of a million leaves gives each the gradient 1", () => {
  const leaves = Array.from({ length: million }, () => value(2));
  const total = sumOf(leaves);
  total.backward();
  expect(total.data).toBe(2 * million);
  expect(leaves.every((leaf) => leaf.grad === 1)).toBe(true);
});

test("gradients of gradients and traces go as deep", () => {
  const x = value(1, "x");
  let y: Value<number> = x;
  for (let k = 0; k < 100_000; k++) y = y.mul(1);
  const [dx] = gradient(y.square(), [x]);
  expect(gradient(dx, [x])[0].data).toBe(2);
  expect(trace(y).steps).toHaveLength(100_000);
});

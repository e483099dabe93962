/** Numbers of reductions where the plain formula loses them: long sums, lanes that overflow, products that leave the range on the way back. */
import { describe, expect, test } from "vitest";
import { add, concat, dot, full, gradient, matmul, mean, prod, sumOf, value } from "../../src/index.ts";

const unitsFrom = (x: number, exact: number): number => Math.abs(x / exact - 1) / 2 ** -52;

describe("long sums stay within 64 units of the last place", () => {
  const third = 1 / 3;
  test.each([1000, 10_000, 100_000])("of %d equal terms", (n) => {
    const x = value(full(n, third));
    const list = Array.from({ length: n }, () => value(third));
    const column = full([n, 2], third);
    const [w, b] = [value([[0.5], [0.5]]), value([[0, 0]])];
    add(column, b).mul(third).sum().backward();
    matmul(column, w).mul(third).sum().backward();
    const found: Record<string, readonly [number, number]> = {
      sum: [x.sum().data, n * third],
      sumOf: [sumOf(list).data as number, n * third],
      dot: [x.dot(full(n, third)).item(), n * third * third],
      "dot of lists": [dot(list, list).item(), n * third * third],
      norm: [x.norm().data, Math.sqrt(n) * third],
      "norm of order 3": [x.norm({ ord: 3 }).data, Math.cbrt(n) * third],
      "sum of rows": [value(column).sum({ axis: 0 }).at(1).item(), n * third],
      "product of matrices": [
        matmul(full([2, n], third), column)
          .at(1, 1)
          .item(),
        n * third * third,
      ],
      "gradient of a bias": [b.grad.at(0, 1), n * third],
      "gradient of a weight": [w.grad.at(1, 0), n * third * third],
    };
    for (const [name, [sum, exact]] of Object.entries(found)) expect(unitsFrom(sum, exact), name).toBeLessThan(64);
  });

  test("of many arrays", () => {
    const parts = Array.from({ length: 3000 }, () => value([third, 2 * third]));
    expect(unitsFrom(sumOf(parts).at(1).item(), 2000)).toBeLessThan(64);
    expect(concat(parts).sum().data).toBeCloseTo(3000, 9);
  });
});

test("a mean whose entries add up to more than any number is right, and spoils no other", () => {
  const x = value([[1e308, 1e308], [Infinity, 1], [1, 2]]); // prettier-ignore
  const y = mean(x, { axis: 1 });
  expect(y.toArray()).toEqual([1e308, Infinity, 1.5]);
  expect(gradient(y.sum(), [x])[0].toArray()).toEqual([[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]]); // prettier-ignore
  expect(mean([1e308, 1e308, -Infinity]).data).toBe(-Infinity);
  expect(mean([[1e308, 1e308], [NaN, 1]], { axis: 1 }).toArray()).toEqual([1e308, NaN]); // prettier-ignore
});

test.each([
  [[1, 1e50, 1e100, 1e50, 1e-300, 1e50, 1e100, 1e50], 1e100],
  [[1, 1e-50, 1e-100, 1e-50, 1e300, 1e-50, 1e-100, 1e-50], 1e-100],
  [[1, 1e100, 1e100, 1e-300, 1e100, 1e100], 1e100],
])("the gradient of the product of %j is the product of the others", (factors, product) => {
  const x = value(factors);
  const y = prod(x);
  expect(unitsFrom(y.data, product)).toBeLessThan(64);
  expect(unitsFrom(gradient(y, [x])[0].data.at(0), product)).toBeLessThan(64);
});

/** Values and shapes against NumPy: axes, keepdims, sizes 0 and 1, slices, indices, products, corners. How they were made: test/golden/make-numpy.py. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as cadena from "../../src/index.ts";
import { array, gradient, value, type Value } from "../../src/index.ts";
import "../closeness.ts";

type Entry = number | string;
interface Tensor {
  readonly shape: readonly number[];
  readonly values: readonly Entry[];
}
interface Case {
  readonly f: string;
  readonly operands: readonly Tensor[];
  readonly arguments: readonly unknown[];
  readonly expected: Tensor;
}

const cases = JSON.parse(readFileSync(new URL("../golden/numpy.json", import.meta.url), "utf8")) as readonly Case[];
const tensorOf = ({ shape, values }: Tensor) => (shape.length === 0 ? Number(values[0]) : array(values.map(Number), shape));

const byFunction = [...new Set(cases.map(({ f }) => f))].map((name) => [name, cases.filter(({ f }) => f === name)] as const);

describe.each(byFunction)("%s", (name, all) => {
  const f = (cadena as unknown as Record<string, (...args: unknown[]) => Value>)[name]!;

  test("answers as NumPy does", () => {
    for (const { operands, arguments: rest, expected } of all) {
      const got = f(...operands.map(tensorOf), ...rest);
      expect
        .soft(got, JSON.stringify([operands.map((x) => (x.shape.length ? x.shape : x.values)), rest]))
        .toBeClose(tensorOf(expected), { scale: 1 });
    }
  });

  test("hands back a gradient of the shape of each operand", () => {
    for (const { operands, arguments: rest } of all) {
      const leaves = operands.map((x) => value(tensorOf(x) as number));
      const y = f(...leaves, ...rest);
      const gradients = gradient(y, leaves, y.mul(0).add(1).data);
      expect(gradients.map(({ shape }) => shape)).toEqual(leaves.map(({ shape }) => shape));
    }
  });
});

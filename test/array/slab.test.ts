import { describe, expect, test } from "vitest";
import { zeroed } from "../../src/array/slab.ts";
import { value, type NdArray } from "../../src/index.ts";

const sizes = [0, 1, 8, 9, 12, 100, 1000, 2048, 2049, 5000];

describe("zeroed", () => {
  test("gives zeros, of any size, that no other array shares", () => {
    const arrays = Array.from({ length: 300 }, (_, i) => zeroed(sizes[i % sizes.length]!).fill(i + 1));
    for (const [i, entries] of arrays.entries()) {
      expect(entries).toHaveLength(sizes[i % sizes.length]!);
      expect(entries.every((x) => x === i + 1)).toBe(true);
    }
    expect(zeroed(100).every((x) => x === 0)).toBe(true);
  });

  test("data, gradients and detached values that are handed out have entries of their own", () => {
    const x = value(Array.from({ length: 12 }, (_, i) => i));
    const y = x.square();
    y.sum().backward();
    for (const array of [x.data, x.grad, y.data, y.grad, y.detach().payload] as NdArray[])
      expect(array.values.buffer.byteLength).toBe(array.values.byteLength);
  });
});

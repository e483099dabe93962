import { describe, expect, test } from "vitest";
import { add, arange, array, full, linspace, NdArray, ones, value, zeros } from "../../src/index.ts";

test("nobody can give all numbers an axis", () => {
  (value(2).shape as number[]).push(3);
  expect(add(1, 2).shape).toEqual([]);
});

describe("NdArray", () => {
  test("is made from nested lists, from a flat list and a shape, and by the usual names", () => {
    expect(array([[1, 2], [3, 4]]).shape).toEqual([2, 2]); // prettier-ignore
    expect(array([1, 2, 3, 4], [2, 2]).toArray()).toEqual([[1, 2], [3, 4]]); // prettier-ignore
    expect(zeros([2, 0]).toArray()).toEqual([[], []]);
    expect([ones(2), full([1, 2], 7), arange(3), linspace(0, 1, 5)].map((x) => x.toArray())).toEqual([
      [1, 1], [[7, 7]], [0, 1, 2], [0, 0.25, 0.5, 0.75, 1],
    ]); // prettier-ignore
    expect([arange(0), linspace(2, 3, 1), linspace(2, 3, 0)].map((x) => x.toArray())).toEqual([[], [2], []]);
    expect(linspace(0, 0.3, 4).at(-1)).toBe(0.3);
    expect([arange(1, 5), arange(0, 1, 0.25), arange(3, 0, -2), arange(5, 1)].map((x) => x.toArray())).toEqual([
      [1, 2, 3, 4], [0, 0.25, 0.5, 0.75], [3, 1], [],
    ]); // prettier-ignore
  });

  test("reads entries by place, negative ones from the end, and refuses places outside", () => {
    const x = array([[1, 2, 3], [4, 5, 6]]); // prettier-ignore
    expect([x.at(1, 0), x.at(-1, -1), x.at(0, -3)]).toEqual([4, 6, 1]);
    expect(() => x.at(2, 0)).toThrow("at: index 2 is outside axis 0 of shape [2, 3]");
    expect(() => x.at(0)).toThrow("at: 1 places given for shape [2, 3]");
  });

  test("copies what it is made from, and prints NaN and ∞ as they are", () => {
    const source = Float64Array.of(1, 2);
    const x = array(source);
    source[0] = 9;
    expect(x.toArray()).toEqual([1, 2]);
    expect(String(array([NaN, -Infinity]))).toBe('array(["NaN","-Infinity"])');
    expect(array(Int8Array.of(1, -1))).toEqual(new NdArray([2], Float64Array.of(1, -1)));
  });
});

import { describe, expect, test } from "vitest";
import { defineOp, expand, grad, gradient, jvp, kinks, value, type Value } from "../../src/index.ts";
import { texts, name } from "../../src/ops/text.ts";
import "../closeness.ts";

const cube = defineOp({ name: "cube", forward: (x) => x ** 3, partials: [({ mul, square }, x) => mul(3, square(x))] });
const mix = defineOp({
  name: "mix",
  forward: (a, b) => a * Math.sin(b),
  partials: [({ sin }, _a, b) => sin(b), ({ mul, cos }, a, b) => mul(a, cos(b))],
});

describe("defineOp", () => {
  test("a function of one's own computes, broadcasts, and is differentiated to any order in either mode", () => {
    expect(cube(2)).toBeClose(8);
    expect(cube([1, 2])).toBeClose([1, 8]);
    expect(grad(grad(cube))(2)).toBeClose(12);
    expect(jvp((x) => cube(x), [2], [1])[1]).toBeClose(12);
    const x = value([[1], [2]], "x");
    const y = mix(x, [0.5, 1, 1.5]);
    expect(y.shape).toEqual([2, 3]);
    y.sum().backward();
    expect(x.grad).toBeClose([0, 0].map(() => [Math.sin(0.5) + Math.sin(1) + Math.sin(1.5)]));
    expect(gradient(expand(cube(x).sum()), []).length).toBe(0);
    expect(expand(cube(x).sum())).toBeClose(9);
  });

  test("it is drawn and printed by its name, and says its kinks", () => {
    expect(texts.apply(cube(value(1)).primitive as never, [name("x")]).latex).toBe("\\operatorname{cube}(x)");
    const ramp = defineOp({
      name: "ramp",
      forward: (x) => Math.max(x, 0),
      partials: [({ step }, x) => step(x)],
      kink: { at: (x: number) => x === 0, convention: "ramp'(0) = 0" },
    });
    expect(kinks(ramp(value(0)))).toMatchObject([{ convention: "ramp'(0) = 0" }]);
  });

  test("three inputs", () => {
    const fused = defineOp({ name: "fused", forward: (a, b, c) => a * b + c, partials: [(_m, _a, b) => b, (_m, a) => a, () => 1] });
    expect(gradient(fused(value(2), value(3), 1), []).length).toBe(0);
    expect(grad((a: Value) => fused(a, 3, 1))(2)).toBeClose(3);
    expect(fused([1, 2], 3, [[1], [1]])).toBeClose([[4, 7], [4, 7]]); // prettier-ignore
  });

  test("what forward gives beyond the points that were checked is looked at, and what the row does not have is refused", () => {
    const given = (y: unknown) => defineOp({ name: "g", forward: (x) => (x > 1e3 ? (y as number) : x), partials: [() => 1] });
    expect(() => given("a")(value([1e4, 1]))).toThrow('g: forward gave "a" (a string) at (10000), not a number');
    expect(() => given(undefined)(1e4)).toThrow("g: forward gave undefined at (10000), not a number");
    const misspelt = { name: "g", forward: (x: number) => x, partials: [() => 1], domian: [0, 1] } as never;
    expect(() => defineOp(misspelt)).toThrow('defineOp: there is no option "domian"; it takes name, forward, partials');
  });

  test("a derivative that is wrong by a thousandth is refused with the evidence", () => {
    expect(() => defineOp({ name: "almost", forward: (x) => x ** 3, partials: [({ mul, square }, x) => mul(3.003, square(x))] })).toThrow(
      /^defineOp: partials\[0\] of almost is wrong: at \(-?\d\.\d+\) it says \d\.\d+, differences of forward say \d\.\d+$/,
    );
    expect(() => defineOp({ name: "swapped", forward: (a, b) => a / b, partials: [() => 1, () => 1], domain: [[0, 1], [1, 2]] })).toThrow(
      "defineOp: partials[0] of swapped is wrong",
    ); // prettier-ignore
  });

  test("a derivative that is right once and then a constant, or no record at all, is refused", () => {
    const numberOf = (x: unknown): number => (typeof x === "number" ? x : (x as Value<number>).data);
    const [forward, frozen] = [(x: number) => x ** 3, /^defineOp: partials\[0\] of frozen cannot be differentiated again: at \(\d\.\d+\) its own derivative is \d\.\d+, that of what it records 0\.0+\. Write/]; // prettier-ignore
    expect(() => defineOp({ name: "frozen", forward, partials: [(_m, x) => 3 * numberOf(x) ** 2] })).toThrow(frozen);
    expect(() => defineOp({ name: "frozen", forward, partials: [({ mul }, x) => mul(3, numberOf(x) ** 2)] })).toThrow(frozen);
    expect(() =>
      defineOp({
        name: "half",
        forward: (a, b) => a * a * b,
        partials: [({ mul }, a, b) => mul(2, mul(a, numberOf(b))), ({ square }, a) => square(a)],
      }),
    ).toThrow("defineOp: partials[0] of half cannot be differentiated again");
    expect(() => defineOp({ name: "plain", forward: Math.exp, partials: [(_m, x) => Math.exp(x as never)] })).toThrow(
      "defineOp: partials[0] of plain computes with numbers of JavaScript, so it cannot be differentiated again. " +
        "Write it in the words of its first argument: mul(3, square(x)), not 3 * x * x",
    );
  });

  test("what is written to a row later changes nothing", () => {
    const partials: [() => number] = [() => 2];
    const twice = defineOp({ name: "twice", forward: (x) => 2 * x, partials });
    partials[0] = () => 77;
    expect(grad(twice)(5)).toBeClose(2);
  });

  test("a row that lacks something, or takes a name, is refused", () => {
    expect(() => defineOp(null as never)).toThrow("defineOp: expected a row { name, forward, partials }, got null");
    const row = { forward: (x: number) => x, partials: [() => 1] as const };
    expect(() => defineOp({ ...row, name: "tanh" })).toThrow("defineOp: there is a function tanh already; choose another name");
    expect(() => defineOp({ ...row, name: "a b<script>" })).toThrow(
      'defineOp: a name is a word of letters, digits and _, got "a b<script>" (a string)',
    );
    expect(() => defineOp({ ...row, name: "f", forward: 3 as never })).toThrow("defineOp: f needs forward, a function of numbers, got 3");
    expect(() => defineOp({ ...row, name: "f", partials: [] as never })).toThrow(
      "defineOp: f needs partials, a list of one, two or three functions",
    );
    expect(() => defineOp({ ...row, name: "f", domain: [[2, 1]] })).toThrow(
      "defineOp: f needs a domain of 1 intervals [low, high], got [[2,1]]",
    );
    expect(() => defineOp({ ...row, name: "f", domain: [[-3, -1]], forward: Math.log })).toThrow(
      "defineOp: the derivative of f could not be checked: forward is smooth and finite at no point of its domain. Give a domain where it is",
    );
    expect(() => defineOp({ ...row, name: "f", partials: [(_m, x) => String(x) as never] })).toThrow("defineOp: partials[0] of f gave");
  });
});

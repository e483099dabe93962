import { describe, expect, test } from "vitest";
import { literal, name, texts } from "../../src/ops/text.ts";

const [x, y] = [name("x"), name("y")];

describe("mathematics as text", () => {
  test("has brackets where they are needed, and nowhere else", () => {
    const { add, sub, mul, neg, square, div, pow, exp, tanh } = texts;
    expect(mul(add(x, 1), y).latex).toBe("\\left(x + 1\\right) \\cdot y");
    expect(add(mul(x, y), 1).latex).toBe("x \\cdot y + 1");
    expect(sub(1, square(y)).latex).toBe("1 - y^2");
    expect(sub(x, sub(y, 1)).latex).toBe("x - \\left(y - 1\\right)");
    expect(square(neg(x)).latex).toBe("\\left(-x\\right)^2");
    expect(mul(2, neg(x)).latex).toBe("2 \\cdot \\left(-x\\right)");
    expect(square(div(1, x)).latex).toBe("\\left(\\frac{1}{x}\\right)^2");
    expect(pow(pow(x, y), 2).latex).toBe("\\left(x^{y}\\right)^{2}");
    expect(exp(add(x, y)).latex).toBe("e^{x + y}");
    expect(tanh(add(x, y)).latex).toBe("\\tanh(x + y)");
    expect(texts.matmul([add(name("X", [2, 2]), 1), name("W", [2, 3])], {}).latex).toBe("\\left(X + 1\\right)\\,W");
  });

  test("writes numbers as people do", () => {
    expect([-2, 0.5, 1e-7, 2.5e300, -1e21, NaN, -Infinity].map((n) => literal(n).latex)).toEqual([
      "-2", "0.5", "10^{-7}", "2.5 \\cdot 10^{300}", "-1 \\cdot 10^{21}", "\\mathrm{NaN}", "-\\infty",
    ]); // prettier-ignore
  });
});

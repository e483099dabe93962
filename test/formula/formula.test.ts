/** Formula text: what it means, what it refuses, and that nothing in it runs. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { constant, FormulaError, parseFormula, value, type Value } from "../../src/index.ts";
import { formulaFunctions } from "../../src/formula/functions.ts";
import { pointwisePrimitives } from "../../src/ops/primitive.ts";
import { numbers } from "../../src/ops/tensors.ts";

const at = (bindings: Record<string, Parameters<typeof value>[0]> = {}) =>
  new Map(Object.entries(bindings).map(([name, data]) => [name, value(data, name)] as [string, Value]));
const result = (text: string, bindings: Record<string, Parameters<typeof value>[0]> = {}) =>
  parseFormula(text).evaluate(at(bindings)).result.toArray();

describe("what a formula means", () => {
  test.each<[string, number]>([
    ["-3^2", -9],
    ["2^3^2", 512],
    ["2**-1", 0.5],
    ["1 - 2 - 3", -4],
    ["8/4*2", 4],
    ["2 * -3", -6],
    ["(1 + 2)*3", 9],
    ["+4 − 1 × 2", 2],
    ["½*3²", 4.5],
    ["1e-3 * 1.5E3", 1.5],
    ["3 > 2", 1],
    ["(1 >= 1) + (1 < 1) + (2 != 3) + (2 == 3)", 2],
    ["np.exp(0) + ln(1) + Math.sqrt(4)", 3],
    ["sum([1, 2, 3]) / len([1, 2, 3])", 2],
  ])("%s is %d", (text, expected) => expect(result(text)).toBe(expected));

  test("arithmetic is JavaScript's on the same numbers", () => {
    const leaf = fc.integer({ min: 1, max: 9 }).map(String);
    const expression = fc.letrec<{ e: string }>((tie) => ({
      e: fc.oneof({ depthSize: "small" }, leaf, fc.tuple(tie("e"), fc.constantFrom("+", "-", "*", "/"), tie("e")).map(([a, s, b]) => `(${a} ${s} ${b})`)),
    })).e; // prettier-ignore
    fc.assert(
      fc.property(fc.array(expression, { minLength: 1, maxLength: 5 }), (terms) => {
        const text = terms.join(" - ");
        // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the oracle: text of digits and signs only
        expect(result(text)).toEqual(new Function(`return ${text}`)());
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  test("the matrix product is written @, · and dot, a transpose .T and ᵀ", () => {
    const data = { a: [[1, 2], [3, 4], [5, 6]], d: [[1], [0], [2]] }; // prettier-ignore
    for (const text of ["a.T @ d", "aᵀ·d", "aᵀ @ d", "np.dot(a.T, d)", "a.T.dot(d)", "a^T @ d", "matmul(transpose(a), d)"])
      expect(result(text, data)).toEqual([[11], [14]]);
    expect(result("d·d", data)).toEqual([[1], [0], [4]]);
    expect(result("2·a", data)).toEqual([[2, 4], [6, 8], [10, 12]]); // prettier-ignore
  });

  test("reductions take axes as NumPy's", () => {
    const data = { x: [[1, 2], [3, 4]] }; // prettier-ignore
    expect(result("np.sum(x, axis=0, keepdims=True)", data)).toEqual([[4, 6]]);
    expect(result("x.mean(axis=1)", data)).toEqual([1.5, 3.5]);
    expect(result("sum(x, 1)", data)).toEqual([3, 7]);
    expect(result("x.shape[0] + x.size + len(x)", data)).toBe(8);
    expect(result("x[:, 1] + x[0] - x[-1, 0]", data)).toEqual([0, 3]);
    expect(result("where(x > 2, x, 0)", data)).toEqual([[0, 0], [3, 4]]); // prettier-ignore
  });

  test.each(Object.entries(pointwisePrimitives).filter(([, { row }]) => row.partials.length === 1))(
    "%s can be called, and its derivative is the row's",
    (name, { row, forward }) => {
      const x = (row.domain[0]![0] + 2 * row.domain[0]![1]) / 3;
      expect(result(`${name}(x)`, { x })).toBe(forward(x));
      const partial = row.partials[0] as (m: typeof numbers, x: number, y: number) => number;
      expect(result(`${name}'(x)`, { x })).toBe(partial(numbers, x, forward(x)));
    },
  );

  test("names of derivatives that people write are one function", () => {
    for (const text of ["sigmoid'(x)", "σ'(x)", "σ′(x)", "sigmoid_deriv(x)", "dsigmoid(x)", "sigmoidPrime(x)", "sigmoid_derivative(x)"])
      expect(result(text, { x: 0 })).toBe(0.25);
  });

  test("statements name values, which get the label; the value of the last is the result", () => {
    const { free, assigned, evaluate } = parseFormula("z = w*x + b  # weighted sum\na = sigmoid(z); L = 0.5*(y - a)^2");
    expect([free, assigned]).toEqual([["w", "x", "b", "y"], ["z", "a", "L"]]); // prettier-ignore
    const { result: loss, named } = evaluate(at({ w: 2, x: -1, b: 0.5, y: 1 }));
    expect([...named.values()].map((v) => v.label)).toEqual(["z", "a", "L"]);
    expect(loss).toBe(named.get("L"));
    loss.backward();
    const a = 1 / (1 + Math.exp(1.5));
    expect(named.get("z")!.grad).toBeCloseTo((a - 1) * a * (1 - a), 14);
  });

  test("a second name for a value leaves the first its label", () => {
    const x = constant(2, "x");
    const { named } = parseFormula("y = x").evaluate(new Map([["x", x]]));
    expect([x.label, named.get("y")!.label]).toEqual(["x", "y"]);
  });
});

test("max(0, z) is the larger of two; of an array, the second operand is an axis, as NumPy's", () => {
  const at = (formula: string, x: number | number[][]) => parseFormula(formula).evaluate(new Map([["x", value(x, "x")]])).result.toArray(); // prettier-ignore
  expect([at("max(0, x)", -2), at("max(x, 0)", 3), at("min(1, x)", 3)]).toEqual([0, 3, 1]);
  expect(at("max(0, x)", [[-1, 2]])).toEqual([[0, 2]]);
  expect(at("max(x, 0)", [[-1, 2], [1, 0]])).toEqual([1, 2]); // prettier-ignore
  expect(at("max(3, axis=None)", 1)).toBe(3);
});

test("Spanish names of functions are known", () => {
  const result = (text: string) => parseFormula(text).evaluate().result.data;
  expect([result("sen(1)"), result("tg(1)"), result("arctg(1)"), result("senh(1)")]).toEqual([Math.sin(1), Math.tan(1), Math.atan(1), Math.sinh(1)]); // prettier-ignore
});

test.each([
  ["", "fórmula: no hay nada que calcular, en la columna 1 (el final)"],
  ["a = x;\nb = (a", 'fórmula: falta ")", en la línea 2, columna 7 (el final)'],
  ["x)", 'fórmula: ")" no cierra nada, en la columna 2 (")")'],
  ["2x", 'fórmula: falta una operación; un producto se escribe 2*x, en la columna 2 ("x")'],
  ["sen x", 'fórmula: faltan los paréntesis; una función se escribe sen(x), en la columna 5 ("x")'],
  ["x $", 'fórmula: "$" no forma parte de una fórmula, en la columna 3 ("$")'],
  ["foo(x)", 'fórmula: "foo" no es una función de esta biblioteca; un producto se escribe foo*(…), en la columna 1 ("foo(x)")'],
  ["x + q", 'fórmula: "q" no tiene valor, en la columna 5 ("q")'],
  ["sin(x, 2)", 'fórmula: sin toma un operando, hay 2, en la columna 1 ("sin(x, 2)")'],
  ["x.q", 'fórmula: "q" no se conoce después de un punto; hay .T, .shape, .size y las funciones, en la columna 2 (".q")'],
])("in Spanish %j is refused so: %s", (text, message) => {
  const said = (language: "en" | "es"): string => {
    try {
      parseFormula(text).evaluate(new Map([["x", value(1, "x")]]));
    } catch (error) {
      return (error as FormulaError).with({ language }).message;
    }
    return "";
  };
  expect(said("es")).toBe(message);
  expect(said("en")).toMatch(/^formula: .* (at column|at line)/);
});

describe("what a formula refuses", () => {
  test.each<[string, string]>([
    ["", "formula: there is nothing to compute, at column 1 (the end)"],
    ["2 +", "formula: something is missing, at column 4 (the end)"],
    ["2x", 'formula: an operation is missing; a product is written 2*x, at column 2 ("x")'],
    ["3(x + 1)", 'formula: an operation is missing; a product is written 3*(…), at column 2 ("(x + 1)")'],
    ["w x", 'formula: an operation is missing; a product is written w*x, at column 3 ("x")'],
    ["1 + sin x", 'formula: brackets are missing; a function is written sin(x), at column 9 ("x")'],
    ["(1 + 2", 'formula: expected ")", at column 7 (the end)'],
    ["1)", 'formula: ")" closes nothing, at column 2 (")")'],
    ["a = 1\nb = a $ 2", 'formula: "$" is not part of a formula, at line 2, column 7 ("$ 2")'],
    ["1 + foo(2)", 'formula: "foo" is not a function of this library; a product is written foo*(…), at column 5 ("foo(2)")'],
    ["1 + q", 'formula: "q" has no value, at column 5 ("q")'],
    ["tanh(1, 2)", 'formula: tanh takes 1 operand, got 2, at column 1 ("tanh(1, 2)")'],
    ["sum(1, axes=2)", 'formula: sum has no option "axes", at column 1 ("sum(1, axes=2)")'],
    ["[1, 2] @ [1, 2, 3]", 'formula: matmul: inner sizes differ, [2] × [3], at column 8 ("@ [1, 2, 3]")'],
  ])("%j", (text, message) => {
    expect(() => parseFormula(text).evaluate()).toThrow(FormulaError);
    expect(() => parseFormula(text).evaluate()).toThrow(message);
  });

  test.each(["constructor('return 1')()", "__proto__", "x.__proto__", "this", "process.exit(1)", "toString()", "hasOwnProperty('a')", "x.constructor(1)"])(
    "%s names nothing of JavaScript",
    (text) => expect(() => parseFormula(text).evaluate(at({ x: 1 }))).toThrow(FormulaError),
  ); // prettier-ignore

  test("brackets nested without end are refused, a sum without end is not", () => {
    expect(() => parseFormula("(".repeat(5000) + "1" + ")".repeat(5000))).toThrow("nested more than 200 deep");
    expect(result(new Array<string>(20_000).fill("1").join("+"))).toBe(20_000);
  });

  test("any text is a formula or a FormulaError", () => {
    const alphabet = fc.constantFrom(
      "x",
      "1",
      "+",
      "-",
      "*",
      "(",
      ")",
      "[",
      "]",
      ".",
      ",",
      ";",
      "=",
      "^",
      "T",
      "sum",
      "'",
      ":",
      "ᵀ",
      " ",
      "\n",
      "None",
    );
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 12 }), (parts) => {
        try {
          parseFormula(parts.join("")).evaluate(at({ x: [[1, 2]], T: 3 }));
        } catch (error) {
          expect(error).toBeInstanceOf(FormulaError);
        }
      }),
      { numRuns: 2000, seed: 1 },
    ); // prettier-ignore
  });
});

test("the names that can be called are those of the table and its compositions", () => {
  expect(formulaFunctions()).toEqual(expect.arrayContaining(["tanh", "leakyRelu", "logSoftmax", "matmul", "var"]));
});

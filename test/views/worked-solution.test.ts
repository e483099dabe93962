/** What explanations print is what was computed: their formulas, evaluated, give the gradients. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { entriesOf, shapeOf, type Tensor } from "../../src/array/ndarray.ts";
import { isSameShape } from "../../src/array/shape.ts";
import { broadcastTo } from "../../src/array/layout.ts";
import {
  constant,
  explain,
  gradient,
  halfSquaredError,
  MLP,
  numpyRandom,
  parseFormula,
  sumOf,
  toLatex,
  trace,
  value,
  workedSolution,
  type Value,
} from "../../src/index.ts";
import { pointwisePrimitives } from "../../src/ops/primitive.ts";
import { tensors } from "../../src/ops/tensors.ts";
import { backwardLines } from "../../src/views/backward-lines.ts";
import type { Expression } from "../../src/views/expression.ts";
import { Formulas } from "../../src/views/formulas.ts";
import { plainMath } from "../../src/views/plain-math.ts";
import { hostileLabels } from "./hostile.ts";
import { programs } from "./random-program.ts";

/** The number or array that a formula stands for. */
function evaluated(x: Expression, known: ReadonlyMap<string, Tensor>): Tensor {
  const value = ((): Tensor => {
    switch (x.kind) {
      case "symbol":
        return known.get(x.latex)!;
      case "number":
        return x.value;
      case "product":
        return x.factors.map((f) => evaluated(f, known)).reduce(stretched(tensors.mul), x.coefficient);
      case "sum":
        return x.terms.map((f) => evaluated(f, known)).reduce(stretched(tensors.add));
      case "call": {
        const operands = x.operands.map((f) => evaluated(f, known));
        if (x.primitive === pointwisePrimitives.indicator) return tensors.sub(1, tensors.sign(apart(operands[0]!, operands[1]!)));
        if (x.primitive.kind === "pointwise") return tensors.apply(x.primitive, operands);
        return (tensors[x.primitive.name] as (operands: readonly Tensor[], options: unknown) => Tensor)(operands, x.primitive.options);
      }
    }
  })();
  return isSameShape(shapeOf(value), x.shape) ? value : broadcastTo(flattened(value, x.shape.length), x.shape);
}

/** How far two results are apart, 0 where rounding may have parted them: a formula may say the same in another order. */
const apart = (a: Tensor, b: Tensor): Tensor =>
  tensors.relu(tensors.sub(tensors.abs(tensors.sub(a, b)), tensors.mul(1e-12, tensors.abs(a))));

/** Axes of size 1 that a formula leaves out. */
const flattened = (x: Tensor, rank: number): Tensor => (rank === 0 && typeof x !== "number" ? x.values[0]! : x);

const stretched =
  (f: (a: Tensor, b: Tensor) => Tensor) =>
  (a: Tensor, b: Tensor): Tensor =>
    f(a, b);

describe("of random programs", () => {
  test("every formula of the backward pass, evaluated, is the gradient", () => {
    fc.assert(
      fc.property(programs, (program) => {
        const root = program();
        const [formulas, traced] = [new Formulas(root), trace(root)];
        const lines = backwardLines(formulas, traced);
        const known = new Map<string, Tensor>(lines.map(({ name, gradient }) => [name, gradient]));
        for (const v of [...formulas.givens, ...formulas.lines]) known.set((formulas.symbolOf(v) as { latex: string }).latex, v.payload);
        for (const { formula, expanded, gradient } of lines)
          for (const said of [formula, ...(expanded ? [expanded] : [])]) {
            const got = entriesOf(evaluated(said, known));
            entriesOf(gradient).forEach((g, i) => {
              expect(Math.abs((got.length === 1 ? got[0]! : got[i]!) - g)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(g)));
            });
          }
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  test("the numbers of an explanation end in the gradient", () => {
    fc.assert(
      fc.property(programs, (program) => {
        const root = program();
        for (const { value: v, gradient } of trace(root).nodes) {
          if (v.primitive !== null || gradient === undefined) continue;
          const explained = explain(root, v);
          expect(explained.gradient).toEqual(gradient);
          expect(explained.paths).toBeGreaterThanOrEqual(0);
          expect(String(explained).split("\n").every((line) => Array.from(line).length <= 80 || !line.includes(" "))).toBe(true); // prettier-ignore
        }
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});

function documentLoss(): Value {
  const model = new MLP([2, 3, 1], { activations: ["relu", "sigmoid"], random: numpyRandom(42) });
  const y = constant([[0], [1], [1], [1]], "y");
  return halfSquaredError(model.forward([[0, 0], [0, 1], [1, 0], [1, 1]]), y); // prettier-ignore
}

describe("of the document's network", () => {
  const text = workedSolution(documentLoss(), { format: "text" });

  test.each([
    "z₁\n      = X W₁ + b₁",
    "L = 1/8 · Σ (y − a₂)² = 0.05065",
    "∂L/∂a₂ = 1/4 · (a₂ − y)",
    "= ∂L/∂a₂ · σ'(z₂)\n      = 1/4 · (a₂ − y) · σ'(z₂)",
    "∂L/∂W₂ = a₁ᵀ ∂L/∂z₂",
    "∂L/∂b₂ = Σ ∂L/∂z₂",
    "= ∂L/∂z₂ W₂ᵀ",
    "= ∂L/∂a₁ · relu'(z₁)",
    "= Xᵀ ∂L/∂z₁",
  ])("the solution says %j", (line) => {
    expect(text).toContain(line);
  });

  test("it is written in Spanish too, and in Markdown and LaTeX", () => {
    expect(workedSolution(documentLoss(), { language: "es" })).toContain("## Hacia atrás: gradientes");
    expect(workedSolution(documentLoss(), { format: "latex" })).toContain(
      "\\frac{\\partial L}{\\partial z_{2}} &= \\frac{\\partial L}{\\partial a_{2}} \\cdot \\sigma'(z_{2}) \\\\",
    );
    expect(toLatex(documentLoss())).toContain("a_{1} &= \\operatorname{relu}(z_{1})");
  });
});

test("an array of nothing has no number, and NaN is seen among many", () => {
  const [x, v] = [value([], "x"), value([...Array(8).keys(), NaN], "v")];
  const solution = workedSolution(x.sum().add(v.sum()).named("L"), { format: "latex" });
  expect(solution).toContain(String.raw`\text{(0,): } [\,]`);
  expect(solution).toContain(String.raw`\text{(9,): } 0 \,\ldots\, 7,\; \mathrm{NaN}`);
});

test.each([
  ["L = -sum(Y*logSoftmax(Z))", "∂L/∂Z = (Σ Y) · softmax(Z) − Y"],
  ["A = softmax(Z); L = sum(Y*A)", "∂L/∂Z = (∂L/∂A − Σᵢ ∂L/∂A · A) · A"],
  ["n = norm(Z); L = 3*n", "∂L/∂Z = (∂L/∂n · Z)/n"],
])("the words of a rule that only keep digits are left out: %s", (formula, line) => {
  const given = new Map([["Y", constant([1, 0, 2], "Y")], ["Z", value([1, 2, 3], "Z")]]); // prettier-ignore
  const { result } = parseFormula(formula).evaluate(given);
  expect(workedSolution(result, { format: "text" }).replace(/\s+/g, " ")).toContain(line);
  expect(String(explain(result, given.get("Z")!))).not.toMatch(/relative|balance/);
});

test("in the graph of a gradient they are functions like others", () => {
  const z = value([1, 2, 3], "z");
  const [dz] = gradient(z.softmax().mul([1, 0, 2]).sum(), [z]);
  const solution = workedSolution(dz.mul([3, 1, 2]).sum().named("L"), { format: "text" });
  expect(solution).toMatch(/relative|balance/);
});

describe("explain", () => {
  test("multiplies the local derivatives along one path", () => {
    const [w, x] = [value(0.5, "w"), value(2, "x")];
    const a = w.mul(x).named("z").tanh().named("a");
    const text = String(explain(a, w));
    expect(text).toContain("∂a/∂w = ∂a/∂z · ∂z/∂w");
    expect(text).toContain("∂a/∂w = tanh'(z) · x");
    expect(text).toContain("∂a/∂w = 0.419974 · 2 = 0.839949");
  });

  test("adds up several paths, and says by which operand where a value is used twice", () => {
    const x = value(2, "x");
    const text = String(explain(x.mul(x).named("y"), x));
    expect(text).toContain("∂y/∂x = ∂y/∂x|₁ + ∂y/∂x|₂");
    expect(text).toContain("∂y/∂x = x + x = 2 · x");
    expect(text).toContain("∂y/∂x = 2 + 2 = 4");
  });

  test("shows the largest of very many uses, counts the paths, and sums up the rest", () => {
    const w = value(1, "w");
    const L = sumOf(Array.from({ length: 40 }, (_, k) => w.mul(k).square().add(w.mul(k).tanh()))).named("L");
    const explained = explain(L, w, { language: "es" });
    expect(explained.paths).toBe(80);
    expect(String(explained)).toContain("los otros 75 aparecen sumados");
  });

  test("of a path of thousands shows both ends", () => {
    const x = value(0.5, "x");
    let y: Value = x;
    for (let k = 0; k < 3000; k++) y = y.sin();
    expect(String(explain(y, x))).toContain("· … ·");
  });

  test("refuses a value that the loss does not depend on", () => {
    expect(() => explain(value(1, "a").exp().named("L"), value(2, "b"))).toThrow('explain: "L" does not depend on "b"');
  });
});

describe("a hostile label", () => {
  test.each(hostileLabels)("%j cannot leave its \\text", (label) => {
    const latex = toLatex(value(2, label).mul(3).named("y"));
    const bare = latex
      .split("\n")[1]!
      .replace(/\\text(backslash|asciitilde|asciicircum|dollar)\{\}/g, "")
      .replace(/\\[&#_%{}]/g, "");
    expect(bare).toMatch(/^y &= 3 \\cdot (\\text\{[^{}\\<>`$&#_%^~]*\}|\{\\[lg]t\})+$/);
    expect(latex.split("\n")).toHaveLength(4);
    expect(plainMath(latex)).toContain("y");
  });
});

/** What compareGradients reads, forgives and refuses; conventions, kinks, points that tell nothing, and its reports. */
import { describe, expect, test } from "vitest";
import { compareGradients, constant, parseFormula, toDot, value, type Value } from "../../src/index.ts";
import { edgeMistakes } from "../../src/check/catalogue.ts";
import { wordsIn } from "../../src/check/words.ts";
import { networkNamed, seeded, spoiled } from "./networks.ts";

const neuron = (): Value => networkNamed("one neuron").loss(seeded(4));
const small = networkNamed("2-3-1");
const loss = (): Value => small.loss(seeded(4));
const verdicts = (report: ReturnType<typeof compareGradients>) =>
  Object.fromEntries(report.findings.map(({ label, verdict }) => [label, verdict]));

describe("names", () => {
  test.each(["W2", "dW2", "dL_dW2", "dLdW2", "dL/dW2", "∂L/∂W2", "grad_W2", "W2_grad", "W2.grad", "dloss_dW2", "dw2", "∇W2"])(
    "%s is the gradient of W2",
    (name) => expect(compareGradients(loss(), { [name]: "a1.T @ ((a2 - y)/4 * a2*(1 - a2))" }).findings[0]).toMatchObject({ label: "W2", verdict: "right" }),
  ); // prettier-ignore

  test("δ2 is the gradient of z2, for formulas too", () => {
    const report = compareGradients(loss(), { δ2: "(a2 - y)/N * a2*(1 - a2)", W2: "a1ᵀ·δ2", db2: "sum(∂L/∂z2, axis=0)" });
    expect(verdicts(report)).toEqual({ z2: "right", W2: "right", b2: "right" });
  });

  test.each(["delta2", "delta_2", "δ2", "δ_2", "Delta2"])("%s is too, in a text as well", (name) => {
    const step = "(a2 - y)/N * a2*(1 - a2)";
    expect(verdicts(compareGradients(loss(), { [name]: step }))).toEqual({ z2: "right" });
    expect(verdicts(compareGradients(loss(), `${name} = ${step}; dW2 = a1.T @ ${name}`))).toEqual({ z2: "right", W2: "right" });
  });

  test("a statement that names no value and that nothing uses is refused, as a misspelt gradient; what is used may have any name", () => {
    const program = "dz2 = (a2 - y)/N * slope; dW2 = a1.T @ dz2";
    expect(() => compareGradients(loss(), `slope = a2*(1 - a2); ${program}; dW7 = dW2`)).toThrow(
      'no value of the graph is labelled "dW7"; its labels are',
    );
    expect(() => compareGradients(loss(), `slope = a2*(1 - a2); ${program}; dX = dz2`)).toThrow(
      '"X" is a constant and has no gradient; make it with value(…)',
    );
    expect(compareGradients(loss(), `slope = a2*(1 - a2); ${program}; rest = slope`).passed).toBe(true);
  });

  test("an unknown name, a constant, the same value twice are refused", () => {
    expect(() => compareGradients(loss(), { dW7: 1 })).toThrow('compareGradients: no value of the graph is labelled "dW7"; its labels are "y", "X", "W1"');
    expect(() => compareGradients(loss(), { X: 1 })).toThrow('"X" is a constant and has no gradient; make it with value(…)');
    expect(() => compareGradients(loss(), { W2: 1, dW2: 1 })).toThrow('"W2" and "dW2" name the same value');
    expect(() => compareGradients(loss(), {})).toThrow("compareGradients: no hand gradient is given");
    expect(() => compareGradients(loss(), { W2: "a1.T @ dz9" })).toThrow('formula of "W2": "dz9" has no value, at column 8 ("dz9"); the labels are "y", "X", "W1"');
    expect(() => compareGradients(loss(), { W2: "a1.T @ " })).toThrow('formula of "W2": something is missing');
    expect(() => compareGradients(loss(), { a1: "a2 - y", W2: "a1 @ da1" })).toThrow('formula of "W2": matmul: inner sizes differ');
    expect(() => compareGradients(loss(), "da2 = a2 - t")).toThrow('formula: "t" has no value, at column 12 ("t"); the labels are "y", "X"');
    expect(() => compareGradients(loss(), { W2: null as never })).toThrow('compareGradients: "W2": expected a number, a list of numbers');
    expect(() => compareGradients(value([1, 2], "v"), { v: 1 })).toThrow("compareGradients: the loss has shape [2]; take .sum() or .mean() first");
    expect(() => compareGradients(loss(), { W2: ({ dz2 }) => dz2!, dz2: ({ dW2 }) => dW2! })).toThrow("is computed from itself");
  }); // prettier-ignore
});

test.each([
  ["mean(x^2)", "2*x/N"],
  ["sum(x^2)/4", "2*x/N"],
  ["-sum(x^2)/4", "-2*x/N"],
  ["-1/4*sum(x^2)", "-2*x/N"],
  ["0.25*sum(x^2)", "2*x/N"],
  ["0.5*sum(x^2)/4", "x/N"],
  ["-mean(0.5*x^2)", "-x/m"],
  ["3*(-(sum(x^2)/4))", "-6*x/n"],
  ["mean(x^2) + 1/6*sum(W)", "2*x/N"],
  ["-sum(x^2)/4 + 1/6*sum(W^2)", "-2*x/N"],
])("N is what the mean divides by, however %s is written", (forward, dx) => {
  const given = new Map([["x", value([[1, -2, 3, 0.5]], "x")], ["W", value([[1], [2], [3], [4], [5], [6]], "W")]]); // prettier-ignore
  const { result } = parseFormula(`${forward} + 0*sum(W)`).evaluate(given);
  expect(compareGradients(result, { x: dx }).toText()).toContain("1 gradient compared: all right.");
});

test("a formula that cannot be read is refused in the language asked for", () => {
  const spanish = (mine: Record<string, string>) => () => compareGradients(loss(), mine, { language: "es" });
  expect(spanish({ W2: "a1.T @ dz9" })).toThrow(
    'fórmula de "W2": "dz9" no tiene valor, en la columna 8 ("dz9"); las etiquetas son "y", "X", "W1"',
  );
  expect(spanish({ W2: "a1.T @" })).toThrow('fórmula de "W2": falta algo, en la columna 7 (el final)');
});

describe("layouts", () => {
  test("a bias gradient of shape (3,) is that of shape (1, 3), and the report says so", () => {
    const report = compareGradients(loss(), spoiled(small, "db1 = sum(dz1, axis=0)"));
    expect(report.passed).toBe(true);
    expect(report.toText()).toContain("given with shape [3], the value has [1, 3]");
  });

  test("all matrices transposed is a convention, one alone a mistake", () => {
    const turned = compareGradients(loss(), {
      dW1: transposedOf("dW1"),
      dW2: transposedOf("dW2"),
      dz1: transposedOf("dz1"),
      da1: transposedOf("da1"),
    });
    expect(turned).toMatchObject({ passed: true, conventions: ["transposed"] });
    expect(compareGradients(loss(), spoiled(small, "dW2 = dz2.T @ a1")).firstWrong?.mistake?.name).toBe("transposed");
  });
});

/** A right gradient, laid out the other way. */
function transposedOf(key: string): number[][] {
  const { truth } = compareGradients(loss(), small.derivation.join("\n")).finding(key)!;
  const rows = (truth as { toArray: () => unknown }).toArray() as number[][];
  return rows[0]!.map((_, j) => rows.map((row) => row[j]!));
}

describe("conventions are no mistakes", () => {
  const parameters = [
    "dW2 = a1.T @ dz2",
    "db2 = sum(dz2, axis=0, keepdims=True)",
    "dW1 = X.T @ dz1",
    "db1 = sum(dz1, axis=0, keepdims=True)",
  ];
  const each = (after: string) => parameters.map((line) => line.replace("= ", `= ${after}(`) + ")");

  test("the 1/N at the parameters only", () => {
    const report = compareGradients(loss(), spoiled(small, "da2 = a2 - y", ...each("1/N*")));
    expect(report).toMatchObject({ passed: true, conventions: ["1/N at the parameters"] });
  });

  test("deltas kept negated", () => {
    const report = compareGradients(loss(), spoiled(small, "da2 = (y - a2)/4", ...each("-")));
    expect(report).toMatchObject({ passed: true, conventions: ["negated deltas"] });
  });

  test("a mistake among them is found", () => {
    const report = compareGradients(loss(), spoiled(small, "da2 = a2 - y", "dz1 = da1", ...each("1/N*")));
    expect(report.findings.filter(({ verdict }) => verdict === "wrong here").map(({ key }) => key)).toEqual(["dz1"]);
  });

  test("the 1/N twice is one", () => {
    const report = compareGradients(loss(), spoiled(small, ...each("1/N*")));
    expect(report.findings.filter(({ verdict }) => verdict === "wrong here").map(({ key }) => key).sort()).toEqual(["dW1", "dW2", "db1", "db2"]); // prettier-ignore
  });

  test("simplified forms are right: ŷ − y after softmax and cross-entropy", () => {
    const network = networkNamed("softmax cross-entropy");
    expect(compareGradients(network.loss(seeded(1)), spoiled(network, "ds = (p - Y)/4")).passed).toBe(true);
  });
});

describe("shapes", () => {
  test("a gradient of fewer entries is told for what it is where repeating it gives a known mistake", () => {
    const [db1] = compareGradients(loss(), { z1: "(a2 - y)/N*a2*(1 - a2) @ W2.T * relu'(z1)", b1: "sum(dz1)" }).findings.slice(-1);
    expect([db1?.label, db1?.mistake?.name]).toEqual(["b1", "summed too much"]);
    const [da1] = compareGradients(loss(), { z2: "(a2 - y)/N*a2*(1 - a2)", a1: "W2.T" }).findings.slice(-1);
    expect([da1?.label, da1?.mistake?.name, da1?.mistake?.facts.what]).toEqual(["a1", "upstream dropped", "z2"]);
  });
});

describe("numbers", () => {
  const right = (key: string): number =>
    compareGradients(neuron(), networkNamed("one neuron").derivation.join("\n")).finding(key)!.truth as number;

  test("written to four digits they are right, one unit off they are not", () => {
    const dw = Number(right("dw").toPrecision(4));
    const unit = 10 ** (Math.floor(Math.log10(Math.abs(dw))) - 3);
    expect(compareGradients(neuron(), { dw }).findings[0]).toMatchObject({ verdict: "right", isRounded: true });
    expect(compareGradients(neuron(), { dw: Number((dw + unit).toPrecision(4)) }).passed).toBe(false);
  });

  test("a ratio that is an accident of one entry has no name", () => {
    expect(compareGradients(neuron(), { dw: 1.2345678 * right("dw") }).firstWrong?.mistake?.name).toBe("unnamed");
  });

  test("one entry off by 1e-5 is found, and shown", () => {
    const { truth } = compareGradients(loss(), small.derivation.join("\n")).finding("dW1")!;
    const rows = (truth as { toArray: () => unknown }).toArray() as number[][];
    rows[1]![2]! *= 1 + 1e-5;
    const report = compareGradients(loss(), { dW1: rows });
    expect(report.firstWrong).toMatchObject({ wrongEntries: 1, worst: { index: [1, 2] }, mistake: { name: "some entries" } });
  });

  test("a gradient of 1e-9 with the wrong sign is found", () => {
    const x = value([1, 2], "x");
    const tiny = x.mul([1e-9, 1]).sum();
    expect(compareGradients(tiny, { x: [-1e-9, 1] }).passed).toBe(false);
    expect(compareGradients(tiny, { x: [1e-9, 1] }).passed).toBe(true);
  });

  test("NaN is wrong", () => {
    expect(compareGradients(neuron(), { dw: NaN }).firstWrong?.mistake?.name).toBe("not a number");
  });
});

describe("kinks", () => {
  test("at a tie of max any share is accepted, more than all is not", () => {
    const x = value([[3, 3, 1]], "x");
    const top = x.max().mul(2);
    expect(compareGradients(top, { x: [[2, 0, 0]] }).findings[0]!.verdict).toBe("kink");
    expect(compareGradients(top, { x: [[1, 1, 0]] }).findings[0]!.verdict).toBe("right");
    expect(compareGradients(top, { x: [[2, 2, 0]] }).passed).toBe(false);
  });

  test("at 0 the slope of relu and abs may be any between both sides", () => {
    const x = value([0, 0.5], "x");
    expect(compareGradients(x.relu().sum(), { x: [0.3, 1] }).findings[0]!.verdict).toBe("kink");
    expect(compareGradients(x.abs().sum(), { x: [-1, 1] }).findings[0]!.verdict).toBe("kink");
    expect(compareGradients(x.relu().sum(), { x: [1.1, 1] }).passed).toBe(false);
  });
});

describe("what the test means", () => {
  test("where all gradients are 0, any formula would pass", () => {
    const x = value([0, 0], "x");
    const report = compareGradients(x.square().sum(), { x: "x^3" });
    expect(report.isVacuous).toBe(true);
    expect(report.toText()).toContain("below 1e-12 here: any formula would pass");
  });

  test("a point that cannot tell a forgotten mask is named, with one that can", () => {
    const x = value([2, 3], "x");
    const report = compareGradients(x.relu().named("r").square().sum(), { r: "2*r", x: "dr" });
    const { blindness } = report.finding("x")!;
    expect(blindness).toMatchObject({ name: "derivative missing", facts: { place: "relu(x)" } });
    const better = blindness!.betterPoint!.get(x) as { values: Float64Array };
    expect(Math.min(...better.values)).toBeLessThan(0);
    expect(report.toText()).toContain("This point could not tell: the derivative of relu(x) is missing");
  });
});

describe("reports", () => {
  const report = compareGradients(loss(), spoiled(small, "dz1 = da1"));

  test("lines have at most 80 columns, in both languages", () => {
    for (const language of ["en", "es"] as const)
      expect(Math.max(...report.toText({ language }).split("\n").map((line) => line.length))).toBeLessThanOrEqual(80); // prettier-ignore
  });

  test("several wrong steps are all named, and what follows from them is not laid at the door of the first", () => {
    const twice = compareGradients(loss(), spoiled(small, "dW2 = -(a1.T @ dz2)", "dz1 = da1"));
    const said = (language: "en" | "es") => twice.toText({ language }).replace(/\s+/g, " ");
    expect(said("en")).toContain("First wrong step: dW2; wrong here too: dz1; 2 others are wrong only because of these, their own steps are right."); // prettier-ignore
    expect(said("es")).toContain("Primer paso equivocado: dW2; también con error propio: dz1; otros 2 están mal solo por ellos, sus propios pasos son correctos."); // prettier-ignore
  });

  test("the drawing takes the marks", () => {
    const marks = report.marks;
    expect([...marks.values()].map(({ verdict }) => verdict)).toContain("wrong");
    expect(toDot(report.loss, { marks })).toContain(String.raw`the\ derivative\ of\ relu(z1)`);
  });

  test("as JSON they are plain data", () => {
    expect(JSON.parse(JSON.stringify(report))).toMatchObject({ passed: false, firstWrong: "dz1" });
  });

  test("labels do not break out of Markdown or into the terminal", () => {
    const label = "<img src=x>|`a`\n\u001b[31m\u202e[b](c)";
    const hostile = compareGradients(value([1, 2], label).square().sum(), new Map([[label, 1]]));
    expect(hostile.toText()).not.toMatch(/[\u001b\u202e]/); // eslint-disable-line no-control-regex
    const markdown = hostile.toMarkdown();
    expect(markdown).not.toMatch(/(?<!\\)[<`[]/);
    expect(markdown.split("\n").filter((line) => line.startsWith("| "))).toHaveLength(3);
  });

  test("every mistake of the catalogue has a sentence in both languages", () => {
    for (const { name } of edgeMistakes)
      for (const language of ["en", "es"] as const)
        expect(wordsIn[language].mistakes[name]({ place: "p", what: "w", other: "o", ratio: 2, count: 3 })).toMatch(/\w/);
  });

  test("the same comparison gives the same text", () => {
    expect(compareGradients(loss(), spoiled(small, "dz1 = da1")).toText()).toBe(report.toText());
  });
});

test("an unnamed argument has its brackets once, and no word of the machinery is anybody's mistake", () => {
  const [w, b] = [value(0.5, "w"), value(0.1, "b")];
  const report = compareGradients(w.mul(2).add(b).sigmoid().square(), { db: "2*sigmoid(w*2 + b)" });
  expect(report.toText()).toContain("the derivative of σ(… + b) is missing");
  expect(report.toText()).not.toContain("bounded");
  expect(compareGradients(w.add(b).log(), { db: "1" }).toText()).toContain("log(w + b)");
});

test("a gradient right in spite of a wrong one before it is told as such", () => {
  const w = value(0.5, "w");
  const a = w.mul(constant(2, "x")).named("z").tanh().named("a");
  const report = compareGradients(a.square(), { da: "-2*a", dz: "2*a*(1 - a^2)", dw: "dz*x" });
  expect(verdicts(report)).toEqual({ a: "wrong here", z: "right by cancellation", w: "right" });
});

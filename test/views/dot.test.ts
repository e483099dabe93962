/** DOT: what is drawn, and that labels stay labels. */
import { instance } from "@viz-js/viz";
import { beforeAll, describe, expect, test } from "vitest";
import { constant, scoped, toDot, value, type Value } from "../../src/index.ts";
import { plainText } from "../../src/graph/plain-text.ts";
import { hostileLabels } from "./hostile.ts";

interface Parsed {
  readonly objects?: readonly { readonly name: string; readonly label: string; readonly nodes?: unknown }[];
  readonly edges?: readonly { readonly id: string; readonly label?: string; readonly dir?: string }[];
}

let parse: (dot: string) => Parsed;

beforeAll(async () => {
  const viz = await instance();
  parse = (dot) => {
    const result = viz.render(dot, { format: "dot_json" });
    expect(result.errors.filter(({ level }) => level === "error")).toEqual([]);
    return JSON.parse(result.output!) as Parsed;
  };
});

function neuron(): Value {
  const [w1, x1, w2, x2, b] = [value(-3, "w1"), value(2, "x1"), value(1, "w2"), value(0, "x2"), value(6.8813735870195432, "b")];
  return w1.mul(x1).add(w2.mul(x2)).add(b).named("z").tanh().named("a");
}

test("the ? of an entry that is NaN is explained where there is one", () => {
  const legend = (entry: number) => toDot(value([1, entry], "x").sum().named("s"));
  expect(legend(NaN)).toMatch(/\? *NaN/);
  expect(legend(2)).not.toContain("NaN");
});

test("every use is an edge: x · x has two", () => {
  const x = value(3, "x");
  const y = x.mul(x).named("y");
  y.backward();
  const dot = toDot(y);
  expect(parse(dot).edges).toHaveLength(2);
  expect(dot.match(/label=" {2}1 \* 3 = 3 {2}"/g)).toHaveLength(2);
  expect(dot).toContain("grad\\ 6\\ =\\ 3\\ +\\ 3\\l");
});

describe("gradients", () => {
  test("are not drawn before a sweep", () => {
    const dot = toDot(neuron());
    expect(dot).not.toContain("grad");
    expect(dot).not.toContain("dir=back");
  });

  test("come back along the edges after one, upstream * local = contribution", () => {
    const a = neuron();
    a.backward();
    const dot = toDot(a);
    expect(dot).toContain('n1 -> n2 [id="e1" label="  0.5 * -3 = -1.5  "');
    expect(dot).toContain("arrowtail=tee style=dashed");
  });

  test("are those of the drawn root, and a note says what .grad holds beside", () => {
    const x = value(3, "x");
    const y = x.pow(3).named("y");
    y.backward();
    y.backward();
    expect(x.grad).toBe(54);
    const dot = toDot(y);
    expect(dot).toContain("x|data\\ 3\\lgrad\\ 27\\l");
    expect(dot).toContain(".grad of x holds 54");
  });
});

test("scopes are clusters, nested as they were opened", () => {
  const x = value(2, "x");
  const y = scoped("layer", { kind: "layer" }, () => scoped("neuron", { kind: "neuron" }, () => x.mul(3).tanh()));
  const { objects } = parse(toDot(y));
  expect(objects!.filter(({ nodes }) => nodes !== undefined).map(({ label }) => label)).toEqual(["layer", "neuron"]);
});

describe("a hostile label", () => {
  test.each(hostileLabels)("%j is shown as typed and adds neither node nor edge", (label) => {
    const x = value(2, label);
    const y = scoped(label, { kind: "layer", formula: label }, () => x.mul(constant(3, label)).named(label));
    y.backward();
    const { objects, edges } = parse(toDot(y));
    const nodes = objects!.filter(({ nodes: inside }) => inside === undefined);
    expect(nodes.map(({ name }) => name)).toEqual(["n0", "n1", "n2"]);
    expect(edges!.map(({ id }) => id)).toEqual(["e0", "e1"]);
    expect(decoded(nodes[0]!.label).split("|data")[0]).toBe(plainText(label));
  });
});

/** What Graphviz makes of a record label. */
const decoded = (label: string): string => label.replace(/\\(.)/gs, "$1").replace(/&amp;/g, "&");

test("the same program gives the same bytes", () => {
  const draw = () => {
    const a = neuron();
    a.backward();
    return toDot(a, { color: "gradient" });
  };
  expect(draw()).toBe(draw());
});

test("an option that does not exist is refused with its choices", () => {
  expect(() => toDot(neuron(), { direction: "up" as "LR" })).toThrow('toDot: direction is "LR" or "TB", got "up" (a string)');
  expect(() => toDot(neuron(), { precision: 0 })).toThrow("toDot: precision is a whole number from 1 to 17, got 0");
});

test("an infinite contribution is as thick as the largest number", () => {
  const z = value(0, "z");
  const y = z.reciprocal().add(z.mul(2)).named("y");
  y.backward();
  const widths = [...toDot(y).matchAll(/-> n\d+ \[[^\]]*penwidth=([\d.]+)/g)].map(([, width]) => Number(width));
  expect(widths.length).toBe(5);
  expect(widths.filter((width) => width === 2.4).length).toBe(2);
});

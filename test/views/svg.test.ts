/** The other printers of a drawing: counts are right, labels stay labels, texts fit. */
import { describe, expect, test } from "vitest";
import { constant, drawingOf, scoped, sumOf, toMermaid, toPng, toSvg, toText, value, type Value } from "../../src/index.ts";
import { plainText } from "../../src/graph/plain-text.ts";
import { cellsOf } from "../../src/views/cells.ts";
import { hostileLabels } from "./hostile.ts";

function labelled(label: string): Value {
  const x = value(2, label);
  const y = scoped(label, { kind: "layer", formula: label }, () => x.mul(constant(3, label)).named(label));
  y.backward();
  return y;
}

/** A reader of XML that knows nothing but tags, attributes and entities, and throws where they do not nest. */
function parsed(xml: string): { readonly tags: readonly string[]; readonly texts: readonly string[] } {
  const [tags, texts, open]: [string[], string[], string[]] = [[], [], []];
  const token = /<(\/?)([a-zA-Z]+)((?: [a-zA-Z:-]+="[^"<]*")*)(\/?)>|([^<]+)/gy;
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex;
    const match = token.exec(xml);
    if (match === null) throw new Error(`not XML at ${xml.slice(at, at + 60)}`);
    const [, isEnd, name, attributes, isEmpty, text] = match;
    if (text !== undefined) texts.push(unescaped(text));
    else if (isEnd === "/") expect(open.pop()).toBe(name);
    else {
      tags.push(name!);
      expect(attributes!.replace(/"[^"]*"/g, "")).not.toMatch(/ on|href/);
      if (isEmpty !== "/") open.push(name!);
    }
  }
  expect(open).toEqual([]);
  return { tags, texts };
}

function unescaped(text: string): string {
  expect(text).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#39;)/);
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, "&"); // prettier-ignore
}

describe("a hostile label", () => {
  test.each(hostileLabels)("%j is text in SVG, shown as typed, and adds nothing", async (label) => {
    const svg = await toSvg(labelled(label));
    const { tags, texts } = parsed(svg);
    expect(svg.match(/<g id="n\d+" class="node /g)).toHaveLength(3);
    expect(svg.match(/<g id="e\d+" class="edge /g)).toHaveLength(2);
    expect(new Set(tags)).toEqual(new Set(["svg", "title", "rect", "g", "path", "polygon", "text"]));
    expect(texts).toContain(plainText(label));
  });

  test.each(hostileLabels)("%j stays inside the quotes of Mermaid", (label) => {
    const lines = toMermaid(labelled(label)).trimEnd().split("\n");
    const kinds = lines.map((line) => line.replace(/"[^"]*"/g, '""').trim());
    const expected = ["flowchart RL", 'n0("")', 'subgraph c0[""]', 'n1[""]', 'n2("")', "end", 'n2 -->|""| n0', "n2 --- n1"];
    expect(kinds.slice(0, 8)).toEqual(expected);
    expect(lines.every((line) => /^[\p{L}\p{N} .,=+−×∞▸■□▪▫·✓✗_#;"'()[\]|<>/:-]*$/u.test(line))).toBe(true);
  });

  test.each(hostileLabels)("%j keeps the tree of text in 80 columns, one line a value", (label) => {
    const lines = toText(labelled(label)).trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(cellsOf(line)).toBeLessThanOrEqual(80);
  });
});

describe("a large graph", () => {
  const sums = () => sumOf(Array.from({ length: 400 }, (_, k) => value(k, `x${k}`).mul(2).sin())).named("y");

  test("is cut to maxNodes boxes and says so", () => {
    const drawing = drawingOf(sums(), { maxNodes: 40 });
    expect(drawing.nodes).toHaveLength(40);
    expect(drawing.nodes.flatMap(({ nodes }) => nodes)).toHaveLength(1601);
    expect(drawing.legend.flat().map(({ text }) => text)).toEqual(["1562 nodes are not drawn, to stay within 40 boxes"]);
  });

  test("closes scopes from the innermost out before it is cut", () => {
    const x = value(1, "x");
    const parts = Array.from({ length: 10 }, (_, k) =>
      scoped("outer", {}, () => scoped(`inner ${k}`, {}, () => x.mul(k).sin().exp().add(1)).square()),
    );
    const drawing = drawingOf(sumOf(parts), { maxNodes: 50 });
    expect(drawing.nodes.filter(({ kind }) => kind === "scope")).toHaveLength(10);
    expect(drawing.clusters.map(({ title }) => title)).toEqual(Array<string>(10).fill("outer"));
    expect(drawing.legend.flat()[0]!.text).toContain("scopes were closed");
  });

  test("has no arrow to or from a box that is not drawn, and no cycle", () => {
    const { nodes, edges } = drawingOf(sums(), { maxNodes: 30 });
    const ids = new Set(nodes.map(({ id }) => id));
    expect(edges.every(({ from, to }) => ids.has(from) && ids.has(to) && from !== to)).toBe(true);
  });
});

test("the gradient graph names what each value is the gradient of", () => {
  const a = value(0.5, "w").mul(value(2, "x")).named("z").tanh().named("a");
  const { nodes, edges } = drawingOf(a, { backward: "beside" });
  const names = nodes.filter(({ kind }) => kind === "gradient").map(({ rows }) => rows[0]![0]!.lines[0]!.text);
  expect(names).toEqual(expect.arrayContaining(["da/da", "da/dz", "da/dw", "da/dx"]));
  expect(edges.filter(({ kind }) => kind === "reuse").length).toBeGreaterThanOrEqual(3);
});

test("a highlighted path keeps its labels, the rest fades", () => {
  const [x, w] = [value(2, "x"), value(3, "w")];
  const y = x.mul(w).tanh();
  y.backward();
  const { edges } = drawingOf(y, { highlight: w });
  expect(edges.map(({ emphasis, label }) => [emphasis, label !== ""])).toEqual([["faded", false], ["path", true], ["path", true]]); // prettier-ignore
  expect(() => drawingOf(y, { highlight: value(1, "other") }, "toDot")).toThrow("toDot: highlight names Value(1, \"other\"), which this graph does not contain"); // prettier-ignore
});

test("a PNG is one, and its scale is checked", async () => {
  const png = await toPng(labelled("x"));
  expect([...png.slice(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  await expect(toPng(labelled("x"), { scale: 0 })).rejects.toThrow("toPng: scale is a number from 0.1 to 10, got 0");
});

test("a renderer that is missing says what to install", async () => {
  await expect(toSvg(labelled("x"), { renderer: "graphviz-cli" })).rejects.toThrow(
    'toSvg: renderer "graphviz-cli" is not installed. Run npm install graphviz-cli, or use renderer "wasm"',
  );
});

test("a drawing in Spanish has its title, its tooltips and its counts in Spanish", () => {
  const x = value(0.5, "x");
  const y = sumOf([x, x, x, x]).mul(2).named("y");
  y.backward();
  const spanish = drawingOf(y, { language: "es" });
  expect(spanish.title).toBe("Grafo de y: 4 nodos, 6 aristas, con gradientes");
  expect(spanish.edges.map(({ tooltip }) => tooltip)).toContain("gradiente que llega 1; derivada local 2; contribución 2");
  expect(JSON.stringify(spanish)).toContain("grad 8, 4 usos");
  expect(JSON.stringify(spanish)).not.toMatch(/upstream|uses|nodes,/);
  let deep: Value = x;
  for (let k = 0; k < 300; k++) deep = deep.sin();
  expect(JSON.stringify(drawingOf(deep, { language: "es" }))).toMatch(/▸ \d+ nodos.*\d+ veces/);
});

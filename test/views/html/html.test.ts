/** The page of toHtml, without a browser: its steps, its numbers, and that nothing in it can break out. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { halfSquaredError, MLP, numpyRandom, sumOf, toHtml, trace, value, type Value } from "../../../src/index.ts";
import { drawingOf } from "../../../src/views/drawing-of.ts";
import { graphData } from "../../../src/views/graph-data.ts";
import { embeddedJson } from "../../../src/views/html/markup.ts";
import { latexTypesetter } from "../../../src/views/html/typeset-latex.ts";
import { symbolLatex } from "../../../src/views/symbol-latex.ts";
import { isForward, stepsOf, type Step } from "../../../src/views/html/steps.ts";
import { passesOf, type PageData } from "../../../src/views/html/page-data.ts";
import { hostileLabels } from "../hostile.ts";
import { dataOf } from "./page.ts";
import { programs } from "./programs.ts";

function stepsOfValue(root: Value, collapse?: number): Step[] {
  const graph = graphData(root, true);
  const drawing = drawingOf(root, { gradients: true, ...(collapse === undefined ? {} : { collapse }) });
  return stepsOf(graph, drawing, trace(root).steps.map(({ id }) => graph.edges[id]!)); // prettier-ignore
}

const small = (): Value => {
  const [w, x] = [value(0.4, "w"), value(2, "x")];
  return w.mul(x).named("p").add(w).named("z").tanh().named("a");
};

test("every label, with whatever signs and accents, is set as a formula", async () => {
  const typeset = await latexTypesetter();
  const labels = ["ℒ", "pérdida", "total ∑ñ", "a ≠ b", "ę", "x\u0332 y", "\u0301", "W_z", "h′", "\ue000", ...hostileLabels];
  for (const label of labels) expect(typeset(symbolLatex(label)).source, label).toMatch(/^<math/);
  expect(typeset(symbolLatex("pérdida")).source).toContain("<mtext>pérdida</mtext>");
  expect(symbolLatex("h′")).toBe("h'");
});

describe("the steps", () => {
  test("are one for every value forward, the start, and one for every edge backward", () => {
    expect(stepsOfValue(small()).map(({ kind, box, sender }) => `${kind} ${sender ?? ""}>${box}`)).toEqual([
      "compute >n2", "compute >n3", "compute >n4", "start >n4", "edge n4>n3", "edge n3>n2", "edge n3>n0", "edge n2>n0", "edge n2>n1",
    ]); // prettier-ignore
  });

  test("of a random program end, for every value, with exactly its gradient", () => {
    fc.assert(
      fc.property(programs, (root) => {
        const traced = trace(root);
        const sums = new Map<number, unknown>();
        for (const step of stepsOfValue(root)) {
          if (step.kind !== "edge") continue;
          sums.set(step.edge.from, step.sum);
          expect(step.terms.length).toBeLessThanOrEqual(step.uses);
        }
        for (const { id, gradient } of traced.nodes) if (sums.has(id)) expect(sums.get(id)).toEqual(gradient);
        expect(stepsOfValue(root).filter(({ kind }) => kind === "edge")).toHaveLength(traced.steps.length);
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  test("of closed scopes are one for the scope and one for each of its arrows", () => {
    const model = new MLP([2, 3, 1], { activations: ["relu", "sigmoid"], random: numpyRandom(42) });
    const loss = halfSquaredError(model.forward([[0, 1], [1, 1]]), [[1], [0]]); // prettier-ignore
    const steps = stepsOfValue(loss, 0);
    expect(steps.filter(({ kind }) => kind === "computeFolded")).toHaveLength(2);
    expect(steps.some(({ kind }) => kind === "edgesFolded")).toBe(true);
    expect(steps.filter(isForward).length).toBeLessThan(5);
  });

  test("of a constant are forward only", async () => {
    const page = await toHtml(value(2, "x").detach().square());
    expect(dataOf(page).steps.map(({ way }) => way)).toEqual(["forward"]);
  });
});

test("in the data a page embeds, contribution = upstream × local on every edge, and a gradient is the sum of its contributions", () => {
  fc.assert(
    fc.property(programs, (root) => {
      const { graph, steps } = JSON.parse(embeddedJson(passesOf(root).data).source) as PageData;
      const sums = new Map<number, number>();
      for (const { from, flow } of graph.edges) {
        if (flow === null) continue;
        const [upstream, contribution] = [Number(flow.upstream), Number(flow.contribution)];
        const product = upstream === 0 ? 0 : upstream * Number(flow.local ?? 1);
        if (flow.local === null) expect([0, upstream, product]).toContain(contribution);
        else expect(contribution + 0).toBe(product + 0);
        sums.set(from, (sums.get(from) ?? 0) + contribution);
      }
      for (const { id, grad } of graph.nodes) {
        const sum = sums.get(id);
        if (sum !== undefined) expect(Math.abs(Number(grad) - sum)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(sum)));
      }
      expect(steps.filter(({ way }) => way === "backward")).toHaveLength(1 + graph.edges.filter(({ flow }) => flow !== null).length);
    }),
    { numRuns: 500, seed: 1 },
  );
});

describe("the page", () => {
  test("asks for nothing: no address, and a policy that allows its own style and script only", async () => {
    const page = await toHtml(small());
    expect(page.replaceAll('xmlns="http://www.w3.org/2000/svg"', "").replaceAll('xmlns="http://www.w3.org/1998/Math/MathML"', "")).not.toMatch(/https?:|src=|@import|url\((?!#)/); // prettier-ignore
    expect(page.replaceAll("&#39;", "'")).toMatch(
      /default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; base-uri 'none'/,
    );
    expect(page).not.toMatch(/ style="| on[a-z]+="/);
  });

  test("is the same bytes for the same program, and touches no gradient", async () => {
    const root = small();
    expect(await toHtml(root)).toBe(await toHtml(small()));
    expect(root.hasGrad).toBe(false);
  });

  test("says what it refuses", async () => {
    await expect(toHtml(value([1, 2]))).rejects.toThrow(
      "toHtml: the root has shape [2]; take .sum() or .mean() of it, so that it is one number",
    );
    await expect(toHtml(3 as never)).rejects.toThrow("toHtml: expected a value, got 3");
    await expect(toHtml(small(), { language: "fr" as never })).rejects.toThrow('toHtml: language is "en" or "es"');
  });

  test("speaks Spanish", async () => {
    const page = await toHtml(small(), { language: "es" });
    expect(page).toContain('<html lang="es">');
    expect(page).toContain("El gradiente de <b>p</b> vuelve por la arista hasta <b>w</b>");
  });

  test("keeps hostile labels text: as many elements as with a plain label", async () => {
    const shape = (page: string) =>
      page
        .replace(/<math[\s\S]*?<\/math>/g, "")
        .match(/<[a-z/!][a-z]*/gi)!
        .join();
    const program = (labels: readonly string[]) => sumOf(labels.map((label) => value(2, label))).named("root");
    const plain = await toHtml(program(hostileLabels.map((_, k) => `plain${k}`)));
    expect(shape(await toHtml(program(hostileLabels)))).toBe(shape(plain));
  });
});

test("embedded data cannot end its element, open a comment or end a line", () => {
  const nasty = { text: "</script><!-- \u2028 \u2029 &amp;" };
  const { source } = embeddedJson(nasty);
  expect(source).not.toMatch(/[<>&\u2028\u2029]/);
  expect(JSON.parse(source)).toEqual(nasty);
});

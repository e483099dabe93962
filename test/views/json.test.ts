/** On every edge of random programs the chain rule holds, in the data that JSON and DOT export. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonGraph, matmul, toDot, toJson, value, type JsonGraph } from "../../src/index.ts";
import { programs } from "./random-program.ts";

type Numbers = number | string | readonly Numbers[];

const flat = (x: Numbers): number[] => (Array.isArray(x) ? (x as Numbers[]).flatMap(flat) : [Number(String(x).replace("inf", "Infinity"))]);

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly upstream: number[];
  readonly local: number[] | null;
  readonly contribution: number[];
}

interface Exported {
  readonly gradients: ReadonlyMap<string, number[]>;
  readonly edges: readonly Edge[];
}

function fromJson(text: string): Exported {
  const { nodes, edges } = JSON.parse(text) as JsonGraph;
  return {
    gradients: new Map(nodes.filter(({ grad }) => grad !== null).map(({ id, grad }) => [`n${id}`, flat(grad!)])),
    edges: edges.flatMap(({ from, to, flow }) =>
      flow
        ? [
            {
              from: `n${from}`,
              to: `n${to}`,
              upstream: flat(flow.upstream),
              local: flow.local === null ? null : flat(flow.local),
              contribution: flat(flow.contribution),
            },
          ]
        : [],
    ),
  };
}

/** DOT says every digit in its tooltips. */
function fromDot(dot: string): Exported {
  const nodes = [...dot.matchAll(/^ +(n\d+) \[.*tooltip="data [^;\n]*; grad ([^"\n]+)"\]$/gm)];
  const edges = [...dot.matchAll(/^ +(n\d+) -> (n\d+) \[.*tooltip="upstream ([^;\n]+);(?: local ([^;\n]+);)? contribution ([^";\n]+)/gm)];
  const numbers = (text: string) => flat(JSON.parse(text.replace(/-?inf|NaN/g, (word) => `"${word}"`)) as Numbers);
  return {
    gradients: new Map(nodes.map(([, id, grad]) => [id!, numbers(grad!)])),
    edges: edges.map(([, from, to, upstream, local, contribution]) => ({
      from: from!,
      to: to!,
      upstream: numbers(upstream!),
      local: local === undefined ? null : numbers(local),
      contribution: numbers(contribution!),
    })),
  };
}

function expectChainRule({ gradients, edges }: Exported, root: string): void {
  const sums = new Map<string, number[]>();
  for (const { from, to, upstream, local, contribution } of edges) {
    expect(upstream).toEqual(gradients.get(to));
    if (local !== null) {
      const spread = (xs: number[], i: number) => (xs.length === 1 ? xs[0]! : xs[i]!);
      const product = contribution.map((_, i) => (upstream[i] === 0 ? 0 : upstream[i]! * spread(local, i)));
      expect(contribution.map((x) => x + 0)).toEqual(product.map((x) => x + 0));
    }
    const before = sums.get(from);
    sums.set(from, before === undefined ? contribution : before.map((x, i) => x + contribution[i]!));
  }
  for (const [id, gradient] of gradients) {
    const sum = sums.get(id) ?? gradient.map(() => (id === root ? 1 : 0));
    gradient.forEach((g, i) => {
      const size = edges
        .filter(({ from }) => from === id)
        .reduce((most, edge) => Math.max(most, Math.abs(edge.contribution[i]!)), Math.abs(g));
      expect(Math.abs(g - sum[i]!)).toBeLessThanOrEqual(1e-14 * size);
    });
  }
}

describe("on every edge of 300 random programs", () => {
  test("contribution = upstream × local, and gradients are the sums of contributions, in JSON and in DOT", () => {
    fc.assert(
      fc.property(programs, (program) => {
        const root = program();
        root.backward();
        const json = fromJson(toJson(root));
        const dot = fromDot(toDot(root));
        const id = `n${jsonGraph(root).root}`;
        expectChainRule(json, id);
        expectChainRule(dot, id);
        expect(dot.edges).toHaveLength(json.edges.length);
        expect([...dot.gradients.keys()].sort()).toEqual([...json.gradients.keys()].sort());
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  test("drawing twice gives the same bytes", () => {
    fc.assert(
      fc.property(programs, (program) => {
        const draw = () => {
          const root = program();
          root.backward();
          return toDot(root, { color: "gradient" }) + toJson(root);
        };
        expect(draw()).toBe(draw());
      }),
      { numRuns: 50, seed: 1 },
    );
  });
});

test("numbers that JSON has no word for are named", () => {
  const x = value([0, -0, NaN], "x");
  const y = x.log().sum();
  y.backward();
  const { nodes } = jsonGraph(y);
  expect(nodes[0]!.data).toEqual([0, "-0", "NaN"]);
  expect(nodes[0]!.grad).toEqual(["Infinity", "-Infinity", "NaN"]);
  expect(() => JSON.parse(toJson(y)) as unknown).not.toThrow();
});

test("where the rule is not a product it is said", () => {
  const [A, B] = [value([[1, 2]], "A"), value([[3], [4]], "B")];
  const y = matmul(A, B).sum();
  y.backward();
  expect(jsonGraph(y).edges.map(({ flow }) => flow!.rule)).toEqual(["g x₂ᵀ", "x₁ᵀ g", "g"]);
});

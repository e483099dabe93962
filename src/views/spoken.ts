/** What a drawing says in words, with every digit: its title, and what a pointer that rests on a box or an arrow, or a screen reader, is told. */
import type { Language } from "../graph/language.ts";
import type { Value } from "../graph/value.ts";
import type { TraceFlow } from "../gradient/trace.ts";
import type { GraphData, GraphNode } from "./graph-data.ts";
import { formatExactly } from "./number-format.ts";

interface Words {
  readonly graph: (name: string) => string;
  readonly unnamed: string;
  readonly withGradients: string;
  readonly nodes: string;
  readonly edges: string;
  readonly upstream: string;
  readonly local: string;
  readonly contribution: string;
  readonly strongZero: string;
}

const words: { readonly [L in Language]: Words } = {
  en: {
    graph: (name) => `Graph of ${name}`,
    unnamed: "a value",
    withGradients: "with gradients",
    nodes: "nodes",
    edges: "edges",
    upstream: "upstream",
    local: "local",
    contribution: "contribution",
    strongZero: "0 * inf counts as 0",
  },
  es: {
    graph: (name) => `Grafo de ${name}`,
    unnamed: "un valor",
    withGradients: "con gradientes",
    nodes: "nodos",
    edges: "aristas",
    upstream: "gradiente que llega",
    local: "derivada local",
    contribution: "contribución",
    strongZero: "0 * inf cuenta como 0",
  },
};

export const nodeCount = (n: number, language: Language): string => `${n} ${words[language].nodes}`;
export const edgeCount = (n: number, language: Language): string => `${n} ${words[language].edges}`;

/** "Graph of y: 5 nodes, 4 edges, with gradients" */
export function drawingTitle(root: Value, label: string, { nodes, edges, hasGradients }: GraphData, language: Language): string {
  const say = words[language];
  const counts = [nodeCount(nodes.length, language), edgeCount(edges.length, language), ...(hasGradients ? [say.withGradients] : [])];
  return `${say.graph(label || root.op || say.unnamed)}: ${counts.join(", ")}`;
}

/** "data 0.5; grad 2" */
export const nodeText = ({ value, gradient }: GraphNode): string =>
  `data ${formatExactly(value.payload)}${gradient === undefined ? "" : `; grad ${formatExactly(gradient)}`}`;

/** "upstream 0.5; local 2; contribution 1" */
export function flowText({ upstream, local, contribution, isStrongZero }: TraceFlow, language: Language): string {
  const say = words[language];
  const parts = [`${say.upstream} ${formatExactly(upstream)}`];
  if (local !== undefined) parts.push(`${say.local} ${formatExactly(local)}`);
  parts.push(`${say.contribution} ${formatExactly(contribution)}`);
  if (isStrongZero) parts.push(say.strongZero);
  return parts.join("; ");
}

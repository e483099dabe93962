/** The rules of a graph in mathematics, with the names of its values: read from the table by the arithmetic whose numbers are LaTeX. */
import { flowsOf } from "../../gradient/sweep.ts";
import type { Value } from "../../graph/value.ts";
import { precedence } from "../../ops/notation.ts";
import { applied } from "../../ops/algebra.ts";
import { bracketed, name, textOf, texts, type Text } from "../../ops/text.ts";
import type { GraphData, GraphEdge, GraphNode } from "../graph-data.ts";
import { partialLatex } from "../symbol-latex.ts";
import { latexPaperFor } from "../paper.ts";
import type { Names } from "./names.ts";

/** From so many inputs on, those in the middle are left out. */
const most = 6;

export interface Mathematics {
  /** What a computed value is: p = w · x. */
  definition(id: number): string;
  /** ∂root/∂value. */
  gradient(id: number): string;
  /** The chain rule on an edge, ∂L/∂w += ∂L/∂p · ∂p/∂w = ∂L/∂p · x. */
  chainRule(edge: GraphEdge): string;
  /** ∂to/∂from in the names of the values; undefined where the rule is not a product. */
  local(edge: GraphEdge): string | undefined;
  /** The root in terms of the leaves, or as far as it stays readable. */
  readonly headline: string;
}

export function mathematicsOf(graph: GraphData, names: Names): Mathematics {
  const latex = (id: number) => names.latex(id).latex;
  const gradient = (id: number) => partialLatex(latex(graph.root), latex(id));
  const rules = rulesOf(graph, names);
  const rightSide = (id: number) => rightSideOf(graph.nodes[id]!, inputsOf(graph, id).map(names.latex)).latex;
  const local = ({ to, index }: GraphEdge) => rules(to).get(index)?.local;
  return {
    definition: (id) => `${latex(id)} = ${rightSide(id)}`,
    gradient,
    local,
    chainRule: (edge) => {
      const { from, to, index } = edge;
      const rule = rules(to).get(index)?.contribution ?? "";
      const upstream = to === graph.root ? "1" : gradient(to);
      const product = local(edge) === undefined ? "" : `${upstream} \\cdot ${partialLatex(latex(to), latex(from))} = `;
      return `${gradient(from)} \\mathrel{\\text{+=}} ${product}${rule}`;
    },
    headline: headlineOf(graph, names),
  };
}

const inputsOf = ({ idOf, nodes }: GraphData, id: number): number[] => nodes[id]!.value.inputs.map((input) => idOf(input)!);

function rightSideOf({ value }: GraphNode, operands: readonly Text[]): Text {
  const { primitive } = value;
  if (primitive === null) return name(value.label, value.shape);
  if (operands.length <= most) return applied(texts, primitive, operands);
  const shown = [...operands.slice(0, 3).map(({ latex }) => latex), "\\ldots", operands[operands.length - 1]!.latex];
  return name(`\\operatorname{${primitive.kind === "structural" ? primitive.name : "f"}}(${shown.join(", ")})`, value.shape);
}

interface Rule {
  readonly local: string | undefined;
  readonly contribution: string;
}

/** What each input of a node gets, by its index; worked out once a node. */
function rulesOf(graph: GraphData, names: Names): (id: number) => ReadonlyMap<number, Rule> {
  const known = new Map<number, ReadonlyMap<number, Rule>>();
  const read = (value: Value) => names.latex(graph.idOf(value)!);
  return (id) => {
    const found = known.get(id);
    if (found) return found;
    const { value } = graph.nodes[id]!;
    const upstream = id === graph.root ? name("1", value.shape) : name(partialLatex(names.latex(graph.root).latex, names.latex(id).latex), value.shape); // prettier-ignore
    const byIndex = new Map<number, Rule>();
    for (const { index, local, contribution } of flowsOf(value, upstream, latexPaperFor([value]), read)) {
      if (local === undefined) byIndex.set(index, { local, contribution: contribution.latex });
      else {
        const partial = textOf(local);
        byIndex.set(index, { local: partial.latex, contribution: `${upstream.latex} \\cdot ${bracketed(partial, precedence.product)}` });
      }
    }
    known.set(id, byIndex);
    return byIndex;
  };
}

const longest = 160;

/** Every value in terms of its inputs, those in terms of theirs, until it would be too long to read. */
function headlineOf(graph: GraphData, names: Names): string {
  const written: Text[] = [];
  for (const { id, value } of graph.nodes) {
    const full = value.primitive === null ? names.latex(id) : rightSideOf(graph.nodes[id]!, inputsOf(graph, id).map((k) => written[k]!)); // prettier-ignore
    written.push(full.latex.length > longest ? names.latex(id) : full);
  }
  const { root } = graph;
  const whole = written[root]!.latex;
  if (graph.nodes[root]!.value.primitive === null) return names.latex(root).latex;
  const isCut = whole === names.latex(root).latex;
  const rightSide = isCut ? rightSideOf(graph.nodes[root]!, inputsOf(graph, root).map(names.latex)).latex : whole;
  return `${names.latex(root).latex} = ${rightSide}`;
}

/** An explanation where paths are many: value by value on the way, or, where those are many too, by the uses that contribute most. */
import { flowAlong } from "../gradient/sweep.ts";
import type { Trace, TraceEdge } from "../gradient/trace.ts";
import type { Value } from "../graph/value.ts";
import { backwardLines, gradientName } from "./backward-lines.ts";
import { magnitude } from "./edge-label.ts";
import { added, slopeOf } from "./explain-paths.ts";
import type { Stages } from "./explain.ts";
import { symbol, type Expression } from "./expression.ts";
import { latexOf } from "./expression-latex.ts";
import { paperFor } from "./paper.ts";
import { Formulas } from "./formulas.ts";
import { numberLatex, tensorLatex } from "./tensor-latex.ts";
import type { Ways } from "./ways.ts";

const mostSteps = 14;
const mostNodes = 3000;
const mostUses = 5;

/** The gradients on the way one after the other, or undefined where that would not be read. */
export function stepStages(traced: Trace, ways: Ways, precision: number): Stages | undefined {
  const { root, nodes } = traced;
  if (nodes.length > mostNodes) return undefined;
  const formulas = new Formulas(root.value);
  const onWay = [...ways.nodes].map((id) => nodes[id]!.value).filter((v) => formulas.isNamed(v));
  if (onWay.length > mostSteps) return undefined;
  const wanted = new Set(onWay);
  const lines = backwardLines(formulas, traced).filter(({ value }) => wanted.has(value));
  const name = (v: Value) => gradientName(formulas.symbolOf(root.value), formulas.symbolOf(v));
  const terms = (v: Value) =>
    namedUsers(traced, formulas, ways, v).map((c) => `${name(c)} \\cdot ${gradientName(formulas.symbolOf(c), formulas.symbolOf(v))}`);
  return {
    formulas,
    named: onWay.filter((v) => v.primitive !== null),
    symbols: lines.slice(1).map((line) => [line.name, added(terms(line.value))]),
    substituted: lines.map(({ name: of, formula, expanded }) => [of, latexOf(formula), ...(expanded ? [latexOf(expanded)] : [])]),
    numbers: lines.map(({ name: of, gradient }) => [of, tensorLatex(gradient, precision)]),
    omitted: 0,
  };
}

/** The values with a name that use this one, through others without one. */
function namedUsers({ nodes }: Trace, formulas: Formulas, ways: Ways, v: Value): Value[] {
  const users = new Set<Value>();
  const stack = [...ways.nodes].filter((id) => nodes[id]!.value === v);
  for (let id = stack.pop(); id !== undefined; id = stack.pop())
    for (const { to } of ways.uses.get(id) ?? [])
      if (formulas.isNamed(to.value)) users.add(to.value);
      else stack.push(to.id);
  return [...users];
}

/** The uses that contribute most, and the sum of the others. */
export function useStages({ root }: Trace, ways: Ways, precision: number): Stages {
  const uses = ways.uses.get(ways.from.id) ?? [];
  const shown = [...uses]
    .sort((a, b) => magnitude(b.flow!.contribution) - magnitude(a.flow!.contribution) || a.id - b.id)
    .slice(0, mostUses);
  const users = [...new Set(shown.map(({ to }) => to.value))];
  const formulas = new Formulas(root.value, users);
  const w = formulas.symbolOf(ways.from.value);
  const total = gradientName(formulas.symbolOf(root.value), w);
  const name = (v: Value) => gradientName(formulas.symbolOf(root.value), formulas.symbolOf(v));
  const more = uses.length > shown.length ? ["\\cdots"] : [];
  return {
    formulas,
    named: users,
    symbols: [
      [total, added([...shown.map(({ to }) => `${name(to.value)} \\cdot ${gradientName(formulas.symbolOf(to.value), w)}`), ...more])],
    ],
    substituted: [[total, added([...shown.map((edge) => latexOf(contributionOf(edge, name(edge.to.value), formulas))), ...more])]],
    numbers: [
      ...users.map((v, k) => [name(v), tensorLatex(shown[k]!.flow!.upstream, precision)]),
      numbersOf(total, ways, shown, precision),
    ],
    omitted: uses.length - shown.length,
  };
}

/** What flows along an edge, in terms of the gradient that arrives. */
function contributionOf({ to, index }: TraceEdge, name: string, formulas: Formulas): Expression {
  const arriving = symbol(name, to.value.shape);
  return flowAlong({ node: to.value, index }, arriving, paperFor([to.value]), formulas.read).contribution;
}

function numbersOf(name: string, { from, uses }: Ways, shown: readonly TraceEdge[], precision: number): string[] {
  const gradient = from.gradient!;
  if (typeof gradient !== "number") return [name, tensorLatex(gradient, precision)];
  const contribution = ({ flow }: TraceEdge): number => flow!.contribution as number;
  const rest = (uses.get(from.id) ?? []).filter((edge) => !shown.includes(edge));
  const others = rest.length === 0 ? [] : [rest.reduce((sum, edge) => sum + contribution(edge), 0)];
  return [
    name,
    ...(shown.every(({ flow }) => typeof flow!.upstream === "number") ? productsOf(shown, others, precision) : []),
    numberLatex(gradient, precision),
  ];
}

function productsOf(shown: readonly TraceEdge[], others: readonly number[], precision: number): string[] {
  const number = (x: number, isFirst: boolean) => (x < 0 && !isFirst ? `(${numberLatex(x, precision)})` : numberLatex(x, precision));
  const rest = others.map((x) => number(x, true));
  const products = shown.map((edge) => `${number(edge.flow!.upstream as number, true)} \\cdot ${number(slopeOf(edge), false)}`);
  return [added([...products, ...rest]), added([...shown.map(({ flow }) => number(flow!.contribution as number, true)), ...rest])];
}

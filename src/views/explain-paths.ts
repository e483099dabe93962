/** An explanation where few paths lead from the value to the loss: each path a product of local derivatives, all of them a sum. */
import { shapeOf, type Tensor } from "../array/ndarray.ts";
import { flowAlong } from "../gradient/sweep.ts";
import type { Trace, TraceEdge } from "../gradient/trace.ts";
import { tensors } from "../ops/tensors.ts";
import { gradientName } from "./backward-lines.ts";
import { number, product, sum, type Expression } from "./expression.ts";
import { factorLatex, latexOf } from "./expression-latex.ts";
import { paperFor } from "./paper.ts";
import type { Stages } from "./explain.ts";
import { Formulas } from "./formulas.ts";
import { numberLatex } from "./tensor-latex.ts";
import { pathsOf, type Ways } from "./ways.ts";

const mostPaths = 6;
/** Beyond this a product is cut in the middle. */
const longestPath = 10;

/** Whether all paths can be written down: few, and through numbers only. */
export const isFew = ({ nodes }: Trace, ways: Ways): boolean =>
  ways.count > 0 && ways.count <= mostPaths && [...ways.nodes].every((id) => shapeOf(nodes[id]!.value.payload).length === 0);

export function pathStages({ root, nodes }: Trace, ways: Ways, precision: number): Stages {
  const paths = pathsOf(ways);
  const computed = [...ways.nodes].filter((id) => nodes[id]!.value.primitive !== null).map((id) => nodes[id]!.value);
  const formulas = new Formulas(root.value, ways.nodes.size <= 200 ? computed : []);
  const name = gradientName(formulas.symbolOf(root.value), formulas.symbolOf(ways.from.value));
  const locals = paths.map((path) => path.map((edge) => localOf(edge, formulas)));
  const slopes = paths.map((path) => path.map(slopeOf));
  const total = numberLatex(ways.from.gradient as number, precision);
  const terms = slopes.map((path) => path.reduce((a, b) => a * b, 1));
  return {
    formulas,
    named: ways.nodes.size <= 2 * longestPath ? computed : [],
    symbols: [[name, added(paths.map((path) => cut(path.map((edge) => partialName(edge, formulas, ways)))))]],
    substituted: [[name, added(locals.map((path) => cut(path.map(factorLatex)))), latexOf(sum(locals.map((path) => product([number(1), ...path]))))]], // prettier-ignore
    numbers: [
      [
        name,
        added(slopes.map((path) => cut(path.map((x, k) => factor(x, k, precision))))),
        added(terms.map((x) => numberLatex(x, precision))),
        total,
      ],
    ],
    omitted: 0,
  };
}

/** ∂z/∂w; where that could mean something else, by which of the inputs of z. */
function partialName({ from, to, index }: TraceEdge, formulas: Formulas, ways: Ways): string {
  const isRepeated = to.value.inputs.filter((input) => input === from.value).length > 1;
  const isDirect = from === ways.from && to.value === formulas.root && ways.count > 1;
  return `${gradientName(formulas.read(to.value), formulas.read(from.value))}${isRepeated || isDirect ? `\\big|_{${index + 1}}` : ""}`;
}

const localOf = ({ to, index }: TraceEdge, formulas: Formulas): Expression =>
  flowAlong({ node: to.value, index }, number(1), paperFor([to.value]), formulas.read).contribution;

/** ∂to/∂from as a number. */
export const slopeOf = ({ to, index }: TraceEdge): number =>
  flowAlong<Tensor>({ node: to.value, index }, 1, tensors, (v) => v.payload).contribution as number;

const factor = (x: number, k: number, precision: number): string => {
  const text = numberLatex(x, precision);
  return k > 0 && text.startsWith("-") ? `(${text})` : text;
};

function cut(factors: readonly string[]): string {
  if (factors.length === 0) return "1";
  const half = longestPath / 2;
  const shown = factors.length <= longestPath ? factors : [...factors.slice(0, half), "\\cdots", ...factors.slice(-half)];
  return shown.join(" \\cdot ");
}

/** a + b − c. */
export const added = (terms: readonly string[]): string =>
  terms.reduce((all, term) => (term.startsWith("-") ? `${all} - ${term.slice(1)}` : `${all} + ${term}`));

/** How a gradient is carried back where that is not a product entry by entry: "g x₂ᵀ" for the first operand of a matrix product. */
import { flowsOf } from "../gradient/sweep.ts";
import type { Value } from "../graph/value.ts";
import { symbol } from "./expression.ts";
import { latexOf } from "./expression-latex.ts";
import { paperFor } from "./paper.ts";
import { plainMath } from "./plain-math.ts";

const rules = new WeakMap<Value, ReadonlyMap<number, string>>();

/** What flows back to input `index` of `node`: in terms of the gradient g that arrives, the inputs x or x₁, x₂ …, and the output y. */
export function ruleOf(node: Value, index: number): string {
  const known = rules.get(node) ?? rulesOf(node);
  rules.set(node, known);
  return known.get(index) ?? "";
}

function rulesOf(node: Value): Map<number, string> {
  const { inputs } = node;
  const places = new Map([...inputs.entries()].reverse().map(([k, input]) => [input, k + 1]));
  const read = (v: Value) => symbol(v === node ? "y" : inputs.length === 1 ? "x" : `x_{${places.get(v)!}}`, v.shape);
  const flows = flowsOf(node, symbol("g", node.shape), paperFor([node]), read);
  return new Map(flows.map(({ index, contribution }) => [index, plainMath(latexOf(contribution))]));
}

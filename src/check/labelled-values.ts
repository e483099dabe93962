/** The labelled values of a graph by the names that their gradients go by: dW2, dL_dW2, ∂L/∂W2, delta2, W2_grad. */
import { sizeOf } from "../array/shape.ts";
import { nodesOf } from "../graph/order.ts";
import type { Value } from "../graph/value.ts";

/** The labelled values of a graph, and the names their gradients go by. */
export class Labelled {
  readonly byLabel = new Map<string, Value>();
  readonly nodes: readonly Value[];
  private readonly repeated = new Set<string>();

  constructor(loss: Value, also: ReadonlyMap<string, Value>) {
    this.nodes = nodesOf(loss);
    for (const [name, value] of also) this.byLabel.set(name, value);
    for (const node of this.nodes) {
      if (node.label === "") continue;
      const other = this.byLabel.get(node.label);
      if (other !== undefined && other !== node) this.repeated.add(node.label);
      this.byLabel.set(node.label, node);
    }
  }

  /** The value whose gradient goes by this name. */
  target(key: string): Value {
    const found = this.find(key);
    if (found === undefined)
      throw new ReferenceError(`compareGradients: no value of the graph is labelled ${JSON.stringify(key)}; its labels are ${this.list()}`);
    if (!found.takesGradient)
      throw new TypeError(`compareGradients: ${JSON.stringify(found.label)} is a constant and has no gradient; make it with value(…)`);
    return found;
  }

  find(key: string): Value | undefined {
    const names = [key, ...gradientNames(key)];
    for (const name of names) {
      const found = this.byLabel.get(name);
      if (found === undefined) continue;
      if (this.repeated.has(name))
        throw new RangeError(`compareGradients: several values are labelled ${JSON.stringify(name)}; give a Map from the value itself`);
      return found;
    }
    const folded = new Set(names.map(fold));
    const alike = [...this.byLabel.keys()].filter((label) => folded.has(fold(label)));
    return alike.length === 1 ? this.byLabel.get(alike[0]!) : undefined;
  }

  list(): string {
    const labels = [...this.byLabel.keys()].map((label) => JSON.stringify(label));
    return labels.length === 0 ? "none (label values with .named(…))" : labels.slice(0, 30).join(", ") + (labels.length > 30 ? ", …" : "");
  }
}

/** Case and underscores do not matter where nothing fits exactly. */
const fold = (name: string): string => name.replace(/[_\s{}[\]()]/g, "").toLowerCase();

const spellings: readonly RegExp[] = [
  /^(?:d|∂|D)[A-Za-z]*?_?\/?_?(?:d|∂)_?(.+)$/u, // dL_dW2, dLdW2, dloss_dW2, ∂L/∂W2, dL/dW2
  /^(?:delta_?|δ_?|grad_?|∇_?)(.+)$/iu, // delta2, δ2, grad_W2; not the d of "elta2"
  /^(?:d|∂|g_)(.+)$/iu, // dW2, g_W2
  /^(.+?)(?:_?grad|_?gradient|\.grad|_?bar|_?delta)$/iu, // W2_grad, W2.grad
];

/** The labels that a name may mean the gradient of. A bare number after delta is that of a preactivation: δ2 is ∂L/∂z2. */
export function gradientNames(key: string): string[] {
  const found = spellings.flatMap((pattern) => pattern.exec(key)?.[1] ?? []);
  return found.flatMap((name) => (/^\d+$/.test(name) ? [`z${name}`, `z_${name}`] : [name]));
}

/** What the last mean of the loss divides by; where there is none, the longest column of a matrix. */
export function batchSize(nodes: readonly Value[]): number {
  const last = nodes.toReversed().flatMap((node) => divisionOf(node) ?? []);
  // λ·Σw² beside a mean is none: first what is written as one, then what is divided, then what is multiplied by 1/N.
  for (const how of ["mean", "div", "mul"] as const) {
    const count = last.find((division) => division.how === how)?.count;
    if (count !== undefined) return Math.abs(count - Math.round(count)) < 1e-9 * count ? Math.round(count) : count;
  }
  return nodes.reduce((size, { shape }) => (shape.length === 2 ? Math.max(size, shape[0]!) : size), 1);
}

/** Σ/N, −Σ/N, 1/N·Σ. */
function divisionOf(node: Value): { readonly how: "mean" | "div" | "mul"; readonly count: number } | undefined {
  const scaled = scalingOf(node);
  if (scaled === undefined || node.op === "neg") return undefined;
  const [summed, count] = [underScalings(scaled.x), 1 / Math.abs(scaled.factor)];
  if (summed.op !== "sum") return undefined;
  const isMean = node.op === "div" && summed === scaled.x;
  return isMean || isCount(count, summed) ? { how: isMean ? "mean" : (node.op as "div" | "mul"), count } : undefined;
}

/** x and k where the node is k·x for a number k: a factor, a divisor, a minus. */
function scalingOf({ op, a, b }: Value): { readonly x: Value; readonly factor: number } | undefined {
  if (op === "neg") return { x: a!, factor: -1 };
  const numberOf = (v: Value | null): number | undefined => (v !== null && !v.takesGradient && typeof v.payload === "number" ? v.payload : undefined); // prettier-ignore
  const [left, right] = [numberOf(a), numberOf(b)];
  if (op === "div" && right !== undefined) return { x: a!, factor: 1 / right };
  if (op !== "mul") return undefined;
  return right !== undefined ? { x: a!, factor: right } : left !== undefined ? { x: b!, factor: left } : undefined;
}

/** −Σ/5, ½·Σ/5: the sum under the numbers in front of it. */
function underScalings(v: Value): Value {
  let below = v;
  for (let scaled = scalingOf(v); scaled !== undefined; scaled = scalingOf(below)) below = scaled.x;
  return below;
}

/** Whether so many are summed: along one axis, or all. */
const isCount = (count: number, { a }: Value): boolean =>
  count > 1 && [...a!.shape, sizeOf(a!.shape)].some((n) => Math.abs(n - count) < 1e-9 * count);

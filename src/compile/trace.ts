/**
 * Tracing: the function is run once on examples, and the graph it leaves is read as a program; then the one sweep of the
 * library is run over that graph with the `code` arithmetic, and what it appends is the backward pass.
 */
import { formatShape } from "../array/shape.ts";
import { sweep, type Flow } from "../gradient/sweep.ts";
import { topologicalOrder } from "../graph/order.ts";
import { Leaf, nameOf, traced, Value, type Tracer } from "../graph/value.ts";
import { appended, codeAlgebra } from "./code.ts";
import { operandsOf, ProgramBuilder, type Instruction, type Program } from "./program.ts";

/** A traced function: its lines so far, and which values its inputs were. */
export interface Trace {
  readonly builder: ProgramBuilder;
  readonly root: Value;
  readonly output: Instruction;
  /** The values that stand for the inputs of the program: those that were passed, then the leaves that f found elsewhere. */
  readonly inputs: readonly Value[];
  readonly lineOf: ReadonlyMap<Value, Instruction>;
}

/**
 * Runs `f` on `inputs` and reads what it computed.
 *
 * @throws TypeError where f reads data, a gradient or an item, which would be frozen; where it does not return a value.
 */
export function tracedFunction(operation: string, f: (...inputs: Value[]) => Value, inputs: readonly Value[]): Trace {
  const origins = new Map<Value, Value>();
  const watcher: Tracer = {
    reads: (v, what) => {
      if (dependsOn(v, inputs, origins)) throw frozenError(operation, v, what);
    },
    detaches: (from, to) => void origins.set(to, from),
  };
  const root = traced(watcher, () => f(...inputs));
  if (!(root instanceof Value)) throw new TypeError(`${operation}: the function must return a value, got ${typeof root}`);
  return { root, ...readGraph(root, inputs, origins) };
}

const sourcesOf = (v: Value, origins: ReadonlyMap<Value, Value>): readonly Value[] => {
  const origin = origins.get(v);
  return origin ? [origin] : v.inputs;
};

function dependsOn(v: Value, inputs: readonly Value[], origins: ReadonlyMap<Value, Value>): boolean {
  const seen = new Set<Value>([v]);
  for (const node of seen) {
    if (node instanceof Leaf || inputs.includes(node)) return true;
    for (const source of sourcesOf(node, origins)) seen.add(source);
  }
  return false;
}

function frozenError(operation: string, v: Value, what: string): TypeError {
  const shown = typeof v.payload === "number" ? String(v.payload) : `an array of shape ${formatShape(v.shape)}`;
  return new TypeError(
    `${operation}: .${what} of ${nameOf(v)} was read while the function was traced; ${shown} would be frozen into every later call. ` +
      "Say it with values (where, maximum, clip, relu, …), or compute it outside and pass it as an input",
  );
}

/** Every node, inputs first; a detached value after the one it was detached from. */
function orderOf(root: Value, origins: ReadonlyMap<Value, Value>): Value[] {
  const order: Value[] = [];
  const placed = new Map<Value, boolean>();
  const stack = [root];
  while (stack.length > 0) {
    const node = stack[stack.length - 1]!;
    const state = placed.get(node);
    if (state === undefined) {
      placed.set(node, false);
      const sources = sourcesOf(node, origins);
      for (let k = sources.length - 1; k >= 0; k--) if (!placed.has(sources[k]!)) stack.push(sources[k]!);
      continue;
    }
    stack.pop();
    if (state) continue;
    placed.set(node, true);
    order.push(node);
  }
  return order;
}

function readGraph(root: Value, inputs: readonly Value[], origins: ReadonlyMap<Value, Value>): Omit<Trace, "root"> {
  const builder = new ProgramBuilder();
  const lineOf = new Map<Value, Instruction>();
  for (const input of inputs) lineOf.set(input, builder.input(input.shape));
  const captured: Value[] = [];
  for (const node of orderOf(root, origins)) {
    if (lineOf.has(node)) continue;
    const origin = origins.get(node);
    if (node instanceof Leaf) captured.push(node);
    lineOf.set(node, origin ? lineOf.get(origin)! : node instanceof Leaf ? builder.input(node.shape) : lineFor(builder, node, lineOf));
  }
  return { builder, output: lineOf.get(root)!, inputs: [...inputs, ...captured], lineOf };
}

function lineFor(builder: ProgramBuilder, node: Value, lineOf: ReadonlyMap<Value, Instruction>): Instruction {
  if (node.primitive === null) return builder.constant(node.payload);
  return appended(
    builder,
    node.primitive,
    node.inputs.map((x) => lineOf.get(x)!),
  );
}

/** Appends the backward pass and gives the gradient lines of `xs`; zeros for what the output does not use. */
export function appendGradients({ builder, root, output, lineOf }: Trace, xs: readonly Value[]): Instruction[] {
  const m = codeAlgebra(builder);
  const first = builder.instructions.length;
  const order = topologicalOrder(root);
  const read = (node: Value): Instruction => lineOf.get(node)!;
  const watch = ({ node, index, contribution }: Flow<Instruction>): void => {
    if (contribution.index >= first) contribution.gradientOf ??= read(node.inputs[index]!);
  };
  const gradients = order.length === 0 ? [] : sweep(order, builder.constant(1), m, read, watch);
  for (const [place, g] of gradients.entries()) if (g && g.index >= first) g.gradientOf = read(order[place]!);
  annotateHelpers(builder.instructions, first, output);
  return xs.map((x) => {
    const g = order[x.place] === x ? gradients[x.place] : undefined;
    const line = g ?? builder.constant(0);
    return line.shape.length === x.shape.length ? line : m.broadcastTo([line], { shape: x.shape });
  });
}

/** A line of the backward pass that is no gradient itself helps to compute the one that first uses it. */
function annotateHelpers(lines: readonly Instruction[], first: number, output: Instruction): void {
  for (let i = lines.length - 1; i >= first; i--) {
    const line = lines[i]!;
    const forward = (line.gradientOf ??= output);
    for (const x of operandsOf(line)) if (x.index >= first) x.gradientOf ??= forward;
  }
}

/** What the trace computes. */
export const forwardProgram = ({ builder, output }: Trace): Program => builder.program([output]);

/**
 * Tracing: the function is run once on examples, and the graph it leaves is read as a program; then the one sweep of the
 * library is run over that graph with the `code` arithmetic, and what it appends is the backward pass.
 */
import { formatShape } from "../array/shape.ts";
import { sweep, type Flow } from "../gradient/sweep.ts";
import { topologicalOrder } from "../graph/order.ts";
import { currentTracer, traced, type DataCheck, type Tracer } from "../graph/tracer.ts";
import { Leaf, nameOf, NaryValue, Value } from "../graph/value.ts";
import type { Algebra } from "../ops/vocabulary.ts";
import { refusingDraws } from "../random/traced-draws.ts";
import { appended, codeAlgebra } from "./code.ts";
import { entryGradients, entryLine, withEntries } from "./entry-lines.ts";
import { isConstant, listing, sourcesOf, type Listing, type Origins } from "./listing.ts";
import { ProgramBuilder, type Instruction, type Program } from "./program.ts";
import { rolled } from "./roll.ts";

/** A traced function: its lines so far, and which values its inputs were. */
export interface Trace {
  readonly builder: ProgramBuilder;
  /** The arithmetic that appends lines to it. */
  readonly m: Algebra<Instruction>;
  readonly root: Value;
  readonly output: Instruction;
  /** The values that stand for the inputs of the program: those that were passed, then the leaves that f found elsewhere. */
  readonly inputs: readonly Value[];
  /** The lines of the inputs, and of leaves that are entries of one. */
  readonly lineOf: ReadonlyMap<Value, Instruction>;
  /** The values of the graph, and the line of each by its place. */
  readonly graph: Listing;
  readonly lines: readonly Instruction[];
  /** What refuses the data of an input, or of a leaf found elsewhere. */
  readonly checks: readonly Checked[];
}

interface Checked {
  readonly value: Value;
  readonly check: DataCheck;
}

/**
 * Runs `f` on `inputs` and reads what it computed.
 *
 * @throws TypeError where f reads data, a gradient or an item, which would be frozen, or writes data, which it would do only
 *   once, or draws from a random stream made outside; where it does not return a value.
 */
export function tracedFunction(operation: string, f: (...inputs: Value[]) => Value, inputs: readonly Value[]): Trace {
  const origins = new Map<Value, Value>();
  const checks: Checked[] = [];
  const watcher: Tracer = {
    reads: (v, what) => {
      if (dependsOn(v, inputs, origins)) throw frozenError(operation, v, what);
    },
    writes: (v, what) => {
      throw writeError(operation, v, what);
    },
    detaches: (from, to) => void origins.set(to, from),
    checks: (v, check) => {
      if (v instanceof Leaf || inputs.includes(v)) checks.push({ value: v, check });
    },
  };
  const root = refusingDraws((stream) => drawError(operation, stream), () => traced(watcher, () => f(...inputs))); // prettier-ignore
  if (!(root instanceof Value)) throw new TypeError(`${operation}: the function must return a value, got ${typeof root}`);
  const graph = listing(root, inputs, origins);
  checkConstants(graph);
  return { ...readGraph(rolled(graph), inputs), checks };
}

/** To a function that is compiled while another is traced, what the other was given may look like a constant. */
function checkConstants(graph: Listing): void {
  const outer = currentTracer();
  if (outer !== null) for (const node of graph.nodes) if (isConstant(node, graph)) outer.reads(node, "the data");
}

function dependsOn(v: Value, inputs: readonly Value[], origins: Origins): boolean {
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
    `${operation}: ${what} of ${nameOf(v)} was read while the function was traced; ${shown} would be frozen into every later call. ` +
      "Say it with values (where, maximum, clip, relu, …), or compute it outside and pass it as an input",
  );
}

function writeError(operation: string, v: Value, what: string): TypeError {
  return new TypeError(
    `${operation}: ${what} of ${nameOf(v)} was written while the function was traced; later calls would not write it. ` +
      "Compute with a new value (x.mul(2) instead of x.data = …), or write it outside the function",
  );
}

function drawError(operation: string, stream: string): TypeError {
  return new TypeError(
    `${operation}: ${stream} was used while the function was traced; its draws would be frozen into every later call. ` +
      "Draw outside and pass the numbers as an input, or run uncompiled",
  );
}

function readGraph(graph: Listing, inputs: readonly Value[]): Omit<Trace, "checks"> {
  const { nodes, sources, first, origins } = graph;
  const builder = new ProgramBuilder();
  const lineOf = new Map<Value, Instruction>();
  for (const input of inputs) lineOf.set(input, builder.input(input.shape));
  const captured: Value[] = [];
  const m = codeAlgebra(builder);
  const leafLine = (leaf: Leaf): Instruction => {
    const known = lineOf.get(leaf);
    if (known) return known;
    const entry = leaf.entry();
    const line = entry ? entryLine(m, leafLine(entry.array), entry.index) : builder.input(leaf.shape);
    if (!entry) captured.push(leaf);
    lineOf.set(leaf, line);
    return line;
  };
  const computed = (node: Value, place: number): Instruction => {
    const operands: Instruction[] = [];
    for (let k = first[place]!; k < first[place + 1]!; k++) operands.push(lines[sources[k]!]!);
    if (node.primitive !== null) return appended(builder, node.primitive, operands);
    return lineOf.get(node) ?? (origins.has(node) ? operands[0]! : builder.constant(node.payload));
  };
  const lines = new Array<Instruction>(nodes.length);
  for (let place = 0; place < nodes.length; place++) {
    const node = nodes[place]!;
    lines[place] = isLeaf(node) ? leafLine(node) : computed(node, place);
  }
  return { builder, m, root: nodes.at(-1)!, output: lines.at(-1)!, inputs: [...inputs, ...captured], lineOf, graph, lines };
}

const isLeaf = (node: Value): node is Leaf => node instanceof Leaf;

/** Appends the backward pass and gives the gradient lines of `xs`; zeros for what the output does not use. */
export function appendGradients(trace: Trace, xs: readonly Value[]): Instruction[] {
  const { m, builder } = trace;
  return gradientLines(trace, xs).map((line, i) => line ?? m.broadcastTo([builder.constant(0)], { shape: xs[i]!.shape }));
}

/** Appends the backward pass and gives the gradient lines of `xs`; undefined where no gradient arrives. */
export function gradientLines(trace: Trace, xs: readonly Value[]): (Instruction | undefined)[] {
  const { builder, m, root, output } = trace;
  const first = builder.instructions.length;
  const order = topologicalOrder(root, "compile");
  const read = reader(trace, order);
  const isShown = builder.neededBy([output]);
  const isSaid = ({ gradientOf }: Instruction): boolean =>
    gradientOf !== null && gradientOf !== "helper" && isShown[gradientOf.index] === 1;
  // One line is often the gradient of several: it is told of one that is there, not of one that a shorter way to say it has replaced.
  const watch = ({ node, index, contribution }: Flow<Instruction>): void => {
    if (contribution.index >= first && !isSaid(contribution)) contribution.gradientOf = read(inputOf(node, index));
  };
  const gradients = order.length === 0 ? [] : sweep(order, builder.constant(1), m, read, watch);
  for (const [place, g] of gradients.entries()) {
    if (g === undefined || g.index < first) continue;
    const line = read(order[place]!);
    if (isShown[line.index] === 1 || g.gradientOf === null) g.gradientOf = line;
  }
  for (let i = first; i < builder.instructions.length; i++) builder.instructions[i]!.gradientOf ??= "helper";
  const entries = entryGradients(order, gradients);
  return xs.map((x) => {
    const own = order[x.place] === x ? gradients[x.place] : undefined;
    const line = withEntries(m, x, own, entries.get(x));
    return line === undefined || line.shape.length === x.shape.length ? line : m.broadcastTo([line], { shape: x.shape });
  });
}

/**
 * The line of any value of the graph. What takes a gradient has its place in the order of the sweep now, the others keep the one they
 * have in the graph: nothing is looked up by the value itself, which takes ten times as long.
 */
function reader({ graph: { nodes }, lines }: Trace, order: readonly Value[]): (node: Value) => Instruction {
  const swept = new Array<Instruction>(order.length);
  for (let place = 0; place < nodes.length; place++) {
    const node = nodes[place]!;
    if (order[node.place] === node) swept[node.place] = lines[place]!;
  }
  return (node) => {
    const { place } = node;
    if (order[place] === node) return swept[place]!;
    return lines[nodes[place] === node ? place : nodes.indexOf(node)]!;
  };
}

/** One input, without a list of all. */
const inputOf = (node: Value, index: number): Value => (node instanceof NaryValue ? node.operands[index] : index === 0 ? node.a : node.b)!;

/** What the trace computes. */
export const forwardProgram = ({ builder, output }: Trace): Program => builder.program([output]);

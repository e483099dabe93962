/**
 * One step of a training as a program: forward, backward, update. The update is the optimiser's own rule, said in the `code`
 * arithmetic as the backward pass is; nothing of either is written here.
 */
import { zerosOf, type NdArray } from "../array/ndarray.ts";
import { formatShape, type Shape } from "../array/shape.ts";
import { constant } from "../graph/lift.ts";
import { Leaf, type Value } from "../graph/value.ts";
import type { Assignment } from "./kernel.ts";
import type { Instruction, Program } from "./program.ts";
import { gradientLines, tracedFunction } from "./trace.ts";
import { rowsFrom, type CompileTrainingOptions, type Named } from "./training-options.ts";

/** One step for batches of so many rows, and the lines of it that have to do with the world outside. */
export interface Step {
  readonly program: Program;
  readonly loss: Instruction;
  readonly x: Instruction;
  readonly y: Instruction;
  readonly predictionShape: Shape;
  /** The numbers of an update, and what they are called. */
  readonly numbers: readonly Instruction[];
  readonly names: readonly string[];
  readonly parameters: readonly Kept[];
  /** Leaves that are not trained. */
  readonly others: readonly { value: Value; line: Instruction }[];
}

/** A trained parameter, what is remembered of it, and what becomes of both. */
export interface Kept {
  readonly index: number;
  readonly line: Instruction;
  readonly memory: Named<Instruction>;
  readonly assignments: readonly Assignment[];
}

/** Traces one step on the rows of a batch; `isPart` where there are more rows than those. */
export function stepOf({ model, loss, optimizer }: CompileTrainingOptions, X: NdArray, Y: NdArray, isPart: boolean): Step {
  const [x, y] = [constant(X, "X"), constant(Y, "y")];
  let predictionShape: Shape = [];
  const predicted = (a: Value): Value => {
    const prediction = model.forward(a);
    predictionShape = prediction.shape;
    return prediction;
  };
  const trace = tracedFunction("compileTraining", (a, b) => loss(predicted(a), b), [x, y]);
  const { builder, m, lineOf, output } = trace;
  if (output.shape.length > 0)
    throw new RangeError(`compileTraining: the loss has shape ${formatShape(output.shape)}; give it the reduction "mean" or "sum"`);
  const used = optimizer.parameters.flatMap((p, index) => (lineOf.has(p) && p.takesGradient ? [{ p, index }] : []));
  const gradients = gradientLines(trace, used.map(({ p }) => p)); // prettier-ignore
  // A parameter at which no gradient arrives, because its value is detached, is not updated: weight decay would shrink it.
  const trained = used.flatMap(({ p, index }, k) => (gradients[k] === undefined ? [] : [{ p, index, gradient: gradients[k] }]));
  if (trained.length === 0)
    throw new RangeError("compileTraining: the loss depends on none of the optimizer's parameters; make it of model.parameters()");
  const { rule } = optimizer;
  const names = Object.keys(rule.numbers(1, optimizer.rateAt(0)));
  const numbers = names.map(() => builder.input([]));
  const parameters = trained.map(({ p, index, gradient }): Kept => {
    const line = lineOf.get(p)!;
    const memory = Object.fromEntries(rule.memory.map((key) => [key, builder.input(p.shape)]));
    const updated = rule.update<Instruction>(m, line, gradient, memory, Object.fromEntries(names.map((name, k) => [name, numbers[k]!])));
    const assignments = [{ input: line, line: updated.parameter }, ...Object.keys(updated.memory).map((key) => ({ input: memory[key]!, line: updated.memory[key]! }))];
    return { index, line, memory, assignments: assignments.map(({ input, line: result }) => ({ input, line: m.broadcastTo([result], { shape: input.shape }) })) };
  }); // prettier-ignore
  const program = builder.program([output, ...parameters.flatMap(({ assignments }) => assignments.map(({ line }) => line))]);
  checkTarget(program, lineOf.get(y)!, isPart);
  const own = new Set<Value>(trained.map(({ p }) => p));
  const others = [...lineOf].flatMap(([value, line]) =>
    value instanceof Leaf && line.definition.kind === "input" && !own.has(value) ? [{ value, line }] : [],
  );
  return { program, loss: output, x: lineOf.get(x)!, y: lineOf.get(y)!, predictionShape, numbers, names, parameters, others };
}

/** A loss that looks at the target's numbers, as at classes to make them one-hot, has frozen those of the first batch. */
function checkTarget({ instructions }: Program, y: Instruction, isPart: boolean): void {
  if (!isPart || instructions.includes(y)) return;
  throw new RangeError(
    "compileTraining: the loss does not compute with the target but reads it, so that of the first batch would be frozen into every step. " +
      "Compute with it, as crossEntropy does with classes, or train on all rows at once",
  );
}

/**
 * Lets the loss see the targets of every batch once, beside predictions of 0: the program was traced on the first, and a class that
 * does not exist would go unnoticed in another. What it refuses has its row among all of them, so then it sees all at once.
 */
export function checkLaterTargets(loss: CompileTrainingOptions["loss"], predictionShape: Shape, Y: NdArray, batch: number): void {
  const n = Y.shape[0]!;
  const see = (begin: number, rows: number) =>
    loss(constant(zerosOf([rows, ...predictionShape.slice(1)])), constant(rowsFrom(Y, begin, rows)));
  try {
    for (let begin = batch; begin < n; begin += batch) see(begin, Math.min(batch, n - begin));
  } catch (error) {
    see(0, n);
    throw error;
  }
}

/**
 * `compile`: the same function with the same gradients, traced once and run as WebAssembly. Leaves that the function finds outside
 * its arguments, a model's parameters, are read anew at every call.
 */
import { shapeOf, toTensor, type Tensor } from "../array/ndarray.ts";
import { describe, formatShape, isSameShape, type Shape } from "../array/shape.ts";
import { gradient } from "../gradient/gradient.ts";
import { value, type TensorLike } from "../graph/lift.ts";
import { checkOptions } from "../graph/options.ts";
import { currentTracer } from "../graph/tracer.ts";
import { Value } from "../graph/value.ts";
import { Instance, whyNoWebAssembly } from "./instance.ts";
import { source } from "./source.ts";
import { appendGradients, tracedFunction, type Trace } from "./trace.ts";
import type { Instruction, Program } from "./program.ts";
import { generate } from "./wasm/generate.ts";
import type { Precision } from "./wasm/lanes.ts";

/** What `compile` can be asked for. */
export interface CompileOptions {
  /** "f64", the default, or "f32": half the memory and twice the lanes, 7 digits. */
  readonly precision?: Precision;
}

/** A compiled function. */
export interface Compiled {
  /** f of these inputs; shapes as in the examples. */
  value(...inputs: (Value | TensorLike)[]): Tensor;
  /** f and its gradient with respect to every input; f must give a number. */
  valueAndGrad(...inputs: (Value | TensorLike)[]): [value: Tensor, gradients: Tensor[]];
  /** The program, forward and backward, as text. */
  readonly source: string;
  /** Why the function runs uncompiled; null where it is compiled. */
  readonly note: string | null;
}

/**
 * Traces `f` on the examples, of which only the shapes matter, and compiles it and its gradient.
 *
 * @throws TypeError where f reads or writes data while it is traced, by calling another compiled function too, or draws from a random
 *   stream made outside; RangeError at a call with other shapes than the examples'.
 * @example
 * const f = compile((x) => x.square().sum(), [[1, 2, 3]]);
 * f.value([1, 2, 3]); // 14
 * f.valueAndGrad([1, 2, 3])[1]; // [array([2,4,6])]
 */
export function compile(
  f: (...inputs: Value[]) => Value,
  examples: readonly (Value | TensorLike)[],
  options: CompileOptions = {},
): Compiled {
  checkOptions("compile", options, ["precision"]);
  const { precision = "f64" } = options;
  if (typeof f !== "function") throw new TypeError(`compile: expected a function of values, got ${describe(f)}`);
  if (!isList(examples))
    throw new TypeError(`compile: expected a list of examples, one for each input, got ${describe(examples)}; write compile(f, [x])`);
  if ((precision as string) !== "f64" && (precision as string) !== "f32")
    throw new RangeError(`compile: precision is "f64" or "f32", got ${describe(precision)}`);
  const inputs = Array.from(examples, (example) => value(tensorOf("compile", example)));
  const trace = tracedFunction("compile", f, inputs);
  const note = whyNoWebAssembly();
  const shapes = inputs.map(({ shape }) => shape);
  const checked = (given: readonly (Value | TensorLike)[]) => {
    const data = checkedInputs(shapes, given);
    for (const { value: x, check } of trace.checks) check(data[inputs.indexOf(x)] ?? x.payload);
    return data;
  };
  const gradients = trace.output.shape.length === 0 ? appendGradients(trace, inputs) : null;
  const calls = note === null ? compiled(trace, gradients, precision, checked) : uncompiled(f, checked);
  return {
    ...calls,
    note: note && `${note}; the function runs uncompiled`,
    // Printed when it is asked for: a large graph has a long program.
    get source() {
      return source(trace.builder.program([trace.output, ...(gradients ?? [])]));
    },
  };
}

const isList = (xs: unknown): xs is readonly unknown[] => Array.isArray(xs);

const tensorOf = (operation: string, x: Value | TensorLike): Tensor => (x instanceof Value ? x.payload : toTensor(operation, x));

function checkedInputs(shapes: readonly Shape[], given: readonly (Value | TensorLike)[]): Tensor[] {
  if (given.length !== shapes.length)
    throw new RangeError(`compiled function: compiled for ${shapes.length} inputs, called with ${given.length}`);
  return given.map((x, i) => {
    const expected = shapes[i]!;
    if (typeof x === "number" && expected.length === 0) return x;
    // What is called while another function is compiled hands that one a number.
    if (x instanceof Value) currentTracer()?.reads(x, "the data");
    const data = tensorOf("compiled function", x);
    if (!isSameShape(shapeOf(data), expected))
      throw new RangeError(
        `compiled function: input ${i} has shape ${formatShape(shapeOf(data))}, its example had ${formatShape(expected)}. ` +
          "Compile again for other shapes",
      );
    return data;
  });
}

type Calls = Pick<Compiled, "value" | "valueAndGrad">;

/** The eager way, for hosts without WebAssembly. */
function uncompiled(f: (...inputs: Value[]) => Value, checked: (given: readonly (Value | TensorLike)[]) => Tensor[]): Calls {
  const leaves = (given: readonly (Value | TensorLike)[]): Value[] => checked(given).map((x) => value(x));
  return {
    value: (...given) => f(...leaves(given)).data,
    valueAndGrad: (...given) => {
      const xs = leaves(given);
      const y = f(...xs);
      return [y.data, gradient(y, xs).map((g) => g.data)];
    },
  };
}

function compiled(
  trace: Trace,
  gradients: readonly Instruction[] | null,
  precision: Precision,
  checked: (given: readonly (Value | TensorLike)[]) => Tensor[],
): Calls {
  let forward: Runner | undefined;
  let both: Runner | undefined;
  return {
    value: (...given) => {
      const data = checked(given);
      forward ??= runner(trace, [trace.output], precision);
      return forward(data)[0]!;
    },
    valueAndGrad: (...given) => {
      if (gradients === null) throw gradientError(trace);
      const data = checked(given);
      both ??= runner(trace, [trace.output, ...gradients], precision);
      const [y, ...slopes] = both(data);
      return [y!, slopes];
    },
  };
}

function gradientError({ output }: Trace): RangeError {
  return new RangeError(`valueAndGrad: the function gives shape ${formatShape(output.shape)}; take .sum() or .mean() of it first`);
}

type Runner = (data: readonly Tensor[]) => Tensor[];

/** Writes inputs, runs, reads outputs. A function that is traced and calls this one would freeze what is found outside the arguments. */
function runner(trace: Trace, outputs: readonly Instruction[], precision: Precision): Runner {
  const program: Program = trace.builder.program(outputs);
  const instance = new Instance(precision, generate({ program, precision, assignments: [] }));
  const isUsed = new Set(program.instructions.filter(({ definition }) => definition.kind === "input"));
  // Inputs that nothing is computed from have no place in memory.
  const writers = trace.inputs.map((x) => (isUsed.has(trace.lineOf.get(x)!) ? instance.writer(trace.lineOf.get(x)!) : undefined));
  const readers = outputs.map((line) => instance.reader(line));

  return (data) => {
    const tracer = currentTracer();
    if (tracer !== null) for (const leaf of trace.inputs.slice(data.length)) tracer.reads(leaf, "the data");
    for (const [i, write] of writers.entries()) write?.(data[i] ?? trace.inputs[i]!.payload);
    instance.steps(1, 0);
    return readers.map((read) => read());
  };
}

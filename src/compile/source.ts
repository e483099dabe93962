/** A program as text to read: one line per instruction, each gradient with the forward line it is the gradient of. */
import { entriesOf, NdArray, type Tensor } from "../array/ndarray.ts";
import { formatShape } from "../array/shape.ts";
import { isCallOf, operandsOf, type Instruction, type Program } from "./program.ts";

/**
 * `v` names lines of the way forward, `g` lines of the way back; labels never appear.
 *
 *     v3 = tanh(v2)                    [4, 3]
 *     g7 = chain(g6, v5)               [4, 3]   ∂/∂v2
 */
export function source({ instructions, outputs }: Program): string {
  const names = new Map(instructions.map((line, i) => [line, `${line.gradientOf ? "g" : "v"}${i}`]));
  const lines = instructions.map((line) => lineOf(line, names));
  return [...lines, `return ${outputs.map((line) => names.get(line)!).join(", ")}`, ""].join("\n");
}

function lineOf(line: Instruction, names: ReadonlyMap<Instruction, string>): string {
  const said = `${names.get(line)!} = ${definitionOf(line, names)}`;
  const shape = line.shape.length === 0 ? "" : formatShape(line.shape);
  return `${said.padEnd(44)} ${shape.padEnd(12)} ${gradientText(line, names)}`.trimEnd();
}

/** Nothing for a line that only helps, and where the forward line has been rewritten away. */
function gradientText({ gradientOf }: Instruction, names: ReadonlyMap<Instruction, string>): string {
  const forward = gradientOf === null || gradientOf === "helper" ? undefined : nameOf(gradientOf, names);
  return forward === undefined ? "" : `∂/∂${forward}`;
}

/** A stretched number that loops read as a number has no line of its own: it is called as the number. */
function nameOf(line: Instruction, names: ReadonlyMap<Instruction, string>): string | undefined {
  const number = isCallOf(line, "broadcastTo") ? names.get(operandsOf(line)[0]!) : undefined;
  return names.get(line) ?? number;
}

function definitionOf(line: Instruction, names: ReadonlyMap<Instruction, string>): string {
  const { definition } = line;
  if (definition.kind === "input") return `input ${definition.slot}`;
  if (definition.kind === "constant") return constantText(definition.value);
  const { name, options } = definition.primitive;
  return `${name}(${[...operandsOf(line).map((x) => names.get(x)!), ...optionsText(options)].join(", ")})`;
}

const constantText = (value: Tensor): string => {
  const entries = [...entriesOf(value).subarray(0, 8)].map((x) => (Object.is(x, -0) ? "-0" : String(x)));
  if (typeof value === "number") return entries[0]!;
  return `[${entries.join(", ")}${value.size > 8 ? ", …" : ""}]`;
};

function optionsText(options: object | undefined): string[] {
  return Object.entries(options ?? {}).map(([name, x]: [string, unknown]) => `${name}: ${optionText(x)}`);
}

function optionText(x: unknown): string {
  if (x instanceof NdArray) return constantText(x);
  if (Array.isArray(x)) return `[${x.map(optionText).join(", ")}]`;
  if (typeof x === "object" && x !== null) return Object.values(x).map(String).join(":");
  return String(x);
}

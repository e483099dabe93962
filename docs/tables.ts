/**
 * The pages printed from the calculus table: `docs/rules.md`, every function with its derivative, and `docs/kinks.md`, what is
 * answered where there is none. `npx tsx docs/tables.ts` writes them; a test holds them to the table.
 */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parametric, binary, ternary, unary } from "../src/ops/pointwise.ts";
import type { PointwiseRow } from "../src/ops/row.ts";
import { structural } from "../src/ops/structural.ts";
import { name, textOf, texts, type Text } from "../src/ops/text.ts";
import type { Algebra, Operand, ParametricName, StructuralName } from "../src/ops/vocabulary.ts";

const letters = { 1: ["x"], 2: ["a", "b"], 3: ["a", "b", "c"] } as const;
/** A formula in a cell of a Markdown table, where | would end the cell. */
const formula = (text: Operand<Text>): string => `$${textOf(text).latex.replaceAll("|", "\\vert ")}$`;

/** Every pointwise function by name, those with options at their defaults. */
const pointwiseRows: readonly (readonly [string, PointwiseRow])[] = [
  ...Object.entries({ ...unary, ...binary, ...ternary }),
  ...(Object.keys(parametric) as ParametricName[]).map((key) => [key, defaultRow(key)] as const),
];

function defaultRow<N extends ParametricName>(key: N): PointwiseRow {
  const { defaults, row } = parametric[key];
  return row(defaults);
}

function pointwiseLine([key, row]: readonly [string, PointwiseRow]): string {
  const inputs = letters[row.partials.length].map((letter) => name(letter));
  const y = row.notation.latex(...inputs.map(({ latex }) => latex));
  const partials = row.partials.map((partial, i) => {
    const slope = (partial as (m: Algebra<Text>, ...args: Text[]) => Operand<Text>)(texts, ...inputs, name("y"));
    return `$\\partial y/\\partial ${inputs[i]!.latex} =$ ${formula(slope)}`;
  });
  return `| \`${key}\` | $${y.replaceAll("|", "\\vert ")}$ | ${partials.join("; ")} | ${row.kink?.convention ?? ""} |`;
}

type Carrying = (
  m: Algebra<Text>, g: Text, operands: readonly Text[], y: Text, options: unknown, needs: () => boolean,
) => readonly Text[]; // prettier-ignore

function structuralLine(key: StructuralName): string {
  const row = structural[key];
  const { shapes, options } = row.examples[0]!;
  const operands = shapes.map((shape, i) => name(shapes.length === 1 ? "x" : `x_{${i + 1}}`, shape));
  const { latex, shape } = (texts[key] as (operands: readonly Text[], options: unknown) => Text)(operands, options);
  const vjp = row.vjp as Carrying;
  const carried = vjp(texts, name("g", shape), operands, name("y", shape), options, () => true).map(formula);
  return `| \`${key}\` | $${latex}$ | ${carried.join("; ")} | ${row.kink?.convention ?? ""} |`;
}

/** `docs/rules.md`. */
export const rulesPage = (): string => `# Every function and its derivative

Printed from the calculus table by \`npx tsx docs/tables.ts\`; what stands here is what computes. y is the result, g the
gradient that arrives at it. A pointwise function hands back g · ∂y/∂x. Where a textbook form loses digits in the tails,
the table has a function of its own: \`sigmoidDerivative\` is σ(x)σ(−x), \`oneMinusSquare\` is (1 − x)(1 + x),
\`bounded\` is x held within ±10³⁰, in products with what is 0 beyond.

## Entry by entry

| function | y | derivative | at its kink |
|---|---|---|---|
${pointwiseRows.map(pointwiseLine).join("\n")}

## Whole arrays

The last column but one is what each operand gets back. Linear functions come in adjoint pairs: what one spreads, the
other sums.

| function | y | gradient of each operand | at its kink |
|---|---|---|---|
${(Object.keys(structural) as StructuralName[]).map(structuralLine).join("\n")}
`;

/** `docs/kinks.md`. */
export function kinksPage(): string {
  const rows: readonly (readonly [string, { readonly kink?: { readonly convention: string } }])[] = [
    ...pointwiseRows,
    ...Object.entries(structural),
  ];
  const lines = rows.flatMap(([key, { kink }]) => (kink ? [`| \`${key}\` | ${kink.convention} |`] : []));
  return `# What is answered where there is no derivative

Printed from the calculus table by \`npx tsx docs/tables.ts\`. Each convention lies inside the subdifferential where there is
one. \`kinks(loss)\` lists the nodes of a graph that were evaluated at such a place.

| function | convention |
|---|---|
${lines.join("\n")}

An upstream gradient, or a tangent, of exactly 0 contributes exactly 0, also where the local derivative is ∞ or NaN: a *strong zero*. So
no branch that \`where\` did not take leaks a NaN. It holds in the matrix product too: of dL/dW = Xᵀ · dL/dz a term whose factor of dL/dz is 0
adds nothing, whatever X is. Where a gradient is differentiated again, both factors of upstream gradient × local derivative may be such
gradients; then a 0 of either counts, and third derivatives of the branch are 0 too.
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  writeFileSync(new URL("rules.md", import.meta.url), rulesPage());
  writeFileSync(new URL("kinks.md", import.meta.url), kinksPage());
}

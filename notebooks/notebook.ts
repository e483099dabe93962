/**
 * Executes a Jupyter notebook of TypeScript cells without Jupyter: the cells run in order in one scope, and what they print and
 * show is written back as their outputs. What a value looks like is its own affair, by the method that Deno's kernel calls too.
 */
import { inspect } from "node:util";
import { runCells, type Importer, type Statement } from "./cells.ts";

/** Texts in their several forms, by media type. */
export type MediaBundle = Readonly<Record<string, string>>;

export interface CodeCell {
  readonly cell_type: "code";
  readonly id?: string;
  readonly metadata: object;
  readonly source: string | readonly string[];
  readonly execution_count: number | null;
  readonly outputs: readonly Output[];
}

export interface MarkdownCell {
  readonly cell_type: "markdown";
  readonly id?: string;
  readonly metadata: object;
  readonly source: string | readonly string[];
}

export type Output =
  | { readonly output_type: "stream"; readonly name: "stdout"; readonly text: readonly string[] }
  | {
      readonly output_type: "execute_result";
      readonly execution_count: number;
      readonly data: Readonly<Record<string, string | readonly string[]>>;
      readonly metadata: object;
    };

export interface Notebook {
  readonly cells: readonly (CodeCell | MarkdownCell)[];
  readonly metadata: object;
  readonly nbformat: number;
  readonly nbformat_minor: number;
}

export const sourceOf = ({ source }: { readonly source: string | readonly string[] }): string =>
  typeof source === "string" ? source : source.join("");

/** The sources of the code cells, in order. */
export const codeOf = ({ cells }: Notebook): string[] => cells.filter((cell) => cell.cell_type === "code").map(sourceOf);

/**
 * The notebook with the outputs of a fresh run.
 *
 * @throws CellError where a cell does, with its place.
 */
export async function executed(notebook: Notebook, load: Importer): Promise<Notebook> {
  const outputs: Output[][] = codeOf(notebook).map(() => []);
  let shown: { cell: number; data: MediaBundle | undefined } | undefined;
  await runCells(codeOf(notebook), load, async (done) => {
    const place = outputs[done.cell]!;
    if (shown && shown.cell !== done.cell) show(outputs, shown);
    if (done.printed !== "") print(place, done.printed);
    shown = { cell: done.cell, data: await resultOf(done) };
  });
  if (shown) show(outputs, shown);
  let count = 0;
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === "code" ? { ...cell, execution_count: ++count, outputs: outputs[count - 1]! } : cell,
  );
  return { ...notebook, cells };
}

function print(outputs: Output[], text: string): void {
  const last = outputs.at(-1);
  const before = last?.output_type === "stream" ? (outputs.pop(), last.text.join("")) : "";
  outputs.push({ output_type: "stream", name: "stdout", text: lines(`${before}${text}\n`) });
}

/** The result of a cell is that of its last statement. */
function show(outputs: readonly Output[][], { cell, data }: { cell: number; data: MediaBundle | undefined }): void {
  if (data === undefined) return;
  const written = Object.entries(data).map(([type, text]) => [type, type.startsWith("image/") ? text : lines(text)] as const);
  outputs[cell]!.push({ output_type: "execute_result", execution_count: cell + 1, data: Object.fromEntries(written), metadata: {} });
}

const displayMethod = Symbol.for("Jupyter.display");

async function resultOf({ isExpression, value }: Statement): Promise<MediaBundle | undefined> {
  if (!isExpression || value === undefined) return undefined;
  const display: unknown = (value as Partial<Record<symbol, unknown>> | null)?.[displayMethod];
  if (typeof display === "function") return (await display.call(value)) as MediaBundle;
  return { "text/plain": inspect(value, { breakLength: 100 }) };
}

/** As the format stores text: a list of lines that keep their line breaks. */
const lines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** A notebook as its file holds it. */
export const written = (notebook: Notebook): string => `${JSON.stringify(notebook, null, 1)}\n`;

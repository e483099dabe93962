/** The notebooks as committed are what a fresh run gives. */
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { executed, type Notebook, type Output } from "../../notebooks/notebook.ts";

const load = (specifier: string): Promise<unknown> =>
  import(/* @vite-ignore */ specifier.startsWith(".") ? pathToFileURL(resolve("notebooks", specifier)).href : specifier);

const files = readdirSync("notebooks").filter((name) => name.endsWith(".ipynb"));

/** Width and height, from the header of a PNG: its pixels depend on the machine's fonts. */
function pixelsOf(png: string): string {
  const bytes = Buffer.from(png, "base64");
  return `${bytes.subarray(1, 4).toString()} of ${bytes.readUInt32BE(16)} × ${bytes.readUInt32BE(20)}`;
}

const comparable = (output: Output): unknown => {
  if (output.output_type === "stream" || output.data["image/png"] === undefined) return output;
  return { ...output, data: { ...output.data, "image/png": pixelsOf(output.data["image/png"] as string) } };
};

const outputsOf = ({ cells }: Notebook) =>
  cells.flatMap((cell) => (cell.cell_type === "code" ? [{ code: cell.source, outputs: cell.outputs.map(comparable) }] : []));

test.each(files)("%s shows what it computes", async (name) => {
  const notebook = JSON.parse(readFileSync(`notebooks/${name}`, "utf8")) as Notebook;
  expect(outputsOf(await executed(notebook, load))).toEqual(outputsOf(notebook));
});

describe("the runner", () => {
  const run = async (...cells: string[]) => {
    const code = cells.map((source) => ({ cell_type: "code" as const, metadata: {}, source, execution_count: null, outputs: [] }));
    return outputsOf(await executed({ cells: code, metadata: {}, nbformat: 4, nbformat_minor: 5 }, load)).map(({ outputs }) => outputs);
  };
  const result = (count: number, data: object) => ({ output_type: "execute_result", execution_count: count, data, metadata: {} });
  const stdout = (...text: string[]) => ({ output_type: "stream", name: "stdout", text });

  test("shares one scope, waits, prints, and shows the last statement of a cell", async () => {
    const cells = ['const x: number = await Promise.resolve(2);\nconsole.log("a");\nconsole.log("b")', "x + 1;\nx * 5", "x;\nconst y = x"];
    expect(await run(...cells)).toEqual([[stdout("a\n", "b\n")], [result(2, { "text/plain": ["10"] })], []]);
  });

  test("shows what a value says it looks like", async () => {
    const [, shown] = await run('import { markdown } from "./display.ts";', 'markdown("*a*\\n*b*")');
    expect(shown).toEqual([result(2, { "text/markdown": ["*a*\n", "*b*"] })]);
  });

  test("says where a cell failed", async () => {
    await expect(run("const x = 1;", "x;\n\nthrow new RangeError(`${x} is odd`);")).rejects.toThrow("cell 2, line 3: RangeError: 1 is odd");
    await expect(run("const x = 1;", "x +;")).rejects.toThrow("cell 2, line 1: SyntaxError: Expression expected.");
  });
});

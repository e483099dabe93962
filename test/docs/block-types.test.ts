/** Every block of code in README, guides, TSDoc and notebooks is what the compiler accepts, under the settings of this project. */
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { codeOf, type Notebook } from "../../notebooks/notebook.ts";
import * as cadena from "../../src/index.ts";
import { exampleProgram, filesUnder, markdownFiles, markdownPrograms, sourceOf, type Program } from "./blocks.ts";

/** Blank lines before each block put it on the line it has in its file. */
function textOf({ blocks }: Program): string {
  let text = "export {};";
  for (const block of blocks) text += "\n".repeat(Math.max(1, block.line - text.split("\n").length)) + block.text.trimEnd();
  return text;
}

function complaints(programs: readonly Program[]): string[] {
  const files = new Map(
    programs.map((program, index) => [resolve(`${program.file}.${index}.ts`), { text: textOf(program), of: program.file }]),
  );
  const config = ts.readConfigFile("tsconfig.json", ts.sys.readFile).config as object;
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, process.cwd());
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name)?.text ?? readFile(name);
  host.getSourceFile = (name, ...rest) => {
    const text = files.get(name)?.text;
    return text === undefined ? getSourceFile(name, ...rest) : ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true);
  };
  host.resolveModuleNameLiterals = (literals, from) =>
    literals.map(({ text }) => {
      const source = files.has(from) && text.startsWith("cadena") ? sourceOf(text) : undefined;
      if (source === undefined) return ts.resolveModuleName(text, from, options, host);
      return { resolvedModule: { resolvedFileName: source, extension: ts.Extension.Ts, isExternalLibraryImport: false } };
    });
  const program = ts.createProgram([...files.keys()], { ...options, noUnusedLocals: false }, host);
  return [...files].flatMap(([name, { of }]) => {
    const source = program.getSourceFile(name)!;
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(({ start = 0, messageText }) => {
      const { line } = source.getLineAndCharacterOfPosition(start);
      return `${of}:${line + 1} ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
    });
  });
}

/** Notebooks have no lines of their own: the cells count as one text. */
function notebooks(): Program[] {
  const names = readdirSync("notebooks").filter((name) => name.endsWith(".ipynb"));
  return names.map((name) => {
    const file = `notebooks/${name}`;
    const text = codeOf(JSON.parse(readFileSync(file, "utf8")) as Notebook).join("\n");
    return { file, blocks: [{ text, line: 1 }] };
  });
}

const exported = Object.keys(cadena);

test("the compiler accepts every block of code", () => {
  const written = markdownFiles().flatMap((file) => markdownPrograms(file, readFileSync(file, "utf8")));
  const examples = filesUnder("src", ".ts").flatMap((file) => exampleProgram(file, readFileSync(file, "utf8"), exported));
  expect(complaints([...written, ...examples, ...notebooks()])).toEqual([]);
});

test("a block that it does not accept is found, with its place", () => {
  const text = '# A\n\n```ts\nimport { value } from "cadena";\nconst x = value(3, "x");\n```\n\n```ts\nconst s: string = x.data;\n```\n';
  expect(complaints(markdownPrograms("a.md", text))).toEqual(["a.md:9 Type 'number' is not assignable to type 'string'."]);
});

/**
 * The code in README, guides and TSDoc as programs to run. A block that imports `cadena` starts afresh; others continue the
 * block before them, as a reader does. What a comment `// → 27` or a block of output says is compared with what comes out.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { CellError, runCells, throws, type Statement } from "../../notebooks/cells.ts";

export interface Block {
  readonly text: string;
  /** The line of the file its first line stands on, from 1. */
  readonly line: number;
  /** What it prints as a whole, where a block of output follows. */
  readonly output?: string;
}

/** Blocks that run one after the other in one scope. */
export interface Program {
  readonly file: string;
  readonly blocks: readonly Block[];
}

interface Fence {
  readonly language: string;
  readonly text: string;
  readonly line: number;
}

function fencesOf(markdown: string): Fence[] {
  const fences: Fence[] = [];
  for (const { 1: language, 2: text, index } of markdown.matchAll(/^```(\S*)[^\n]*\n([\s\S]*?)^```$/gm))
    fences.push({ language: language!, text: text!, line: markdown.slice(0, index).split("\n").length + 1 });
  return fences;
}

/** A command of the README and what it prints: a fence `text` right after one of `sh` that runs `cadena`. */
export function commandsOf(markdown: string): { readonly line: number; readonly words: readonly string[]; readonly output: string }[] {
  const fences = fencesOf(markdown);
  return fences.flatMap(({ language, text, line }, index) => {
    const [, rest] = /\bcadena -- (.+)/.exec(text) ?? [];
    const next = fences[index + 1];
    if (language !== "sh" || rest === undefined || next?.language !== "text") return [];
    const words = [...rest.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => (quoted ?? plain)!);
    return [{ line, words, output: next.text }];
  });
}

const importing = /^import\b[^;]*"cadena["/]/m;

/** The programs of a Markdown file. A fence `text` right after one of `ts` is what that prints. */
export function markdownPrograms(file: string, markdown: string): Program[] {
  const fences = fencesOf(markdown);
  const programs: Block[][] = [];
  for (const [index, { language, text, line }] of fences.entries()) {
    if (language !== "ts") continue;
    const next = fences[index + 1];
    const block: Block = { text, line, ...(next?.language === "text" && { output: next.text }) };
    const last = programs.at(-1);
    if (last === undefined || importing.test(text)) programs.push([block]);
    else last.push(block);
  }
  return programs.map((blocks) => ({ file, blocks }));
}

/** The `@example`s of a source file; names that the package exports are imported for them. */
export function exampleProgram(file: string, text: string, exported: readonly string[]): Program[] {
  const programs: Program[] = [];
  for (const { 0: comment, index } of text.matchAll(/\/\*\*[\s\S]*?\*\//g))
    for (const { 1: body, index: at } of comment.matchAll(/@example\b[^\n]*\n([\s\S]*?)(?=\n\s*\*\s@|\n?\s*\*\/)/g)) {
      const example = body!.replace(/^\s*\* ?/gm, "");
      const code = fencesOf(`${example}\n`)[0]?.text ?? example;
      const line = text.slice(0, index + at).split("\n").length + 1;
      programs.push({ file, blocks: [{ text: withImports(code, exported), line }] });
    }
  return programs;
}

/** All on the first line, so that lines keep their numbers. */
function withImports(code: string, exported: readonly string[]): string {
  if (importing.test(code)) return code;
  const used = exported.filter((name) => new RegExp(String.raw`(?<![\w.$])${name}\b`).test(code));
  return `import { ${used.join(", ")} } from "cadena"; ${code}`;
}

/** Every Markdown file of the documentation. */
export const markdownFiles = (): string[] => ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", ...filesUnder("docs", ".md")];

export function filesUnder(folder: string, extension: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(extension));
  return names.map((name) => join(folder, name)).sort();
}

/** `cadena` and its sub-paths as the package's own exports name them, in their sources; other packages as they are. */
export function loadPackage(specifier: string): Promise<unknown> {
  const source = sourceOf(specifier);
  return import(/* @vite-ignore */ source === undefined ? specifier : pathToFileURL(source).href);
}

const packageFile = resolve("package.json");

/** The source file behind a name of this package; undefined for others. */
export function sourceOf(specifier: string): string | undefined {
  if (!/^cadena(\/|$)/.test(specifier)) return undefined;
  const { exports } = JSON.parse(readFileSync(packageFile, "utf8")) as { exports: Record<string, { default?: string }> };
  const built = exports[specifier.replace(/^cadena/, ".")]?.default;
  if (built === undefined) throw new Error(`${specifier}: package.json exports no such path`);
  return join(dirname(packageFile), built.replace("./dist/", "src/").replace(/\.js$/, ".ts"));
}

/** Runs a program in an empty folder; the list of what its text says otherwise than it is, with places. */
export async function disagreements({ file, blocks }: Program): Promise<string[]> {
  const wrong: string[] = [];
  const printed: string[][] = blocks.map(() => []);
  const place = (cell: number, line: number) => `${file}:${blocks[cell]!.line + line}`;
  const check = (done: Statement) => {
    if (done.printed !== "") printed[done.cell]!.push(done.printed);
    const claimed = claimOf(done.comment);
    if (claimed === undefined) return;
    const actual = outcomeOf(done);
    if (!agrees(claimed, actual, done.value !== undefined))
      wrong.push(`${place(done.cell, done.line)} says ${claimed} where it is ${actual}`);
  };
  const home = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), "cadena-"));
  try {
    process.chdir(folder);
    await runCells(blocks.map(({ text }) => text), loadPackage, check); // prettier-ignore
  } catch (error) {
    if (!(error instanceof CellError)) throw error;
    return [...wrong, `${place(error.cell, error.line)} ${error.message}`];
  } finally {
    process.chdir(home);
    rmSync(folder, { recursive: true });
  }
  for (const [cell, { output, line }] of blocks.entries())
    if (output !== undefined && !agrees(trimmed(output), trimmed(printed[cell]!.join("\n"))))
      wrong.push(`${file}:${line} prints\n${printed[cell]!.join("\n")}\nwhere the block below it says\n${output}`);
  return wrong;
}

const aValue = /^(-?[\d.]+(e[+-]?\d+)?|-?Infinity|NaN|true|false|null|\[[-+.\d[\], e]*\]|"[^"]*"|(Value|array)\(.*\))$/;

/** What a comment claims: all behind an arrow or `throws`, or a comment that is a value by itself. Other comments are prose. */
function claimOf(comment: string): string | undefined {
  if (comment.startsWith("→")) return comment.slice(1).trim();
  if (comment.startsWith(throws)) return comment.slice(throws.length).trim();
  return aValue.test(comment) ? comment : undefined;
}

function outcomeOf({ comment, printed, value }: Statement): string {
  if (comment.startsWith(throws)) return value instanceof Error ? value.message : "no error";
  if (value === undefined) return trimmed(printed);
  return typeof value === "string" ? value : inspect(value, { breakLength: Infinity });
}

export const trimmed = (text: string): string => text.replace(/[ \t]+$/gm, "").trim();

/** Whether two texts are the same, where `…` stands for anything; of values, however they are spaced. */
export function agrees(claimed: string, actual: string, isValue = false): boolean {
  const [a, b] = isValue ? [claimed.replace(/\s/g, ""), actual.replace(/\s/g, "")] : [claimed, actual];
  const parts = a.split("…").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(String.raw`[\s\S]*`)}$`).test(b) || a === `"${b}"`;
}

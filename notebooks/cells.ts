/**
 * Runs TypeScript cells in order, in one scope, with top-level await, as a notebook does and as a guide is read. The cells are
 * rewritten to one function in which every statement reports what it printed and what it came to; nothing is evaluated twice.
 */
import { format, inspect } from "node:util";
import ts from "typescript";

/** What one statement at the top level did. */
export interface Statement {
  /** Which cell it stands in, and its line there, both from 0. */
  readonly cell: number;
  readonly line: number;
  /** The comment behind it on its last line, or the lines `// → …` below it, without slashes; "" for none. */
  readonly comment: string;
  /** What it came to: the value of an expression, or of the one variable it declares. */
  readonly value: unknown;
  readonly isExpression: boolean;
  /** What it printed with `console.log`, without the last line break. */
  readonly printed: string;
}

export type Importer = (specifier: string) => Promise<unknown>;

/** Something the cells did wrong, with the place. */
export class CellError extends Error {
  readonly cell: number;
  readonly line: number;

  constructor(cell: number, line: number, cause: unknown) {
    super(`cell ${cell + 1}, line ${line + 1}: ${cause instanceof Error ? `${cause.name}: ${cause.message}` : inspect(cause)}`, { cause });
    this.cell = cell;
    this.line = line;
  }
}

/**
 * Runs the cells; `report` is told of every statement when it is done, before the next begins.
 *
 * @throws CellError with the place, for syntax and for whatever the cells throw.
 */
export async function runCells(cells: readonly string[], load: Importer, report: (done: Statement) => unknown): Promise<void> {
  const source = ts.createSourceFile("cells.ts", cells.join("\n"), ts.ScriptTarget.ES2023, true);
  const statements = source.statements.map((node) => ({ node, ...placeOf(source, node, cells) }));
  let current = { cell: 0, line: 0 };
  let printed: string[] = [];
  const begin = (index: number) => {
    current = statements[index]!;
    printed = [];
  };
  const end = async (index: number, value?: unknown) => {
    const { node, cell, line } = statements[index]!;
    const comment = commentOf(source, node);
    await report({ cell, line, comment, value, isExpression: ts.isExpressionStatement(node), printed: printed.join("\n") });
  };
  const log = (...parts: unknown[]) => void printed.push(format(...parts));
  try {
    const run = compiled(rewritten(source));
    await run(load, begin, end, { ...console, log, info: log, debug: log });
  } catch (error) {
    if (error instanceof SyntaxAt) {
      const at = placeAt(source, error.position, cells);
      throw new CellError(at.cell, at.line, error);
    }
    throw new CellError(current.cell, current.line, error);
  }
}

type Run = (load: Importer, begin: (i: number) => void, end: (i: number, value?: unknown) => Promise<void>, log: object) => Promise<void>;

/** A comment that begins so says what an expression throws; what is thrown is then its value. */
export const throws = "throws ";

const names = { load: "$load", begin: "$begin", end: "$end", console: "console" };

class SyntaxAt extends SyntaxError {
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

/** The rewritten text as a function; types are stripped, not checked. */
function compiled(text: string): Run {
  const { outputText, diagnostics = [] } = ts.transpileModule(`export {};${text}`, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
  });
  const [problem] = diagnostics;
  if (problem) throw new SyntaxAt(ts.flattenDiagnosticMessageText(problem.messageText, "\n"), 0);
  const body = outputText.replace(/^export \{\};/m, "");
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (...text: string[]) => Run; // eslint-disable-line
  return new AsyncFunction(...Object.values(names), body);
}

/** The text with every statement between `$begin` and `$end`, line by line where it was. */
function rewritten(source: ts.SourceFile): string {
  const [problem] = (source as unknown as { parseDiagnostics: readonly ts.DiagnosticWithLocation[] }).parseDiagnostics;
  if (problem) throw new SyntaxAt(ts.flattenDiagnosticMessageText(problem.messageText, "\n"), problem.start);
  let text = "";
  let position = 0;
  for (const [index, node] of source.statements.entries()) {
    text += source.text.slice(position, node.getStart());
    text += `${names.begin}(${index}); ${statementText(source, node, index)}`;
    position = node.end;
  }
  return text + source.text.slice(position);
}

function statementText(source: ts.SourceFile, node: ts.Statement, index: number): string {
  const end = (value = "") => `await ${names.end}(${index}${value});`;
  if (ts.isImportDeclaration(node)) return importText(node) + end();
  if (ts.isExpressionStatement(node)) {
    const expression = `(${node.expression.getText()})`;
    const thrown = `await (async () => ${expression})().then(() => undefined, (e) => e)`;
    return end(`, ${commentOf(source, node).startsWith(throws) ? thrown : expression}`);
  }
  const text = node.getText().replace(/^export (default )?/, "");
  return `${text}; ${end(ts.isVariableStatement(node) ? declared(node) : "")}`;
}

/** The variable that a declaration of one declares, to be reported. */
function declared({ declarationList }: ts.VariableStatement): string {
  const [name, ...more] = declarationList.declarations.flatMap(({ name }) => boundNames(name));
  return name === undefined || more.length > 0 ? "" : `, ${name}`;
}

const boundNames = (name: ts.BindingName): string[] =>
  ts.isIdentifier(name) ? [name.text] : name.elements.flatMap((x) => (ts.isBindingElement(x) ? boundNames(x.name) : []));

/** An import as an assignment from a dynamic one, over as many lines. */
function importText(node: ts.ImportDeclaration): string {
  const { importClause, moduleSpecifier } = node;
  const lines = "\n".repeat(node.getText().split("\n").length - 1);
  const loaded = `await ${names.load}(${moduleSpecifier.getText()});${lines}`;
  if (!importClause) return loaded;
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return lines;
  const { name, namedBindings } = importClause;
  if (namedBindings && ts.isNamespaceImport(namedBindings)) return `const ${namedBindings.name.text} = ${loaded}`;
  const named = (namedBindings?.elements ?? []).filter(({ isTypeOnly }) => !isTypeOnly);
  const parts = named.map(({ propertyName, name }) => (propertyName ? `${propertyName.text}: ${name.text}` : name.text));
  if (name) parts.unshift(`default: ${name.text}`);
  return `const { ${parts.join(", ")} } = ${loaded}`;
}

const placeOf = (source: ts.SourceFile, node: ts.Node, cells: readonly string[]) => placeAt(source, node.getStart(), cells);

function placeAt(source: ts.SourceFile, position: number, cells: readonly string[]): { cell: number; line: number } {
  let { line } = source.getLineAndCharacterOfPosition(position);
  let cell = 0;
  for (; cell < cells.length - 1; cell++) {
    const height = cells[cell]!.split("\n").length;
    if (line < height) break;
    line -= height;
  }
  return { cell, line };
}

function commentOf(source: ts.SourceFile, node: ts.Node): string {
  const behind = ts.getTrailingCommentRanges(source.text, node.end)?.[0];
  if (behind) return source.text.slice(behind.pos, behind.end).replace(/^\/[/*]\s?|\*\/$/g, "").trim(); // prettier-ignore
  const below = /^\s*\n((?:[ \t]*\/\/.*(?:\n|$))+)/.exec(source.text.slice(node.end))?.[1] ?? "";
  const lines = below.trimEnd().split("\n").map((line) => line.replace(/^\s*\/\/ ?/, "")); // prettier-ignore
  return lines[0]!.startsWith("→") ? lines.join("\n").trim() : "";
}

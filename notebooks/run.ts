/** `npm run notebooks`: executes the notebooks named, or all of this folder, and writes their outputs back. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { CellError } from "./cells.ts";
import { executed, written, type Notebook } from "./notebook.ts";

const here = import.meta.dirname;
const named = process.argv.slice(2).map((file) => resolve(file));
const files = named.length > 0 ? named : readdirSync(here).filter((name) => name.endsWith(".ipynb")).map((name) => join(here, name)); // prettier-ignore

for (const file of files) {
  const load = (specifier: string): Promise<unknown> =>
    import(specifier.startsWith(".") ? pathToFileURL(resolve(dirname(file), specifier)).href : specifier);
  const name = relative(process.cwd(), file);
  try {
    writeFileSync(file, written(await executed(JSON.parse(readFileSync(file, "utf8")) as Notebook, load)));
    console.log(`${name}: executed`);
  } catch (error) {
    if (!(error instanceof CellError)) throw error;
    console.error(`${name}: ${error.message}`);
    process.exitCode = 1;
  }
}

/** The package as it would be published: what is in it, that every name leads somewhere, and that it runs in an empty folder. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies: Readonly<Record<string, string>>;
};

const folder = mkdtempSync(join(tmpdir(), "cadena-package-"));
const installed = join(folder, "node_modules", "cadena");
let tarball: string;
let files: readonly string[];

/** Packs, which builds, and unpacks into an empty project beside the packages it depends on. */
beforeAll(async () => {
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], {
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf("[\n"))) as [{ filename: string; files: { path: string }[] }];
  tarball = join(folder, packed.filename);
  files = packed.files.map(({ path }) => path);
  mkdirSync(installed, { recursive: true });
  await run("tar", ["-xzf", tarball, "-C", installed, "--strip-components=1"]);
  for (const name of Object.keys(manifest.dependencies)) {
    mkdirSync(dirname(join(folder, "node_modules", name)), { recursive: true });
    symlinkSync(resolve("node_modules", name), join(folder, "node_modules", name), "junction");
  }
}, 240_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inFolder = (...args: string[]) => run(process.execPath, args, { cwd: folder, encoding: "utf8" });

test("it holds the built library, its source and the papers, and nothing else", () => {
  const strange = files.filter((path) => !/^(dist|src)\/|^(README|CHANGELOG)\.md$|^LICENSE$|^package\.json$/.test(path));
  expect(strange).toEqual([]);
  expect(files.filter((path) => /\.(test\.ts|tgz|tsbuildinfo)$/.test(path))).toEqual([]);
});

test("every name it offers is a file in it", () => {
  const offered = Object.values(manifest.exports).flatMap((target) => (typeof target === "string" ? [target] : Object.values(target)));
  for (const target of [...offered, ...Object.values(manifest.bin)]) expect(files).toContain(target.replace(/^\.\//, ""));
});

test("publint has nothing to say", async () => {
  const { messages, pkg } = await publint({ pkgDir: installed, strict: true, pack: false });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

test("its types resolve as its modules do", async () => {
  const attw = resolve("node_modules", "@arethetypeswrong", "cli", "dist", "index.js");
  const { stdout } = await run(process.execPath, [attw, tarball, "--profile", "esm-only", "--format", "table", "--no-color"], {
    encoding: "utf8",
  });
  expect(stdout).toMatch(/node16 \(from ESM\).*🟢/);
}, 120_000);

test("the README's first lines run in an empty folder", async () => {
  const [, code, printed] = /```ts\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/.exec(readFileSync("README.md", "utf8"))!;
  expect((await inFolder("--input-type=module", "-e", code!)).stdout).toBe(printed);
});

test("the engine by itself has the same values, and nothing that draws", async () => {
  const code = `import * as engine from "cadena/engine"; import * as cadena from "cadena";
    console.log(Object.keys(engine).every((name) => engine[name] === cadena[name]));`;
  expect((await inFolder("--input-type=module", "-e", code)).stdout).toBe("true\n");
  const loaded = await loadedBy(join(installed, "dist", "engine.js"));
  expect(loaded.filter((source) => /^src\/(?!array|random|ops|graph|gradient|engine)/.test(source))).toEqual([]);
  expect(loaded).toContain("src/gradient/sweep.ts");
});

test("a bundler for browsers takes it as it is, and takes of it what is used", async () => {
  const bundled = (code: string) => build({ stdin: { contents: code, resolveDir: folder }, bundle: true, minify: true, write: false, format: "esm", platform: "browser" }); // prettier-ignore
  const sizes = await Promise.all(
    ['import { value } from "cadena/engine"; console.log(value(2));', 'import * as cadena from "cadena"; console.log(cadena);'].map(
      async (code) => (await bundled(code)).outputFiles[0]!.contents.length,
    ),
  );
  expect(sizes[0]! * 4).toBeLessThan(sizes[1]!);
});

test("the engine is one chunk", () => {
  expect(readFileSync(join(installed, "dist", "engine.js"), "utf8").match(/from\s*"\.[^"]+"/g)).toHaveLength(1);
});

/** The sources of a built module and of all it imports, from their source maps. */
async function loadedBy(file: string): Promise<string[]> {
  const { sources } = JSON.parse(await readFile(`${file}.map`, "utf8")) as { readonly sources: readonly string[] };
  const own = sources.map((source) => source.replace(/^.*?(?=src\/)/, ""));
  const imports = [...(await readFile(file, "utf8")).matchAll(/from\s*"(\.[^"]+)"/g)].map(([, to]) => join(dirname(file), to!));
  return [...own, ...(await Promise.all(imports.map(loadedBy))).flat()];
}

test("its command runs in an empty folder", async () => {
  const command = join(installed, manifest.bin.cadena!);
  expect((await inFolder(command, "--help")).stdout).toContain("cadena");
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { run } from "../../src/cli/run.ts";

const folder = mkdtempSync(join(tmpdir(), "cadena-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function told(...args: string[]) {
  let [stdout, stderr] = ["", ""];
  const status = await run(args, (text) => (stdout += text), (text) => (stderr += text)); // prettier-ignore
  return { stdout, stderr, status };
}

const neuron = "a = tanh(w*x + b)";
const given = ["x=2", "w=-3", "b=6.88"];

describe("cadena graph", () => {
  test("draws a formula as a tree in the terminal, with its gradients", async () => {
    const { stdout, stderr, status } = await told("graph", neuron, ...given);
    expect([stderr, status]).toEqual(["", 0]);
    expect(stdout).toContain("w  data −3  grad 1");
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test.each([
    ["dot", /^digraph/],
    ["svg", /<svg/],
    ["mermaid", /^(flowchart|graph) /m],
    ["html", /^<!doctype html>/i],
    ["latex", /\\tanh/],
  ])("prints %s", async (format, opening) => {
    const { stdout, status } = await told("graph", neuron, ...given, "--format", format);
    expect(stdout).toMatch(opening);
    expect(status).toBe(0);
  });

  test("writes a file and says so beside the result, not in it", async () => {
    const file = join(folder, "neuron.png");
    const { stdout, stderr } = await told("graph", neuron, ...given, "-f", "png", "-o", file);
    expect([stdout, stderr]).toEqual(["", `cadena: wrote ${file}\n`]);
    expect(readFileSync(file).subarray(1, 4).toString()).toBe("PNG");
  });

  test("takes the loss that a file exports", async () => {
    const file = join(folder, "loss.mjs");
    const library = resolve("src/index.ts");
    writeFileSync(file, `import { value } from ${JSON.stringify(library)};\nexport const loss = value(3, "x").square().named("L");\n`);
    const { stdout, status } = await told("graph", file);
    expect(stdout).toContain("x  data 3  grad 6");
    expect(status).toBe(0);
  });

  test("a file whose code throws is refused with what it said", async () => {
    const file = join(folder, "broken.mjs");
    writeFileSync(file, 'export const loss = () => { throw new Error("no\\ndata"); };');
    expect(await told("graph", file)).toEqual({ stdout: "", stderr: `cadena: ${file} cannot be loaded: no␊data\n`, status: 2 });
  });

  test("names without a value are 1, and it says which", async () => {
    const { stdout, stderr } = await told("graph", "x*y", "x=5");
    expect(stderr).toBe("cadena: no value is given for y; 1 is taken\n");
    expect(stdout).toContain("x  data 5  grad 1");
  });

  test.each([
    ["NaN", "NaN"],
    ["-inf", "−∞"],
    ["Infinity", "∞"],
    ["−2.5", "−2.5"],
    ["-0x10", "−16"],
  ])("x=%s is a number", async (given, shown) => {
    expect((await told("graph", "x", `x=${given}`)).stdout).toBe(`x  data ${shown}  grad 1\n`);
  });

  test("a formula that begins with a minus is taken after --", async () => {
    expect((await told("graph", "--", "-x^2", "x=3")).stdout).toContain("data −9");
  });

  test.each([
    [["graph", neuron, "q=2"], "q does not occur in the formula, which has w, x, b"],
    [["graph", neuron, "x"], '"x" gives no value; write name=number, as x=2, or name=[[1, 2], [3, 4]]'],
    [["graph", neuron, "x=two"], 'x: "two" is not a number or a list of numbers'],
    [["graph", neuron, "-f", "bmp"], "there is no format bmp; there are text, dot, svg, png, mermaid, html, latex"],
    [["graph", neuron, "-f", "png"], "a PNG is not for the terminal; name a file with -o"],
    [["graph", "w*(x"], 'formula: expected ")", at column 5 (the end)'],
    [["graph", "w*(x", "--lang", "es"], 'fórmula: falta ")", en la columna 5 (el final)'],
    [["graph", neuron, "--lang", "es", "q=2"], "q no aparece en la fórmula, que tiene w, x, b"],
    [["graph", "x", "x=1", "x=2"], "x is given two values"],
    [["graph", "x", "x=[[1, 2], [3]]"], "x: ragged rows: [1] has 1 entries, the first one beside it has 2"],
    [["graph", "x", 'x={"a": 1}'], "x: expected a number, a list of numbers, an NdArray or a typed array, got an object (Object)"],
    [["graph", "nowhere.mjs"], "there is no file nowhere.mjs"],
    [["explain", "nowhere.ts", "--lang", "es"], "no existe el archivo nowhere.ts"],
    [["graph", "x", "x=1", "-o", "."], ". cannot be written: EISDIR: illegal operation on a directory, open '.'"],
    [
      ["graph", "-x^2"],
      'there is no option -x^2; a formula that begins with a minus goes after --, as in: graph -- "-x^2"; cadena --help lists what there is',
    ],
    [["graph"], "the argument source is missing; cadena --help lists what there is"],
  ])("%j is refused in a sentence, with exit code 2", async (args, sentence) => {
    expect(await told(...args)).toEqual({ stdout: "", stderr: `cadena: ${sentence}\n`, status: 2 });
  });
});

describe("cadena explain", () => {
  test("prints the chain rule for one value in three stages", async () => {
    const { stdout, stderr, status } = await told("explain", neuron, ...given, "--wrt", "w");
    await expect(stdout).toMatchFileSnapshot("snapshots/explain-neuron.en.txt");
    expect([stderr, status]).toEqual(["", 0]);
  });

  test("prints the whole solution where no name is given, in Spanish too", async () => {
    const { stdout } = await told("explain", neuron, ...given, "--lang", "es");
    await expect(stdout).toMatchFileSnapshot("snapshots/solution-neuron.es.txt");
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test("gives programs the gradient as a number", async () => {
    const { stdout } = await told("explain", "w*x", "w=3", "x=2", "--wrt", "w", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ wrt: "w", gradient: 2, paths: 1 });
  });

  test("an unknown name is refused with those that there are", async () => {
    const { stderr, status } = await told("explain", neuron, ...given, "--wrt", "v");
    expect([stderr, status]).toEqual(["cadena: nothing is called v; there are w, x, b, a\n", 2]);
  });
});

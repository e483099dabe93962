import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { documentGradients } from "../../src/cli/document-gradients.ts";
import { wrapped } from "../../src/check/wrapped.ts";
import { run } from "../../src/cli/run.ts";
import { array } from "../../src/index.ts";
import "../closeness.ts";

const folder = mkdtempSync(join(tmpdir(), "cadena-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The program as a process, in a folder of its own. */
function cadena(args: readonly string[], stdout: "pipe" | number = "pipe") {
  const main = resolve("src/cli/main.ts");
  return spawnSync(process.execPath, ["--import", import.meta.resolve("tsx"), main, ...args], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", stdout, "pipe"],
  });
}

/** The same without a process. */
async function told(...args: string[]) {
  let [stdout, stderr] = ["", ""];
  const status = await run(args, (text) => (stdout += text), (text) => (stderr += text)); // prettier-ignore
  return { stdout, stderr, status };
}

const lines = (text: string) => text.split("\n");

test.runIf(existsSync("/dev/full"))("a full disk is told in a sentence", () => {
  const full = openSync("/dev/full", "w");
  const { stderr, status } = cadena(["explain", "x^2", "x=3"], full);
  closeSync(full);
  expect([stderr, status]).toEqual(["cadena: ENOSPC: no space left on device, write\n", 1]);
});

describe("cadena example or", () => {
  test("prints what the document prints, the four gradients, and where the graph is", async () => {
    const { stdout, stderr, status } = cadena(["example", "or"]);
    await expect(stdout).toMatchFileSnapshot("snapshots/example-or.en.txt");
    expect([stderr, status]).toEqual(["", 0]);
    expect(lines(stdout).filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).not.toContain("\u001b");
    expect(readFileSync(join(folder, "out/or.dot"), "utf8")).toMatch(/^digraph/);
    expect(readFileSync(join(folder, "out/or.svg"), "utf8")).toMatch(/^<svg[^]*W1[^]*<\/svg>\s*$/);
  });

  test("speaks Spanish, no wider", async () => {
    const { stdout, status } = await told("example", "--lang", "es", "-o", join(folder, "es"));
    await expect(stdout.replaceAll(folder, "…")).toMatchFileSnapshot("snapshots/example-or.es.txt");
    expect(lines(stdout.replaceAll(folder, "")).filter((line) => line.length > 80)).toEqual([]);
    expect(status).toBe(0);
  });

  test("gives everything as JSON, with all digits", async () => {
    const { stdout } = await told("example", "or", "--json", "--output", join(folder, "json"));
    const json = JSON.parse(stdout) as Json;
    // numpy 2.4, the document's script; predictions with the weights after the last epoch, then those that it prints
    expect(json.losses.map(({ epoch }) => epoch)).toEqual([0, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000]);
    expect([0, 1, 9].map((k) => json.losses[k]!.loss)).toBeClose([0.050646940528008846, 0.0013785798272023856, 0.00010696929672800906], { units: 4.5e4 }); // prettier-ignore
    expect(json.predictions).toBeClose([[0.0258317771716057], [0.9931080260973758], [0.9931054389804751], [0.9999987523916696]], { units: 4.5e4 }); // prettier-ignore
    expect(json.lastForward).toBeClose([[0.02583317560304743], [0.9931068360018119], [0.9931042448125649], [0.9999987520311246]], { units: 4.5e4 }); // prettier-ignore
    expect(Object.values(json.gradients).map(({ ratio }) => ratio)).toBeClose([4, 4, 4, 4]);
    expect(json.gradients.W2!.byHand).toBeClose([[-0.05875816622830078], [0], [-0.059338884491263726]]);
    expect(json.kinks).toEqual({ count: 3, convention: "relu'(0) = 0" });
    expect(json).toMatchObject({ name: "or", sizes: [2, 3, 1], rows: 4, learningRate: 0.1, epochs: 10_000, ended: "done" });
  });
});

interface Json {
  readonly losses: readonly { epoch: number; loss: number }[];
  readonly predictions: number[][];
  readonly lastForward: number[][];
  readonly gradients: Record<string, { autodiff: number[][]; byHand: number[][]; ratio: number }>;
  readonly kinks: unknown;
}

describe("the other examples", () => {
  test.each(["and", "xor", "moons"])("%s is learnt: every row is on the right side", async (which) => {
    const { stdout, status } = await told("example", which, "-o", join(folder, which));
    expect(status).toBe(0);
    const [, predictions, labels] = /Predictions:\n([^]*?)\nTrue labels:\n([^]*?)\n[\d(]/.exec(stdout)!;
    const numbers = (text: string) => [...text.matchAll(/\d[\d.e-]*/g)].map(([x]) => Math.round(Number(x)));
    expect(numbers(predictions!)).toEqual(numbers(labels!));
    if (which === "moons") expect(stdout).toContain("100 of 100 on the right side of 0.5.");
    expect(stdout).toContain(`The document's gradient is ${which === "moons" ? 100 : 4} × the gradient of the printed loss`);
    expect(lines(stdout.replaceAll(folder, "")).filter((line) => line.length > 80)).toEqual([]);
  });
});

describe("bad usage is told in one sentence, with exit code 2", () => {
  test("by the process too", () => {
    expect(cadena(["exmple"])).toMatchObject({ stdout: "", stderr: "cadena: there is no command exmple; cadena --help lists what there is\n", status: 2 }); // prettier-ignore
  });

  test.each([
    ["example nope", "cadena: there is no example nope; there are or, and, xor, moons, spiral"],
    ["example constructor", "cadena: there is no example constructor; there are"],
    ["example --frob", "cadena: there is no option --frob; cadena --help lists what there is"],
    ["--frob", "cadena: there is no option --frob"],
    ["example or moons", "cadena: there are too many arguments for example"],
    ["example -o", "cadena: the option -o, --output <folder> needs an argument"],
    ["example --lang fr", 'cadena: --lang: "fr" is not a language here; it is en or es'],
    ["exmple --lang es", "cadena: no existe la orden exmple; cadena --help enumera lo que hay"],
    ["example nope --lang=es", "cadena: no existe el ejemplo nope; hay or, and, xor, moons, spiral"],
    ["example \u001b[31mred", "cadena: there is no example ␛[31mred"],
  ])("cadena %s", async (args, sentence) => {
    const { stdout, stderr, status } = await told(...args.split(" "));
    expect([stdout, stderr.startsWith(sentence), lines(stderr).length, status]).toEqual(["", true, 2, 2]);
  });

  test("a folder that cannot be is a failure, told in one sentence", async () => {
    const file = join(folder, "a-file");
    writeFileSync(file, "");
    const { stdout, stderr, status } = await told("example", "-o", file);
    expect([stdout, status]).toEqual(["", 1]);
    expect(stderr).toMatch(/^cadena: EEXIST.*\n$/);
  });
});

describe("help and version", () => {
  test("are shown when asked for, and help when nothing is", async () => {
    const help = await told("--help");
    expect([help.status, help.stderr]).toEqual([0, ""]);
    expect(await told()).toEqual(help);
    expect(help.stdout).toContain("example [options] [which]");
    expect((await told("example", "--help", "--lang", "es")).stdout).toContain("carpeta para las figuras");
    expect((await told("--lang", "es")).stdout).toContain("Ver y comprobar la regla de la cadena.");
    expect(await told("--version")).toEqual({ stdout: "0.1.0\n", stderr: "", status: 0 });
  });
});

describe.each([[], ["example"], ["graph"], ["explain"], ["check"], ["play"]])("the help of cadena %s", (...command) => {
  test.each(["en", "es"])("has at most 80 columns, and one language: %s", async (language) => {
    const { stdout } = await told(...command, "--help", "--lang", language);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect(/<[a-z]+>|\[[a-z.]+\]/.test(stdout)).toBe(true);
    if (language === "es") expect(stdout).not.toMatch(/options|command|<(file|folder|name|format|port|source|language)>|values\.\.\./);
  });
});

describe("the parts", () => {
  test("text is broken at 80 columns", () => {
    const text = wrapped("word ".repeat(60).trim(), 80);
    expect(text.every((line) => line.length <= 80)).toBe(true);
    expect(text.join(" ")).toBe("word ".repeat(60).trim());
  });

  test("the document's derivation gives what its program gives", () => {
    // one row, one hidden neuron: dz2 = (a2 - y) a2 (1 - a2), dW2 = a1 dz2, dz1 = dz2 W2
    const [X, y, W2, z1, a2] = [array([[2]]), array([[1]]), array([[3]]), array([[4]]), array([[0.5]])];
    const hand = documentGradients({ X, y, W2, z1, a1: z1, a2 });
    expect([hand.W2.at(0, 0), hand.b2.at(0, 0), hand.W1.at(0, 0), hand.b1.at(0, 0)]).toEqual([-0.5, -0.125, -0.75, -0.375]);
    expect(documentGradients({ X, y, W2, z1: array([[0]]), a1: z1, a2 }).W1.at(0, 0)).toBeCloseTo(0, 300);
  });
});

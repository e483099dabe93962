/** `cadena check FILE`: its report, its exit codes, and what it refuses. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { run } from "../../src/cli/run.ts";

const folder = mkdtempSync(join(tmpdir(), "cadena-check-"));
afterAll(() => rmSync(folder, { recursive: true }));

const library = JSON.stringify(resolve("src/index.ts"));
function written(name: string, mine: string): string {
  const file = join(folder, name);
  writeFileSync(
    file,
    `import { value, constant } from ${library};
const [w, x, y] = [value(0.5, "w"), constant(2, "x"), constant(1, "y")];
export const loss = () => w.mul(x).named("z").tanh().named("a").sub(y).square().mul(0.5);
${mine}`,
  );
  return file;
}

async function cadena(...argv: string[]) {
  let [out, err] = ["", ""];
  const code = await run(
    argv,
    (text) => (out += text),
    (text) => (err += text),
  );
  return { code, out, err };
}

const right = written("right.mjs", `export const mine = { da: "a - y", dz: "da * (1 - a^2)", dw: "dz * x" };`);
const wrong = written("wrong.mjs", `export default { mine: "da = a - y; dz = da; dw = dz * x" };`);

describe("cadena check", () => {
  test("a formula that cannot be read ends with 2 and its place", async () => {
    const file = written("unreadable.mjs", `export const mine = "da = a - y)";`);
    expect(await cadena("check", file)).toEqual({ code: 2, out: "", err: 'cadena: formula: ")" closes nothing, at column 11 (")")\n' });
  });

  test.each([
    ["an unknown label", `export const mine = { dq: 1 };`, 'compareGradients: no value of the graph is labelled "dq"'],
    ["a function that throws", `export const mine = { dw: () => { throw new Error("mine"); } };`, "mine"],
  ])("%s is no wrong gradient: it ends with 2", async (name, code, sentence) => {
    const file = written(`${name.replaceAll(" ", "-")}.mjs`, code);
    expect(await cadena("check", file)).toMatchObject({ code: 2, out: "", err: expect.stringContaining(`cadena: ${sentence}`) as string });
  });

  test("a loss that cannot be computed ends with 2", async () => {
    const file = join(folder, "no-loss.mjs");
    writeFileSync(file, `export const loss = () => { throw new Error("no data"); }; export const mine = { dw: 1 };`);
    expect(await cadena("check", file)).toMatchObject({ code: 2, err: `cadena: ${file} cannot be loaded: no data\n` });
  });

  test("a right derivation ends with 0", async () => {
    expect(await cadena("check", right)).toMatchObject({
      code: 0,
      out: expect.stringContaining("3 gradients compared: all right.") as string,
    });
  });

  test("a wrong one ends with 1, and says where and what", async () => {
    const { code, out } = await cadena("check", wrong);
    expect(code).toBe(1);
    expect(out).toMatch(/^dz\s+✗ wrong here\s+the derivative of tanh\(z\) is missing$/m);
  });

  test("in Spanish, and as JSON", async () => {
    expect((await cadena("check", wrong, "--lang", "es")).out).toContain("falta la derivada de tanh(z)");
    const report = JSON.parse((await cadena("check", wrong, "--json")).out) as { passed: boolean; firstWrong: string };
    expect(report).toMatchObject({ passed: false, firstWrong: "dz" });
  });

  test("what is no such module ends with 2 and a sentence", async () => {
    expect(await cadena("check", "nowhere.mjs")).toMatchObject({ code: 2, err: "cadena: there is no file nowhere.mjs\n" });
    const empty = written("empty.mjs", "");
    expect((await cadena("check", empty)).err).toContain(
      "must export mine, its hand gradients by label, as { W2: … } or text; got undefined",
    );
    const broken = written("broken.mjs", "export const mine = (;");
    expect((await cadena("check", broken)).code).toBe(2);
  });
});

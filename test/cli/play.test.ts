/** `cadena play`: what it refuses. What it serves is tested with the page, in test/playground. */
import { expect, test } from "vitest";
import { run } from "../../src/cli/run.ts";

async function complaint(...argv: string[]): Promise<[code: number, said: string]> {
  let said = "";
  const code = await run(argv, () => undefined, (text) => (said += text)); // prettier-ignore
  return [code, said];
}

test("play refuses a port that is none, in the reader's language", async () => {
  expect(await complaint("play", "--port", "http")).toEqual([
    2,
    'cadena: --port: "http" is not a port; it is a whole number from 0 to 65535\n',
  ]);
  expect(await complaint("play", "--port=65536", "--lang", "es")).toEqual([
    2,
    'cadena: --port: "65536" no es un puerto; es un número entero de 0 a 65535\n',
  ]);
});

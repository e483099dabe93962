/** What views refuse, each by its own name, before anything is drawn: what is no value, and options and choices that do not exist. */
import { expect, test } from "vitest";
import { explain, toDot, toHtml, toJson, toLatex, toMermaid, toPng, toSvg, toText, value, workedSolution } from "../../src/index.ts";

type View = (root: never, options?: never) => unknown;
const views: Readonly<Record<string, View>> = { toDot, toSvg, toPng, toHtml, toMermaid, toText, toLatex, toJson, workedSolution };

/** Thrown at once or by the promise. */
async function said(view: () => unknown): Promise<string> {
  try {
    await view();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

const [x] = [value(2, "x")];
const y = x.square().named("y");

test.each(Object.entries(views))("%s of what is no value is refused", async (name, view) => {
  for (const other of [undefined, 3, "x", {}])
    expect(await said(() => view(other as never))).toMatch(new RegExp(`^(${name}|toSvg|trace): expected a value`));
});

test.each(Object.entries(views).filter(([name]) => !["toLatex", "toJson"].includes(name)))(
  "%s has no option that it does not know",
  async (name, view) => {
    expect(await said(() => view(y as never, { lang: "es" } as never))).toMatch(/^\w+: there is no option "lang"; it takes /);
  },
);

test("explain has none either; a format and a renderer are one of those there are", async () => {
  expect(await said(() => explain(y, x, { lang: "es" } as never))).toBe('explain: there is no option "lang"; it takes language, precision');
  expect(await said(() => workedSolution(y, { format: "pdf" as never }))).toBe('workedSolution: format is "markdown" or "latex" or "text", got "pdf" (a string)'); // prettier-ignore
  expect(await said(() => toSvg(y, { renderer: "paint" as never }))).toBe('toSvg: renderer is "wasm" or "graphviz-cli" or "dot", got "paint" (a string)'); // prettier-ignore
});

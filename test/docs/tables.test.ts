import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { kinksPage, rulesPage } from "../../docs/tables.ts";

/** `npx tsx docs/tables.ts` prints them again. */
test("docs/rules.md is what the table prints", () => {
  expect(readFileSync("docs/rules.md", "utf8")).toBe(rulesPage());
});

test("docs/kinks.md is what the table prints", () => {
  expect(readFileSync("docs/kinks.md", "utf8")).toBe(kinksPage());
});

test("no formula of the pages breaks its cell or its brackets", () => {
  for (const line of rulesPage()
    .split("\n")
    .filter((row) => row.startsWith("| `"))) {
    expect(line.split("|")).toHaveLength(6);
    expect(line.match(/\\left/g)?.length).toBe(line.match(/\\right/g)?.length);
  }
});

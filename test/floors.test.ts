/** An import may only point down the floors of src/. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";

/** Each floor may import itself and the floors listed; siblings share what lies below. */
const below: Record<string, readonly string[]> = {
  array: [],
  random: ["array"],
  ops: ["array"],
  graph: ["ops", "array"],
  gradient: ["graph", "ops", "array"],
  formula: ["graph", "ops", "array"],
  nn: ["formula", "gradient", "graph", "ops", "array", "random"],
  views: ["formula", "gradient", "graph", "ops", "array"],
  check: ["formula", "gradient", "graph", "ops", "array", "random"],
  compile: ["formula", "gradient", "graph", "ops", "array", "random"],
  io: ["gradient", "graph", "ops", "array", "random"],
  cli: ["nn", "views", "check", "compile", "io", "formula", "gradient", "graph", "ops", "array", "random"],
  playground: ["nn", "views", "check", "compile", "io", "formula", "gradient", "graph", "ops", "array", "random"],
};

const floorOf = (path: string): string | undefined => /^src\/([^/]+)\//.exec(path)?.[1];

const importsOf = (file: string): string[] =>
  [...readFileSync(file, "utf8").matchAll(/(?:from|import)\s+"(\.[^"]+)"/g)].map(([, to]) => normalize(join(dirname(file), to!)));

describe("an import points down", () => {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts") && path.includes("/"));
  test.each(files.map((path) => join("src", path)))("%s", (file) => {
    const floor = floorOf(file)!;
    const allowed = [floor, ...(below[floor] ?? [])];
    expect(importsOf(file).filter((to) => !allowed.includes(floorOf(to) ?? "index"))).toEqual([]);
  });
});

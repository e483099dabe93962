import { expect, test } from "vitest";
import { toHtml, value, type Value } from "../../../src/index.ts";

const summary = "The chain rule for its gradient";
const count = (page: string): number => page.split(summary).length - 1;

test("every value that gets a gradient carries the chain rule for it, the root apart", async () => {
  const [w, x] = [value(2, "w"), value(3, "x")];
  const page = await toHtml(w.mul(x).named("z").tanh().named("a"));
  expect(count(page)).toBe(3); // w, x and z
  expect(page).toContain("2. Derivatives substituted");
});

test("it speaks Spanish, and large graphs go without", async () => {
  const x = value(0.5, "x");
  expect(await toHtml(x.square(), { language: "es" })).toContain("La regla de la cadena para su gradiente");
  let y: Value<number> = x;
  for (let k = 0; k < 70; k++) y = y.sin();
  expect(count(await toHtml(y))).toBe(0);
});

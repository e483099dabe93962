/** Whoever explains does so in the languages there are, and refuses others in one sentence. */
import { expect, test } from "vitest";
import { checkGradients, compareGradients, explain, MLP, toDot, value, workedSolution, type Language } from "../../src/index.ts";

const language = "fr" as Language;
const w = value(2, "w");
const L = w.square().named("L");

test.each<[operation: string, explained: () => unknown]>([
  ["explain", () => explain(L, w, { language })],
  ["workedSolution", () => workedSolution(L, { language })],
  ["toDot", () => toDot(L, { language })],
  ["formula", () => new MLP([2, 1]).formula({ language })],
  ["checkGradients", () => checkGradients((x) => x.square(), [2]).toText({ language })],
  ["compareGradients", () => compareGradients(L, { dw: 4 }, { language })],
  ["report", () => compareGradients(L, { dw: 4 }).toText({ language })],
])("%s refuses a language in which nothing is said", (operation, explained) => {
  expect(explained).toThrow(new RangeError(`${operation}: language is "en" or "es", got "fr" (a string)`));
});

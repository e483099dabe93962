/** Guards may be left out only where a NaN is certain to be found in a parameter. */
import { expect, test } from "vitest";
import { codeAlgebra } from "../../src/compile/code.ts";
import { ProgramBuilder } from "../../src/compile/program.ts";
import { noticedLines } from "../../src/compile/wasm/noticed.ts";

test("a line is noticed where every function on the way to a parameter keeps NaN", () => {
  const builder = new ProgramBuilder();
  const [w, x] = [builder.input([3]), builder.input([3])];
  const m = codeAlgebra(builder);
  const kept = m.exp(x);
  const lost = m.log(x);
  const result = m.add(m.mul(w, kept), m.select(w, lost, kept));
  const noticed = noticedLines(builder.program([result]), [{ input: w, line: result }]);
  expect([w, x, kept, result].every((line) => noticed.has(line))).toBe(true);
  expect(noticed.has(lost)).toBe(false);
});

test("nothing is noticed where a parameter may lose its own NaN", () => {
  const builder = new ProgramBuilder();
  const [w, x] = [builder.input([3]), builder.input([3])];
  const result = codeAlgebra(builder).square(x);
  expect(noticedLines(builder.program([result]), [{ input: w, line: result }]).size).toBe(0);
});

test("the sum of no entries keeps nothing", () => {
  const builder = new ProgramBuilder();
  const [w, x] = [builder.input([]), builder.input([0, 3])];
  const m = codeAlgebra(builder);
  const rows = m.matmul([builder.input([0, 2]), builder.input([2, 3])], {});
  const result = m.add(w, m.sum([m.mul(x, rows)], { axes: [0, 1], keepdims: false }));
  const noticed = noticedLines(builder.program([result]), [{ input: w, line: result }]);
  expect(noticed.has(w)).toBe(true);
  expect(rows.definition.kind === "apply" && rows.definition.operands.some((x) => noticed.has(x))).toBe(false);
});

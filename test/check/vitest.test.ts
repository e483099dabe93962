/** The matchers of cadena/vitest: what passes, and that the message of a failure is the report. */
import { expect, test } from "vitest";
import { constant, numpyRandom, ones, value, type Value } from "../../src/index.ts";
import "../../src/check/vitest.ts";

const x = constant(2, "x");
const w = value(0.5, "w");
const loss = w.mul(x).named("z").tanh().named("a").square().mul(0.5);

test("toHaveCorrectGradients", () => {
  expect((a: Value, b: Value) => a.matmul(b).tanh().sum()).toHaveCorrectGradients([[[1, 2]], [[0.5], [-0.3]]]);
  expect(() => {
    expect((a: Value) => a.mul(a.detach())).toHaveCorrectGradients([3]);
  }).toThrow("1 of 1 entry is wrong:\n  0[]: autodiff 3, numeric 5.99999");
});

test("toMatchHandDerived", () => {
  expect(loss).toMatchHandDerived({ da: "a", dz: "da * (1 - a^2)", dw: "dz * x" });
  expect(() => {
    expect(loss).toMatchHandDerived({ da: "a", dz: "da", dw: "dz * x" });
  }).toThrow("First wrong step: dz");
  expect(() => {
    expect(loss).toMatchHandDerived({ dz: "a" }, { language: "es" });
  }).toThrow("Primer paso equivocado: dz");
  expect(loss).not.toMatchHandDerived({ dw: 1 });
});

test("toBeCloseToTensor", () => {
  const random = numpyRandom(1);
  const data = Array.from({ length: 4 }, () => random.normal());
  expect(value(data)).toBeCloseToTensor(data.map((entry) => entry * (1 + 1e-12)));
  expect(ones([2, 2])).toBeCloseToTensor([[1, 1], [1, 1.01]], { absolute: 0.1 }); // prettier-ignore
  expect(() => {
    expect([1, 2, NaN]).toBeCloseToTensor([1, 2.5, NaN]);
  }).toThrow("1 of 3 entries are apart:\n  [1]: 2, expected 2.5");
  expect(() => {
    expect([[1], [2]]).toBeCloseToTensor([1, 2]);
  }).toThrow("shapes differ: [2, 1], expected [2]");
});

test("what cannot be compared is refused", () => {
  expect(() => {
    expect(3).toMatchHandDerived({});
  }).toThrow("toMatchHandDerived: expect(…) takes the loss, a value");
});

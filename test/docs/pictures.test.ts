/** The pictures of the documents are what the library draws; `npx vitest run test/docs/pictures.test.ts -u` draws them again. */
import { expect, test } from "vitest";
import { toSvg, value, type DrawingOptions } from "../../src/index.ts";

/** The README's first graph. */
function neuron() {
  const [x, w, b] = [value(2, "x"), value(-3, "w"), value(6.88, "b")];
  const y = w.mul(x).add(b).named("z").sigmoid().named("y");
  y.backward();
  return y;
}

test.each<[string, DrawingOptions]>([
  ["neuron", {}],
  ["neuron-dark", { theme: "dark" }],
])("docs/pictures/%s.svg", async (name, options) => {
  await expect(await toSvg(neuron(), options)).toMatchFileSnapshot(`../../docs/pictures/${name}.svg`);
});

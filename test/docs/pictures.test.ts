/** The pictures of the documents are what the library draws; `npx vitest run test/docs/pictures.test.ts -u` draws them again. */
import { expect, test } from "vitest";
import { datasets, halfSquaredError, MLP, numpyRandom, toSvg, value, type DrawingOptions, type Value } from "../../src/index.ts";

/** The README's first graph. */
function neuron() {
  const [x, w, b] = [value(2, "x"), value(-3, "w"), value(6.88, "b")];
  const y = w.mul(x).add(b).named("z").sigmoid().named("y");
  y.backward();
  return y;
}

/** The network of docs/drawing.md. */
function network() {
  const model = new MLP([2, 3, 1], { activations: ["relu", "sigmoid"], random: numpyRandom(42) });
  const [X, y] = datasets.or();
  const loss = halfSquaredError(model.forward(X), y, { reduction: "mean" }).named("L");
  loss.backward();
  return loss;
}

test.each<[string, () => Value, DrawingOptions]>([
  ["neuron", neuron, {}],
  ["neuron-dark", neuron, { theme: "dark" }],
  ["network-closed", network, { collapse: 1 }],
])("docs/pictures/%s.svg", async (name, graph, options) => {
  await expect(await toSvg(graph(), options)).toMatchFileSnapshot(`../../docs/pictures/${name}.svg`);
});

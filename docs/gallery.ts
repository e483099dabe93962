/**
 * The gallery: from one product to a deep network with its layers closed. `npx tsx docs/gallery.ts` draws every picture again, as DOT
 * and SVG; a test compares them with what stands in docs/gallery.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import {
  constant,
  crossEntropy,
  datasets,
  halfSquaredError,
  MLP,
  numpyRandom,
  pythonRandom,
  toDot,
  toSvg,
  value,
  type DrawingOptions,
  type Mark,
  type Value,
} from "../src/index.ts";

export interface Exhibit {
  readonly name: string;
  readonly caption: string;
  readonly graph: () => Value;
  readonly options?: (root: Value) => DrawingOptions;
}

function neuron(): Value {
  const [w1, x1, w2, x2] = [value(-3, "w1"), value(2, "x1"), value(1, "w2"), value(0, "x2")];
  const z = w1.mul(x1).add(w2.mul(x2)).add(value(6.8813735870195432, "b")).named("z");
  return z.tanh().named("a");
}

function documentLoss(): Value {
  const model = new MLP([2, 3, 1], { activations: ["relu", "sigmoid"], random: numpyRandom(42) });
  const [X, y] = datasets.or();
  return halfSquaredError(model.forward(X), y);
}

/** Three classes of points in the plane, and one linear layer. */
function classifier(): Value {
  const points = constant([[1, 0.2], [-0.4, 1.1], [-0.8, -0.9], [0.9, -0.3]], "X"); // prettier-ignore
  const model = new MLP([2, 3], { activations: ["linear"], random: numpyRandom(7) });
  return crossEntropy(model.forward(points), [0, 1, 2, 0]);
}

/** x → relu(x) + relu(−x) at a point where one of the two is shut. */
function blocked(): Value {
  const x = value(1.5, "x");
  return x.mul(2).relu().named("open").add(x.neg().relu().named("shut")).named("y");
}

function chain(): Value {
  let y: Value = value(0.5, "x");
  for (let k = 0; k < 1000; k++) y = y.sin();
  return y.named("y");
}

const micrograd = (): Value => new MLP(2, [8, 8, 1], { random: pythonRandom(1337) }).forward([value(0.5, "x1"), value(-1, "x2")]);

function deep(): Value {
  const sizes = [8, 32, 32, 32, 32, 4];
  const random = numpyRandom(3);
  const model = new MLP(sizes, { activations: ["tanh", "tanh", "tanh", "tanh", "sigmoid"], random });
  return halfSquaredError(model.forward(constant(random.randn(64, 8) as never, "X")), constant(random.rand(64, 4) as never, "y"));
}

/** The value of a graph with this label. */
function valueCalled(root: Value, label: string): Value {
  const stack = [root];
  for (let v = stack.pop(); v !== undefined; v = stack.pop()) {
    if (v.label === label) return v;
    stack.push(...v.inputs);
  }
  throw new Error(`gallery: no value is called ${label}`);
}

/** The document's own gradients, which lack the 1/N of the mean, as a comparison finds them. */
function marks(root: Value): ReadonlyMap<Value, Mark> {
  const inherited: Mark = { verdict: "inherited", lines: ["yours = 4 * grad"] };
  const found: readonly (readonly [string, Mark])[] = [
    ["L", { verdict: "right", lines: ["grad 1"] }],
    ["a2", { verdict: "wrong", lines: ["yours = 4 * grad", "1/N is missing"] }],
    ["z2", inherited],
    ["W2", inherited],
    ["b2", inherited],
    ["a1", inherited],
    ["z1", { verdict: "kink", lines: ["relu at 0", "3 of 12 entries"] }],
    ["W1", inherited],
    ["b1", inherited],
  ];
  return new Map(found.map(([label, mark]) => [valueCalled(root, label), mark]));
}

const swept = (graph: () => Value) => () => {
  const root = graph();
  root.backward();
  return root;
};

const square = (): Value => {
  const x = value(3, "x");
  return x.mul(x).named("y");
};

export const gallery: readonly Exhibit[] = [
  { name: "01-square", caption: "x · x: every use is an edge, and their contributions add up", graph: swept(square) },
  { name: "02-neuron-forward", caption: "A neuron before a sweep: data goes right, there are no gradients yet", graph: neuron },
  { name: "03-neuron", caption: "The same after `a.backward()`: upstream × local = contribution on every edge", graph: swept(neuron) },
  {
    name: "04-neuron-path",
    caption: "`highlight: w1`: the way the gradient takes to w1",
    graph: swept(neuron),
    options: (root) => ({ highlight: valueCalled(root, "w1") }),
  },
  { name: "05-blocked", caption: "A gradient of exactly 0 ends in a bar: relu is shut", graph: swept(blocked) },
  {
    name: "06-gradient-graph",
    caption: '`backward: "beside"`: gradients are values, and have a graph of their own',
    graph: () => value(0.5, "w").mul(value(2, "x")).named("z").tanh().named("a"),
    options: () => ({ backward: "beside" }),
  },
  { name: "07-network", caption: "The document's 2-3-1 network on its four examples", graph: swept(documentLoss) },
  { name: "08-network-closed", caption: "`collapse: 1`: its layers closed", graph: swept(documentLoss), options: () => ({ collapse: 1 }) },
  {
    name: "09-network-dark",
    caption: '`color: "gradient"` and `theme: "dark"`: where gradients are large',
    graph: swept(documentLoss),
    options: () => ({ color: "gradient", theme: "dark" }),
  },
  {
    name: "10-hand-check",
    caption: "`marks`: what a hand derivation got right, and where it went wrong",
    graph: swept(documentLoss),
    options: (root) => ({ marks: marks(root) }),
  },
  { name: "11-softmax", caption: "A softmax classifier with its cross-entropy", graph: swept(classifier) },
  {
    name: "12-neurons",
    caption: "A network neuron by neuron, its neurons closed, coloured by gradient",
    graph: swept(micrograd),
    options: () => ({ color: "gradient", collapse: 2 }),
  },
  {
    name: "13-chain",
    caption: "A thousand sines, `maxNodes: 7`: the middle is cut",
    graph: swept(chain),
    options: () => ({ maxNodes: 7 }),
  },
  {
    name: "14-deep",
    caption: "A deep network, its layers closed, from top to bottom",
    graph: swept(deep),
    options: () => ({ collapse: 1, direction: "TB" }),
  },
];

/** The pictures of one exhibit, by file name. */
export async function pictures({ name, graph, options }: Exhibit): Promise<readonly (readonly [file: string, content: string])[]> {
  const root = graph();
  const asked = options?.(root) ?? {};
  return [
    [`${name}.dot`, toDot(root, asked)],
    [`${name}.svg`, await toSvg(root, asked)],
  ];
}

/** The page that shows them all. */
export const galleryPage = (): string =>
  [
    "# Gallery",
    "",
    "Drawn by `npx tsx docs/gallery.ts`.",
    "",
    ...gallery.flatMap(({ name, caption }) => [`## ${caption}`, "", `![${name}](${name}.svg)`, ""]),
  ]
    .slice(0, -1)
    .concat("")
    .join("\n");

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const folder = new URL("gallery/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  for (const exhibit of gallery) for (const [file, content] of await pictures(exhibit)) writeFileSync(new URL(file, folder), content);
  writeFileSync(new URL("README.md", folder), galleryPage());
}

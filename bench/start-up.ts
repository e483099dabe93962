/** W5: a whole process, from nothing to the first gradient, beside an empty one. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { milliseconds, type Contender, type Workload } from "./workload.ts";

const built = (name: string): string => pathToFileURL(join(import.meta.dirname, `../dist/${name}.js`)).href;
const firstGradient = (name: string): string =>
  `import { value } from "${built(name)}"; const x = value(3); x.pow(3).backward(); if (x.grad !== 27) process.exit(1);`;

const firstCompiledStep = `import { compileTraining, halfSquaredError, MLP, SGD } from "${built("index")}";
const model = new MLP([2, 3, 1], { activations: ["relu", "sigmoid"] });
const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
const data = [[[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [1]]];
if (!(compileTraining({ model, loss: halfSquaredError, optimizer, data }).run(1)[0] > 0)) process.exit(1);`;

const node = (name: string, source: string): Contender => ({
  name,
  round: () => ({
    time: milliseconds(() => execFileSync(process.execPath, ["--input-type=module", "-e", source], { encoding: "utf8" })),
    checksum: 0,
  }),
});

const contenders = (): Contender[] => [
  node("cadena/engine, x³ at 3", firstGradient("engine")),
  node("cadena, x³ at 3", firstGradient("index")),
  node("cadena, the document's network compiled, one step", firstCompiledStep),
  node("empty node", ""),
];

export const startUp: readonly Workload[] = [
  { id: "W5", title: "from an empty process to the first gradient", unit: "ms", tolerance: 0, contenders },
];

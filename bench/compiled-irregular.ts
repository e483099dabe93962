/** A graph of scalar values without any regular shape, made by a seeded stream: value and gradient, nanoseconds a forward node. */
import type { Value } from "../src/index.ts";
import { cadena, milliseconds, type Contender, type Round, type Workload } from "./workload.ts";

const { compile, numpyRandom, value } = cadena;

const nodes = 100_000;
export const inputs = Array.from({ length: 50 }, (_, i) => Math.sin(i));

/** Each node takes two of the last 2,000; what remains is added up. */
export function irregular(...xs: Value[]): Value {
  const random = numpyRandom(1);
  const all: Value[] = [...xs];
  const pick = (): Value => all[Math.floor(random.uniform(Math.max(0, all.length - 2000), all.length))]!;
  while (all.length < nodes) {
    const [kind, a, b] = [Math.floor(random.uniform(0, 5)), pick(), pick()];
    all.push(kind === 0 ? a.add(b) : kind === 1 ? a.mul(b) : kind === 2 ? a.sub(b) : kind === 3 ? a.tanh() : a.sigmoid());
    if (kind < 3) all.push(all.at(-1)!.mul(0.5));
  }
  return all.slice(-2000).reduce((sum, x) => sum.add(x));
}

function replayed(): () => Round {
  const f = compile(irregular, inputs);
  return () => {
    let checksum = 0;
    const time = milliseconds(() => {
      for (let k = 0; k < 10; k++) checksum = f.valueAndGrad(...inputs)[0] as number;
    });
    return { time: (time * 1e6) / (10 * nodes), checksum };
  };
}

function eager(): Round {
  const xs = inputs.map((x) => value(x));
  let checksum = 0;
  const time = milliseconds(() => {
    const y = irregular(...xs);
    y.backward();
    checksum = y.data as number;
  });
  return { time: (time * 1e6) / nodes, checksum };
}

function compiling(): Round {
  let checksum = 0;
  const time = milliseconds(() => {
    checksum = compile(irregular, inputs).valueAndGrad(...inputs)[0] as number;
  });
  return { time: (time * 1e6) / nodes, checksum };
}

export const compiledIrregular: readonly Workload[] = [
  {
    id: "IRREGULAR",
    title: "an irregular graph of 100,000 scalar values, value and gradient, a node",
    unit: "ns",
    tolerance: 1e-9,
    contenders: (): Contender[] => [
      { name: "cadena, compiled, replayed", round: replayed() },
      { name: "cadena, traced, compiled and run once", round: compiling },
      { name: "cadena, eager", round: eager },
    ],
  },
];

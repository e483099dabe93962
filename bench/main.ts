/** `npm run bench [-- W1 W2 …]`: every workload with its contenders in alternating rounds; medians, and ratios to the first contender. */
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { compiledDocument } from "./compiled-document.ts";
import { compiledIrregular } from "./compiled-irregular.ts";
import { compiledMatmul } from "./compiled-matmul.ts";
import { compiledMicrograd } from "./compiled-micrograd.ts";
import { compiledScalars } from "./compiled-scalars.ts";
import { firstSteps } from "./first-steps.ts";
import { growth } from "./growth.ts";
import { startUp } from "./start-up.ts";
import { documentExample } from "./document-example.ts";
import { micrograd } from "./micrograd.ts";
import { mnistSize } from "./mnist-size.ts";
import type { Contender, Round, Workload } from "./workload.ts";

const rounds = 7;
const workloads: readonly Workload[] = [
  ...documentExample,
  ...compiledDocument,
  ...micrograd,
  ...compiledMicrograd,
  ...compiledScalars,
  ...mnistSize,
  ...compiledMatmul,
  ...compiledIrregular,
  ...firstSteps,
  ...growth,
  ...startUp,
];

const median = (xs: readonly number[]): number => [...xs].sort((a, b) => a - b)[xs.length >> 1]!;

async function measured(contenders: readonly Contender[]): Promise<Map<Contender, Round[]>> {
  const results = new Map(contenders.map((contender) => [contender, [] as Round[]]));
  for (let round = 0; round < rounds; round++) for (const [contender, list] of results) list.push(await contender.round());
  return results;
}

function checkAgreement({ id, tolerance }: Workload, results: Map<Contender, Round[]>): void {
  const sums = [...results].map(([{ name, within = tolerance }, list]) => ({ name, within, checksum: list[0]!.checksum }));
  const first = sums.find(({ within }) => within < Infinity);
  for (const { name, within, checksum } of sums) {
    const apart = Math.abs(checksum - first!.checksum) / Math.max(Math.abs(first!.checksum), 1e-300);
    if (!(apart <= within)) throw new Error(`${id}: ${name} computes ${checksum}, ${first!.name} ${first!.checksum}; no time is printed`);
  }
}

function printTable({ id, title, unit }: Workload, results: Map<Contender, Round[]>): void {
  const reference = median([...results.values()][0]!.map(({ time }) => time));
  console.log(`\n${id}: ${title}`);
  console.log(`${"".padEnd(44)}${`median ${unit}`.padStart(14)}${"min".padStart(10)}${"ratio".padStart(10)}`);
  for (const [{ name }, list] of results) {
    const times = list.map(({ time }) => time);
    const [middle, least] = [median(times), Math.min(...times)];
    console.log(
      `${name.padEnd(44)}${middle.toPrecision(4).padStart(14)}${least.toPrecision(4).padStart(10)}${(middle / reference).toFixed(2).padStart(10)}`,
    );
  }
}

const asked = process.argv.slice(2).map((id) => id.toUpperCase());
const unknown = asked.filter((id) => !workloads.some((workload) => workload.id.startsWith(id)));
if (unknown.length > 0) {
  console.error(`bench: no workload ${unknown.join(", ")}; there are ${workloads.map(({ id }) => id).join(", ")}`);
  process.exit(2);
}

async function run(workload: Workload): Promise<void> {
  const contenders = await workload.contenders();
  const results = await measured(contenders.filter(({ missing }) => missing === undefined));
  checkAgreement(workload, results);
  printTable(workload, results);
  for (const { name, missing } of contenders) if (missing !== undefined) console.log(`${name.padEnd(44)}  not run: ${missing}`);
}

/** The workload this process is for, where another has started it. */
const alone = process.env.BENCH_WORKLOAD;

/**
 * A process for each workload, as peers in other languages have one: what V8 has compiled for one, and the garbage it left, would
 * disturb the next.
 */
function runApart({ id }: Workload): void {
  const script = process.argv[1]!;
  const { status } = spawnSync(process.execPath, [...process.execArgv, script], {
    stdio: "inherit",
    env: { ...process.env, BENCH_WORKLOAD: id },
  });
  if (status !== 0) process.exitCode = 1;
}

if (alone !== undefined) {
  await run(workloads.find(({ id }) => id === alone)!);
} else {
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, ${rounds} alternating rounds`);
  for (const workload of workloads) if (asked.length === 0 || asked.some((name) => workload.id.startsWith(name))) runApart(workload);
}

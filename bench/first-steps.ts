/**
 * What compiling costs and when it pays: from a process in which nothing ran before, once the library is loaded, to the first
 * gradient of large graphs, and to the second step of micrograd's demo.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Contender, Round, Workload } from "./workload.ts";

const cold = (name: string, computation: string): Contender => ({
  name,
  round: () => {
    const script = join(import.meta.dirname, "cold.ts");
    return JSON.parse(execFileSync(process.execPath, ["--import", "tsx", script, computation], { encoding: "utf8" })) as Round;
  },
});

const workload = (id: string, title: string, computation: string): Workload => ({
  id,
  title,
  unit: "ms",
  tolerance: 1e-9,
  contenders: () => [cold("cadena, compiled", `${computation} compiled`), cold("cadena, eager", `${computation} eager`)],
});

export const firstSteps: readonly Workload[] = [
  workload("COMPILE-100000", "100,000 scalar values without regular shape: traced, differentiated, compiled, run once", "irregular"),
  workload("COMPILE-10-LAYERS", "ten layers of 64, a batch of 32: traced, differentiated, compiled, one step", "layers"),
  workload("W2A-TWO-STEPS", "micrograd's demo (a) from tensors: compiled and two steps, or two eager steps", "a"),
  workload("W2B-TWO-STEPS", "micrograd's demo (b) from tensors: compiled and two steps, or two eager steps", "b"),
  workload("W2A-SCALARS-TWO-STEPS", "micrograd's demo (a) from scalar values: compiled and two steps, or two eager steps", "a scalars"),
];

/** Peers in other languages: run as processes that print their time and checksum as JSON. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Contender, Round } from "./workload.ts";

const peers = join(import.meta.dirname, "peers");
/** Compiled peers have a fixed place, so that nothing is left behind by a bench that is interrupted. */
const binaries = join(import.meta.dirname, "../node_modules/.cache/cadena-bench");

function works(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const run = (command: string, args: readonly string[]): Round =>
  JSON.parse(execFileSync(command, [...args], { encoding: "utf8" })) as Round;

/** A Python script of `peers/` that imports `module`, by the first Python that has it: the one of the path, or the system's. */
export function python(name: string, script: string, module: string, ...args: string[]): Contender {
  const interpreter = ["python3", "/usr/bin/python3"].find((command) => works(command, "-c", `import ${module}`));
  if (interpreter === undefined) return missing(name, `python3 with ${module} is not installed`);
  return { name, round: () => run(interpreter, [join(peers, script), ...args]) };
}

const missing = (name: string, why: string): Contender => ({ name, missing: why, round: () => ({ time: NaN, checksum: NaN }) });

/** A JavaScript peer, installed by `npm ci` in bench/. */
export function javascript(name: string, script: string, module: string, ...args: string[]): Contender {
  if (!existsSync(join(import.meta.dirname, "node_modules", module))) return missing(name, "npm ci in bench/ installs it");
  const output = (): string =>
    execFileSync(process.execPath, [join(peers, script), ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return { name, round: () => JSON.parse(output().trim().split("\n").at(-1)!) as Round };
}

/** A C program of `peers/`, compiled on the spot. */
export function c(name: string, source: string, flags: readonly string[], ...args: string[]): Contender {
  if (!works("gcc", "--version")) return missing(name, "gcc is not installed");
  mkdirSync(binaries, { recursive: true });
  const binary = join(binaries, [source.replace(".c", ""), ...flags].join(""));
  execFileSync("gcc", ["-O3", ...flags, "-o", binary, join(peers, source), "-lm"]);
  return { name, round: () => run(binary, args) };
}

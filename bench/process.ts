/** Peers in other languages: run as processes that print their time and checksum as JSON. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Contender, Round } from "./workload.ts";

const peers = join(import.meta.dirname, "peers");

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
export const javascript = (name: string, script: string, module: string, ...args: string[]): Contender => ({
  name,
  missing: existsSync(join(import.meta.dirname, "node_modules", module)) ? undefined : "npm ci in bench/ installs it",
  round: () =>
    JSON.parse(
      execFileSync(process.execPath, [join(peers, script), ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
        .trim()
        .split("\n")
        .at(-1)!,
    ) as Round,
});

/** A C program of `peers/`, compiled on the spot. */
export function c(name: string, source: string, flags: readonly string[], ...args: string[]): Contender {
  if (!works("gcc", "--version")) return missing(name, "gcc is not installed");
  const folder = mkdtempSync(join(tmpdir(), "cadena-bench-"));
  process.on("exit", () => {
    rmSync(folder, { recursive: true });
  });
  const binary = join(folder, "peer");
  execFileSync("gcc", ["-O3", ...flags, "-o", binary, join(peers, source), "-lm"]);
  return { name, round: () => run(binary, args) };
}

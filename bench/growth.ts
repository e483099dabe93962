/** W4: chains of 10³ … 10⁷ scalar nodes, each in a process of its own: nanoseconds and bytes a node, forward and backward. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Round, Workload } from "./workload.ts";

const chain = join(import.meta.dirname, "chain.ts");

const round = (nodes: number): Round => {
  const output = execFileSync(process.execPath, ["--max-old-space-size=4096", "--import", "tsx", chain, String(nodes)], {
    encoding: "utf8",
  });
  const { nanoseconds, bytes, gradient } = JSON.parse(output) as { nanoseconds: number; bytes: number; gradient: number };
  console.log(`  ${nodes} nodes: ${nanoseconds.toFixed(0)} ns and ${bytes.toFixed(0)} bytes a node`);
  return { time: nanoseconds, checksum: gradient };
};

export const growth: readonly Workload[] = [1e3, 1e4, 1e5, 1e6, 1e7].map((nodes) => ({
  id: `W4-1E${Math.log10(nodes)}`,
  title: `a chain of ${nodes} nodes, forward and backward, a node`,
  unit: "ns",
  tolerance: 0,
  contenders: () => [{ name: "cadena, eager", round: () => round(nodes) }],
}));

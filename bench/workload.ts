/** A workload is one computation that several contenders do; their results must agree before a time is printed. */

import type { Tensor } from "../src/index.ts";

/** What one round of a contender took, and a number that proves it did the work. */
export interface Round {
  /** In the unit of the workload. */
  readonly time: number;
  readonly checksum: number;
}

export interface Contender {
  readonly name: string;
  /** Why it cannot run on this machine; undefined where it can. */
  readonly missing?: string | undefined;
  /** How far its checksum may lie off, relatively, where its own functions are less exact than the workload asks. */
  readonly within?: number;
  readonly round: () => Round | Promise<Round>;
}

export interface Workload {
  /** "W1", as `npm run bench -- W1` names it. */
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** How far checksums may lie apart, relatively. */
  readonly tolerance: number;
  readonly contenders: () => Promise<readonly Contender[]> | readonly Contender[];
}

const built = "../dist/index.js";

/** The library as it is published: the built JavaScript, not the sources through a loader. */
export const cadena = (await import(built)) as typeof import("../src/index.ts");

/** The best of so many runs as one round, where a peer reports its best of as many. */
export const bestOf = (runs: number, run: () => Round): Round =>
  Array.from({ length: runs }, run).reduce((best, one) => (one.time < best.time ? one : best));

/** A round is so many steps of a compiled training from the weights as they are now; its time is that of one step, in microseconds. */
export function trainingFromStart(
  training: { run(steps: number, losses: Float64Array): Float64Array },
  parameters: readonly { data: Tensor }[],
  steps: number,
): () => Round {
  const start = parameters.map(({ data }) => data);
  const losses = new Float64Array(steps);
  return () => {
    for (const [i, parameter] of parameters.entries()) parameter.data = start[i]!;
    const time = milliseconds(() => {
      training.run(steps, losses);
    });
    return { time: (time * 1e3) / steps, checksum: losses.at(-1)! };
  };
}

/** Milliseconds of `body`. */
export function milliseconds(body: () => void): number {
  const start = performance.now();
  body();
  return performance.now() - start;
}

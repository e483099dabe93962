/**
 * Who watches values while a function is traced for compiling. Data that is read then would be frozen into the program, and a
 * detached value must still be computed anew at every call.
 */
import type { Value } from "./value.ts";

export interface Tracer {
  /** Throws where what is read, as a sentence names it, would be frozen. */
  reads(v: Value, what: string): void;
  detaches(from: Value, to: Value): void;
}

let tracer: Tracer | null = null;

/** Runs `body` under the eyes of `watcher`. */
export function traced<T>(watcher: Tracer, body: () => T): T {
  const outer = tracer;
  tracer = watcher;
  try {
    return body();
  } finally {
    tracer = outer;
  }
}

export const currentTracer = (): Tracer | null => tracer;

/** Whether a function is being traced: what is computed from payloads now is the same in every later call. */
export const isTraced = (): boolean => tracer !== null;

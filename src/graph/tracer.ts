/**
 * Who watches values while a function is traced for compiling. Data that is read then would be frozen into the program, what is
 * written would not be written again, and a detached value must still be computed anew at every call.
 */
import type { Tensor } from "../array/ndarray.ts";
import type { Value } from "./value.ts";

export interface Tracer {
  /** Throws where what is read, as a sentence names it, would be frozen. */
  reads(v: Value, what: string): void;
  /** Throws: later calls would not write. */
  writes(v: Value, what: string): void;
  detaches(from: Value, to: Value): void;
  /** What refuses the data of a value has to see those of every later call. */
  checks(v: Value, check: DataCheck): void;
}

/** Throws for data that an operation is not defined for. */
export type DataCheck = (data: Tensor) => void;

let tracer: Tracer | null = null;

/** Runs `body` under the eyes of `watcher`, and of who watches already: what is frozen in the inner function is so in the outer one. */
export function traced<T>(watcher: Tracer, body: () => T): T {
  const outer = tracer;
  tracer = outer === null ? watcher : both(watcher, outer);
  try {
    return body();
  } finally {
    tracer = outer;
  }
}

const both = (inner: Tracer, outer: Tracer): Tracer => ({
  reads: (v, what) => {
    inner.reads(v, what);
    outer.reads(v, what);
  },
  writes: (v, what) => {
    inner.writes(v, what);
    outer.writes(v, what);
  },
  detaches: (from, to) => {
    inner.detaches(from, to);
    outer.detaches(from, to);
  },
  checks: (v, check) => {
    inner.checks(v, check);
    outer.checks(v, check);
  },
});

/** Looks at the data of a value now, and in every call of a compiled function that is given it. */
export function checkData(v: Value, check: DataCheck): void {
  check(v.payload);
  tracer?.checks(v, check);
}

export const currentTracer = (): Tracer | null => tracer;

/** Whether a function is being traced: what is computed from payloads now is the same in every later call. */
export const isTraced = (): boolean => tracer !== null;

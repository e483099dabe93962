/**
 * Draws while a function is traced for compiling: they would be the same in every later call, one dropout mask for ever. The floor
 * that traces says here when it does, and streams made before refuse. A stream that the function makes itself, from a seed, gives
 * the same draws at every call anyway.
 */
interface Watch {
  /** How many streams had been made when the tracing began. */
  readonly streams: number;
  readonly refusal: (stream: string) => Error;
}

let watch: Watch | null = null;
let streams = 0;

/** The number of a new stream: later ones have larger numbers. */
export const streamNumber = (): number => ++streams;

/** Runs `body`; the older streams throw `refusal` of their name where it uses one. */
export function refusingDraws<T>(refusal: (stream: string) => Error, body: () => T): T {
  const outer = watch;
  watch = { streams, refusal };
  try {
    return body();
  } finally {
    watch = outer;
  }
}

/** @throws what the tracing refuses draws with, where stream number `n` is older than it. */
export function checkDraw(name: string, seed: number, n: number): void {
  if (watch !== null && n <= watch.streams) throw watch.refusal(`${name}(${seed})`);
}

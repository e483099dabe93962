/** A line on the terminal that is rewritten while training goes on. Where standard error is a pipe or a file, nothing is written. */

/** What the bar shows. */
export interface Shown {
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: number;
}

export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Standard error, where there is a process. */
const standardError = (): Terminal | undefined => (globalThis as { process?: { stderr?: Terminal } }).process?.stderr;

const between = 100; // milliseconds; a terminal is slow

export class ProgressBar {
  readonly #terminal: Terminal | undefined;
  #written = -Infinity;

  constructor(terminal: Terminal | undefined = standardError()) {
    this.#terminal = terminal?.isTTY === true ? terminal : undefined;
  }

  show(progress: Shown, now = performance.now()): void {
    if (this.#terminal === undefined || now - this.#written < between) return;
    this.#written = now;
    this.#terminal.write(`\r${progressLine(progress, this.#terminal.columns ?? 80)}\u001b[K`);
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#written > -Infinity) this.#terminal?.write("\r\u001b[K");
    this.#written = -Infinity;
  }
}

/** "━━━━━━━━────────  50 %  epoch 5000/10000  loss 0.000206", no wider than the terminal. */
export function progressLine({ epoch, epochs, loss }: Shown, columns: number): string {
  const share = epochs === 0 ? 1 : epoch / epochs;
  const text = `${String(Math.floor(100 * share)).padStart(3)} %  epoch ${epoch}/${epochs}  loss ${loss.toPrecision(3)}`;
  const width = Math.max(0, Math.min(40, columns - text.length - 2));
  const done = Math.floor(width * share);
  return `${"━".repeat(done)}${"─".repeat(width - done)} ${text}`.slice(0, columns - 1);
}

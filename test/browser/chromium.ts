/** A real Chromium for tests of pages, and what every page must do: ask for nothing beside itself, and log no error. */
import { existsSync } from "node:fs";
import { chromium, type Browser, type Page } from "playwright-core";

const executablePath = "/usr/bin/chromium";

export const hasChromium = existsSync(executablePath);

/** Part of a suite's name, so that its being skipped explains itself. */
export const inChromium = hasChromium
  ? "in Chromium"
  : "in Chromium (skipped: /usr/bin/chromium is not installed; apt-get install chromium)";

const quiet =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

export const launch = (): Promise<Browser> => chromium.launch({ executablePath, args: quiet.split(" ") });

export interface Watched {
  readonly page: Page;
  /** Errors in the console, exceptions, and requests to anywhere but the page's own origin or disk. */
  readonly complaints: string[];
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: "light" | "dark";
  readonly reducedMotion?: "reduce" | "no-preference";
}

export async function watchedPage(browser: Browser, { width = 1280, height = 760, ...options }: PageOptions = {}): Promise<Watched> {
  const page = await browser.newPage({ viewport: { width, height }, ...options });
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol !== "file:" && protocol !== "data:" && protocol !== "blob:" && hostname !== "127.0.0.1" && hostname !== "localhost")
      complaints.push(`request: ${request.url()}`);
  });
  return { page, complaints };
}

/** The playground as a newcomer meets it, served as `cadena play` serves it, in a real browser. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serve, type Served } from "../../src/cli/playground-server.ts";
import { hasChromium, inChromium, launch, watchedPage, type PageOptions } from "../browser/chromium.ts";

describe.skipIf(!hasChromium)(`the playground, ${inChromium}`, () => {
  let browser: Browser;
  let served: Served;
  const folder = mkdtempSync(join(tmpdir(), "cadena-playground-"));

  beforeAll(async () => {
    await build({ configFile: "vite.playground.mjs", build: { outDir: folder, minify: false, emptyOutDir: true } });
    served = await serve(folder, 0);
    browser = await launch();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    served.server.closeAllConnections();
    served.server.close();
    rmSync(folder, { recursive: true });
  });

  async function open(hash = "", options: PageOptions = {}) {
    const watched = await watchedPage(browser, options);
    await watched.page.goto(`${served.address}${hash}`);
    await watched.page.locator(".stepper.ready").waitFor();
    return watched;
  }

  const phase = (page: Page) => page.locator(".step:not([hidden]) .phase").textContent();
  const grad = (page: Page, box: string) => page.locator(`.detail[data-box="${box}"] dd.orange`).textContent();

  test("walks a newcomer through ten steps by keyboard, then by mouse", async () => {
    const { page, complaints } = await open();
    expect(await phase(page)).toBe("Step 1 of 16 · forward");
    for (let k = 2; k <= 11; k++) {
      await page.keyboard.press("ArrowRight");
      expect(await phase(page)).toBe(`Step ${k} of 16 · ${k <= 6 ? "forward" : "backward"}`);
    }
    await page.keyboard.press("Home");
    for (let k = 2; k <= 11; k++) {
      await page.getByRole("button", { name: "Next", exact: true }).click();
      expect(await phase(page)).toContain(`Step ${k} of 16`);
    }
    expect(await page.locator(".step:not([hidden]) .number output").allTextContents()).toEqual(["0.75026", "−1", "−0.75026"]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("draws again while a slider moves, stays at its step, and keeps the address", async () => {
    const { page, complaints } = await open("#m=formula&f=y+%3D+x*x&v=%5B%5B%22x%22%2C%223%22%5D%5D&l=en");
    expect(await grad(page, "n0")).toBe("6");
    await page.keyboard.press("ArrowRight");
    await page.getByRole("slider", { name: "x" }).focus();
    await page.keyboard.press("Home");
    await expect.poll(() => grad(page, "n0")).toBe("−12");
    expect(await phase(page)).toBe("Step 2 of 4 · backward");
    expect(decodeURIComponent(page.url())).toContain('[["x","-6"]]');
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("shows where a formula cannot be read, keeps the last drawing, and goes on when it can", async () => {
    const { page, complaints } = await open();
    await page.locator("#formula").fill("L = (w*x + ");
    expect(await page.locator(".problem").textContent()).toContain("formula");
    expect(await page.locator(".stepper .canvas.wide .node").count()).toBeGreaterThan(5);
    await page.locator("#formula").fill("z = u*v; L = tanh(z)");
    await page.locator("#sliders label", { hasText: "u" }).waitFor();
    await expect.poll(() => page.locator(".canvas.wide .node").count()).toBe(4);
    expect(await page.locator(".problem").isVisible()).toBe(false);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("draws every example, whichever was there before", async () => {
    const { page, complaints } = await open("#l=en");
    const all = await page
      .locator("#examples option")
      .evaluateAll((options) => options.slice(1).map((o) => (o as HTMLOptionElement).value));
    for (const example of [...all, ...all.toReversed()]) {
      await page.locator("#examples").selectOption(example);
      await page.locator(".stepper.ready").waitFor();
      expect([example, await page.locator(".problem").isVisible()]).toEqual([example, false]);
    }
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("a choice that does not fit is refused with what would; a decimal comma is understood", async () => {
    const { page } = await open("#m=network&d=or&h=4&a=tanh&s=42&r=1&l=es");
    const chosen = async (id: string, text: string) => {
      await page.locator(`#${id}`).fill(text);
      await page.locator(`#${id}`).press("Enter");
      return [await page.locator(`#${id}`).inputValue(), await page.locator(".problem").textContent()];
    };
    expect(await chosen("hidden", "1000")).toEqual(["4", "capas ocultas: de una a tres, cada una de 1 a 16 neuronas, como 4 u 8, 8"]);
    expect(await chosen("seed", "-1")).toEqual(["42", "semilla: un número entero de 0 a 4294967295"]);
    expect(await chosen("rate", "0")).toEqual(["1", "tasa de aprendizaje: un número de 0.000001 a 100"]);
    expect(await chosen("rate", "0,5")).toEqual(["0.5", ""]);
    await page.close();
  });

  test("checks a hand gradient: the wrong step is named, the right one is right", async () => {
    const formula = "z = w*x + b; a = sigmoid(z); L = 0.5*(a - y)^2";
    const { page, complaints } = await open(`#m=formula&f=${encodeURIComponent(formula)}&l=en`);
    await page.locator("#hand").fill("da = a - y\ndz = da\ndw = dz * x");
    await page.getByRole("button", { name: "Check" }).click();
    expect(await page.locator(".verdict.right").textContent()).toContain("da");
    expect(await page.locator(".verdict.wrong").textContent()).toContain("dz");
    expect(await page.locator(".verdict.inherited").textContent()).toContain("dw");
    await page.locator("#hand").fill("da = a - y\ndz = da * a * (1 - a)\ndw = dz * x");
    await page.getByRole("button", { name: "Check" }).click();
    await expect.poll(() => page.locator(".verdict.right").count()).toBe(3);
    await page.locator("#hand").fill("dq = 1");
    await page.getByRole("button", { name: "Check" }).click();
    expect(await page.locator("#verdicts").textContent()).toContain("dq");
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("trains a network: the loss falls, the curve grows, and the drawing follows", async () => {
    const { page, complaints } = await open("#m=network&d=or&h=4&a=tanh&s=42&r=1&l=en");
    const before = await page.locator("#reached").textContent();
    // In the page, since 20,000 epochs may end before this process has looked at it and pressed the button.
    const stoppedAt = await page.evaluate(async () => {
      const [reached, button] = [document.querySelector("#reached")!, document.querySelector<HTMLElement>("#train")!];
      const numbers = () => /epoch (\d+) · loss ([\d.e-]+)/.exec(reached.textContent)?.slice(1).map(Number) ?? [];
      const written = () => new Promise((resolve) => new MutationObserver(resolve).observe(reached, { childList: true }));
      button.click();
      while (!(numbers()[1]! < 0.02)) await written();
      const named = button.textContent;
      button.click();
      return [named, numbers()[0]!] as const;
    });
    expect(stoppedAt[0]).toBe("Stop");
    await page.getByRole("button", { name: "Train", exact: true }).waitFor();
    expect(await page.locator("#curve svg").count()).toBe(1);
    expect(await page.locator("#reached").textContent()).not.toBe(before);
    const epochs = Number(/epoch (\d+)/.exec((await page.locator("#reached").textContent())!)![1]);
    expect(epochs).toBeGreaterThanOrEqual(stoppedAt[1]);
    expect(epochs).toBeLessThan(20_000);
    expect(await page.locator("#reached").textContent()).toContain("100% right");
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("gives away DOT, SVG, LaTeX, TypeScript and a link that shows the same", async () => {
    const { page, complaints } = await open("#m=formula&f=y+%3D+x*x&l=es");
    const opening: Record<string, RegExp> = { DOT: /^digraph/, SVG: /^<svg/, LaTeX: /^\\begin\{gather\*\}/, TypeScript: /^import \{ parseFormula/ }; // prettier-ignore
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    for (const [what, start] of Object.entries(opening)) {
      await page.getByRole("button", { name: what, exact: true }).click();
      await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(start);
    }
    await page.getByRole("button", { name: "Enlace" }).click();
    await expect.poll(() => page.locator("#copied").textContent()).toBe("link copiado");
    const link = await page.evaluate(() => navigator.clipboard.readText());
    const other = await open(link.slice(served.address.length));
    expect(await other.page.locator("#formula").inputValue()).toBe("y = x*x");
    expect(await other.page.locator("html").getAttribute("lang")).toBe("es");
    expect([...complaints, ...other.complaints]).toEqual([]);
    await Promise.all([page.close(), other.page.close()]);
  });

  test("fits 400 px and 1600 px, light and dark, and changes its language", async () => {
    for (const [width, colorScheme] of [
      [400, "dark"],
      [1600, "light"],
    ] as const)
      // prettier-ignore
      for (const mode of ["formula", "network"]) {
        const { page, complaints } = await open(`#m=${mode}&l=en`, { width, height: 900, colorScheme });
        expect(await page.evaluate(() => document.documentElement.scrollWidth), `${mode} at ${width}`).toBeLessThanOrEqual(width);
        await page.locator("#language").selectOption("es");
        await page.locator(".stepper.ready").waitFor();
        expect(await phase(page)).toContain("Paso 1 de");
        expect(complaints).toEqual([]);
        await page.close();
      }
  });

  test("shows a hostile address as text and executes nothing", async () => {
    const evil = `<img src=x onerror=alert(1)>"'</script><script>alert(2)</script>`;
    const { page, complaints } = await watchedPage(browser);
    await page.goto(
      `${served.address}#m=formula&f=${encodeURIComponent(evil)}&g=${encodeURIComponent(evil)}&v=${encodeURIComponent(JSON.stringify([[evil, evil]]))}`,
    );
    await page.locator(".problem:not([hidden])").waitFor();
    expect(await page.locator("#formula").inputValue()).toBe(evil);
    await page.getByRole("button", { name: "Check" }).click();
    expect(await page.locator("img").count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("is served to this machine only, file by file", async () => {
    const status = async (path: string, init?: RequestInit) => (await fetch(new URL(path, served.address), init)).status;
    expect(await status("/")).toBe(200);
    expect(await status("/?x=1")).toBe(200);
    expect(await status("/../package.json")).toBe(404);
    expect(await status("/%2e%2e/package.json")).toBe(404);
    expect(await status("/__proto__")).toBe(404);
    expect(await status("/", { method: "POST" })).toBe(405);
  });
});

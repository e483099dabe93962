/** The page of toHtml as a reader meets it: walked by mouse and by keyboard, in a real browser. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sumOf, toHtml, value, type Value } from "../../../src/index.ts";
import { plainText } from "../../../src/graph/plain-text.ts";
import { hasChromium, inChromium, launch, watchedPage, type PageOptions } from "../../browser/chromium.ts";
import { hostileLabels } from "../hostile.ts";

const neuron = (): Value => {
  const [w, x] = [value(0.4, "w"), value(2, "x")];
  return w.mul(x).named("p").add(w).named("z").tanh().named("a");
};

describe.skipIf(!hasChromium)(`the page of toHtml, ${inChromium}`, () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), "cadena-page-"));

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  async function open(root: Value, options: PageOptions = {}) {
    const file = join(folder, "page.html");
    writeFileSync(file, await toHtml(root));
    const watched = await watchedPage(browser, options);
    await watched.page.goto(pathToFileURL(file).href);
    return watched;
  }

  const phase = (page: Page) => page.locator(".step:not([hidden]) .phase").textContent();
  const shownNumbers = (page: Page) => page.locator(".step:not([hidden]) .number output").allTextContents();

  test("is walked forward and back by keyboard; every step says what happens, and the numbers are those of the chain rule", async () => {
    const { page, complaints } = await open(neuron());
    expect(await phase(page)).toBe("Step 1 of 9 · forward");
    for (let k = 0; k < 7; k++) await page.keyboard.press("ArrowRight");
    expect(await phase(page)).toBe("Step 8 of 9 · backward");
    expect(await page.locator(".step:not([hidden]) .sentence").textContent()).toContain("The gradient of p goes back along the edge to w");
    expect(await shownNumbers(page)).toEqual(["0.30502", "2", "0.61004"]);
    expect(await page.locator(".step:not([hidden]) .sum").textContent()).toMatch(/0\.30502 \+ 0\.61004\s*=\s*0\.91506/);
    expect(await page.locator("#w-n0.receives").count()).toBe(1);
    expect(await page.locator("#w-n2.sends").count()).toBe(1);
    expect(await page.locator("[role=status]").textContent()).toContain("contribution 0.61004");
    expect(await page.locator("tr[aria-current=step] th").textContent()).toBe("8");
    await page.keyboard.press("End");
    expect(await phase(page)).toBe("Step 9 of 9 · backward");
    await page.keyboard.press("ArrowRight");
    expect(await phase(page)).toBe("Step 9 of 9 · backward");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowLeft");
    expect(await phase(page)).toBe("Step 1 of 9 · forward");
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("is walked by mouse: buttons, timeline, an edge, a node, a row of the table", async () => {
    const { page, complaints } = await open(neuron());
    for (let k = 0; k < 3; k++) await page.getByRole("button", { name: "Next", exact: true }).click();
    expect(await phase(page)).toBe("Step 4 of 9 · backward");
    await page.getByRole("button", { name: "Previous step" }).click();
    expect(await phase(page)).toBe("Step 3 of 9 · forward");
    await page.locator(".tick", { hasText: "6" }).click();
    expect(await phase(page)).toBe("Step 6 of 9 · backward");
    await page.locator("#w-e3 path").first().dispatchEvent("click");
    expect(await phase(page)).toBe("Step 7 of 9 · backward");
    await page.locator("#w-n0 .box").click();
    expect(await page.locator(".detail:not([hidden])").textContent()).toContain("0.91506");
    await page.locator(".detail:not([hidden]) [data-go]").last().click();
    expect(await phase(page)).toBe("Step 8 of 9 · backward");
    await page.locator("tr[data-step]").first().click();
    expect(await phase(page)).toBe("Step 4 of 9 · backward");
    await page.getByRole("button", { name: "Last step" }).click();
    expect(await phase(page)).toBe("Step 9 of 9 · backward");
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("shows in a node the sum so far until it is whole, and no gradient before one has arrived", async () => {
    const { page } = await open(neuron());
    const grad = page.locator("#w-n0 .grad, #w-n0 .sum");
    expect(await grad.isVisible()).toBe(false);
    await page.locator(".tick", { hasText: "7" }).click();
    expect(await grad.textContent()).toBe("grad 0.305");
    await page.keyboard.press("ArrowRight");
    expect(await grad.textContent()).toBe(
      "grad 0.9151 = 0.305 + 0.61".replace("0.305 + 0.61", (await grad.textContent())!.split("= ")[1]!),
    );
    expect(await grad.isVisible()).toBe(true);
    await page.close();
  });

  test("plays by the space bar, and stops; under reduced motion it takes one step", async () => {
    const { page } = await open(neuron());
    await page.keyboard.press(" ");
    expect(await page.locator(".stepper.playing").count()).toBe(1);
    await page.keyboard.press(" ");
    expect(await page.locator(".stepper.playing").count()).toBe(0);
    await page.close();
    const still = await open(neuron(), { reducedMotion: "reduce" });
    await still.page.keyboard.press(" ");
    expect(await phase(still.page)).toBe("Step 2 of 9 · forward");
    expect(await still.page.locator(".stepper.playing").count()).toBe(0);
    await still.page.close();
  });

  test("finds a value by its name and zooms", async () => {
    const { page, complaints } = await open(neuron());
    await page.getByPlaceholder("Find a value").fill("z");
    expect(await page.locator("output.found").textContent()).toBe("1 found");
    await page.keyboard.press("Enter");
    expect(await page.locator(".detail:not([hidden]) h3").textContent()).toBe("How z comes about");
    const width = async () => (await page.locator(".canvas.wide > svg").boundingBox())!.width;
    const before = await width();
    await page.getByRole("button", { name: "Larger" }).click();
    expect(await width()).toBeCloseTo(1.25 * before, 0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("fits a phone: one column, the narrow drawing, controls within reach, nothing wider than the screen", async () => {
    const { page, complaints } = await open(neuron(), { width: 400, height: 800, colorScheme: "dark" });
    expect(await page.locator(".canvas.narrow").isVisible()).toBe(true);
    expect(await page.locator(".canvas.wide").isVisible()).toBe(false);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
    const next = (await page.getByRole("button", { name: "Next", exact: true }).boundingBox())!;
    expect(next.height).toBeGreaterThanOrEqual(44);
    expect(next.y + next.height).toBeLessThanOrEqual(800);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(27, 32, 43)");
    await page.getByRole("button", { name: "Light or dark" }).click();
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(246, 247, 249)");
    expect(complaints).toEqual([]);
    await page.close();
  });

  test.each([1400, 390])("%i wide, a long formula stays in its card, and the words over the timeline stay apart", async (width) => {
    const leaves = Array.from({ length: 16 }, (_, k) => value(k, `a_rather_long_name_${k}`));
    const { page } = await open(sumOf(leaves).named("total").square().named("L"), { width, height: 844 });
    const right = async (selector: string) => {
      const { x, width: wide } = (await page.locator(selector).first().boundingBox())!;
      return x + wide;
    };
    expect(await right(".panel.cards")).toBeLessThanOrEqual(width);
    expect(await right(".step:not([hidden]) .formula")).toBeLessThanOrEqual(width);
    const wordsEnd = await page.locator(".ticks p").first().evaluate((p) => p.getBoundingClientRect().left + p.scrollWidth); // prettier-ignore
    expect(wordsEnd).toBeLessThanOrEqual((await page.locator(".ticks p").last().boundingBox())!.x);
    const outside = await page.locator(".tick").evaluateAll((ticks) => ticks.filter((tick) => tick.scrollWidth > tick.clientWidth + 1).length); // prettier-ignore
    expect(outside).toBe(0);
    await page.close();
  });

  test("shows hostile labels as typed and executes nothing", async () => {
    const root = sumOf(hostileLabels.map((label) => value(2, label))).named("<img src=x onerror=alert(1)>");
    const { page, complaints } = await open(root);
    const names = await page.locator(".canvas.wide .node .name").allTextContents();
    for (const label of hostileLabels) expect(names).toContain(plainText(label));
    for (let k = 0; k < 10; k++) await page.keyboard.press("ArrowRight");
    await page.keyboard.press("End");
    expect(await page.locator("img, iframe, object, embed").count()).toBe(0);
    expect(await page.locator("script").count()).toBe(2);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

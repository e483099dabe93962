/** Reads what a page embeds. */
import type { PageData } from "../../../src/views/html/page-data.ts";

export function dataOf(page: string): PageData {
  const [, json] = /<script type="application\/json" class="steps">(.*?)<\/script>/s.exec(page)!;
  return JSON.parse(json!) as PageData;
}

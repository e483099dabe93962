/** Links within the repository lead somewhere: to a file that is there, and to a heading that it has. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { markdownFiles } from "./blocks.ts";

const withoutBlocks = (markdown: string): string => markdown.replace(/^```[\s\S]*?^```$/gm, "");

const withoutCode = (markdown: string): string => withoutBlocks(markdown).replace(/`[^`\n]*`/g, "");

/** Anchors as GitHub makes them of headings. */
export function anchorsOf(markdown: string): string[] {
  const seen = new Map<string, number>();
  return [...withoutBlocks(markdown).matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading]) => {
    const anchor = heading!.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-"); // prettier-ignore
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}-${times}`;
  });
}

/** The links of a page that lead nowhere. */
export function brokenLinks(file: string, markdown: string): string[] {
  const links = [...withoutCode(markdown).matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)|(?:src|href|srcset)="([^"]+)"/g)].map(
    ([, a, b]) => (a ?? b)!,
  );
  return links.filter((link) => !/^[a-z]+:/i.test(link) && !leadsSomewhere(file, markdown, link));
}

function leadsSomewhere(file: string, markdown: string, link: string): boolean {
  const [path, anchor] = decodeURI(link).split("#") as [string, string | undefined];
  const target = path === "" ? file : normalize(join(dirname(file), path));
  if (path !== "" && (target.startsWith("..") || !existsSync(target))) return false;
  if (anchor === undefined || (path !== "" && (statSync(target).isDirectory() || !target.endsWith(".md")))) return true;
  return anchorsOf(path === "" ? markdown : readFileSync(target, "utf8")).includes(anchor);
}

test.each(markdownFiles())("the links of %s lead somewhere", (file) => {
  expect(brokenLinks(file, readFileSync(file, "utf8"))).toEqual([]);
});

describe("a link is found broken", () => {
  test.each([
    ["to a file that is not there", "[a](docs/nonesuch.md)", ["docs/nonesuch.md"]],
    ["to a heading that is not there", "# One\n\n[a](#two)", ["#two"]],
    ["to a heading of another file", "[a](../README.md#nonesuch)", ["../README.md#nonesuch"]],
    ["of a picture", '<img src="nonesuch.svg">', ["nonesuch.svg"]],
    ["out of the repository", "[a](../../package.json)", ["../../package.json"]],
  ])("%s", (_, markdown, broken) => {
    expect(brokenLinks("docs/page.md", markdown)).toEqual(broken);
  });

  test("and not where it is right, abroad, or code", () => {
    const markdown = "# Ünö, dos\n\n[a](#ünö-dos) [b](../README.md) [c](https://example.org/x) `[d](nonesuch)`";
    expect(brokenLinks("docs/page.md", markdown)).toEqual([]);
  });
});

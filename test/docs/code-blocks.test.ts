/** Every block of code in README, guides and TSDoc runs, and comes to what the text says. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as cadena from "../../src/index.ts";
import { run } from "../../src/cli/run.ts";
import {
  agrees,
  commandsOf,
  disagreements,
  exampleProgram,
  filesUnder,
  markdownFiles,
  markdownPrograms,
  trimmed,
  type Program,
} from "./blocks.ts";

const exported = Object.keys(cadena);
const written = markdownFiles().flatMap((file) => markdownPrograms(file, readFileSync(file, "utf8")));
const examples = filesUnder("src", ".ts").flatMap((file) => exampleProgram(file, readFileSync(file, "utf8"), exported));
const place = ({ file, blocks }: Program) => `${file}:${blocks[0]!.line}`;

test.each([...written, ...examples].map((program) => [place(program), program] as const))("%s runs and is true", async (_, program) => {
  expect(await disagreements(program)).toEqual([]);
});

const commands = markdownFiles().flatMap((file) =>
  commandsOf(readFileSync(file, "utf8")).map((command) => [`${file}:${command.line}`, command] as const),
);

test.each(commands)("the command of %s prints what stands below it", async (_, { words, output }) => {
  let printed = "";
  expect(await run(words, (text) => (printed += text), (text) => (printed += text))).toBe(0); // prettier-ignore
  expect(agrees(trimmed(output), trimmed(printed)), printed).toBe(true);
});

test("README and the sources have code to run", () => {
  expect(written.some(({ file }) => file === "README.md")).toBe(true);
  expect(examples.length).toBeGreaterThan(3);
});

describe("the runner finds", () => {
  const wrong = (text: string) => disagreements(markdownPrograms("guide.md", text)[0]!);
  const start = '# Title\n\n```ts\nimport { value } from "cadena";\nconst x = value(3, "x");\n';

  test("nothing in a block that is true", async () => {
    expect(await wrong(`${start}x.mul(2).data; // → 6\nconsole.log(x.data, "a"); // → 3 a\nx.data; // 3, as typed\n\`\`\``)).toEqual([]);
  });
  test("a wrong result behind an arrow", async () => {
    expect(await wrong(`${start}x.mul(2).data; // → 7\n\`\`\``)).toEqual(["guide.md:6 says 7 where it is 6"]);
  });
  test("a wrong result without an arrow", async () => {
    expect(await wrong(`${start}const y = x.mul(2); // Value(7)\n\`\`\``)).toEqual(["guide.md:6 says Value(7) where it is Value(6)"]);
  });
  test("an error that is not thrown, or another one", async () => {
    expect(await wrong(`${start}x.add(1); // throws add: no\nx.add("a" as never); // throws add: …\n\`\`\``)).toEqual([
      "guide.md:6 says add: no where it is no error",
    ]);
  });
  test("a wrong result below its statement", async () => {
    expect(await wrong(`${start}console.log("a\\nb");\n// → a\n// c\n\`\`\``)).toEqual(["guide.md:6 says a\nc where it is a\nb"]);
  });
  test("a block that prints something else than the one below it says", async () => {
    const [message] = await wrong(`${start}console.log(x.data);\n\`\`\`\n\nprints\n\n\`\`\`text\n4\n\`\`\``);
    expect(message).toContain("guide.md:4 prints\n3\nwhere the block below it says\n4");
  });
  test("a name that the package does not export", async () => {
    expect((await wrong('```ts\nimport { nonesuch } from "cadena";\nnonesuch(1);\n```'))[0]).toContain("nonesuch is not a function");
  });
  test("a path that the package does not export", async () => {
    expect((await wrong('```ts\nimport "cadena/nonesuch";\n```'))[0]).toContain("package.json exports no such path");
  });
  test("an error in a later block, with its place", async () => {
    expect((await wrong(`${start}\`\`\`\n\n\`\`\`ts\n\nx.data = "four";\n\`\`\``))[0]).toMatch(
      /^guide\.md:10 cell 2, line 2: TypeError: data/,
    );
  });
  test("a syntax error, with its place", async () => {
    expect((await wrong(`${start}const = 3;\n\`\`\``))[0]).toMatch(/^guide\.md:6 .*SyntaxError/);
  });
  test("a wrong example of TSDoc", async () => {
    const [program] = exampleProgram("src/a.ts", "/**\n * Triple.\n *\n * @example\n * value(3).mul(3).data; // 8\n */", exported);
    expect(await disagreements(program!)).toEqual(["src/a.ts:5 says 8 where it is 9"]);
  });
});

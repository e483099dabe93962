import katex from "@vscode/markdown-it-katex";
import { readFileSync } from "node:fs";
import { Comment, Converter, ReflectionKind } from "typedoc";

/** What docs/rules.md, printed from the calculus table, says of each function; so the reference repeats no formula. */
const rows = readFileSync("docs/rules.md", "utf8").matchAll(/^\| `(\w+)` \| (.+) \| (.+) \| (.*) \|$/gm);
const rules = new Map([...rows].map(([, name, y, derivative, kink]) => [name, { y, derivative, kink }]));

function sentence({ y, derivative, kink }) {
  const slope = derivative.includes("partial") ? derivative : `each operand gets back ${derivative}`;
  return `${y.replace("$", "$y = ")}, with ${slope}.${kink === "" ? "" : ` At its kink: ${kink}.`}`;
}

/** Functions and methods without a comment get their row of the table. */
function documentRows(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    const kinds = ReflectionKind.Variable | ReflectionKind.CallSignature | ReflectionKind.Method | ReflectionKind.Property;
    for (const reflection of project.getReflectionsByKind(kinds)) {
      const rule = rules.get(reflection.name);
      if (rule && !reflection.hasComment()) reflection.comment = new Comment([{ kind: "text", text: sentence(rule) }]);
    }
  });
}

/** @type {Partial<import("typedoc").TypeDocOptions>} */
export default {
  name: "cadena",
  entryPoints: ["src/index.ts"],
  out: "site",
  tsconfig: "tsconfig.json",
  plugin: ["typedoc-plugin-mdn-links", "typedoc-plugin-coverage", documentRows],
  projectDocuments: ["docs/*.md"],
  excludeInternal: true,
  excludePrivate: true,
  sort: ["source-order"],
  validation: { notExported: false, invalidLink: true, notDocumented: true },
  requiredToBeDocumented: ["Function", "Class", "Interface", "TypeAlias", "Variable"],
  highlightLanguages: ["ts", "js", "sh", "json", "python", "text"],
  markdownItLoader: (parser) => parser.use(katex.default ?? katex, { output: "mathml", throwOnError: true }),
};

import katex from "@vscode/markdown-it-katex";

/** @type {Partial<import("typedoc").TypeDocOptions>} */
export default {
  name: "cadena",
  entryPoints: ["src/index.ts"],
  out: "site",
  tsconfig: "tsconfig.json",
  plugin: ["typedoc-plugin-mdn-links", "typedoc-plugin-coverage"],
  projectDocuments: ["docs/*.md"],
  excludeInternal: true,
  excludePrivate: true,
  sort: ["source-order"],
  validation: { notExported: false, invalidLink: true, notDocumented: true },
  requiredToBeDocumented: ["Function", "Class", "Interface", "TypeAlias", "Variable"],
  highlightLanguages: ["ts", "sh", "json", "python", "text"],
  markdownItLoader: (parser) => parser.use(katex.default ?? katex, { output: "mathml", throwOnError: true }),
};

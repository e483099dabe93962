// Builds the playground into dist/playground: one page with everything it needs, the WebAssembly of Graphviz included.
import { defineConfig } from "vite";

export default defineConfig({
  root: "src/playground",
  base: "./",
  logLevel: "warn",
  build: {
    outDir: "../../dist/playground",
    emptyOutDir: true,
    target: "es2023",
    chunkSizeWarningLimit: 4000,
    modulePreload: { polyfill: false },
  },
});

/** Graphviz lays the boxes out: as WebAssembly inside this library, as the package graphviz-cli, or as the program `dot`. */
import { cellsOf } from "./cells.ts";
import { dotSource } from "./dot.ts";
import type { Drawing } from "./drawing.ts";
import { arrowStyle } from "./style.ts";
import { palettes } from "./palette.ts";

export type Renderer = "wasm" | "graphviz-cli" | "dot";

/** Graphviz's JSON, of which this is read. Coordinates in points, y upwards. */
export interface Layout {
  readonly bb: string;
  readonly objects?: readonly LayoutObject[];
  readonly edges?: readonly LayoutEdge[];
}

export interface LayoutObject {
  readonly name: string;
  /** Corners of each field of a record. */
  readonly rects?: string;
  readonly bb?: string;
  readonly lp?: string;
}

export interface LayoutEdge {
  readonly id: string;
  readonly pos: string;
  readonly lp?: string;
}

/**
 * Where everything goes.
 *
 * @throws Error saying what to install, where the renderer is missing.
 */
export async function layoutOf(drawing: Drawing, renderer: Renderer): Promise<Layout> {
  const json = await renderers[renderer](dotSource(drawing, standIns));
  return JSON.parse(json) as Layout;
}

/** As many x as the text has cells: Graphviz counts bytes, so − would be three cells wide, and labels could say anything. */
const standIn = (text: string): string => "x".repeat(Math.max(1, cellsOf(text)));

/** Only what the layout depends on. */
const standIns = {
  field: standIn,
  label: standIn,
  node: () => "",
  edge: (edge: Parameters<typeof arrowStyle>[0]) => {
    const { points, width } = arrowStyle(edge, palettes.light);
    return ` penwidth=${width}${points === "back" ? " dir=back" : ""}`;
  },
  graph: () => "",
  cluster: "",
};

const renderers: { readonly [R in Renderer]: (source: string) => Promise<string> } = { wasm, "graphviz-cli": graphvizCli, dot: nativeDot };

async function wasm(source: string): Promise<string> {
  const { instance } = await import("@viz-js/viz");
  const viz = await instance();
  const result = viz.render(source, { format: "json0" });
  if (result.status === "success") return result.output;
  throw new Error(`toSvg: Graphviz failed: ${result.errors.map(({ message }) => message).join("; ")}`);
}

interface GraphvizCli {
  renderGraphFromSource(source: { input: string }, options: { format: string; name: string }): Promise<string>;
}

async function graphvizCli(source: string): Promise<string> {
  // Put together, so that neither the compiler nor a bundler looks for a package that need not be there.
  const packageName = ["graphviz", "cli"].join("-");
  const cli: unknown = await import(packageName).catch((reason: unknown) => {
    throw new Error('toSvg: renderer "graphviz-cli" is not installed. Run npm install graphviz-cli, or use renderer "wasm"', {
      cause: reason,
    });
  });
  return (cli as GraphvizCli).renderGraphFromSource({ input: source }, { format: "json0", name: "cadena.json" });
}

async function nativeDot(source: string): Promise<string> {
  // Asked for, not imported: a bundler for browsers has no such module.
  const processes = (globalThis as { process?: NodeJS.Process }).process?.getBuiltinModule("node:child_process");
  if (processes === undefined) throw new Error('toSvg: renderer "dot" runs in Node only. Use renderer "wasm"');
  return new Promise((resolve, reject) => {
    const child = processes.execFile("dot", ["-Tjson0"], { maxBuffer: 2 ** 30 }, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(new Error(missing(error), { cause: error }));
    });
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(source);
  });
}

const missing = (error: Error): string =>
  "code" in error && error.code === "ENOENT"
    ? 'toSvg: the program dot is not on the PATH. Install Graphviz (graphviz.org/download), or use renderer "wasm"'
    : `toSvg: dot failed: ${error.message.split("\n").slice(1).join(" ")}`;

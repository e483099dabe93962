/** A small server that gives the built playground to this machine, and nothing else. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Beside the bundle when published, in dist when run from the sources. */
export const playgroundFolder = (): string | undefined =>
  ["../playground", "../../dist/playground", "../dist/playground"]
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((folder) => existsSync(join(folder, "assets")) && existsSync(join(folder, "index.html")));

const types: ReadonlyMap<string, string> = new Map([
  ["html", "text/html; charset=utf-8"],
  ["js", "text/javascript; charset=utf-8"],
  ["css", "text/css; charset=utf-8"],
  ["wasm", "application/wasm"],
]);

export interface Served {
  readonly server: Server;
  readonly address: string;
}

/** Gives away the files that are in `folder` now, by their exact names, to this machine only. */
export async function serve(folder: string, port: number): Promise<Served> {
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) files.set(webPath(folder, join(entry.parentPath, entry.name)), readFileSync(join(entry.parentPath, entry.name)));
  const server = createServer((request, response) => answer(request, response, files));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const bound = server.address();
  return { server, address: `http://localhost:${typeof bound === "object" && bound ? bound.port : port}/` };
}

const webPath = (folder: string, path: string): string => path.slice(folder.length).replaceAll("\\", "/").replace(/^\/*/, "/");

/** Only to pages that were asked for by a name of this machine: another site's name that points here gets nothing. */
const isLocal = ({ headers: { host = "" } }: IncomingMessage): boolean => /^(localhost|127\.0\.0\.1)(:\d+)?$/.test(host);

function answer(request: IncomingMessage, response: ServerResponse, files: ReadonlyMap<string, Buffer>): void {
  const [asked = "/"] = (request.url ?? "/").split("?");
  const path = asked === "/" ? "/index.html" : asked;
  const file = files.get(path);
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (!isRead || !isLocal(request) || file === undefined) {
    response.writeHead(!isRead ? 405 : !isLocal(request) ? 403 : 404, { "Content-Type": "text/plain; charset=utf-8" });
    response.end("There is nothing here.\n");
    return;
  }
  response.writeHead(200, {
    "Content-Type": types.get(path.split(".").at(-1)!) ?? "application/octet-stream",
    "Content-Length": file.length,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
  });
  response.end(request.method === "HEAD" ? undefined : file);
}

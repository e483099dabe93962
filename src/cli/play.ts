/** `cadena play`: the playground on this machine; prints where it is. */
import type { Command } from "commander";
import { playgroundFolder, serve } from "./playground-server.ts";
import type { Session } from "./session.ts";
import { UsageError } from "./usage.ts";

const words = {
  en: {
    terms: { port: "<port>" },
    about: "opens the playground: type a formula, step through its gradients",
    port: "port to listen on; a free one where none is given",
    badPort: (port: string) => `--port: "${port}" is not a port; it is a whole number from 0 to 65535`,
    listening: (address: string) => `The playground is at ${address}\nCtrl-C ends it.\n`,
    notBuilt: "play: the page is not built; run npm run build",
  },
  es: {
    terms: { port: "<puerto>" },
    about: "abre la página interactiva: escribe una fórmula y recorre sus gradientes",
    port: "puerto en que escucha; uno libre si no se indica",
    badPort: (port: string) => `--port: "${port}" no es un puerto; es un número entero de 0 a 65535`,
    listening: (address: string) => `La página está en ${address}\nCtrl-C la termina.\n`,
    notBuilt: "play: la página no está construida; ejecuta npm run build",
  },
} as const;

export function addPlay(cadena: Command, session: Session): Command {
  const word = words[session.language];
  return cadena
    .command("play")
    .summary(word.about)
    .description(word.about)
    .option(`-p, --port ${word.terms.port}`, word.port)
    .action(async ({ port = "0", json }: { port?: string; json?: boolean }) => {
      if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) throw new UsageError(word.badPort(port));
      const folder = playgroundFolder();
      if (folder === undefined) throw new Error(word.notBuilt);
      const { address } = await serve(folder, Number(port));
      session.print(json ? `${JSON.stringify({ address })}\n` : word.listening(address));
    });
}

#!/usr/bin/env node
/** The program `cadena`: reads the command line, runs one command, and ends with its exit code. */
import { run } from "./run.ts";

/** `cadena … | head` closes the pipe early, which is no fault; a full disk is one. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") return;
  process.stderr.write(`cadena: ${error.message}\n`);
  process.exit(1);
});

process.exitCode = await run(
  process.argv.slice(2),
  (text) => process.stdout.write(text),
  (text) => process.stderr.write(text),
);

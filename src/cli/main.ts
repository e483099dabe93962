#!/usr/bin/env node
/** The program `cadena`: reads the command line, runs one command, and ends with its exit code. */
import { run } from "./run.ts";

/** `cadena … | head` closes the pipe early, which is no fault. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

process.exitCode = await run(
  process.argv.slice(2),
  (text) => process.stdout.write(text),
  (text) => process.stderr.write(text),
);

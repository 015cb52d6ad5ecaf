#!/usr/bin/env node
import { oldNodeProblem, systemClock } from "@babylon/llm-core";
import { runCli } from "./run-cli.ts";

const problem = oldNodeProblem(process.versions);
if (problem !== null) {
  console.error(problem);
  process.exit(1);
}
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  // Once: a second Ctrl-C ends the process immediately.
  process.once(signal, () => stop.abort(signal));
}
// The reader of a pipe may close it early, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(1);
  throw error;
});

process.exitCode = await runCli({
  args: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  abortSignal: stop.signal,
  clock: systemClock,
});

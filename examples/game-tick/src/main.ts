import { fileURLToPath } from "node:url";
import { runTickCommand } from "./cli/run-tick-command.ts";

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

const example = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const database = (path: string): string => `sqlite://${encodeURI(example(path)).replaceAll("?", "%3F")}`;

process.exitCode = await runTickCommand({
  args: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  outputDirectory: example("output"),
  settingsUrl: database("data/babylon.db"),
  recordsUrl: database("data/records.db"),
  abortSignal: stop.signal,
});

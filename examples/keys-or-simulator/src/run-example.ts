import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The output of an example. */
export interface ExampleRun {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly errors: string;
}

/** Runs an example as a user does, without any key, and waits until it exits. */
export async function runExample(main: URL, env: Readonly<Record<string, string>> = {}): Promise<ExampleRun> {
  const child = spawn(process.execPath, [fileURLToPath(main)], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  let errors = "";
  child.stdout.on("data", (chunk) => {
    printed += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    errors += String(chunk);
  });
  await once(child, "close");
  return { code: child.exitCode, lines: printed.trimEnd().split("\n"), errors };
}

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Runs a script of this folder in a separate process and returns the number that it prints. */
export async function runScript(script: string, ...args: readonly (string | number)[]): Promise<number> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { stdout } = await run(process.execPath, [path, ...args.map(String)], { timeout: 120_000 });
  return Number(stdout);
}

/** Runs code in a new process in a folder, from which it imports, and returns the number that it prints. */
export async function runCode(code: string, cwd: string): Promise<number> {
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", code], { cwd, timeout: 60_000 });
  return Number(stdout);
}

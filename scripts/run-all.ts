import { spawn } from "node:child_process";

/** A command and its label in the output. */
export interface Task {
  readonly label: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
}

function run({ command, args, cwd }: Task): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const take = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (error) => resolve({ ok: false, output: String(error) }));
    child.on("close", (code) => resolve({ ok: code === 0, output }));
  });
}

/** Runs tasks two at a time and prints a line for each, with the output of failed ones. Returns the number of failures. */
export async function runAll(tasks: readonly Task[]): Promise<number> {
  const waiting = [...tasks];
  let failed = 0;
  async function worker(): Promise<void> {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      const startedAt = performance.now();
      const { ok, output } = await run(task);
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
      console.log(`${ok ? "ok  " : "FAIL"} ${task.label} (${seconds} s)`);
      if (ok) continue;
      failed += 1;
      console.log(output);
    }
  }
  await Promise.all([worker(), worker()]);
  return failed;
}

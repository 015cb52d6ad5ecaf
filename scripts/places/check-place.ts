import { mkdirSync, mkdtempSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { startProviderSimulator } from "@babylon/llm-testing";
import { ADMIN_TOKEN, type Place, type RunOptions } from "./place.ts";
import { type Program, type RunningProgram, runProgram, startProgram } from "./run-program.ts";

/** The time limit of a command, in milliseconds. */
const LIMIT_MS = 420_000;

/** The commands of the application come first, and this Node before another one in its dependencies. */
function pathOf(folder: string): string {
  const own = [dirname(process.execPath), join(folder, "node_modules", ".bin")];
  return [...own, process.env.PATH ?? ""].join(delimiter);
}

/** Checks a place in its installed application with its own simulator, and stops the started processes. */
export async function checkPlace({ check }: Place, folder: string, signal: AbortSignal): Promise<void> {
  await using simulator = await startProviderSimulator();
  const scratch = mkdtempSync(join(dirname(folder), "scratch-"));
  const home = join(dirname(folder), "home");
  mkdirSync(home, { recursive: true });
  const started: RunningProgram[] = [];

  function programOf(command: string, args: readonly string[], { cwd = folder, env, port }: RunOptions = {}): Program {
    return {
      command,
      args,
      cwd,
      port,
      signal,
      limitMs: LIMIT_MS,
      env: {
        PATH: pathOf(folder),
        HOME: home,
        NEXT_TELEMETRY_DISABLED: "1",
        ...simulator.env,
        ADMIN_TOKEN,
        BABYLON_SETTINGS_URL: `sqlite://${join(scratch, "settings.db")}`,
        ...env,
      },
    };
  }

  try {
    await check({
      folder,
      simulator,
      scratch,
      run: (command, args, options) => runProgram(programOf(command, args, options)),
      async start(command, args, options) {
        const program = await startProgram(programOf(command, args, options));
        started.push(program);
        return program;
      },
    });
  } finally {
    await Promise.all(started.map((program) => program.stop()));
  }
}

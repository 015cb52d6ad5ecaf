import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startProviderSimulator } from "@babylon/llm-testing";
import { expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const LIMIT_MS = 60_000;

function start(args: readonly string[], cwd: string): ChildProcessWithoutNullStreams {
  // Without the environment of this process: keys come from .env of the directory.
  return spawn(process.execPath, [MAIN, ...args], { cwd, env: { PATH: process.env.PATH } });
}

test(
  "as a process: keys from .env, prompt from standard input, settings in ./data, and it ends by itself or by Ctrl-C",
  async () => {
    await using simulator = await startProviderSimulator();
    const directory = mkdtempSync(join(tmpdir(), "babylon-main-"));
    try {
      const lines = Object.entries(simulator.env).map(([name, value]) => `${name}=${value}`);
      writeFileSync(join(directory, ".env"), lines.join("\n"));

      const set = start(["settings", "set", "order=openai"], directory);
      expect(await once(set, "exit")).toEqual([0, null]);

      const asking = start(["ask", "--json", "-"], directory);
      let out = "";
      asking.stdout.on("data", (chunk) => {
        out += String(chunk);
      });
      asking.stdin.end("Name a ship.");
      expect(await once(asking, "close")).toEqual([0, null]);
      expect(JSON.parse(out)).toMatchObject({ ok: true, provider: "openai", settingsVersion: 1 });

      simulator.setFault("openai", { kind: "hang" });
      const hanging = start(["ask", "-p", "openai", "x"], directory);
      const previous = simulator.requests.length;
      await simulator.waitForRequest(({ id }) => id > previous, { timeoutMs: LIMIT_MS });
      hanging.kill("SIGINT");
      expect(await once(hanging, "exit")).toEqual([130, null]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  },
  LIMIT_MS,
);

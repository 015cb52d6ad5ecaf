import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A Redis that a test started. */
export interface RunningRedis {
  readonly url: string;
  stop(): Promise<void>;
}

/** Whether Redis is not installed, so that the test has to be skipped; prints a warning. With `CI=true` that is an error. */
export function isRedisMissing(): boolean {
  if (spawnSync("redis-server", ["--version"]).status === 0) return false;
  const reason = "redis-server is not installed on this machine";
  if (process.env.CI === "true") throw new Error(reason);
  console.warn(`skipped: ${reason}`);
  return true;
}

/** Starts a Redis without persistence on a free port. */
export async function startExampleRedis(): Promise<RunningRedis> {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), "babylon-redis-"));
  const args = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", directory];
  const server = spawn("redis-server", args, { stdio: ["ignore", "pipe", "inherit"] });
  const gone = once(server, "exit");
  let printed = "";
  for await (const chunk of server.stdout.iterator({ destroyOnReturn: false })) {
    printed += String(chunk);
    if (printed.includes("Ready to accept connections")) break;
  }
  if (server.exitCode !== null) throw new Error(`redis-server did not start:\n${printed}`);
  // Later output is discarded, so that the pipe does not fill up.
  server.stdout.resume();
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      server.kill("SIGKILL");
      await gone;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A free port on loopback. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

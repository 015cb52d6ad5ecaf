import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The number of calls that the behaviour `hold` waits for. */
export const IN_FLIGHT = 10_000;

/** The mock server, running. */
export interface Mock {
  /** Without a trailing slash. */
  readonly url: string;
  close(): void;
}

/** Starts the mock server in a separate process. */
export async function startMock(): Promise<Mock> {
  const script = fileURLToPath(new URL("./server.ts", import.meta.url));
  const child = spawn(process.execPath, [script, String(IN_FLIGHT)], { stdio: ["pipe", "pipe", "inherit"] });
  const [port] = await once(child.stdout, "data");
  return { url: `http://127.0.0.1:${String(port).trim()}`, close: () => child.stdin.end() };
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A server process that a test started and controls. */
export interface RunningServer {
  readonly url: string;
  /** Ends it without a chance to clean up. */
  kill(): Promise<void>;
  /** Stops it from doing anything, as if the machine hung. */
  freeze(): void;
  resume(): void;
  /** Starts it again on the same port, where it is not running. */
  start(): Promise<void>;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

/** A server process that has said that it is ready. */
export interface Launched {
  readonly child: ChildProcess;
  /** Everything it printed so far. */
  output(): string;
}

/** Starts a process and waits until it prints a text. Fails with what it printed when it ends first or takes longer than 30 s. */
export async function launch(
  command: string,
  args: readonly string[],
  ready: string,
  options: { readonly uid?: number; readonly gid?: number; readonly cwd?: string } = {},
): Promise<Launched> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  let output = "";
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${command} did not start in time:\n${output}`)), 30_000);
    const onData = (chunk: Buffer) => {
      output += chunk.toString();
      if (!output.includes(ready)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout.on("data", onData);
    child.stderr.on("data", onData);
    child.once("error", reject);
    child.once("exit", () => {
      clearTimeout(timer);
      reject(new Error(`${command} ended while starting:\n${output}`));
    });
  });
  return { child, output: () => output };
}

/** Whether a process has not ended yet. */
export function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Sends a signal and waits until the process is gone. */
export async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (!isAlive(child)) return;
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
}

/** The process and everything below it. */
export function processTree(pid: number): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    const below = children === "" ? [] : children.split(" ").map(Number).flatMap(processTree);
    return [pid, ...below];
  } catch {
    return [];
  }
}

/** Signals processes, whichever of them are still there. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // Gone already.
    }
  }
}

/** Whether a process still runs; one that only waits to be reaped does not. */
function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** Kills processes that are not children of this one, and waits until they have ended. */
export async function killAll(pids: readonly number[]): Promise<void> {
  signalAll(pids, "SIGKILL");
  const giveUpAt = Date.now() + 10_000;
  while (pids.some(isRunning)) {
    if (Date.now() > giveUpAt) throw new Error("processes that were killed are still there");
    await sleep(5);
  }
}

/** Distinct free ports of the loopback interface. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  return Promise.all(servers.map(release));
}

/** A free port of the loopback interface. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return release(server);
}

/** The port of a listening server, which is closed. */
async function release(server: Server): Promise<number> {
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

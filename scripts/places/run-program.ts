import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A program to run. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The time limit in milliseconds: until its end, or until it prints its URL. */
  readonly limitMs: number;
  /** Ends it early. */
  readonly signal: AbortSignal;
  /** The URL of a server that does not print it. */
  readonly port?: number | undefined;
}

/** A running server program. */
export interface RunningProgram {
  /** `http://127.0.0.1:PORT`, from its output. */
  readonly origin: string;
  /** Its output so far. */
  output(): string;
  /** Sends SIGTERM, and SIGKILL if it does not exit. */
  stop(): Promise<void>;
}

const ADDRESS = /http:\/\/(?:127\.0\.0\.1|localhost):\d+/;
/** The time from SIGTERM to SIGKILL, in milliseconds. */
const GRACE_MS = 8_000;

/** A program with its child processes, in a separate process group. */
interface Group {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
  output(): string;
  onOutput(listener: () => void): void;
  end(): Promise<void>;
}

function startGroup({ command, args, cwd, env }: Program): Group {
  const child = spawn(command, args, { cwd, env: { ...env }, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "close").catch((thrown: unknown) => thrown);
  let output = "";
  const listeners: (() => void)[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const listener of listeners) listener();
    });
  }
  function signal(name: NodeJS.Signals): void {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, name);
    } catch {
      // The process group has ended.
    }
  }
  return {
    child,
    ended,
    output: () => output,
    onOutput: (listener) => void listeners.push(listener),
    async end() {
      signal("SIGTERM");
      const timer = setTimeout(() => signal("SIGKILL"), GRACE_MS);
      await ended;
      clearTimeout(timer);
      // Child processes that are still running.
      signal("SIGKILL");
    },
  };
}

const callOf = ({ command, args }: Program) => [command.replace(/.*\//, ""), ...args].join(" ");

/** Waits for a promise. At the time limit or an abort, the program is stopped and the error has its output. */
async function within<T>(program: Program, group: Group, result: Promise<T>): Promise<T> {
  const signal = AbortSignal.any([program.signal, AbortSignal.timeout(program.limitMs)]);
  const over = Promise.withResolvers<never>();
  const onAbort = () => over.reject(new Error(`${callOf(program)}: ${String(signal.reason)}\n${group.output()}`));
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([result, over.promise]);
  } catch (thrown) {
    await group.end();
    throw thrown;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Runs a program to its end and returns its output. Throws with the output if it fails or exceeds the time limit. */
export async function runProgram(program: Program): Promise<string> {
  const group = startGroup(program);
  await within(program, group, group.ended);
  const { exitCode } = group.child;
  if (exitCode === 0) return group.output();
  throw new Error(`${callOf(program)} ended with ${exitCode}\n${group.output()}`);
}

async function whenListening(port: number, { child }: Group): Promise<string> {
  while (child.exitCode === null) {
    const socket = connect(port, "127.0.0.1");
    const isThere = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isThere) break;
    await sleep(50);
  }
  return `http://127.0.0.1:${port}`;
}

/** Starts a server program, and waits until it prints its URL. */
export async function startProgram(program: Program): Promise<RunningProgram> {
  const group = startGroup(program);
  const address = Promise.withResolvers<string>();
  group.onOutput(() => {
    const [origin] = ADDRESS.exec(group.output()) ?? [];
    if (origin !== undefined) address.resolve(origin.replace("localhost", "127.0.0.1"));
  });
  if (program.port !== undefined) void whenListening(program.port, group).then(address.resolve);
  const early = group.ended.then(() => {
    throw new Error(`${callOf(program)} ended before it listened\n${group.output()}`);
  });
  const origin = await within(program, group, Promise.race([address.promise, early]));
  early.catch(() => {});
  return { origin, output: group.output, stop: group.end };
}

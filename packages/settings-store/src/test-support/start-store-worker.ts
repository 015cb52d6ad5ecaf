import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { WorkerJob } from "./worker-job.ts";

/** A process that runs one job. */
export interface StoreWorker {
  readonly process: ChildProcess;
  /** The parsed lines of its output so far. */
  readonly output: readonly unknown[];
  /** The next line that was not returned yet. Rejects when the process ends first. */
  next(): Promise<unknown>;
  /** Writes a line to it, which its job waits for to continue or to stop. */
  resume(): void;
  kill(): Promise<void>;
  /** Resolves with its exit code. */
  exitCode(): Promise<number | null>;
}

/** Starts a process for a job. */
export function startStoreWorker(job: WorkerJob): StoreWorker {
  const script = fileURLToPath(new URL("./worker.ts", import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(job)], { stdio: ["pipe", "pipe", "inherit"] });
  const output: unknown[] = [];
  let returnedLines = 0;
  let wake = () => {};
  createInterface({ input: child.stdout }).on("line", (line) => {
    output.push(JSON.parse(line));
    wake();
  });
  const exited = once(child, "close");
  let hasExited = false;
  void exited.then(() => {
    hasExited = true;
    wake();
  });
  return {
    process: child,
    output,
    async next() {
      while (output.length <= returnedLines) {
        if (hasExited) throw new Error("the worker ended");
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      returnedLines += 1;
      return output[returnedLines - 1];
    },
    resume: () => void child.stdin.write("go\n"),
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
    async exitCode() {
      await exited;
      return child.exitCode;
    },
  };
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { WorkerJob } from "./worker-job.ts";

/** A worker process. */
export interface StoreWorker {
  readonly process: ChildProcess;
  /** Everything it said so far. */
  readonly output: readonly unknown[];
  /** The next thing it says that was not taken yet. Fails when it ends first. */
  next(): Promise<unknown>;
  /** Tells it to go on, or to stop, whatever it waits for. */
  resume(): void;
  kill(): Promise<void>;
  /** Resolves with its exit code. */
  exitCode(): Promise<number | null>;
}

/** Starts a process of its own for a job. */
export function startStoreWorker(job: WorkerJob): StoreWorker {
  const script = fileURLToPath(new URL("./worker.ts", import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(job)], { stdio: ["pipe", "pipe", "inherit"] });
  const said: unknown[] = [];
  let taken = 0;
  let wake = () => {};
  createInterface({ input: child.stdout }).on("line", (line) => {
    said.push(JSON.parse(line));
    wake();
  });
  const exited = once(child, "close");
  let isOver = false;
  void exited.then(() => {
    isOver = true;
    wake();
  });
  return {
    process: child,
    output: said,
    async next() {
      while (said.length <= taken) {
        if (isOver) throw new Error("the worker ended");
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      taken += 1;
      return said[taken - 1];
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

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { WorkerJob } from "./worker-job.ts";

/** A process that runs one job. */
export interface Worker {
  readonly process: ChildProcess;
  /** The first line that it printed. Rejects when it ends before. */
  readonly line: Promise<unknown>;
  /** Resolves with its exit code. */
  readonly exited: Promise<number | null>;
}

/** Starts a process for a job. */
export function startWorker(job: WorkerJob): Worker {
  const script = fileURLToPath(new URL("./worker.ts", import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(job)], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "close").then(() => child.exitCode);
  const line = new Promise<unknown>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (text) => resolve(JSON.parse(text)));
    void exited.then(() => reject(new Error("the worker ended")));
  });
  line.catch(() => {});
  return { process: child, line, exited };
}

import { Worker } from "node:worker_threads";
import type { WorkerSetup } from "./sqlite/worker-messages.ts";

/** Starts the worker beside this file, as source or as built. */
export function startSqliteWorker(setup: WorkerSetup): Worker {
  const file = import.meta.url.endsWith(".ts") ? "./sqlite-worker.ts" : "./sqlite-worker.js";
  return new Worker(new URL(file, import.meta.url), { workerData: setup, execArgv: [] });
}

import { Worker } from "node:worker_threads";
import type { WorkerSetup } from "./sqlite/worker-messages.ts";

/**
 * Starts the worker beside this file, as source or as built. The address is a string, because bundlers look at URLs relative to
 * `import.meta.url`, and warn of one that is an expression.
 */
export function startSqliteWorker(setup: WorkerSetup): Worker {
  const here = import.meta.url;
  const file = here.endsWith(".ts") ? "sqlite-worker.ts" : "sqlite-worker.js";
  return new Worker(new URL(here.slice(0, here.lastIndexOf("/") + 1) + file), {
    workerData: setup,
    execArgv: [],
  });
}

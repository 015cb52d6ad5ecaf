import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import type { WorkerSetup } from "./sqlite/worker-messages.ts";

/**
 * Starts the worker beside this file, as source or as built. The address is a string, because bundlers look at URLs relative to
 * `import.meta.url`, and warn of one that is an expression.
 */
export function startSqliteWorker(setup: WorkerSetup): Worker {
  const here = import.meta.url;
  const isSource = here.endsWith(".ts");
  if (isSource) keepWasmWrappers();
  const file = isSource ? "sqlite-worker.ts" : "sqlite-worker.js";
  return new Worker(new URL(here.slice(0, here.lastIndexOf("/") + 1) + file), {
    workerData: setup,
    execArgv: [],
  });
}

/**
 * Node strips types with a program in WebAssembly, in each thread that loads source. V8 13.6 (Node 24.21) may abort or crash when a thread replaces
 * the wrappers of such a program after 1,000 calls ("Check failed: jit_page.has_value()" in `TierUpWasmToJSWrapper`): once in 40 runs of the
 * tests. So they are not replaced. Packages have no types to strip.
 */
const keepWasmWrappers = (): void => setFlagsFromString("--wasm-wrapper-tiering-budget=2000000000");

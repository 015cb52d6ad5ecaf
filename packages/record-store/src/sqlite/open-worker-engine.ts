import type { Worker } from "node:worker_threads";
import { StorageError } from "@babylon/storage";
import type { RecordEngine } from "../contract/record-engine.ts";
import { startSqliteWorker } from "../start-sqlite-worker.ts";
import { unpackPage } from "./packed-page.ts";
import type { FromWorker, SentError, ToWorker, WorkerRequest, WorkerResults, WorkerSetup } from "./worker-messages.ts";

interface PendingRequest {
  resolve(result: unknown): void;
  reject(error: Error): void;
  onProgress(share: number): void;
}

function toError({ message, code, retryable }: SentError): Error {
  if (code === "aborted") return new DOMException(message, "AbortError");
  if (code === "other") return new Error(message);
  return new StorageError({ message, code, retryable, applied: "no" });
}

const ignore = (): void => {};

/**
 * Opens records in an SQLite file, in a worker thread: neither writes nor queries block the calling thread. The worker keeps the process
 * alive only while a request other than a write is pending. Rejects with a `StorageError` if the file cannot be opened.
 */
export async function openWorkerEngine(setup: WorkerSetup): Promise<RecordEngine> {
  const worker = startSqliteWorker(setup);
  const pending = new Map<number, PendingRequest>();
  let lastId = 0;
  let keepingAlive = 0;
  let ended: Error | null = null;

  function endAll(error: Error): void {
    ended ??= error;
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  }

  function receive(message: FromWorker): void {
    if (!("id" in message)) return;
    const request = pending.get(message.id);
    if ("progress" in message) {
      request?.onProgress(message.progress);
      return;
    }
    pending.delete(message.id);
    if ("error" in message) request?.reject(toError(message.error));
    else request?.resolve(message.result);
  }

  function send<K extends WorkerRequest["do"]>(
    request: Extract<WorkerRequest, { do: K }>,
    { onProgress = ignore, signal }: { onProgress?: (share: number) => void; signal?: AbortSignal } = {},
  ): Promise<WorkerResults[K]> {
    if (ended !== null) return Promise.reject(ended);
    lastId += 1;
    const id = lastId;
    const cancel = (): void => worker.postMessage({ id, cancel: true } satisfies ToWorker);
    const result = new Promise<unknown>((resolve, reject) => pending.set(id, { resolve, reject, onProgress }));
    worker.postMessage({ id, request } satisfies ToWorker);
    if (signal?.aborted) cancel();
    signal?.addEventListener("abort", cancel, { once: true });
    // The worker answers each kind of request with its kind of result.
    return result.finally(() => signal?.removeEventListener("abort", cancel)) as Promise<WorkerResults[K]>;
  }

  /** Keeps the process alive until the work has settled. */
  async function awake<T>(work: Promise<T>): Promise<T> {
    keepingAlive += 1;
    worker.ref();
    try {
      return await work;
    } finally {
      keepingAlive -= 1;
      if (keepingAlive === 0) worker.unref();
    }
  }

  const location = await awake(whenOpened(worker));
  worker.on("message", receive);
  worker.on("error", (error: Error) => endAll(error));
  worker.on("exit", () => endAll(new StorageError({ message: "the records were closed", applied: "unknown" })));

  return {
    location,
    // A write does not keep the process alive; whoever has to wait for it holds the engine awake.
    write: (batch) => send<"write">({ do: "write", batch }),
    usage: (plan, run) => awake(send<"usage">({ do: "usage", plan }, run)),
    calls: (plan) => awake(send<"calls">({ do: "calls", plan })),
    async read(plan) {
      const { bytes, next } = await awake(send<"read">({ do: "read", plan }));
      return { records: unpackPage(bytes), next };
    },
    call: (callId, startedAt) => awake(send<"call">({ do: "call", callId, startedAt })),
    erase: (request) => awake(send<"erase">({ do: "erase", request })),
    prune: () => awake(send<"prune">({ do: "prune" })),
    takeTurn: (forMs) => send<"takeTurn">({ do: "takeTurn", forMs }),
    async close() {
      const exited = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
      await awake(send<"close">({ do: "close" }));
      await awake(exited);
    },
  };
}

/**
 * Resolves with the location when the worker has opened the file. A worker that could not is not terminated: it ends by itself, and a thread that is
 * stopped from outside may be inside of SQLite.
 */
function whenOpened(worker: Worker): Promise<string> {
  return new Promise((resolve, reject) => {
    let failure: unknown = new Error("the worker of the records did not start");
    const fail = (): void => reject(failure);
    worker.once("error", reject);
    worker.once("exit", fail);
    worker.once("message", (message: FromWorker) => {
      if ("failed" in message) failure = toError(message.failed);
      if (!("opened" in message)) return;
      worker.off("error", reject);
      worker.off("exit", fail);
      resolve(message.location);
    });
  });
}

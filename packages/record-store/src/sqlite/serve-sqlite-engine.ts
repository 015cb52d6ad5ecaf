import type { MessagePort } from "node:worker_threads";
import { systemClock } from "@babylon/llm-core";
import { messageOf, StorageError } from "@babylon/storage";
import { openSqliteEngine, type SqliteEngine } from "./open-sqlite-engine.ts";
import type { FromWorker, PackedPage, SentError, ToWorker, WorkerRequest, WorkerSetup } from "./worker-messages.ts";

function toSentError(thrown: unknown): SentError {
  if (thrown instanceof StorageError) {
    const { message, code, retryable } = thrown;
    return { message, code, retryable };
  }
  const isAbort = thrown instanceof DOMException && thrown.name === "AbortError";
  return { message: messageOf(thrown), code: isAbort ? "aborted" : "other", retryable: false };
}

/** What a page is handed over with. */
function buffersOf(result: unknown): readonly ArrayBuffer[] {
  const { bytes } = result as PackedPage;
  return [bytes.buffer];
}

/** Opens the engine in this thread and answers requests until it is closed. Requests of one kind are answered in their order. */
export async function serveSqliteEngine(port: MessagePort, setup: WorkerSetup): Promise<void> {
  const send = (message: FromWorker, moved: readonly ArrayBuffer[] = []): void => port.postMessage(message, moved);
  const running = new Map<number, AbortController>();
  let engine: SqliteEngine;
  try {
    engine = await openSqliteEngine({ ...setup, clock: systemClock, random: Math.random });
  } catch (thrown) {
    send({ failed: toSentError(thrown) });
    return;
  }

  function answer(id: number, request: WorkerRequest, signal: AbortSignal): Promise<unknown> {
    switch (request.do) {
      case "write":
        return engine.write(request.batch);
      case "usage":
        return engine.usage(request.plan, { signal, onProgress: (progress) => send({ id, progress }) });
      case "calls":
        return engine.calls(request.plan);
      case "read":
        return engine.read(request.plan);
      case "call":
        return engine.call(request.callId, request.startedAt);
      case "erase":
        return engine.erase(request.request);
      case "prune":
        return engine.prune();
      case "takeTurn":
        return engine.takeTurn(request.forMs);
      case "close":
        return engine.close();
    }
  }

  port.on("message", (message: ToWorker) => {
    const { id } = message;
    if ("cancel" in message) {
      running.get(id)?.abort();
      return;
    }
    const controller = new AbortController();
    running.set(id, controller);
    answer(id, message.request, controller.signal).then(
      (result) => {
        running.delete(id);
        send({ id, result }, message.request.do === "read" ? buffersOf(result) : []);
        if (message.request.do === "close") port.close();
      },
      (thrown: unknown) => {
        running.delete(id);
        send({ id, error: toSentError(thrown) });
      },
    );
  });
  send({ opened: true, location: engine.location });
}

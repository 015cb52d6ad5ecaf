import { redact } from "@babylon/llm-core";
import { messageOf, StorageError } from "../storage-error.ts";

/** Replies that say no to who asks, whatever the time: wrong credentials and missing rights. */
const REFUSALS = /^(WRONGPASS|NOAUTH|NOPERM|ERR (AUTH|invalid password))/;

/** Whether the server itself answered (`OOM ...`, `READONLY ...`), so that nothing is left open about the command. */
export function isReply(thrown: unknown): boolean {
  return thrown instanceof Error && /^[A-Z]{2,} /.test(thrown.message);
}

/** Whether the server is a node of a cluster and another node has the key. */
export function isMoved(thrown: unknown): boolean {
  return messageOf(thrown).startsWith("MOVED ");
}

/** @param applied - what is known about the command unless the server answered */
export function redisError(thrown: unknown, applied: "no" | "unknown", secrets: readonly string[]): StorageError {
  if (thrown instanceof StorageError) return thrown;
  const text = messageOf(thrown);
  return new StorageError({
    message: `Redis: ${redact(text, secrets)}`,
    applied: isReply(thrown) ? "no" : applied,
    retryable: !REFUSALS.test(text),
    cause: thrown,
  });
}

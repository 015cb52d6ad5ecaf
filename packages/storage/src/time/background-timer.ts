import type { Clock } from "@babylon/llm-core";

/** Starts a timer that does not keep the process alive, on platforms that support `unref`. Returns a function that cancels it. */
export function startBackgroundTimer(clock: Clock, delayMs: number, callback: () => void): () => void {
  const handle = clock.setTimeout(callback, Math.min(delayMs, MAX_DELAY_MS));
  unref(handle);
  return () => clock.clearTimeout(handle);
}

/** The longest delay that Node's timers accept; a longer one would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

function unref(handle: unknown): void {
  if (typeof handle !== "object" || handle === null || !("unref" in handle)) return;
  if (typeof handle.unref === "function") handle.unref();
}

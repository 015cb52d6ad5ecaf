import type { Clock } from "@babylon/llm-core";
import type { SqliteStorage } from "@babylon/storage";
import { startBackgroundTimer } from "@babylon/storage/time";
import type { FactFeed, FactFeedListener } from "../contract/state-engine.ts";
import { factsInSqlite } from "./sqlite-facts.ts";

/** The interval of polls, milliseconds. Events of the file would come with every reservation. */
const POLL_MS = 250;

/** Reads facts by other processes as they are stored. */
export async function watchFacts(
  storage: SqliteStorage,
  { clock, prefix }: { readonly clock: Clock; readonly prefix: string },
  { onFact, onLost }: FactFeedListener,
  signal: AbortSignal,
): Promise<FactFeed> {
  let { last } = await storage.use((database) => factsInSqlite(database, prefix, 0), signal);
  const controller = new AbortController();
  let cancel = (): void => {};

  async function poll(): Promise<void> {
    try {
      const found = await storage.use((database) => factsInSqlite(database, prefix, last), controller.signal);
      if (controller.signal.aborted) return;
      last = found.last;
      for (const fact of found.facts) onFact(fact);
      pollLater();
    } catch {
      if (!controller.signal.aborted) onLost();
    }
  }

  function pollLater(): void {
    cancel = startBackgroundTimer(clock, POLL_MS, () => void poll());
  }

  pollLater();
  return {
    close() {
      controller.abort();
      cancel();
    },
  };
}

import { createSettingsStore } from "../src/index.ts";
import { startWorker } from "../src/test-support/start-worker.ts";
import type { ReadingReport } from "../src/test-support/worker-job.ts";
import type { Place } from "./place.ts";
import { ms, type Row } from "./row.ts";

const FROZEN_MS = 3_000;

const pause = (delayMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs));

/** A process that reads 1,000 times a second while its backend does nothing: stopped, or locked by another process for SQLite. */
export async function measureFrozen(place: Place): Promise<readonly Row[]> {
  const url = place.newUrl();
  const store = await createSettingsStore({ url });
  await store.update({ order: ["groq"] });
  const reader = startWorker({ kind: "read", url, ttlMs: 50 });
  await reader.next();
  await pause(500);
  const thaw = await freeze(place, url);
  await pause(FROZEN_MS);
  await thaw();
  await pause(500);
  reader.tell();
  await reader.ended();
  await store.close();
  const report = reader.said.at(-1) as ReadingReport;
  const { reads, failed, slowestMs, blockedMs, staleReads } = report;
  const row: Row = {
    what: `${place.server === null ? "locked by another process" : "frozen"} for 3 s, value expired, ${place.name}`,
    measured: `slowest read ${ms(slowestMs)}, blocked ${ms(blockedMs)}, ${failed} of ${reads} failed, ${staleReads} stale`,
    limit: "<= 50 ms, <= 50 ms",
    passes: failed === 0 && slowestMs <= 50 && blockedMs <= 50,
  };
  return [row];
}

async function freeze({ server }: Place, url: string): Promise<() => Promise<void>> {
  if (server !== null) {
    server.freeze();
    return async () => server.resume();
  }
  const holder = startWorker({ kind: "lock", file: url.slice("sqlite://".length), against: "writers" });
  await holder.next();
  return async () => {
    holder.tell();
    await holder.ended();
  };
}

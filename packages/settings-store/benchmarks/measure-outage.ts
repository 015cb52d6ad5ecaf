import { once } from "node:events";
import { createServer } from "node:net";
import { createSettingsStore } from "../src/index.ts";
import { startStoreWorker } from "../src/test-support/start-store-worker.ts";
import type { ReadingReport } from "../src/test-support/worker-job.ts";
import type { BenchmarkPlace } from "./place.ts";
import type { MeasuredRow } from "./row.ts";

const DOWN_MS = 60_000;

/**
 * The server is killed and replaced by a listener that closes connections at once, so that every attempt on the backend is counted
 * there: loads and reconnecting listeners.
 */
export async function measureOutage(place: BenchmarkPlace): Promise<MeasuredRow | null> {
  if (place.server === null) return null;
  const url = place.newUrl();
  const store = await createSettingsStore({ url });
  await store.update({ order: ["groq"] });
  await store.close();
  const reader = startStoreWorker({ kind: "read", url, ttlMs: 1_000 });
  await reader.next();
  await place.server.kill();
  let attempts = 0;
  const counter = createServer((socket) => {
    attempts += 1;
    socket.on("error", () => {});
    socket.resetAndDestroy();
  });
  counter.listen(Number(new URL(url).port), "127.0.0.1");
  await once(counter, "listening");
  await new Promise((resolve) => setTimeout(resolve, DOWN_MS));
  const counted = attempts;
  reader.resume();
  await reader.exitCode();
  counter.close();
  await place.server.start();
  const { reads, failed } = reader.output.at(-1) as ReadingReport;
  return {
    what: `down for 60 s at 1,000 reads/s, ${place.name}`,
    measured: `${counted} attempts, ${failed} of ${reads} reads failed`,
    limit: "<= 12 attempts, 0 failed",
    passes: counted <= 12 && failed === 0 && reads > DOWN_MS / 2,
  };
}

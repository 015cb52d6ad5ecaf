import { createSettingsStore, type StoreSnapshot } from "../src/index.ts";
import { startStoreWorker } from "../src/test-support/start-store-worker.ts";
import type { CountingReport } from "../src/test-support/worker-job.ts";
import type { BenchmarkPlace } from "./place.ts";
import type { MeasuredRow } from "./row.ts";

const PROCESSES = 4;
const TIMES = 200;

/** Four processes increment a counter concurrently; no update may be lost. */
export async function measureCounting(place: BenchmarkPlace): Promise<MeasuredRow> {
  const url = place.newUrl();
  const store = await createSettingsStore({ url });
  const start = await store.get();
  const before = start.version ?? 0;
  await store.close();
  const workers = Array.from({ length: PROCESSES }, () => startStoreWorker({ kind: "count", url, times: TIMES }));
  for (const worker of workers) await worker.next();
  const startedAt = performance.now();
  for (const worker of workers) worker.resume();
  const reports: CountingReport[] = [];
  for (const worker of workers) reports.push((await worker.next()) as CountingReport);
  const tookMs = performance.now() - startedAt;
  for (const worker of workers) await worker.exitCode();
  const after = await createSettingsStore({ url });
  const end = await after.get();
  await after.close();
  const counted = countOf(end) - countOf(start);
  const lost = PROCESSES * TIMES - counted;
  const failed = reports.reduce((sum, report) => sum + report.failed.length, 0);
  const versions = new Set(reports.flatMap((report) => report.versions));
  const gaps = Array.from({ length: PROCESSES * TIMES }, (_, index) => before + index + 1).filter(
    (at) => !versions.has(at),
  );
  return {
    what: `4 processes x 200 function updates, ${place.name}`,
    measured: `${lost} lost, ${failed} failed, ${gaps.length} gaps, ${(tookMs / 1000).toFixed(1)} s`,
    limit: "0 lost, no gap",
    passes: lost === 0 && failed === 0 && gaps.length === 0 && end.version === before + PROCESSES * TIMES,
  };
}

function countOf({ value }: StoreSnapshot): number {
  return Number(value.providers.counter?.model?.split(":")[1] ?? 0);
}

import { createSettingsStore } from "../src/index.ts";
import { startStoreWorker } from "../src/test-support/start-store-worker.ts";
import type { BenchmarkPlace } from "./place.ts";
import { type MeasuredRow, ms, percentile } from "./row.ts";

const CHANGES = 300;
const LIMITS_MS = { SQLite: 60, Redis: 10, Postgres: 25 } as const;

/** The time from a call of `update()` in one process until the change is readable in another. */
export async function measurePropagation(place: BenchmarkPlace): Promise<readonly MeasuredRow[]> {
  const url = place.newUrl();
  const store = await createSettingsStore({ url });
  const watcher = startStoreWorker({ kind: "watch", url });
  await watcher.next();
  const sinceCall: number[] = [];
  const sinceReturn: number[] = [];
  for (let change = 0; change < CHANGES; change++) {
    const calledAt = process.hrtime.bigint();
    const { snapshot } = await store.update({ providers: { counter: { model: `change:${change}` } } });
    const returnedAt = process.hrtime.bigint();
    const seen = (await watcher.next()) as { version: number; at: string };
    if (seen.version !== snapshot.version) throw new Error(`saw version ${seen.version}, not ${snapshot.version}`);
    sinceCall.push(Number(BigInt(seen.at) - calledAt) / 1e6);
    sinceReturn.push(Math.max(0, Number(BigInt(seen.at) - returnedAt) / 1e6));
  }
  watcher.resume();
  await watcher.exitCode();
  await store.close();
  const limit = LIMITS_MS[place.name];
  const p99 = percentile(sinceReturn, 0.99);
  const spread = (times: readonly number[]) =>
    `p50 ${ms(percentile(times, 0.5))}, p99 ${ms(percentile(times, 0.99))}, max ${ms(Math.max(...times))}`;
  return [
    {
      what: `change in A seen by B, ${place.name}`,
      measured: spread(sinceReturn),
      limit: `p99 <= ${limit} ms`,
      passes: p99 <= limit,
    },
    { what: "  the same, from the call of update()", measured: spread(sinceCall), limit: "", passes: null },
  ];
}

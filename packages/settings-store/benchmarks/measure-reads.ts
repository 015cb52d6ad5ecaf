import { createSettingsStore } from "../src/index.ts";
import type { BenchmarkPlace } from "./place.ts";
import type { MeasuredRow } from "./row.ts";

const READS = 2_000_000;
const BATCHES = 20;

/** The median time of one read, nanoseconds, over batches. */
async function medianNs(batch: (reads: number) => Promise<void> | void): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < BATCHES; index++) {
    const startedAt = performance.now();
    await batch(READS / BATCHES);
    times.push(((performance.now() - startedAt) * 1e6) / (READS / BATCHES));
  }
  return times.sort((a, b) => a - b)[BATCHES / 2] ?? Number.NaN;
}

/** The cost of a read of a warm store, and the number of queries of a cold one. */
export async function measureReads(places: readonly BenchmarkPlace[]): Promise<readonly MeasuredRow[]> {
  const store = await createSettingsStore({ url: places[0]?.newUrl() });
  await store.update({ order: ["groq"] });
  let seen = 0;
  const peekNs = await medianNs((reads) => {
    for (let read = 0; read < reads; read++) seen += store.peek()?.version ?? 0;
  });
  const getNs = await medianNs(async (reads) => {
    for (let read = 0; read < reads; read++) seen += (await store.get()).version ?? 0;
  });
  await store.close();
  if (seen !== 2 * READS) throw new Error("a read gave another version");
  const rows: MeasuredRow[] = [
    { what: "peek() on a warm store", measured: `${peekNs.toFixed(1)} ns`, limit: "<= 100 ns", passes: peekNs <= 100 },
    {
      what: "await get() on a warm store",
      measured: `${getNs.toFixed(1)} ns`,
      limit: "<= 300 ns",
      passes: getNs <= 300,
    },
  ];
  for (const place of places) {
    const cold = await createSettingsStore({ url: place.newUrl(), startup: "lazy" });
    await Promise.all(Array.from({ length: 1_000 }, () => cold.get()));
    const { backendReads } = cold.status();
    await cold.close();
    const what = `1,000 concurrent cold reads, ${place.name}`;
    rows.push({ what, measured: `${backendReads} backend reads`, limit: "1", passes: backendReads === 1 });
  }
  return rows;
}

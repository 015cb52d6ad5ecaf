import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { createSeededRandom } from "@babylon/llm-testing";
import { openRecordStore } from "../src/index.ts";
import { randomCallId, randomRecord } from "../src/test-support/random-record.ts";

/** CPU of the sink, worker included, at 1,000 calls a second with records of now. Prints microseconds a call. `RECORDS_URL` is that of another store. */
const seconds = Number(process.argv[2] ?? 10);
const perSecond = Number(process.argv[3] ?? 1_000);
const folder = mkdtempSync(join(tmpdir(), "records-sink-"));
const random = createSeededRandom(1);
const pool = Array.from({ length: 2_000 }, () => randomRecord(random, "", 0, { agents: 200, tenants: 20 }));
const calls = seconds * perSecond;

async function run(recorder: ((record: (typeof pool)[number]) => unknown) | null): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const start = performance.now();
  const before = process.cpuUsage();
  delay.enable();
  let longest = 0;
  for (let sent = 0; sent < calls; ) {
    const due = Math.min(calls, Math.floor(((performance.now() - start) / 1_000) * perSecond));
    const turn = performance.now();
    for (; sent < due; sent += 1) {
      const record = pool[sent % pool.length];
      if (record !== undefined) recorder?.({ ...record, callId: randomCallId(random), startedAt: Date.now() });
    }
    longest = Math.max(longest, performance.now() - turn);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  delay.disable();
  const used = process.cpuUsage(before);
  console.log(`longest turn ${longest.toFixed(2)} ms, event loop delay max ${(delay.max / 1e6).toFixed(2)} ms`);
  return (used.user + used.system) / calls;
}

let sink = 0;
await run(null);
const idle = await run((record) => {
  sink += record.startedAt;
});
const url = process.env.RECORDS_URL ?? `sqlite://${folder}/records.db`;
const store = await openRecordStore({ url });
const recorder = store.recorder as (record: (typeof pool)[number]) => unknown;
// The worker compiles its code in the first seconds.
await run(recorder);
const busy = await run(recorder);
await store.close();
console.log(
  `sink ${(busy - idle).toFixed(1)} us a call (with ${busy.toFixed(1)}, without ${idle.toFixed(1)}), ` +
    `${url.startsWith("sqlite:") ? `${(statSync(join(folder, "records.db")).size / (2 * calls)).toFixed(0)} bytes a call, ` : ""}dropped ${store.dropped}${sink < 0 ? "" : ""}`,
);
rmSync(folder, { recursive: true });

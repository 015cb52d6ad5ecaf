import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createSeededRandom } from "@babylon/llm-testing";
import { openRecordStore } from "../src/index.ts";
import { randomCallId, randomRecord } from "../src/test-support/random-record.ts";

/** `node benchmarks/scale.ts CALLS`; `RECORDS_FOLDER` keeps the database, `RECORDS_URL` is that of another store. */
const calls = Number(process.argv[2] ?? 50_000);
const kept = process.env.RECORDS_FOLDER;
const folder = kept ?? mkdtempSync(join(tmpdir(), "records-scale-"));
const url = process.env.RECORDS_URL ?? `sqlite://${folder}/records.db`;
const store = await openRecordStore({ url, keepDays: 365 });
const random = createSeededRandom(1);
const to = Math.floor(Date.now() / 900_000) * 900_000;
const from = to - 30 * 86_400_000;
const mix = { agents: 200, tenants: 20 };
// Made before, so that only the sink is measured; one in ten is made anew.
const pool = Array.from({ length: 5_000 }, () => randomRecord(random, "", 0, mix));
const cpu = process.cpuUsage();
const start = performance.now();
let longest = 0;
for (let at = 0; at < calls; ) {
  const turn = performance.now();
  for (let n = 0; n < 50 && at < calls; n += 1, at += 1) {
    const record = pool[at % pool.length];
    if (record === undefined) break;
    store.recorder({
      ...record,
      callId: randomCallId(random),
      startedAt: Math.floor(from + ((to - from) * at) / calls),
    });
  }
  longest = Math.max(longest, performance.now() - turn);
  if (at % 5_000 === 0) await store.flush();
  else await new Promise((resolve) => setImmediate(resolve));
}
await store.flush();
const used = process.cpuUsage(cpu);
const wall = performance.now() - start;
console.log(
  `${calls} calls: ${(wall / 1000).toFixed(1)} s, ${((used.user + used.system) / calls).toFixed(1)} us CPU a call, ` +
    `${bytesPerCall()}dropped ${store.dropped}, longest turn of 50: ${longest.toFixed(2)} ms`,
);

function bytesPerCall(): string {
  if (!url.startsWith("sqlite:")) return "";
  return `${(statSync(join(folder, "records.db")).size / calls).toFixed(0)} bytes a call, `;
}

async function time(what: string, work: () => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  for (let n = 0; n < 3; n += 1) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  console.log(`${what}: ${times.map((ms) => ms.toFixed(0)).join(", ")} ms`);
}

const query = { from, to, timeZone: "Asia/Kathmandu", bucket: "day" } as const;
await time("total", () => store.usage(query));
for (const by of ["provider", "model", "agent", "tenant", "purpose", "outcome"] as const) {
  await time(`by ${by}`, () => store.usage({ ...query, by: [by] }));
}
await time("by agent, top 8", () => store.usage({ ...query, by: ["agent"], top: 8 }));
await time("by agent, UTC", () => store.usage({ ...query, by: ["agent"], timeZone: "UTC" }));
await time("by agent, hours", () =>
  store.usage({ ...query, by: ["agent"], bucket: "hour", top: 8, from: to - 12 * 86_400_000 }),
);
await time("where tenant", () => store.usage({ ...query, where: { tenant: "tenant-3" } }));
await time("by model where tenant", () => store.usage({ ...query, by: ["model"], where: { tenant: "tenant-3" } }));
await time("by provider where purpose, outcome", () =>
  store.usage({ ...query, by: ["provider"], where: { purpose: "chat", outcome: "success" } }),
);
await time("by agent and purpose", () => store.usage({ ...query, by: ["agent", "purpose"], top: 8 }));
await time("by agent and tenant", () => store.usage({ ...query, by: ["agent", "tenant"], top: 8 }));
await time("by tenant where provider", () => store.usage({ ...query, by: ["tenant"], where: { provider: "groq" } }));
let before: string | undefined;
for (let page = 1; page < 100; page += 1) before = (await store.calls({ limit: 50, before })).next ?? undefined;
await time("page 100", () => store.calls({ limit: 50, before }));
await time("page of failed calls of a tenant", () =>
  store.calls({ limit: 50, where: { outcome: ["failed"], tenant: "tenant-3" } }),
);
await store.close();
if (kept === undefined) rmSync(folder, { recursive: true });

import { createSeededRandom } from "@babylon/llm-testing";
import { openRecordStore } from "../open-record-store.ts";
import { randomRecord } from "./random-record.ts";

/** A process that records the same calls over and over until it is killed: `node write-until-killed.ts URL FIRST`. */
const [url = "", first = "0"] = process.argv.slice(2);
const store = await openRecordStore({ url, keepDays: 3_650 });
const start = Date.parse("2026-11-20T00:00:00Z");
for (let at = Number(first); ; at += 1) {
  const random = createSeededRandom(at);
  const startedAt = start + Math.floor(random() * 86_400_000);
  await store.recorder(randomRecord(random, `call-${at}`, startedAt, { agents: 20, tenants: 5 }));
  if (at % 100 !== 0) continue;
  if (at % 1_000 === 0) process.stdout.write(`${at}\n`);
  if (at % 3_000 === 2_900) await store.flush();
  await new Promise((resolve) => setImmediate(resolve));
}

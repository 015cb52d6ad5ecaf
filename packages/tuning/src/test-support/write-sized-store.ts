/** Stores records of so many megabytes: `node write-sized-store.ts URL MEGABYTES`. */
import { openRecordStore } from "@babylon/record-store";
import { sizedRecords } from "./sized-records.ts";

const [url = "", megabytes] = process.argv.slice(2);
/** Fewer than the store keeps in memory. */
const AT_ONCE = 4_000;
const start = Date.parse("2026-11-20T00:00:00Z");

const store = await openRecordStore({ url, keepDays: 3_650, keepContentDays: 3_650 });
let count = 0;
for (const record of sizedRecords(Number(megabytes))) {
  count += 1;
  store.recorder({ ...record, startedAt: start + count * 100 });
  if (count % AT_ONCE === 0) await store.flush();
}
await store.close();
if (store.dropped > 0) throw new Error(`${store.dropped} records were dropped`);

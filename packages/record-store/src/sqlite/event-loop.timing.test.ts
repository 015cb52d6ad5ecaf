import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSeededRandom } from "@babylon/llm-testing";
import { slowness } from "@babylon/llm-testing/vitest";
import { expect, it, onTestFinished } from "vitest";
import { openRecordStore } from "../open-record-store.ts";
import { randomCallId, randomRecord } from "../test-support/random-record.ts";

/** Several full batches, at some thousand calls a second. */
const CALLS = 3_000;
const CALLS_A_TURN = 5;

/** CPU time of this thread, milliseconds: neither the worker's, nor that of other processes which interrupt a turn. */
function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

it("records block the event loop for at most 3 ms, batches and their hand-over to the worker included", async () => {
  const folder = mkdtempSync(join(tmpdir(), "babylon-turns-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const store = await openRecordStore({ url: `sqlite://${folder}/records.db`, keepDays: 3_650 });
  onTestFinished(() => store.close());
  const random = createSeededRandom(1);
  const pool = Array.from({ length: 2_000 }, () => randomRecord(random, "", 0, { agents: 200, tenants: 20 }));
  const at = Date.parse("2026-11-20T00:00:00Z");

  async function longestTurn(): Promise<number> {
    let longest = 0;
    for (let sent = 0; sent < CALLS; ) {
      const before = threadCpuMs();
      for (const end = sent + CALLS_A_TURN; sent < end; sent += 1) {
        const record = pool[sent % pool.length];
        if (record !== undefined) store.recorder({ ...record, callId: randomCallId(random), startedAt: at + sent });
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
      longest = Math.max(longest, threadCpuMs() - before);
    }
    await store.flush();
    return longest;
  }

  // The first run compiles the code; a collection of garbage may fall into the longest turn of another.
  const turns = [await longestTurn(), await longestTurn(), await longestTurn(), await longestTurn()].slice(1);
  console.log(`longest turns of ${CALLS} records: ${turns.map((ms) => ms.toFixed(2)).join(", ")} ms`);
  expect(Math.min(...turns)).toBeLessThanOrEqual(3 * slowness());
  expect(store.dropped).toBe(0);
}, 60_000);

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, it } from "vitest";
import { expectWhole } from "./test-support/soak/expect-whole.ts";
import { runTelemetrySoak } from "./test-support/soak/run-soak.ts";
import { useAsyncContext } from "./test-support/trace-bench.ts";

const { complaints } = useAsyncContext();

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "soak-"));
});
afterAll(() => rm(folder, { recursive: true }));

it("20,000 calls: spans, records, counters, stored sums and the simulator agree", async () => {
  const records = `sqlite://${join(folder, "records.db")}`;
  expectWhole(await runTelemetrySoak({ calls: 20_000, concurrency: 200, seed: 1, records, complaints }));
}, 300_000);

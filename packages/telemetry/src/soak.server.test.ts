import { it } from "vitest";
import { expectWhole } from "./test-support/expect-whole.ts";
import { runTelemetrySoak } from "./test-support/run-soak.ts";
import { useAsyncContext } from "./test-support/trace-bench.ts";

const { complaints } = useAsyncContext();

it("20,000 calls: spans, records, counters and the simulator have the same sums", async () => {
  expectWhole(await runTelemetrySoak({ calls: 20_000, concurrency: 200, seed: 1, complaints }));
}, 300_000);

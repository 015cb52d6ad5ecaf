import { it } from "vitest";
import { expectWhole } from "./test-support/soak/expect-whole.ts";
import { runTelemetrySoak } from "./test-support/soak/run-soak.ts";
import { useAsyncContext } from "./test-support/trace-bench.ts";

const { complaints } = useAsyncContext();

it("2,000 calls: spans, records, counters, stored sums and the simulator agree", async () => {
  expectWhole(
    await runTelemetrySoak({ calls: 2_000, concurrency: 100, seed: 7, records: "sqlite://:memory:", complaints }),
  );
}, 120_000);

import { test } from "vitest";
import { expectNoLoss } from "./test-support/expect-no-loss.ts";
import { playOutage } from "./test-support/play-outage.ts";

test("while the first provider refuses for a second no call is lost, and served by a fallback is what the log says", async () => {
  expectNoLoss(await playOutage({ beforeMs: 600, outageMs: 1_000, recoveryMs: 15_000, everyMs: 10 }));
}, 40_000);

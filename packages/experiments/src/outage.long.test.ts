import { expect, test } from "vitest";
import { expectNoLoss } from "./test-support/expect-no-loss.ts";
import { playOutage } from "./test-support/play-outage.ts";

test("while the first provider refuses for 30 seconds no call is lost, and served by a fallback is what the log says", async () => {
  const played = await playOutage({ beforeMs: 5_000, outageMs: 30_000, recoveryMs: 60_000, everyMs: 10 });
  const { calls, duringOutage, refusedMs, log } = played;
  const fallbacks = log.filter((line) => line.endsWith(" fallback")).length;
  console.info(
    `refused for ${(refusedMs / 1_000).toFixed(1)} s: ${calls} calls, ${duringOutage} of them meanwhile, ${fallbacks} fallbacks`,
  );
  expect(refusedMs).toBeGreaterThanOrEqual(30_000);
  expectNoLoss(played);
}, 150_000);

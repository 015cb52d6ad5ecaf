import { expect, it } from "vitest";
import { runSoak } from "./soak.ts";

it("a short soak: nothing lost, hung, corrupted or unaccounted for", async () => {
  const report = await runSoak({ calls: 1_200, concurrency: 100, seed: 7 });
  console.log(
    `soak: ${report.calls} calls, ${report.attempts} attempts, ${report.requests} requests, ${report.cancelled} cancelled, ${report.unservable} failed on every link, ${report.interrupted} interrupted`,
  );
  expect(report).toMatchObject({
    lost: 0,
    interrupted: 0,
    hung: 0,
    corrupted: 0,
    unaccounted: 0,
    open: 0,
    unobserved: 0,
  });
  expect(report.attempts).toBeGreaterThan(report.calls);
  // With every provider down, waiting calls share their probes.
  expect(report.storm.requests / report.storm.calls).toBeLessThanOrEqual(1.2);
  expect(report.hurried).toBeGreaterThan(0);
  expect(report.unservable).toBeLessThan(report.calls / 100);
}, 120_000);

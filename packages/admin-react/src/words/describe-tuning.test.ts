import type { JobSummary } from "@babylon/admin-api/contract";
import { describe, expect, test } from "vitest";
import { buildLossChart } from "../tuning/loss-chart.tsx";
import { settingsWith } from "../tuning/promote-dialog.tsx";
import {
  describeDifferenceOf,
  describeProgress,
  describeSilence,
  formatScore,
  formatSpan,
  lastPart,
} from "./describe-tuning.ts";

const NOW = 1_000_000;
const job: JobSummary = {
  id: "j1",
  name: "npc",
  state: "running",
  trainer: "wandb",
  baseModel: "base",
  dataset: "d",
  examples: 10,
  createdAt: NOW - 1_000,
  jobId: "v1",
  step: 1_200,
  steps: 4_000,
  reason: null,
  checkpoints: [],
  latest: null,
};
const stepAt = (at: number, loss: number | null, timeLeftMs: number | null) => ({
  number: 9,
  event: { type: "step", at, step: 1_200, of: 4_000, loss, timeLeftMs } as const,
});

test.each<[string, Partial<JobSummary>]>([
  ["step 1,200 of 4,000, loss 0.5012, about 3 min left", { latest: stepAt(NOW - 20_000, 0.50123, 200_000) }],
  ["step 1,200 of 4,000, about 0 s left", { latest: stepAt(NOW - 20_000, null, 10_000) }],
  [
    "step 1,200, time left unknown",
    { steps: null, latest: { number: 1, event: { type: "started", at: NOW, steps: null } } },
  ],
  ["1,200 steps", { state: "ended", step: 1_200, steps: 1_200 }],
  ["", { state: "start_unknown", step: 0, steps: null }],
])("progress: %s", (text, change) => {
  expect(describeProgress({ ...job, ...change }, NOW)).toBe(text);
});

test("an unfinished job with which nobody goes on says how to", () => {
  expect(describeSilence({ ...job, state: "upload" }, NOW + 600_000)).toContain("has not been started");
  expect(describeSilence(job, NOW)).toBeNull();
  expect(describeSilence({ ...job, state: "ended" }, NOW + 600_000)).toBeNull();
  expect(describeSilence(job, NOW + 600_000)).toContain("babylon-llm tune watch j1");
});

test.each([
  [40_000, "40 s"],
  [89_000, "89 s"],
  [100_000, "2 min"],
  [7_500_000, "2 h 5 min"],
])("%i ms is %s", (ms, text) => {
  expect(formatSpan(ms)).toBe(text);
});

describe("figures", () => {
  const figure = { pairs: 30, candidate: 0.9, baseline: 0.5, difference: 0.4, interval: [-0.011, 0.5] } as const;

  test("have their unit, their sign and their interval", () => {
    expect(formatScore("score", 0.705)).toBe("70.5%");
    expect(formatScore("usd", 0.0012)).toBe("$0.0012");
    expect(formatScore("ms", null)).toBe("–");
    expect(describeDifferenceOf("score", figure)).toBe("+40 points (−1.1 to +50)");
    expect(describeDifferenceOf("score", { ...figure, interval: null })).toBe("+40 points (too few pairs)");
    expect(describeDifferenceOf("ms", { ...figure, difference: -490, interval: [-500, -480] })).toBe(
      "−490 ms (−500 ms to −480 ms)",
    );
    expect(describeDifferenceOf("usd", { ...figure, difference: null })).toBe("–");
  });
});

describe("the chart of a loss", () => {
  const events = (count: number, lossOf: (step: number) => number | null) =>
    Array.from({ length: count }, (_, at) => ({
      number: at + 1,
      event: { type: "step", at, step: at + 1, of: count, loss: lossOf(at + 1), timeLeftMs: null } as const,
    }));

  test("has a point for each step, and a gap where no loss was reported", () => {
    const data = buildLossChart(events(3, (step) => (step === 2 ? null : step)));
    expect(data).toMatchObject({
      steps: [1, 2, 3],
      each: 1,
      chart: { note: null, series: [{ values: [1, null, 3] }] },
    });
  });

  test("has at most 300 points, which are means", () => {
    const data = buildLossChart(events(900, (step) => step));
    expect(data?.steps).toHaveLength(300);
    expect(data).toMatchObject({ each: 3, chart: { series: [{ values: expect.arrayContaining([2, 5, 8]) }] } });
  });

  test("is absent without any loss", () => {
    expect(buildLossChart([])).toBeNull();
    expect(buildLossChart(events(3, () => null))).toBeNull();
  });
});

test("a promotion sets the model of the provider, or that of agents", () => {
  const settings = { order: null, providers: { wandb: { enabled: true } }, agents: {} };
  expect(settingsWith(settings, "wandb", "m", [])).toEqual({
    ...settings,
    providers: { wandb: { enabled: true, model: "m" } },
  });
  expect(settingsWith(settings, "wandb", "m", ["a"])).toEqual({
    ...settings,
    agents: { a: { provider: "wandb", model: "m" } },
  });
});

test.each([
  ["/srv/data/npc/", "npc"],
  ["C:\\data\\npc", "npc"],
  ["wandb-artifact:///t/p/npc-1:step4", "npc-1:step4"],
  ["", ""],
])("the last part of %j is %j", (path, part) => {
  expect(lastPart(path)).toBe(part);
});

import { createFakeClock, createSeededRandom } from "@babylon/llm-testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { createExperiments } from "../create-experiments.ts";
import { openExperimentRows } from "../rows/open-experiment-rows.ts";
import { exposureRow } from "../test-support/rows-to-test.ts";
import { twoArms } from "../test-support/simulate-experiment.ts";

const P95 = { metric: "latencyMs", quantile: 0.95, times: 1.5, worseBy: 0 } as const;

/** The report of an experiment with so many units in each arm, whose calls took what the functions say. */
async function reportOf(
  units: Readonly<Record<"control" | "tuned", number>>,
  latencyOf: Readonly<Record<"control" | "tuned", (random: () => number) => number>>,
  seed = 1,
  callsPerUnit = 1,
) {
  const clock = createFakeClock();
  const rows = await openExperimentRows({ url: "memory://", clock });
  onTestFinished(() => rows.close());
  const random = createSeededRandom(seed);
  const exposures = (["control", "tuned"] as const).flatMap((arm) =>
    Array.from({ length: units[arm] * callsPerUnit }, (_, index) =>
      exposureRow({
        arm,
        unit: `${arm} ${Math.floor(index / callsPerUnit)}`,
        callId: `${arm} ${index}`,
        values: { latencyMs: latencyOf[arm](random), failure: 0 },
      }),
    ),
  );
  await rows.add({ exposures, observations: [] });
  const experiment = twoArms({
    metric: "failure",
    direction: "down",
    guardrails: [P95],
    plannedUnits: 2_000,
    arms: [
      { id: "control", weight: 9_000 },
      { id: "tuned", weight: 1_000, provider: "wandb", model: "acme/tuned" },
    ],
  });
  const experiments = createExperiments({ rows, clock, guardEveryMs: null });
  onTestFinished(() => experiments.close());
  return experiments.report("npc-model", {
    settings: { order: null, providers: {}, agents: {}, experiments: { "npc-model": experiment } },
  });
}

/** Latencies with a long tail: their p95 is about ten times their median. */
const tailed =
  (times: number) =>
  (random: () => number): number =>
    100 * times * Math.exp(1.4 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));

describe("a guardrail of 1.5 times the control's p95", () => {
  test("is violated by an arm with a slow tenth, whose mean and median are better", async () => {
    const slowTenth = (random: () => number): number => (random() < 0.15 ? 5_000 : 20);
    const report = await reportOf({ control: 1_800, tuned: 200 }, { control: tailed(1), tuned: slowTenth });
    const [rail] = report.guardrails;
    expect(rail).toMatchObject({ metric: "latencyMs", arm: "tuned", state: "violated", worseBy: 0 });
    expect(rail?.quantile).toMatchObject({ of: 0.95, times: 1.5 });
    expect(rail?.quantile?.control).toBeGreaterThan(800);
    expect(rail?.worse).toBeGreaterThan(0.05);
    expect(report.harmful).toEqual(["tuned"]);
    expect(report.why).toMatch(
      /guardrail latencyMs \(share of calls above 1\.5 times the control's p95 of [\d,]+\): worse by 0\.\d+/,
    );
  });

  test("is kept by an arm that is a little slower everywhere, and by one that is faster", async () => {
    for (const times of [0.5, 1.1]) {
      const report = await reportOf({ control: 1_800, tuned: 400 }, { control: tailed(1), tuned: tailed(times) });
      expect(report.guardrails[0]?.state).not.toBe("violated");
      expect(report.harmful).toEqual([]);
    }
    const much = await reportOf({ control: 9_000, tuned: 5_000 }, { control: tailed(1), tuned: tailed(0.5) });
    expect(much.guardrails[0]?.state).toBe("kept");
  });

  test("counts units, and not their calls: one slow unit of many calls is no proof", async () => {
    let calls = 0;
    const oneSlow = (): number => (calls++ < 50 ? 9_000 : 100);
    const report = await reportOf({ control: 90, tuned: 30 }, { control: () => 100, tuned: oneSlow }, 1, 50);
    expect(report.guardrails[0]?.worse).toBeCloseTo(1 / 30);
    expect(report.guardrails[0]?.state).toBe("unclear");
  });

  test("is unclear without calls of the control", async () => {
    const report = await reportOf({ control: 0, tuned: 30 }, { control: () => 1, tuned: () => 9_000 });
    expect(report.guardrails[0]).toMatchObject({ state: "unclear", worse: null, quantile: { control: null } });
  });

  test("is violated by at most 5 % of arms that are just at it, looked at again and again", async () => {
    let violated = 0;
    const runs = 60;
    for (let run = 0; run < runs; run += 1) {
      for (const share of [0.1, 0.3, 1]) {
        const units = { control: Math.round(1_800 * share), tuned: Math.round(200 * share) };
        const report = await reportOf(units, { control: tailed(1), tuned: tailed(1.5) }, run + 1);
        if (report.guardrails[0]?.state !== "violated") continue;
        violated += 1;
        break;
      }
    }
    expect(violated).toBeLessThanOrEqual(runs * 0.05);
  });
});

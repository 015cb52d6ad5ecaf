import type { ExperimentSettings } from "@babylon/llm-core";
import { describe, expect, test } from "vitest";
import type { UnitSums } from "../rows/experiment-rows.ts";
import { firstDecision, reportOf, simulateUnits, twoArms, unitSums } from "../test-support/simulate-experiment.ts";

/** Units of one call, of which some have the value 1. */
const units = (arm: string, count: number, ones: number): readonly UnitSums[] =>
  Array.from({ length: count }, (_, index) => unitSums(arm, 1, index < ones ? 1 : 0));

/** Units with a second metric. */
const withGuardrail = (all: readonly UnitSums[], value: (index: number) => number): readonly UnitSums[] =>
  all.map((unit, index) => ({
    ...unit,
    metrics: [
      ...unit.metrics,
      { count: 1, sum: value(index), servedCount: 1, servedSum: value(index), pending: 0, ofUnit: null },
    ],
  }));

describe("the comparison of 500/1000 with 560/1000", () => {
  test("has the known difference, interval, p and probability", async () => {
    const report = await reportOf([...units("control", 1_000, 500), ...units("tuned", 1_000, 560)]);
    const [first] = report.comparison;
    const { difference, interval, p, probabilityBetter, relative, relativeInterval } = first ?? { difference: null };
    expect(difference).toBeCloseTo(0.06, 10);
    expect(interval?.[0]).toBeCloseTo(-0.009598, 6);
    expect(interval?.[1]).toBeCloseTo(0.129598, 6);
    expect(p).toBeCloseTo(0.129643, 6);
    expect(probabilityBetter).toBeCloseTo(0.99640031, 8);
    expect(relative).toBeCloseTo(0.12, 10);
    // Wider than the interval above divided by the control's mean: by sqrt(.00224 / .0019856), of the variances.
    const half = (0.129598 - 0.06) * Math.sqrt(0.00224 / 0.0004964);
    expect(relativeInterval?.[0]).toBeCloseTo(0.12 - half, 5);
    expect(relativeInterval?.[1]).toBeCloseTo(0.12 + half, 5);
    expect(report.verdict).toBe("undecided");
  });
});

describe("the verdict is", () => {
  const half = units("control", 5_000, 2_500);
  const cases: readonly [string, readonly UnitSums[], Partial<ExperimentSettings>, string, RegExp][] = [
    [
      "winner, if the interval is above 0",
      [...half, ...units("tuned", 5_000, 2_900)],
      {},
      "winner",
      /^"tuned" is better than "control": accepted 0\.58 instead of 0\.5, \+0\.08 \(from \+0\.04.* to \+0\.11.*\)\. Promote "tuned"/,
    ],
    [
      "harmful, if it is below 0",
      [...half, ...units("tuned", 5_000, 2_100)],
      {},
      "harmful",
      /^"tuned" is worse .* -0\.08 .*Pause the arm, or stop the experiment\.$/,
    ],
    [
      "winner of a metric that is to fall",
      [...half, ...units("tuned", 5_000, 2_100)],
      { direction: "down" },
      "winner",
      /better/,
    ],
    [
      "undecided, before the plan is fulfilled",
      [...units("control", 500, 250), ...units("tuned", 500, 255)],
      { plannedUnits: 4_000 },
      "undecided",
      /Wait for 3,000 more units of 4,000\.$/,
    ],
    ["undecided without a plan", [...half, ...units("tuned", 5_000, 2_510)], {}, "undecided", /set plannedUnits/],
    [
      "no difference, after it",
      [...half, ...units("tuned", 5_000, 2_510)],
      { plannedUnits: 10_000 },
      "no-difference",
      /^After 10,000 of 10,000 planned units the difference of "tuned" is between -0\.\d+ and \+0\.\d+\. Stop/,
    ],
    [
      "undecided below 25 units an arm, however different they are",
      [...units("control", 24, 0), ...units("tuned", 24, 24)],
      {},
      "undecided",
      /"tuned" and the control need at least 25 units each whose accepted is known/,
    ],
    [
      "invalid, if the numbers of units do not fit the weights",
      [...units("control", 5_300, 2_000), ...units("tuned", 4_700, 4_000)],
      {},
      "invalid",
      /do not fit the weights \("control" 5,300, "tuned" 4,700; p = .*e-9\)/,
    ],
    [
      "invalid, if units are in several arms",
      [...half, ...units("tuned", 4_900, 2_800), ...units("tuned", 200, 0).map((unit) => ({ ...unit, isMixed: true }))],
      {},
      "invalid",
      /^200 units have calls in several arms/,
    ],
    ["undecided without any units", [], {}, "undecided", /need at least 25 units/],
  ];
  test.each(cases)("%s", async (_, all, settings, verdict, why) => {
    const report = await reportOf(all, twoArms(settings));
    expect([report.verdict, report.winner]).toEqual([verdict, verdict === "winner" ? "tuned" : null]);
    expect(report.why).toMatch(why);
  });
});

describe("guardrails", () => {
  const better = [...units("control", 2_000, 1_000), ...units("tuned", 2_000, 1_300)];
  const guardrails = [{ metric: "costUsd", worseBy: 0.5 }];
  const costOf = (tuned: (index: number) => number) =>
    withGuardrail(better, (index) => (index < 2_000 ? 1 + (index % 3) * 0.1 : tuned(index)));

  test.each<[string, (index: number) => number, string, string, RegExp]>([
    ["kept", (index) => 1.2 + (index % 3) * 0.1, "winner", "kept", /Promote/],
    [
      "violated",
      (index) => 2 + (index % 3) * 0.1,
      "harmful",
      "violated",
      /violates the guardrail costUsd: worse by 1, and 0\.5/,
    ],
    [
      "unclear, and worse so far",
      (index) => 1.65 + (index % 7) * 0.6 - 1.8,
      "undecided",
      "unclear",
      /wait for more units/,
    ],
  ])("%s", async (_, tuned, verdict, state, why) => {
    const scale = state === "unclear" ? (index: number) => tuned(index) * (index % 2 === 0 ? 6 : -3.9) : tuned;
    const report = await reportOf(costOf(scale), twoArms({ guardrails }));
    expect(report.guardrails).toMatchObject([{ metric: "costUsd", arm: "tuned", state }]);
    expect(report.verdict).toBe(verdict);
    expect(report.why).toMatch(why);
  });
});

describe("as served", () => {
  /** Two equal models, of which one drops half of the hard calls, which are 30 % of all. */
  const dropping = (arm: string, drops: boolean): readonly UnitSums[] =>
    Array.from({ length: 2_000 }, (_, index) => {
      const isHard = index % 10 < 3;
      const isDropped = drops && isHard && index % 2 === 0;
      const value = isHard ? (index % 5 < 1 ? 1 : 0) : index % 20 < 16 ? 1 : 0;
      const served = isDropped ? 0 : 1;
      return unitSums(arm, 1, value, {
        servedCalls: served,
        fallbacks: 1 - served,
        metrics: [{ count: 1, sum: value, servedCount: served, servedSum: served * value, pending: 0, ofUnit: null }],
      });
    });
  const all = [...dropping("control", false), ...dropping("tuned", true)];

  test("flatters an arm that falls back, so it stands beside the comparison as assigned", async () => {
    const { comparison, served, verdict } = await reportOf(all, twoArms({ plannedUnits: 4_000 }));
    expect(comparison[0]?.difference).toBe(0);
    expect(served.comparison[0]?.difference).toBeGreaterThan(0.02);
    expect(served).toMatchObject({
      isComparable: false,
      why: expect.stringMatching(/"control" falls back on 0 % .* "tuned" on 20 %/),
    });
    expect(verdict).toBe("no-difference");
  });

  test("gives no verdict if the fallback rates differ", async () => {
    const { verdict, why, as } = await reportOf(all, twoArms(), "served");
    expect([as, verdict]).toEqual(["served", "invalid"]);
    expect(why).toContain("compare the arms as assigned");
  });
});

test("with three arms each is compared with the control at a third of the risk, and a winner may stand beside a harmful arm", async () => {
  const arms = [
    { id: "control", weight: 3_400 },
    { id: "good", weight: 3_300, provider: "a" },
    { id: "bad", weight: 3_300, provider: "b" },
  ];
  const all = [...units("control", 3_400, 1_700), ...units("good", 3_300, 2_000), ...units("bad", 3_300, 1_000)];
  const { verdict, winner, harmful, comparison } = await reportOf(all, twoArms({ arms }));
  expect({ verdict, winner, harmful }).toEqual({ verdict: "winner", winner: "good", harmful: ["bad"] });
  expect(comparison.map(({ arm }) => arm)).toEqual(["good", "bad"]);
});

test("a paused arm is not part of the sample ratio", async () => {
  const arms = [
    { id: "control", weight: 5_000 },
    { id: "tuned", weight: 2_500 },
    { id: "bad", weight: 2_500, paused: true },
  ];
  const all = [...units("control", 2_000, 1_000), ...units("tuned", 1_000, 500), ...units("bad", 100, 10)];
  const { srm, verdict, warnings } = await reportOf(all, twoArms({ arms }));
  expect(srm.ok).toBe(true);
  expect(verdict).toBe("harmful");
  expect(warnings).toEqual([expect.stringContaining('"bad" is paused')]);
});

test("the unit is the sample: many calls of few units do not make a difference certain", async () => {
  const correlated = { units: 200, callsPerUnit: 50, correlation: 0.3, rates: [0.5, 0.5], looks: 10 } as const;
  let decisions = 0;
  for (let seed = 0; seed < 100; seed += 1) if ((await firstDecision({ ...correlated, seed })) !== null) decisions += 1;
  expect(decisions).toBeLessThanOrEqual(8);
});

test("a true difference of 5 points is found, and equal arms are not told apart: some seeds of the long tests", async () => {
  const base = { callsPerUnit: 10, correlation: 0.1, looks: 20 } as const;
  for (let seed = 0; seed < 5; seed += 1) {
    expect(await firstDecision({ ...base, seed, units: 4_000, rates: [0.5, 0.55] })).toBe("winner");
  }
  let decisions = 0;
  for (let seed = 0; seed < 150; seed += 1) {
    if ((await firstDecision({ ...base, seed, units: 400, rates: [0.5, 0.5] })) !== null) decisions += 1;
  }
  expect(decisions).toBeLessThanOrEqual(9);
});

test("a report is a pure function: equal units make an equal report", async () => {
  const simulation = { seed: 3, units: 300, callsPerUnit: 4, correlation: 0.1, rates: [0.4, 0.6], looks: 1 } as const;
  expect(await reportOf(simulateUnits(simulation))).toEqual(await reportOf(simulateUnits(simulation)));
});

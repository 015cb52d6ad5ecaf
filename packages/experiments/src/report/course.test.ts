import type { SystemSettings } from "@babylon/llm-core";
import { createFakeClock, createSeededRandom } from "@babylon/llm-testing";
import { expect, onTestFinished, test } from "vitest";
import { createExperiments } from "../create-experiments.ts";
import { openExperimentRows } from "../rows/open-experiment-rows.ts";
import { exposureRow } from "../test-support/rows-to-test.ts";
import { twoArms } from "../test-support/simulate-experiment.ts";

const AT = 1_780_000_000_000;
const MINUTE_MS = 60_000;

/** Units with some calls each: late and early values, values of units, fallbacks, and a few units in two or three arms. */
async function start(metric: string) {
  const rows = await openExperimentRows({ url: "memory://" });
  onTestFinished(() => rows.close());
  const random = createSeededRandom(7);
  const arms = ["control", "tuned", "other"];
  const armOf = (unit: number, isMixed: boolean): string =>
    arms[(unit + (isMixed ? Math.floor(random() * 3) : 0)) % arms.length] ?? "control";
  const calls = Array.from({ length: 3_000 }, (_, call) => ({
    callId: `c${Math.floor(random() * 1e9)}-${call}`,
    unit: Math.floor(random() * 300),
    at: AT + Math.floor(random() * 20) * MINUTE_MS,
  }));
  await rows.add({
    exposures: calls.map(({ callId, unit, at }) =>
      exposureRow({
        callId,
        at,
        unit: `u${unit}`,
        arm: armOf(unit, unit % 25 === 0),
        served: random() < 0.2 ? "fallback" : "intended",
        values: { latencyMs: random() < 0.1 ? null : 100 + random() * 50 },
      }),
    ),
    observations: [
      ...calls.flatMap(({ callId, at }) =>
        random() < 0.7
          ? [
              {
                of: { callId },
                metric: "accepted",
                value: random() < 0.5 ? 1 : 0,
                at: at + Math.floor(random() * 5) * MINUTE_MS,
              },
            ]
          : [],
      ),
      ...Array.from({ length: 40 }, (_, unit) => ({
        of: { unit: `u${unit * 7}` },
        metric: "accepted",
        value: random(),
        at: AT + Math.floor(random() * 20) * MINUTE_MS,
      })),
    ],
  });
  const experiment = twoArms({
    arms: [
      { id: "control", weight: 4_000 },
      { id: "tuned", weight: 3_000, provider: "a" },
      { id: "other", weight: 3_000, provider: "b" },
    ],
    metric,
    plannedUnits: 300,
  });
  const settings: SystemSettings = { order: null, providers: {}, agents: {}, experiments: { "npc-model": experiment } };
  const experiments = createExperiments({ rows, clock: createFakeClock(AT + 60 * MINUTE_MS), guardEveryMs: null });
  onTestFinished(() => experiments.close());
  return { experiments, settings };
}

test.each([
  ["accepted", "assigned"],
  ["accepted", "served"],
  ["latencyMs", "assigned"],
  ["latencyMs", "served"],
] as const)("20 looks from one pass are those of 20 reports: %s, as %s", async (metric, as) => {
  const { experiments, settings } = await start(metric);
  const at = Array.from({ length: 21 }, (_, look) => AT + look * MINUTE_MS);
  const course = await experiments.course("npc-model", { at, as, settings });
  expect(course.map((look) => look.at)).toEqual(at);
  for (const look of course) {
    const { units, comparison } = await experiments.report("npc-model", { as, settings, until: look.at });
    expect(look.units).toBe(units);
    expect(rounded(look.comparison)).toEqual(rounded(comparison));
  }
  expect(course[0]?.units).toBe(0);
  expect(course.at(-1)?.comparison[0]?.units).toBeGreaterThan(100);
});

/** Sums in another order differ in their last digits. */
const rounded = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, member) => (typeof member === "number" ? Number(member.toPrecision(9)) : member)),
  );

test("looks that are not moments in their order are refused", async () => {
  const { experiments, settings } = await start("accepted");
  for (const at of [[2, 1], [1, 1], [Number.NaN]]) {
    await expect(experiments.course("npc-model", { at, settings })).rejects.toThrow(/at: expected moments/);
  }
  // What a caller without types may pass.
  const as = "seen" as never;
  await expect(experiments.course("npc-model", { at: [], as, settings })).rejects.toThrow(/as/);
});

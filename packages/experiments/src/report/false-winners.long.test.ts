import { createSeededRandom } from "@babylon/llm-testing";
import { expect, test } from "vitest";
import { sampleRatio } from "../statistics/sample-ratio.ts";
import { unitsNeeded } from "../statistics/units-needed.ts";
import { firstDecision, type Simulation } from "../test-support/simulate-experiment.ts";

/** The share of seeds with a decision. */
async function decided(seeds: number, simulation: Omit<Simulation, "seed">) {
  const counts = { winner: 0, harmful: 0, none: 0 };
  for (let seed = 0; seed < seeds; seed += 1) counts[(await firstDecision({ ...simulation, seed })) ?? "none"] += 1;
  return { winner: counts.winner / seeds, harmful: counts.harmful / seeds };
}

test("equal arms, 400 units of 10 calls, 20 looks: at most 4 % of 4,000 experiments end with a winner or a loser", async () => {
  const same = { units: 400, callsPerUnit: 10, correlation: 0.1, rates: [0.5, 0.5], looks: 20 } as const;
  const { winner, harmful } = await decided(4_000, same);
  console.info(`equal arms: winner ${winner}, harmful ${harmful}`);
  expect(winner + harmful).toBeLessThanOrEqual(0.04);
});

test("5 points better, 2,000 units an arm of 10 calls: found in at least 95 % of 200 experiments", async () => {
  const better = { units: 4_000, callsPerUnit: 10, correlation: 0.1, rates: [0.5, 0.55], looks: 20 } as const;
  const { winner, harmful } = await decided(200, better);
  console.info(`5 points better: winner ${winner}`);
  expect(winner).toBeGreaterThanOrEqual(0.95);
  expect(harmful).toBe(0);
});

test("the planned number of units finds the planned difference as often as planned", async () => {
  const { units } = unitsNeeded({ difference: 0.05, rate: 0.5, callsPerUnit: 10, correlation: 0.1, power: 0.8 });
  const planned = { units, callsPerUnit: 10, correlation: 0.1, rates: [0.5, 0.55], looks: 10 } as const;
  const { winner } = await decided(600, planned);
  console.info(`planned power .8 with ${units} units: found ${winner}`);
  expect(winner).toBeGreaterThanOrEqual(0.77);
  expect(winner).toBeLessThanOrEqual(0.92);
});

/** The share of experiments whose sample ratio is flagged. */
function flagged(seeds: number, share: number): number {
  let count = 0;
  for (let seed = 0; seed < seeds; seed += 1) {
    const random = createSeededRandom(seed);
    let control = 0;
    for (let unit = 0; unit < 10_000; unit += 1) if (random() < share) control += 1;
    if (sampleRatio([control, 10_000 - control], [5_000, 5_000]) < 0.001) count += 1;
  }
  return count / seeds;
}

test("a leak of 53 to 47 among 10,000 units is flagged in at least 95 %, equal arms in at most 0.3 % of 5,000", () => {
  const [leaks, alarms] = [flagged(1_000, 0.53), flagged(5_000, 0.5)];
  console.info(`sample ratio: leaks flagged ${leaks}, false alarms ${alarms}`);
  expect(leaks).toBeGreaterThanOrEqual(0.95);
  expect(alarms).toBeLessThanOrEqual(0.003);
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BudgetRule } from "@babylon/llm-core";
import { openSharedState } from "@babylon/shared-state";
import { expect, onTestFinished, test } from "vitest";
import { wrongClock } from "../../../shared-state/src/test-support/wrong-clock.ts";
import { permitOf, toAsk, toAttempt, tokens } from "../test-support/asks.ts";
import { openBudget } from "../test-support/open-budget.ts";
import { periodWindows } from "./period-windows.ts";

const HOUR_MS = 3_600_000;

const RULES: readonly BudgetRule[] = [
  { id: "hour", scope: "all", per: "hour", limitTokens: 100_000 },
  { id: "day", scope: "all", per: "day", timeZone: "Asia/Kolkata", limitTokens: 100_000 },
  { id: "roll", scope: "all", per: { rollingMs: 24 * HOUR_MS }, limitTokens: 100_000 },
];

test("processes whose clocks are an hour slow and an hour fast spend from the windows of the shared state", async () => {
  const folder = await mkdtemp(join(tmpdir(), "budget-clocks-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const url = `sqlite://${join(folder, "state.db")}`;
  const windowsNow = () => RULES.map(({ per, timeZone = "UTC" }) => periodWindows(per, timeZone).at(Date.now()));
  const before = windowsNow();
  const budgets = await Promise.all(
    [-HOUR_MS, 0, HOUR_MS].map(async (clockErrorMs) => {
      const clock = wrongClock(clockErrorMs);
      const state = await openSharedState({ url, clock });
      onTestFinished(() => state.close());
      return (await openBudget({ state, clock, rules: RULES })).budget;
    }),
  );
  for (const budget of budgets) {
    (await permitOf(budget.gate.admit(toAsk()))).settle(toAttempt({ usage: tokens(60, 40) }));
    await budget.idle();
  }
  const status = await budgets[0]?.status();
  // An hour may have begun since.
  if (JSON.stringify(before) !== JSON.stringify(windowsNow())) return;
  const [hour, day] = before;
  expect(status).toMatchObject([
    { rule: "hour", startsAt: hour?.startEpochMs, endsAt: hour?.endEpochMs, spent: 300, held: 0 },
    { rule: "day", startsAt: day?.startEpochMs, endsAt: day?.endEpochMs, spent: 300, held: 0 },
    { rule: "roll", spent: 300, held: 0 },
  ]);
});

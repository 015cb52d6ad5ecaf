import type { BudgetRule } from "@babylon/llm-core";
import { openSharedState } from "@babylon/shared-state";
import { describe, expect, it, onTestFinished } from "vitest";
import { isServerMissing } from "../../../settings-store/src/test-support/is-server-missing.ts";
import { startPostgres } from "../../../settings-store/src/test-support/start-postgres.ts";
import { startRedis } from "../../../settings-store/src/test-support/start-redis.ts";
import { createBudget } from "../create-budget.ts";
import { toAsk, toAttempt, tokens } from "../test-support/asks.ts";

const LIMIT = 100_000;

const RULES: readonly BudgetRule[] = [
  { id: "day", scope: "all", per: "day", limitTokens: 2 * LIMIT },
  { id: "roll", scope: { tenant: "*" }, per: { rollingMs: 60_000 }, limitTokens: LIMIT },
];

/** Several processes spend from the same budgets at the same time, until nothing is left. */
describe.each([
  ["redis", startRedis],
  ["postgres", startPostgres],
] as const)("processes that share %s", (name, start) => {
  it.skipIf(isServerMissing(name))(
    "never spend more than the limit, and all of it but less than one attempt",
    async () => {
      const server = await start();
      onTestFinished(() => server.stop());
      const processes = await Promise.all(
        Array.from({ length: 3 }, async () => {
          const state = await openSharedState({ url: server.url, timeoutMs: 5_000 });
          const budget = createBudget({ state, rules: RULES });
          onTestFinished(async () => {
            await budget.close();
            await state.close();
          });
          return budget;
        }),
      );
      let used = 0;
      async function spend(index: number): Promise<void> {
        const budget = processes[index % processes.length];
        if (budget === undefined) return;
        for (;;) {
          const answer = await budget.gate.admit(toAsk({ tenant: "acme", maxOutputTokens: 400 }));
          if ("why" in answer) {
            if (!answer.why.includes("other calls hold")) return;
            continue;
          }
          // Never more than was reserved: 1,000 bytes and 400 tokens of output.
          const output = 100 + Math.floor(Math.random() * 300);
          used += 100 + output;
          answer.settle(toAttempt({ usage: tokens(100, output) }));
        }
      }
      await Promise.all(Array.from({ length: 12 }, (_, index) => spend(index)));
      await Promise.all(processes.map((budget) => budget.idle()));
      const sums = { spent: used, presumed: 0, held: 0 };
      for (const budget of processes) {
        expect(await budget.status()).toMatchObject([
          { rule: "day", ...sums },
          { rule: "roll", scope: { tenant: "acme" }, ...sums },
        ]);
      }
      expect(used).toBeLessThanOrEqual(LIMIT);
      expect(used).toBeGreaterThan(LIMIT - 1_000);
    },
  );
});

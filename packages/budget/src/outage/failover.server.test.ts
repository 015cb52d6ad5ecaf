import { isRecord } from "@babylon/llm-core";
import { describe, expect, it, onTestFinished } from "vitest";
import { isServerMissing } from "../../../settings-store/src/test-support/is-server-missing.ts";
import { waitUntil } from "../../../settings-store/src/test-support/wait-until.ts";
import { startPostgresPair } from "../../../shared-state/src/test-support/start-postgres-pair.ts";
import { startRedisPair } from "../../../shared-state/src/test-support/start-redis-pair.ts";
import { type BudgetWorker, startBudgetWorker } from "../test-support/start-budget-worker.ts";

const USED = 100;
const LIMIT = 60_000;

/** What the first attempt of a process asks for. */
const FIRST_ASK = 700;

async function spend(worker: BudgetWorker, attempts: number): Promise<number> {
  return Number((await worker.step("spend", { attempts, used: USED })).spent);
}

async function windowOf(worker: BudgetWorker): Promise<Readonly<Record<string, unknown>>> {
  const { status } = await worker.step("status");
  const window: unknown = Array.isArray(status) ? status[0] : null;
  if (!isRecord(window)) throw new Error("no window");
  return window;
}

describe.each([
  ["Redis", isServerMissing("redis"), startRedisPair],
  ["Postgres", isServerMissing("postgres"), startPostgresPair],
] as const)("budgets on a %s whose replica takes over", (_, isMissing, startPair) => {
  it.skipIf(isMissing).each(["deny", "share"] as const)(
    "spend above the limit at most what a process that has ended had written last (%s)",
    async (onOutage) => {
      const pair = await startPair();
      const job = { url: pair.url, journal: false, limitTokens: LIMIT, timeoutMs: 1_000, onOutage } as const;
      const workers = [startBudgetWorker(job), startBudgetWorker(job), startBudgetWorker(job)];
      const [one, other, killed] = workers;
      onTestFinished(async () => {
        await Promise.all(workers.map((worker) => worker.kill()));
        await pair.stop();
      });
      if (one === undefined || other === undefined || killed === undefined) throw new Error("no workers");
      const hasSeenAll = async (worker: BudgetWorker): Promise<boolean> => {
        const { state } = await worker.step("status");
        return isRecord(state) && state.processes === workers.length;
      };
      // The number of processes is read with the sign of life, every five seconds.
      await waitUntil(
        "they have seen each other",
        async () => (await Promise.all(workers.map(hasSeenAll))).every(Boolean),
        15_000,
      );
      const replicated = (await Promise.all(workers.map((worker) => spend(worker, 50)))).reduce((a, b) => a + b, 0);
      expect(replicated).toBe(150 * USED);
      await pair.cutReplication();

      // Confirmed by the primary, and never replicated.
      const kept = (await spend(one, 60)) + (await spend(other, 60));
      const lost = await spend(killed, 60);
      await killed.step("hold", { attempts: 2 });
      expect(kept + lost).toBe(180 * USED);
      await killed.kill();
      await pair.failOver();

      const during = (await Promise.all([spend(one, 1_000), spend(other, 1_000)])).reduce((a, b) => a + b, 0);
      const isBack = async (worker: BudgetWorker): Promise<boolean> => {
        const { outage, state } = await worker.step("status");
        return outage === null && isRecord(state) && state.connected === true;
      };
      await waitUntil("the outage is over", async () => (await isBack(one)) && (await isBack(other)), 20_000);
      const after = (await Promise.all([spend(one, 1_000), spend(other, 1_000)])).reduce((a, b) => a + b, 0);

      // What the processes that live have spent is in the sums, to the token.
      const known = replicated + kept + during + after;
      await waitUntil("everything was sent again", async () => (await windowOf(one)).spent === known, 10_000);
      expect(await windowOf(other)).toMatchObject({ spent: known, held: 0 });
      // It was spent up to the limit, by what the store knows.
      expect(known).toBeGreaterThan(LIMIT - FIRST_ASK);
      // No process uses room that another has used and not sent again yet.
      expect(known).toBeLessThanOrEqual(LIMIT);
      // From then on only what is left of the limit is granted.
      const further = (await Promise.all([spend(one, 50), spend(other, 50)])).reduce((a, b) => a + b, 0);
      expect(further).toBeLessThanOrEqual(Math.max(0, LIMIT - known));
    },
  );
});

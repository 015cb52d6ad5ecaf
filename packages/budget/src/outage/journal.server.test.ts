import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRecord } from "@babylon/llm-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isServerMissing } from "../../../settings-store/src/test-support/is-server-missing.ts";
import type { RunningServer } from "../../../settings-store/src/test-support/run-server.ts";
import { startPostgres } from "../../../settings-store/src/test-support/start-postgres.ts";
import { startRedis } from "../../../settings-store/src/test-support/start-redis.ts";
import { waitUntil } from "../../../settings-store/src/test-support/wait-until.ts";
import { type BudgetWorker, startBudgetWorker } from "../test-support/start-budget-worker.ts";
import type { BudgetWorkerJob } from "../test-support/worker-job.ts";

/** What an attempt asks for, once the tokens per byte of the model are known. */
const ASK = 172;
const USED = 70;

/** The folder is removed when it is empty. */
const filesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);

describe.each([
  ["redis", startRedis],
  ["postgres", startPostgres],
] as const)("the journal of budgets on %s", (name, startServer) => {
  describe.skipIf(isServerMissing(name))("installed", () => {
    const workers: BudgetWorker[] = [];
    let server: RunningServer;
    let folder: string;

    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), "babylon-journal-"));
      server = await startServer();
    });
    afterEach(async () => {
      server.resume();
      await Promise.all(workers.splice(0).map((worker) => worker.kill()));
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    function start(more: Partial<BudgetWorkerJob> = {}): BudgetWorker {
      const worker = startBudgetWorker({
        url: server.url,
        journal: folder,
        limitTokens: 1_000_000,
        leaseMs: 1_000,
        ...more,
      });
      workers.push(worker);
      return worker;
    }

    /** Waits until the sums are as expected, and fails with the latest ones. */
    async function waitForSums(
      worker: BudgetWorker,
      isExpected: (window: Readonly<Record<string, unknown>>) => boolean,
    ): Promise<void> {
      const until = performance.now() + 30_000;
      for (;;) {
        const { status } = await worker.step("status");
        const window: unknown = Array.isArray(status) ? status[0] : null;
        if (isRecord(window) && isExpected(window)) return;
        if (performance.now() > until) throw new Error(`not sent in time: ${JSON.stringify(window)}`);
        await sleep(50);
      }
    }

    /** Spends for 10 attempts while the server answers; on a busy machine its first answers may come too late. */
    async function spendBefore(worker: BudgetWorker): Promise<number> {
      let spent = 0;
      await waitUntil("10 attempts were made", async () => {
        spent += Number((await worker.step("spend", { attempts: 10 - spent / USED, used: USED })).spent);
        const { outage } = await worker.step("status");
        return spent === 10 * USED && outage === null;
      });
      return spent;
    }

    /** Kills a process in an outage, in which it has spent for 30 attempts and has 3 under way; 2 are under way from before. */
    async function killInOutage(): Promise<{ readonly spent: number; readonly presumed: number }> {
      const worker = start();
      const before = await spendBefore(worker);
      await worker.step("hold", { attempts: 2 });
      server.freeze();
      const during = await worker.step("spend", { attempts: 30, used: USED });
      expect(during).toMatchObject({ spent: 30 * USED });
      expect(await worker.step("hold", { attempts: 3 })).toEqual({ held: 5 });
      await worker.kill();
      expect(filesIn(folder).filter((file) => file.endsWith(".db"))).toHaveLength(1);
      return { spent: before + Number(during.spent), presumed: 5 * ASK };
    }

    it.each([
      ["one that starts in the outage", 1, "before"],
      ["three that start in the outage", 3, "before"],
      ["one that starts after it", 1, "after"],
    ] as const)("of a process that is killed in an outage is sent by %s", async (_, count, when) => {
      const expected = await killInOutage();
      if (when === "after") server.resume();
      const others = Array.from({ length: count }, () => start());
      if (when === "before") {
        // They run, and are not connected.
        for (const other of others) expect(await other.step("status")).toMatchObject({ state: { connected: false } });
        server.resume();
      }
      for (const other of others) {
        await waitForSums(
          other,
          ({ spent, presumed, held }) => spent === expected.spent && presumed === expected.presumed && held === 0,
        );
      }
      await waitUntil("the files are gone", () => filesIn(folder).length === 0, 5_000);
    });

    it("of a process that lives, also stopped, is sent by itself", async () => {
      const worker = start();
      await spendBefore(worker);
      server.freeze();
      await worker.step("spend", { attempts: 10, used: USED });
      worker.process.kill("SIGSTOP");
      server.resume();
      const other = start();
      await waitForSums(other, ({ spent }) => spent === 10 * USED);
      await waitUntil("it has looked at the file, which is locked", async () => {
        const { logged } = await other.step("status");
        return Array.isArray(logged) && logged.includes("a journal of budgets is in use");
      });
      expect(filesIn(folder)).not.toEqual([]);
      worker.process.kill("SIGCONT");
      await waitForSums(other, ({ spent, presumed, held }) => spent === 20 * USED && presumed === 0 && held === 0);
      await waitUntil("the file is gone", () => filesIn(folder).length === 0, 5_000);
    });
  });
});

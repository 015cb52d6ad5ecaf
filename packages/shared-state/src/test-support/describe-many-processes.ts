import { setTimeout as sleep } from "node:timers/promises";
import { slowness } from "@babylon/llm-testing/vitest";
import { afterEach, describe, expect, it } from "vitest";
import { openSharedState } from "../open-shared-state.ts";
import { startCallCounter } from "./call-counter.ts";
import { startWorker, type Worker } from "./start-worker.ts";
import { waitUntil } from "./wait-until.ts";
import type { WorkerJob } from "./worker-job.ts";

const PROCESSES = 8;
const SLOTS = 20;
const TTL_MS = 1_000;

/** What has to hold between processes that are killed and stopped. */
export function describeManyProcesses(name: string, url: () => string): void {
  describe(`processes on ${name}`, () => {
    const workers: Worker[] = [];

    function start(job: WorkerJob): Worker {
      const worker = startWorker(job);
      workers.push(worker);
      return worker;
    }

    afterEach(async () => {
      for (const { process } of workers) process.kill("SIGKILL");
      await Promise.all(workers.map(({ exited }) => exited));
      workers.length = 0;
    });

    it("never exceed a limit when one is killed while it holds, and the sums are exact", async () => {
      const state = await openSharedState({ url: url(), timeoutMs: 10_000 });
      const limit = 300_000_000;
      const amount = 1_000_000;
      const job = { kind: "spend", url: url(), key: "spend", limit, amount } as const;
      // First, so that it has its holds before the limit is reached.
      const killed = start({ ...job, settlesBeforeHolding: 40 });
      let samples = 0;
      let most = 0;
      const sampler = setInterval(async () => {
        // The last one may be cut off when the state is closed.
        const [sums] = await state.ledger.status(["spend"]).catch(() => []);
        samples += 1;
        most = Math.max(most, (sums?.spent ?? 0) + (sums?.presumed ?? 0) + (sums?.held ?? 0));
      }, 10);
      try {
        const lines = [await killed.line];
        const before = (await state.ledger.status(["spend"]))[0]?.spent ?? 0;
        const lasting = [start({ ...job, settlesBeforeHolding: null }), start({ ...job, settlesBeforeHolding: null })];
        await waitUntil(
          "the others spend",
          async () => ((await state.ledger.status(["spend"]))[0]?.spent ?? 0) > before,
        );
        killed.process.kill("SIGKILL");
        lines.push(...(await Promise.all(lasting.map(({ line }) => line))));
        const spent = lines.reduce((sum: number, line) => sum + Number(Reflect.get(Object(line), "spent")), 0);
        await waitUntil("nothing is held", async () => (await state.ledger.status(["spend"]))[0]?.held === 0);
        expect(await state.ledger.status(["spend"])).toEqual([{ spent, presumed: 16 * amount, held: 0 }]);
        expect(most).toBeLessThanOrEqual(limit);
        expect(most).toBeGreaterThan(limit - 2 * amount);
        expect(samples).toBeGreaterThan(10);
      } finally {
        clearInterval(sampler);
        await state.close();
      }
    });

    it("share slots in turn, also when one is killed or stopped", async () => {
      const counter = await startCallCounter();
      try {
        const job = { kind: "call", url: url(), key: "call", limit: SLOTS, ttlMs: TTL_MS } as const;
        // One after the other, so that the counter numbers them in this order.
        for (let worker = 0; worker < PROCESSES; worker += 1) {
          start({ ...job, counterPort: counter.port });
          await waitUntil("it is connected", () => counter.calls.length === worker + 1, 30_000);
        }
        const before = [...counter.calls];
        await sleep(4_000);
        const counts = counter.calls.map((calls, worker) => calls - (before[worker] ?? 0));
        const all = counts.reduce((sum, one) => sum + one, 0);
        for (const one of counts) expect(one / all).toBeGreaterThan(0.05);
        // Calls take 150 ms on average: most slots are in use most of the time.
        expect((all * 150) / (4_000 * SLOTS)).toBeGreaterThan(0.5);
        expect(counter.takeMost()).toBe(SLOTS);

        await waitUntil("it holds slots", () => (counter.inFlight[0] ?? 0) >= 2);
        const held = counter.inFlight[0] ?? 0;
        workers[0]?.process.kill("SIGKILL");
        await waitUntil("its connection ended", () => counter.inFlight[0] === 0);
        counter.takeMost();
        // Its calls count no longer, so this takes its leases to end.
        await waitUntil("others use its slots", () => counter.most() > SLOTS - held, TTL_MS + 1_000 * slowness());

        workers[1]?.process.kill("SIGSTOP");
        counter.exclude(1);
        await sleep(2 * TTL_MS);
        workers[1]?.process.kill("SIGCONT");
        await sleep(500);
        expect(counter.takeMost()).toBeLessThanOrEqual(SLOTS);
        expect(counter.inFlight.length).toBe(PROCESSES);
      } finally {
        await counter.close();
      }
    });

    it.for([true, false])("exit by themselves (closed: %s)", async (close) => {
      const worker = start({ kind: "idle", url: url(), close });
      expect(await worker.line).toEqual(close ? { open: [] } : { done: true });
      const at = performance.now();
      expect(await worker.exited).toBe(0);
      expect(performance.now() - at).toBeLessThan(2_000);
    });
  });
}

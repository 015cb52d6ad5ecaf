import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { contention, slowness } from "@babylon/llm-testing/vitest";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { openSharedState } from "../open-shared-state.ts";
import { startWorker, type Worker } from "../test-support/start-worker.ts";
import { waitUntil } from "../test-support/wait-until.ts";
import type { WorkerJob } from "../test-support/worker-job.ts";

/** The limit of silence, with what a busy machine adds. */
const MAX_DELAY_MS = 120;

/** Another process asks for the lock for at most 5 ms at a time. */
const MAX_BLOCK_MS = 40;

const folder = mkdtempSync(join(tmpdir(), "babylon-state-"));
const workers: Worker[] = [];
let files = 0;

afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  for (const { process } of workers) process.kill("SIGKILL");
  await Promise.all(workers.map(({ exited }) => exited));
  workers.length = 0;
});

function newFile(): string {
  files += 1;
  return `sqlite://${join(folder, `${files}.db`)}`;
}

function start(job: WorkerJob): Worker {
  const worker = startWorker(job);
  workers.push(worker);
  return worker;
}

const scopes = [{ key: "day", limit: 1_000, endsInMs: 3_600_000 }];
const ask = (id: string) => ({ id, scopes, amount: 1, leaseMs: 60_000 });

/** The longest time in which timers did not run. */
function watchLoop(): () => number {
  let last = performance.now();
  let longestMs = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last);
    last = now;
  }, 1);
  return () => {
    clearInterval(timer);
    return longestMs;
  };
}

describe("a file that another process keeps locked", () => {
  it("delays one call a second, by 50 ms", async () => {
    const url = newFile();
    const state = await openSharedState({ url });
    const { ledger, status } = state;
    await ledger.reserve(ask("before"));
    const holder = start({ kind: "lock", url });
    await holder.line;

    const endLoop = watchLoop();
    const startedAt = performance.now();
    const delays: number[] = [];
    let calls = 0;
    while (performance.now() - startedAt < 2_500) {
      const at = performance.now();
      const results = await Promise.allSettled([
        ledger.reserve(ask(`a${calls}`)),
        ledger.settle(`b${calls}`, { spent: 0, presumed: 0 }),
      ]);
      delays.push(performance.now() - at);
      for (const result of results)
        expect(result).toMatchObject({ status: "rejected", reason: { code: "unavailable" } });
      calls += 1;
      await sleep(1);
    }
    const longestBlockMs = endLoop();
    delays.sort((a, b) => b - a);
    const slow = slowness() * contention();
    expect(delays[0]).toBeLessThan(MAX_DELAY_MS * slow);
    // The first one waits; the others fail at once, also while the file is probed.
    expect(delays[1]).toBeLessThan(longestBlockMs + 10);
    expect(calls).toBeGreaterThan(500 / slow);
    expect(longestBlockMs).toBeLessThan(MAX_BLOCK_MS * slow);
    expect(status()).toMatchObject({ connected: false, engine: "sqlite" });

    holder.process.kill("SIGKILL");
    await waitUntil("it is connected again", () => status().connected, 5_000);
    // Nothing that failed was applied afterwards.
    expect(await ledger.status(["day"])).toEqual([{ spent: 0, presumed: 0, held: 1 }]);
    await state.close();
  });

  it("is away for those that write, although others read", async () => {
    const url = newFile();
    const state = await openSharedState({ url });
    const holder = start({ kind: "lock", url });
    await holder.line;
    const at = performance.now();
    let isDone = false;
    const settled = state.ledger.settle("a", { spent: 0, presumed: 0 }).finally(() => {
      isDone = true;
    });
    settled.catch(() => {});
    while (!isDone) {
      await state.ledger.status(["day"]).catch(() => {});
      await sleep(1);
    }
    await expect(settled).rejects.toMatchObject({ code: "unavailable" });
    expect(performance.now() - at).toBeLessThan(MAX_DELAY_MS * slowness() * contention());
    holder.process.kill("SIGKILL");
    await state.close();
  });

  it("is not away while its processes commit, although calls wait for longer", async () => {
    const url = newFile();
    const state = await openSharedState({ url });
    const processes = 8;
    const each = 1_250;
    const job = { kind: "reserve", url, key: "hot", limit: 7_000, amount: 7, asks: each } as const;
    const lines = await Promise.all(Array.from({ length: processes }, () => start(job).line));
    const sum = (field: string) =>
      lines.reduce((total: number, line) => total + Number(Reflect.get(Object(line), field)), 0);
    expect(sum("granted")).toBe(1_000);
    // On a busy machine a process may have no processor for 50 ms while it has the lock.
    if (contention() < 1.3) expect(sum("failed")).toBe(0);
    expect(await state.ledger.status(["hot"])).toEqual([{ spent: 0, presumed: 0, held: 7_000 }]);
    await state.close();
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSettingsStore } from "../create-settings-store.ts";
import { type StoreWorker, startStoreWorker } from "../test-support/start-store-worker.ts";
import { waitUntil } from "../test-support/wait-until.ts";
import type { ReadingReport, WorkerJob } from "../test-support/worker-job.ts";

describe("an SQLite file shared by processes", () => {
  let directory: string;
  let file: string;
  let url: string;
  const workers = new Set<StoreWorker>();

  function start(job: WorkerJob): StoreWorker {
    const worker = startStoreWorker(job);
    workers.add(worker);
    return worker;
  }

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "babylon-settings-"));
    file = join(directory, "settings.db");
    url = `sqlite://${file}`;
  });

  afterEach(async () => {
    await Promise.all([...workers].map((worker) => worker.kill()));
    workers.clear();
    rmSync(directory, { recursive: true, force: true });
  });

  test("loses no update when four processes write 25 times each; versions have no gap", async () => {
    const counting = [1, 2, 3, 4].map(() => start({ kind: "count", url, times: 25 }));
    for (const worker of counting) expect(await worker.next()).toBe("ready");
    for (const worker of counting) worker.resume();
    for (const worker of counting) expect(await worker.next()).toMatchObject({ done: 25, failed: [] });
    const store = await createSettingsStore({ url });
    expect((await store.get()).value.providers.counter?.model).toBe("count:100");
    expect((await store.history()).map(({ version }) => version)).toEqual(
      Array.from({ length: 100 }, (_, index) => 100 - index),
    );
    await store.close();
  });

  test("is intact after a writer was killed three times", async () => {
    for (let round = 0; round < 3; round++) {
      const worker = start({ kind: "count-forever", url });
      await waitUntil("it is at it", () => worker.output.length > 20, 10_000);
      await worker.kill();
      const { version: last } = worker.output.at(-1) as { version: number };
      const store = await createSettingsStore({ url });
      const { version, value } = await store.get();
      expect(version).toBeGreaterThanOrEqual(last);
      expect(value.providers.counter?.model).toBe(`count:${version}`);
      await store.close();
    }
  });

  test("announces a change to other processes, even while a third one holds a lock", async () => {
    const store = await createSettingsStore({ url });
    await store.update({ order: ["groq"] });
    const reader = start({ kind: "read", url, ttlMs: 20 });
    expect(await reader.next()).toBe("ready");
    const holder = start({ kind: "lock", file, against: "writers" });
    expect(await holder.next()).toBe("ready");
    const writing = store.update({ order: ["claude"] });
    await waitUntil("the reader is at it", () => reader.output.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 600));
    holder.resume();
    await writing;
    await waitUntil("the reader sees it", () => reader.output.some((line) => JSON.stringify(line) === '{"saw":2}'));
    reader.resume();
    await reader.exitCode();
    const report = reader.output.at(-1) as ReadingReport;
    expect(report).toMatchObject({ failed: 0, versions: [1, 2] });
    expect(report.blockedMs).toBeLessThan(400);
    await store.close();
  });

  test.each([true, false])("does not keep a process alive (closing: %s)", async (close) => {
    const worker = start({ kind: "exit", url, close });
    const said = (await worker.next()) as { version: number; at: number };
    expect(said.version).toBe(1);
    expect(await worker.exitCode()).toBe(0);
    expect(performance.timeOrigin + performance.now() - said.at).toBeLessThan(1_000);
  });
});

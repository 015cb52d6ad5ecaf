import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSettingsStore } from "../create-settings-store.ts";
import { isSettingsError } from "../errors/settings-error.ts";
import type { SettingsStoreOptions } from "../options/store-options.ts";
import { isEqual } from "../schema/merge-patch.ts";
import type { SettingsStore } from "../settings-store.ts";
import type { SettingsEvent } from "../status/settings-event.ts";
import type { RunningServer } from "./run-server.ts";
import { type StoreWorker, startStoreWorker } from "./start-store-worker.ts";
import { waitUntil } from "./wait-until.ts";
import type { ReadingReport } from "./worker-job.ts";

/** A server under test, and the faults that only it can produce. */
export interface ServerUnderTest {
  readonly name: string;
  start(): Promise<RunningServer>;
  /** Deletes all data. */
  empty(server: RunningServer): Promise<void>;
  /** Makes the server close connections: those of subscribers, or all. */
  terminate(server: RunningServer, which: "listeners" | "all"): Promise<void>;
  /** Publishes a message to the subscribers. */
  publish(server: RunningServer, message: string): Promise<void>;
}

const model = (name: string) => ({ providers: { wandb: { model: name } } });

/** Short delays, so that retries take a second instead of a minute. */
const QUICK: SettingsStoreOptions = { ttlMs: 50, backoff: { minMs: 20, maxMs: 100 } };

/** Waits until reads of a store return a version. */
function untilSeen(store: SettingsStore, version: number, limitMs?: number): Promise<void> {
  return waitUntil(`version ${version} is seen`, async () => (await store.get()).version === version, limitMs);
}

/** Waits until the status of a store has a state, while reading it. */
function untilState(store: SettingsStore, state: string): Promise<void> {
  return waitUntil(`the store is ${state}`, async () => {
    await store.get();
    return store.status().state === state;
  });
}

/** Tests of the store with a real server under faults. */
export function describeServerFaults(under: ServerUnderTest): void {
  describe(`when ${under.name}`, () => {
    let server: RunningServer;
    const open = new Set<SettingsStore>();
    const workers = new Set<StoreWorker>();

    async function create(options: SettingsStoreOptions = {}): Promise<SettingsStore> {
      const store = await createSettingsStore({ url: server.url, ...options });
      open.add(store);
      return store;
    }

    async function startReading(): Promise<StoreWorker> {
      const worker = startStoreWorker({ kind: "read", url: server.url, ttlMs: 50 });
      workers.add(worker);
      expect(await worker.next()).toBe("ready");
      return worker;
    }

    async function stopReading(worker: StoreWorker): Promise<ReadingReport> {
      worker.resume();
      await worker.exitCode();
      return worker.output.at(-1) as ReadingReport;
    }

    beforeAll(async () => {
      server = await under.start();
    });

    afterAll(() => server.stop());

    beforeEach(async () => {
      // Resets the state after the previous test.
      server.resume();
      await server.start();
      await under.empty(server);
    });

    afterEach(async () => {
      await Promise.all([...open].map((store) => store.close()));
      await Promise.all([...workers].map((worker) => worker.kill()));
      open.clear();
      workers.clear();
    });

    test("is killed and restarts empty: reads continue, and the next change stores everything again", async () => {
      const events: SettingsEvent[] = [];
      const store = await create({ ...QUICK, onEvent: (event) => events.push(event) });
      const other = await create(QUICK);
      await store.update(model("A"));
      await store.update({ order: ["groq"] });
      const reader = await startReading();
      await untilSeen(other, 2);
      await server.kill();
      await untilState(store, "stale");
      expect(store.status().bus).toBe("reconnecting");
      expect(await store.get()).toMatchObject({ version: 2, fresh: false, value: model("A") });
      const failed = store.update(model("B"));
      await expect(failed).rejects.toSatisfy(
        (error) => isSettingsError(error, "unavailable") || isSettingsError(error, "timeout"),
      );
      await server.start();
      await under.empty(server);
      await waitUntil("the loss is noticed", () => /the record is gone/.test(store.status().lastError?.message ?? ""));
      expect(await store.get()).toMatchObject({ version: 2, fresh: false, value: { ...model("A"), order: ["groq"] } });
      const { snapshot } = await store.update(model("C"));
      expect(snapshot).toMatchObject({ version: 3, value: { ...model("C"), order: ["groq"] } });
      await untilSeen(other, 3);
      await waitUntil(
        "messages arrive again",
        () => store.status().bus === "connected" && other.status().bus === "connected",
      );
      await untilState(store, "ready");
      // It may have been read between its start and the deletion of its data.
      expect(events.map(({ type }) => type).join()).toMatch(/^stale,recovered(?:,stale,recovered)?$/);
      await waitUntil(
        "the reading process sees it",
        () => reader.output.some((line) => isEqual(line, { saw: 3 })),
        20_000,
      );
      const report = await stopReading(reader);
      expect(report).toMatchObject({ failed: 0, versions: [2, 3], state: "ready" });
      expect(report.reads).toBeGreaterThan(100);
    });

    test("freezes: reads return the last known settings without waiting, and the state is `ready` after it resumes", async () => {
      const store = await create(QUICK);
      await store.update(model("A"));
      const reader = await startReading();
      server.freeze();
      await untilState(store, "stale");
      const started = performance.now();
      for (let read = 0; read < 100; read++) expect((await store.get()).version).toBe(1);
      expect(performance.now() - started).toBeLessThan(1_000);
      expect(store.status().lastError).toMatchObject({ code: "timeout" });
      server.resume();
      await untilState(store, "ready");
      await store.update(model("B"));
      const report = await stopReading(reader);
      expect(report.failed).toBe(0);
      expect(report.staleReads).toBeGreaterThan(0);
      expect(report.slowestMs).toBeLessThan(500);
    });

    test("freezes during a write: its outcome is unknown, then known; a late write does not overwrite a newer one", async () => {
      const store = await create({ writeTimeoutMs: 500, loadTimeoutMs: 500, backoff: { minMs: 20, maxMs: 100 } });
      await store.update(model("A"));
      const updating = store.update(async () => {
        server.freeze();
        return model("B");
      });
      const error = await updating.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "write_unknown", writeId: expect.stringMatching(/^2-/) });
      server.resume();
      const other = await create();
      const { snapshot } = await other.update(model("C"));
      const writeId = isSettingsError(error, "write_unknown") ? error.writeId : "";
      await waitUntil("its outcome is known", async () => {
        const { committed } = await store.reconcile(writeId).catch(() => ({ committed: null }));
        return committed !== null;
      });
      const end = await other.get({ fresh: true });
      const history = await other.history();
      expect(end.value).toMatchObject(model("C"));
      expect(end.version).toBe(snapshot.version);
      expect(history.some((entry) => entry.writeId === writeId)).toBe((await store.reconcile(writeId)).committed);
    });

    test("closes its connections: the process survives, and changes meanwhile are loaded", async () => {
      for (const which of ["listeners", "all"] as const) {
        const [store, other] = [await create(), await create()];
        const before = (await store.get()).version ?? 0;
        await under.terminate(server, which);
        const writer = await create();
        await writer.update(model(`after ${which}`));
        await untilSeen(other, before + 1, 10_000);
        await waitUntil("messages arrive again", () => other.status().bus === "connected");
        await store.update(model(`again ${which}`));
        await untilSeen(other, before + 2);
      }
    });

    test("rejects the password: a typed error that does not contain it", async () => {
      const url = server.url.replace("secret-of-tests", "hunter22");
      expect(url).toContain("hunter22");
      const error = await createSettingsStore({ url }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "unavailable", retryable: false });
      const output = JSON.stringify([String(error), error, isSettingsError(error) ? [error.cause, error.stack] : null]);
      expect(output).not.toContain("hunter22");
      const store = await create();
      expect(JSON.stringify(store.status())).not.toContain("secret-of-tests");
    });

    test("is down: creation fails in time, and a lazy store works once it starts", async () => {
      await server.kill();
      await expect(createSettingsStore({ url: server.url })).rejects.toMatchObject({
        code: "unavailable",
        retryable: true,
      });
      const store = await create({ ...QUICK, startup: "lazy" });
      await expect(store.get()).rejects.toMatchObject({ code: "unavailable" });
      await server.start();
      await waitUntil("it is there", async () => (await store.get().catch(() => undefined))?.version !== undefined);
      await waitUntil("messages arrive", () => store.status().bus === "connected");
    });

    test("delivers an old or invalid message: no store goes back to an older version", async () => {
      const store = await create();
      await store.update(model("A"));
      await store.update(model("B"));
      const other = await create();
      const reads = other.status().backendReads;
      await under.publish(server, JSON.stringify({ v: 1, w: "1-x", o: "other" }));
      await store.update(model("C"));
      await waitUntil("the message after it arrived", () => other.peek()?.version === 3);
      expect(other.status().backendReads - reads).toBe(1);
      await under.publish(server, "nonsense");
      await waitUntil("the backend is read, to be sure", () => other.status().backendReads - reads === 2);
      await untilSeen(other, 3);
    });

    test.each([true, false])(
      "is used by an otherwise idle process (closing: %s): that process exits",
      async (close) => {
        const worker = startStoreWorker({ kind: "exit", url: server.url, close });
        workers.add(worker);
        const said = (await worker.next()) as { version: number; at: number };
        expect(said.version).toBe(1);
        expect(await worker.exitCode()).toBe(0);
        expect(performance.timeOrigin + performance.now() - said.at).toBeLessThan(1_000);
      },
    );

    test("is written by four processes, 25 times each: no update is lost, versions have no gap", async () => {
      const counting = [1, 2, 3, 4].map(() => startStoreWorker({ kind: "count", url: server.url, times: 25 }));
      for (const worker of counting) workers.add(worker);
      for (const worker of counting) expect(await worker.next()).toBe("ready");
      for (const worker of counting) worker.resume();
      for (const worker of counting) expect(await worker.next()).toMatchObject({ done: 25, failed: [] });
      const store = await create();
      expect((await store.get()).value.providers.counter?.model).toBe("count:100");
      const history = await store.history();
      expect(history.map(({ version }) => version)).toEqual(Array.from({ length: 100 }, (_, index) => 100 - index));
    });

    test("is written by a process that is killed: its reported changes are stored, and other processes continue", async () => {
      const worker = startStoreWorker({ kind: "count-forever", url: server.url });
      workers.add(worker);
      await waitUntil("it is at it", () => worker.output.length > 20);
      await worker.kill();
      const last = worker.output.at(-1) as { version: number };
      const store = await create();
      const { version, value } = await store.get();
      expect(version).toBeGreaterThanOrEqual(last.version);
      expect(value.providers.counter?.model).toBe(`count:${version}`);
      expect((await store.update({ order: ["groq"] })).snapshot.version).toBe((version ?? 0) + 1);
    });
  });
}

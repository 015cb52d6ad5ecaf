import { createFakeClock } from "@babylon/llm-testing";
import { afterEach, describe, expect, test } from "vitest";
import { createSettingsStore } from "../create-settings-store.ts";
import { isSettingsError } from "../errors/settings-error.ts";
import type { SettingsStoreOptions } from "../options/store-options.ts";
import type { SettingsStore } from "../settings-store.ts";
import type { SettingsEvent } from "../status/settings-event.ts";
import { createGatedAdapter, type GatedAdapter } from "../test-support/gated-adapter.ts";
import { SETTINGS_KEY } from "../test-support/test-backend.ts";

const model = (name: string) => ({ providers: { wandb: { model: name } } });

const open = new Set<SettingsStore>();

async function create(adapter: GatedAdapter, options: SettingsStoreOptions = {}): Promise<SettingsStore> {
  const store = await createSettingsStore({ keyv: adapter, pollMs: 60_000, random: () => 0, ...options });
  open.add(store);
  return store;
}

/** Another store with the same data, like that of another process. */
function elsewhere(adapter: GatedAdapter): Promise<SettingsStore> {
  return create(createGatedAdapter(adapter.data));
}

afterEach(async () => {
  await Promise.all([...open].map((store) => store.close()));
  open.clear();
});

describe("a load in flight", () => {
  test("does not return or cache the old value when an update commits meanwhile", async () => {
    const adapter = createGatedAdapter();
    const store = await create(adapter);
    await store.update(model("A"));
    store.invalidate();
    const release = adapter.holdNextRead();
    const inFlight = store.get({ fresh: true });
    await store.update(model("B"));
    release();
    expect((await inFlight).value).toEqual(store.peek()?.value);
    expect(store.peek()?.value).toMatchObject(model("B"));
    expect((await store.get()).version).toBe(2);
  });

  test("is repeated after an invalidation, and its callers get the new value", async () => {
    const adapter = createGatedAdapter();
    const store = await create(adapter);
    await store.update(model("A"));
    store.invalidate();
    const release = adapter.holdNextRead();
    const inFlight = store.get();
    await (await elsewhere(adapter)).update(model("B"));
    store.invalidate();
    release();
    expect((await inFlight).value).toMatchObject(model("B"));
  });

  test("is not shared by a fresh read, which loads after it", async () => {
    const adapter = createGatedAdapter();
    const store = await create(adapter);
    await store.update(model("A"));
    store.invalidate();
    const before = adapter.reads();
    const release = adapter.holdNextRead();
    const joined = store.get();
    await (await elsewhere(adapter)).update(model("B"));
    const fresh = Promise.all([store.get({ fresh: true }), store.get({ fresh: true })]);
    release();
    expect((await fresh).map(({ version }) => version)).toEqual([2, 2]);
    await joined;
    expect(adapter.reads() - before).toBe(2);
  });

  test("is shared by concurrent reads, messages, timers and invalidations", async () => {
    const adapter = createGatedAdapter();
    let running = 0;
    let most = 0;
    const watched = {
      async get(key: string) {
        running += 1;
        most = Math.max(most, running);
        try {
          return await adapter.get(key);
        } finally {
          running -= 1;
        }
      },
      set: adapter.set,
    };
    const store = await createSettingsStore({ keyv: watched, pollMs: 1, ttlMs: 1 });
    open.add(store);
    const until = performance.now() + 60;
    while (performance.now() < until) {
      store.invalidate();
      await Promise.all([store.get(), store.get({ fresh: true }), store.get()]);
    }
    expect(most).toBe(1);
  });
});

describe("a first load that fails", () => {
  test("rejects all waiting reads with the same error, and the next read loads again", async () => {
    const adapter = createGatedAdapter();
    const store = await create(adapter, { startup: "lazy" });
    adapter.failWith(new Error("refused"));
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => store.get()));
    const reasons = results.map((result) => (result.status === "rejected" ? result.reason : "none"));
    expect(new Set(reasons).size).toBe(1);
    expect(reasons[0]).toMatchObject({ code: "unavailable", retryable: true });
    expect(adapter.reads()).toBe(1);
    adapter.failWith(null);
    expect((await store.get()).version).toBe(0);
    expect(adapter.reads()).toBe(2);
  });

  test("makes later reads wait for the scheduled retry", async () => {
    const adapter = createGatedAdapter();
    const store = await create(adapter, { startup: "lazy", backoff: { minMs: 40 } });
    adapter.failWith(new Error("refused"));
    for (let attempt = 0; attempt < 3; attempt++)
      await expect(store.get()).rejects.toMatchObject({ code: "unavailable" });
    const reads = adapter.reads();
    const waiting = Promise.allSettled(Array.from({ length: 100 }, () => store.get()));
    adapter.failWith(null);
    expect((await waiting).every(({ status }) => status === "fulfilled")).toBe(true);
    expect(adapter.reads() - reads).toBe(1);
  });

  test("fails creation by default; with `defaults`, the defaults are served until the backend answers", async () => {
    const adapter = createGatedAdapter();
    adapter.freeze();
    const started = performance.now();
    await expect(create(adapter, { loadTimeoutMs: 60 })).rejects.toMatchObject({ code: "timeout" });
    expect(performance.now() - started).toBeLessThan(1_900);
    const lazy = await create(adapter, { loadTimeoutMs: 60, startup: "lazy" });
    await expect(lazy.get()).rejects.toMatchObject({ code: "timeout" });
    const options: SettingsStoreOptions = { loadTimeoutMs: 60, startup: "defaults", defaults: { order: ["groq"] } };
    const store = await create(adapter, { ...options, backoff: { minMs: 10, maxMs: 20 } });
    expect(await store.get()).toMatchObject({
      source: "defaults",
      version: null,
      fresh: false,
      value: { order: ["groq"] },
    });
    expect(store.status()).toMatchObject({ state: "stale", lastError: { code: "timeout" } });
    const changed = new Promise((resolve) => store.subscribe(resolve));
    adapter.thaw();
    await changed;
    expect(await store.get()).toMatchObject({ source: "defaults", version: 0, fresh: true });
  });
});

describe("a backend that becomes unavailable", () => {
  test("leaves the last known settings in use, marked stale with their age, and emits `recovered` once", async () => {
    const clock = createFakeClock();
    const adapter = createGatedAdapter();
    const events: SettingsEvent[] = [];
    const options = { clock, ttlMs: 1_000, onEvent: (event: SettingsEvent) => events.push(event) };
    const store = await create(adapter, options);
    await store.update(model("A"));
    adapter.failWith(new Error("refused"));
    await clock.advance(1_000);
    expect(await store.get()).toMatchObject({ version: 1, fresh: false });
    expect(store.status()).toMatchObject({ state: "stale", failures: 1, lastError: { code: "unavailable" } });
    expect(store.peek()).toMatchObject({ version: 1, fresh: false, ageMs: 1_000 });
    await clock.advance(5_000);
    expect((await store.get()).ageMs).toBe(6_000);
    expect(events.map(({ type }) => type)).toEqual(["stale"]);
    adapter.failWith(null);
    await clock.advance(15_000);
    expect(await store.get()).toMatchObject({ version: 1, fresh: true });
    await store.get({ fresh: true });
    expect(events.map(({ type, error }) => [type, error?.code ?? null])).toEqual([
      ["stale", "unavailable"],
      ["recovered", null],
    ]);
    expect(store.status()).toMatchObject({ state: "ready", failures: 0, nextAttemptInMs: null });
  });

  test("is read at most 12 times a minute with a thousand reads per second", async () => {
    const clock = createFakeClock();
    const adapter = createGatedAdapter();
    const store = await create(adapter, { clock, ttlMs: 1_000 });
    await store.update(model("A"));
    adapter.failWith(new Error("refused"));
    const before = adapter.reads();
    let reads = 0;
    for (let second = 0; second < 61; second++) {
      await clock.advance(1_000);
      for (let read = 0; read < 1_000; read++) {
        const snapshot = store.peek() ?? (await store.get());
        if (snapshot.version === 1) reads += 1;
      }
    }
    expect(reads).toBe(61_000);
    expect(adapter.reads() - before).toBeLessThanOrEqual(12);
    expect(adapter.reads() - before).toBeGreaterThan(5);
  });

  test("makes reads fail only when the settings are older than maxStaleMs", async () => {
    const clock = createFakeClock();
    const adapter = createGatedAdapter();
    const store = await create(adapter, { clock, ttlMs: 1_000, maxStaleMs: 10_000 });
    await store.update(model("A"));
    adapter.failWith(new Error("refused"));
    await clock.advance(10_000);
    expect((await store.get()).version).toBe(1);
    await expect(store.get({ maxStaleMs: 500 })).rejects.toMatchObject({ code: "unavailable" });
    await clock.advance(1);
    expect(store.peek()).toBeUndefined();
    await expect(store.get()).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("refused"),
    });
    expect((await store.get({ maxStaleMs: Number.POSITIVE_INFINITY })).version).toBe(1);
  });

  test("and does not answer: reads return the last known settings after 25 ms, and the load continues", async () => {
    const clock = createFakeClock();
    const adapter = createGatedAdapter();
    const store = await create(adapter, { clock, ttlMs: 1_000 });
    await store.update(model("A"));
    await clock.advance(1_000);
    adapter.freeze();
    const before = adapter.reads();
    let answered = 0;
    const reading = Array.from({ length: 100 }, () =>
      store.get().then((snapshot) => [snapshot.version, snapshot.fresh, ++answered]),
    );
    await clock.advance(24);
    expect(answered).toBe(0);
    await clock.advance(1);
    expect(answered).toBe(100);
    expect((await Promise.all(reading)).every(([version, fresh]) => version === 1 && fresh === false)).toBe(true);
    expect(store.peek()).toMatchObject({ version: 1, fresh: false });
    expect((await store.get()).version).toBe(1);
    expect(adapter.reads() - before).toBe(1);
    adapter.thaw();
    await clock.advance(0);
    expect(store.peek()).toMatchObject({ version: 1, fresh: true });
  });

  test("makes a write fail with write_unknown when it may have been applied, and reconcile returns the outcome later", async () => {
    const clock = createFakeClock();
    const adapter = createGatedAdapter();
    const store = await create(adapter, { clock });
    await store.update(model("A"));
    const failed = store
      .update(async () => {
        adapter.freeze();
        return model("B");
      })
      .catch((thrown: unknown) => thrown);
    await clock.advance(5_000);
    const error = await failed;
    expect(error).toMatchObject({ code: "write_unknown", retryable: false, writeId: expect.stringMatching(/^2-/) });
    const writeId = isSettingsError(error, "write_unknown") ? error.writeId : "";
    const early = store.reconcile(writeId).catch((thrown: unknown) => thrown);
    await clock.advance(5_000);
    expect(await early).toMatchObject({ code: "timeout" });
    adapter.thaw();
    await clock.advance(0);
    expect(await store.reconcile(writeId)).toEqual({ committed: true, version: 2 });
  });
});

describe("an update", () => {
  test("returns its own version, even if a newer one was loaded before it returned", async () => {
    const adapter = createGatedAdapter();
    const written = Promise.withResolvers<void>();
    let release = () => {};
    const keyv = {
      get: adapter.get,
      async set(key: string, value: string) {
        await adapter.set(key, value);
        // Without compare-and-set in the adapter, the store reads its write back.
        release = adapter.holdNextRead();
        written.resolve();
      },
    };
    const store = await createSettingsStore({ keyv, pollMs: 60_000 });
    open.add(store);
    const updating = store.update(model("A"));
    await written.promise;
    await (await elsewhere(adapter)).update(model("B"));
    expect((await store.get({ fresh: true })).version).toBe(2);
    release();
    const { snapshot, committed } = await updating;
    expect(committed).toBe(true);
    expect(snapshot).toMatchObject({ version: 1, value: model("A"), fresh: false });
    expect(store.peek()?.version).toBe(2);
  });
});

describe("closing", () => {
  test("rejects reads that wait for a frozen backend with `closed`", async () => {
    const adapter = createGatedAdapter();
    adapter.freeze();
    const store = await create(adapter, { startup: "lazy" });
    const reading = store.get();
    const closed = expect(reading).rejects.toMatchObject({ code: "closed" });
    await store.close();
    adapter.thaw();
    await closed;
  });
});

describe("a record that is too large", () => {
  test("is rejected before it is sent", async () => {
    const adapter = createGatedAdapter();
    const store = await create(adapter);
    const agents = Object.fromEntries(
      Array.from({ length: 6_000 }, (_, index) => [`agent-${index}`, { provider: "groq", model: "m".repeat(400) }]),
    );
    await expect(store.update({ agents })).rejects.toMatchObject({ code: "invalid", message: /too large/ });
    expect(adapter.writes()).toBe(0);
  });
});

describe("a version below the cached one", () => {
  test("is accepted only after it stayed stored: the backend was restored", async () => {
    const clock = createFakeClock();
    const adapter = createGatedAdapter();
    const store = await create(adapter, { clock });
    await store.update(model("A"));
    const first = adapter.data.get(SETTINGS_KEY) ?? "";
    await store.update(model("B"));
    adapter.data.set(SETTINGS_KEY, first);
    await expect(store.get({ fresh: true })).rejects.toMatchObject({ code: "unavailable" });
    expect(await store.get()).toMatchObject({ version: 2, fresh: false });
    await clock.advance(5_000);
    expect(await store.get()).toMatchObject({ version: 1, fresh: true });
    expect((await store.update(model("C"))).snapshot.version).toBe(2);
  });

  test("and a message about it are ignored when they arrive late", async () => {
    const adapter = createGatedAdapter();
    const store = await create(adapter);
    const other = await create(adapter);
    await store.update(model("A"));
    await store.update(model("B"));
    await other.get({ fresh: true });
    const reads = adapter.reads();
    const { sharedAccessTo } = await import("../backend/shared-access.ts");
    sharedAccessTo(adapter).publish('{"v":1,"w":"1-x","o":"other"}');
    expect(other.peek()).toMatchObject({ version: 2, fresh: true });
    expect(adapter.reads()).toBe(reads);
  });
});

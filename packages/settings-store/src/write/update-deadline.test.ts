import { createFakeClock } from "@babylon/llm-testing";
import { describe, expect, test } from "vitest";
import { createSettingsStore } from "../create-settings-store.ts";
import type { SettingsStoreOptions } from "../options/store-options.ts";
import { createGatedAdapter, type GatedAdapter } from "../test-support/gated-adapter.ts";
import { withUpdateDeadline } from "./update-deadline.ts";

const model = (name: string) => ({ providers: { wandb: { model: name } } });

const TIMEOUT = { code: "timeout", retryable: true, message: expect.stringContaining("updateTimeoutMs") };

/** The current state of a promise. */
function watch(promise: Promise<unknown>) {
  const outcome: { error?: unknown; value?: unknown; isSettled: boolean } = { isSettled: false };
  promise.then(
    (value) => Object.assign(outcome, { value, isSettled: true }),
    (error: unknown) => Object.assign(outcome, { error, isSettled: true }),
  );
  return outcome;
}

/** A backend that does not respond from the write on. */
function freezeWith<T>(adapter: GatedAdapter, value: T): T {
  adapter.freeze();
  return value;
}

describe("the time limit of an update", () => {
  const clock = createFakeClock();

  function create(options: SettingsStoreOptions = {}) {
    return createSettingsStore({ keyv: new Map<string, string>(), clock, bus: false, ttlMs: Infinity, ...options });
  }

  test("ends an update whose function never settles after ten seconds, and later updates run", async () => {
    const store = await create();
    const outcome = watch(store.update(() => new Promise(() => {})));
    await clock.advance(9_999);
    expect(outcome.isSettled).toBe(false);
    await clock.advance(1);
    expect(outcome.error).toMatchObject(TIMEOUT);
    expect((await store.update(model("A"))).snapshot.version).toBe(1);
    await store.close();
    expect(clock.pendingTimers()).toBe(0);
  });

  test("includes the time in the queue", async () => {
    const adapter = createGatedAdapter();
    const store = await create({ keyv: adapter, updateTimeoutMs: 1_000, writeTimeoutMs: 5_000 });
    const first = watch(store.update(async () => freezeWith(adapter, model("A"))));
    await clock.advance(500);
    const second = watch(store.update(model("B")));
    await clock.advance(999);
    expect([first.isSettled, second.isSettled]).toEqual([false, false]);
    await clock.advance(1);
    expect(second.error).toMatchObject(TIMEOUT);
    adapter.thaw();
    await clock.advance(10);
    expect(first.value).toMatchObject({ committed: true });
    expect(await store.get({ fresh: true })).toMatchObject({ version: 1, value: model("A") });
    await store.close();
  });

  test("prevents a write after it, whenever the function settles", async () => {
    const store = await create({ updateTimeoutMs: 1_000 });
    const { promise, resolve } = Promise.withResolvers<ReturnType<typeof model>>();
    const outcome = watch(store.update(() => promise));
    await clock.advance(1_000);
    expect(outcome.error).toMatchObject(TIMEOUT);
    resolve(model("late"));
    await clock.advance(10);
    expect((await store.get({ fresh: true })).version).toBe(0);
    await store.close();
  });

  test("ends an update that loses to other writers every time", async () => {
    const map = new Map<string, string>();
    const store = await create({ keyv: map, updateTimeoutMs: 200 });
    const faster = await create({ keyv: map });
    let round = 0;
    const outcome = watch(
      store.update(
        async () => {
          await faster.update(model(`faster ${++round}`));
          return model("slower");
        },
        { retries: 1_000_000 },
      ),
    );
    for (let step = 0; step < 300 && !outcome.isSettled; step++) await clock.advance(10);
    expect(outcome.error).toMatchObject(TIMEOUT);
    expect(round).toBeGreaterThan(3);
    await store.close();
    await faster.close();
  });

  test("reports the outcome of a write in flight when it passes", async () => {
    const adapter = createGatedAdapter();
    const store = await create({ keyv: adapter, updateTimeoutMs: 1_000, writeTimeoutMs: 5_000 });
    const outcome = watch(store.update(async () => freezeWith(adapter, model("A"))));
    await clock.advance(3_000);
    expect(outcome.isSettled).toBe(false);
    adapter.thaw();
    await clock.advance(10);
    expect(outcome.value).toMatchObject({ committed: true, snapshot: { version: 1 } });
    await store.close();
  });

  test("leaves no timer, however the update ends", async () => {
    for (const update of [async () => "done", () => Promise.reject(new Error("failed"))]) {
      await withUpdateDeadline({ clock, limitMs: 1_000 }, update).catch(() => {});
      expect(clock.pendingTimers()).toBe(0);
    }
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("rejects the value %s", async (updateTimeoutMs) => {
    await expect(create({ updateTimeoutMs })).rejects.toMatchObject({ code: "invalid", path: "updateTimeoutMs" });
  });
});

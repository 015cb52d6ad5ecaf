import { createFakeClock } from "@babylon/llm-testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSettingsStore } from "../create-settings-store.ts";
import { isSettingsError, type SettingsErrorCode } from "../errors/settings-error.ts";
import type { SettingsStoreOptions } from "../options/store-options.ts";
import type { SettingsStore } from "../settings-store.ts";
import type { OpenedTestBackend, TestBackend } from "./test-backend.ts";
import { waitUntil } from "./wait-until.ts";

/** A patch that is different for each number. */
const model = (number: number) => ({ providers: { wandb: { model: `test/model:${number}` } } });

/** The code of the error that a promise rejects with. */
async function codeOf(promise: Promise<unknown>): Promise<SettingsErrorCode | "nothing was thrown"> {
  try {
    await promise;
    return "nothing was thrown";
  } catch (thrown) {
    if (isSettingsError(thrown)) return thrown.code;
    throw thrown;
  }
}

/** What must hold for a store over any backend. */
export function describeStore(backend: TestBackend): void {
  describe(`settings in ${backend.name}`, () => {
    let place: OpenedTestBackend;
    const open = new Set<SettingsStore>();

    async function create(options: SettingsStoreOptions = {}): Promise<SettingsStore> {
      const store = await createSettingsStore({ ...place.options(), ...options });
      open.add(store);
      return store;
    }

    beforeEach(async () => {
      place = await backend.open();
    });

    afterEach(async () => {
      await Promise.all([...open].map((store) => store.close()));
      open.clear();
      await place.close();
    });

    describe("reading", () => {
      test("a thousand reads of a cold store cause one load and return the same object", async () => {
        // A bus that connects meanwhile would rightly have it read once more.
        const store = await create({ startup: "lazy", bus: false });
        const before = store.status().backendReads;
        const snapshots = await Promise.all(Array.from({ length: 1000 }, () => store.get()));
        expect(store.status().backendReads - before).toBe(1);
        expect(new Set(snapshots).size).toBe(1);
      });

      test("within the TTL the backend is not read; after it, it is read once", async () => {
        const clock = createFakeClock();
        const store = await create({ clock, bus: false, ttlMs: 60_000 });
        const before = store.status().backendReads;
        await clock.advance(59_999);
        await Promise.all([store.get(), store.get()]);
        expect(store.peek()?.fresh).toBe(true);
        expect(store.status().backendReads - before).toBe(0);
        await clock.advance(1);
        expect(store.peek()).toBeUndefined();
        await Promise.all([store.get(), store.get(), store.get()]);
        expect(store.status().backendReads - before).toBe(1);
      });

      test("reads do not extend the TTL, writes do", async () => {
        const clock = createFakeClock();
        const store = await create({ clock, bus: false, ttlMs: 1_000 });
        await clock.advance(600);
        await store.get();
        await clock.advance(400);
        expect(store.peek()).toBeUndefined();
        await store.get();
        await clock.advance(600);
        await store.update(model(1));
        await clock.advance(600);
        expect(store.peek()?.version).toBe(1);
      });

      test("a TTL of 0 loads each time, an infinite one never", async () => {
        const clock = createFakeClock();
        const always = await create({ clock, bus: false, ttlMs: 0 });
        const never = await create({ clock, bus: false, ttlMs: Number.POSITIVE_INFINITY });
        const before = { always: always.status().backendReads, never: never.status().backendReads };
        for (let read = 0; read < 3; read++) await always.get();
        await clock.advance(10 * 365 * 86_400_000);
        for (let read = 0; read < 3; read++) await never.get();
        expect(always.status().backendReads - before.always).toBe(3);
        expect(never.status().backendReads - before.never).toBe(0);
        expect(always.peek()).toBeUndefined();
      });

      test("a fresh read returns a value that was stored directly in the backend", async () => {
        const store = await create({ bus: false });
        const other = await create({ bus: false });
        await other.update(model(1));
        expect((await store.get()).version).toBe(0);
        expect((await store.get({ fresh: true })).version).toBe(1);
      });

      test("a snapshot is deeply frozen, and the same object until the value changes", async () => {
        const store = await create();
        await store.update({ order: ["groq", "wandb"], agents: { scout: { models: { groq: "a" } } } });
        const snapshot = await store.get();
        const { value } = snapshot;
        for (const frozen of [snapshot, value, value.order, value.agents, value.agents.scout, value.providers]) {
          expect(Object.isFrozen(frozen)).toBe(true);
        }
        expect(() => Object.assign(value.agents, { other: {} })).toThrow(TypeError);
        expect(await store.get({ fresh: true })).toBe(snapshot);
        await store.update(model(1));
        expect(await store.get()).not.toBe(snapshot);
      });

      test("without a stored record the version is 0 with the defaults", async () => {
        const store = await create({ defaults: { order: ["claude"] } });
        const snapshot = await store.get();
        expect(snapshot).toMatchObject({
          version: 0,
          source: "defaults",
          updatedAt: null,
          updatedBy: null,
          fresh: true,
        });
        expect(snapshot.value).toEqual({ order: ["claude"], providers: {}, agents: {} });
      });

      test("a text that is not a record is reported as corrupt, and is not overwritten", async () => {
        const store = await create({ bus: false });
        await store.update(model(1));
        for (const text of ["not json", '{"value":{"id":"system"}}', '{"other":1}', '{"value":null}', "[]"]) {
          await place.writeRaw(text);
          expect(await codeOf(store.get({ fresh: true }))).toBe("corrupt");
          expect(await store.get()).toMatchObject({ version: 1, fresh: false });
          expect(await codeOf(store.update(model(2)))).toBe("corrupt");
          expect(await place.readRaw()).toBe(text);
        }
        expect(store.status()).toMatchObject({ state: "stale", lastError: { code: "corrupt" } });
        expect(await codeOf(create())).toBe("corrupt");
      });

      test("a record of the older system is read, and the next change stores it in the new form", async () => {
        await place.writeRaw(JSON.stringify({ value: { id: "system", wandbModel: "old/model", wandbEnabled: true } }));
        const store = await create({ bus: false });
        const snapshot = await store.get();
        expect(snapshot).toMatchObject({ version: 0, source: "stored" });
        expect(snapshot.value.providers).toEqual({ wandb: { model: "old/model", enabled: true } });
        expect(await place.readRaw()).toContain("wandbModel");
        await store.update({ order: ["wandb"] });
        expect(await place.readRaw()).toContain('"schema":1');
        expect((await store.get({ fresh: true })).value.providers).toEqual({
          wandb: { model: "old/model", enabled: true },
        });
      });

      test("a record of a newer version is rejected and not overwritten", async () => {
        const store = await create({ bus: false });
        await store.update(model(1));
        const stored = (await place.readRaw())?.replace('"schema":1', '"schema":2') ?? "";
        await place.writeRaw(stored);
        expect(await codeOf(store.get({ fresh: true }))).toBe("schema_too_new");
        expect(await codeOf(store.update(model(2)))).toBe("schema_too_new");
        expect(await store.get()).toMatchObject({ version: 1, fresh: false });
        expect(await place.readRaw()).toBe(stored);
        expect(await codeOf(create())).toBe("schema_too_new");
      });

      test("after a deleted record the last known settings stay in use, and the next change stores it again", async () => {
        const store = await create({ bus: false });
        await store.update(model(1));
        await store.update(model(2));
        await place.deleteRaw();
        expect(await codeOf(store.get({ fresh: true }))).toBe("unavailable");
        expect(await store.get()).toMatchObject({ version: 2, fresh: false, value: model(2) });
        const { snapshot } = await store.update({ order: ["groq"] });
        expect(snapshot).toMatchObject({ version: 3, fresh: true, value: { ...model(2), order: ["groq"] } });
        expect((await store.history()).map(({ version }) => version)).toEqual([3, 2, 1]);
      });
    });

    describe("changing", () => {
      test("a change is readable at once in its store, without a load", async () => {
        const store = await create({ bus: "auto", pollMs: 60_000 });
        await store.update(model(1));
        const reads = store.status().backendReads;
        expect(store.peek()?.value).toMatchObject(model(1));
        expect(await store.get()).toMatchObject({ version: 1, fresh: true, source: "stored" });
        expect(store.status().backendReads).toBe(reads);
      });

      test("a change is detected by another store", async () => {
        const options: SettingsStoreOptions = backend.cas === "none" ? { pollMs: 20 } : {};
        const [writer, reader] = [await create(options), await create(options)];
        for (const number of [1, 2, 3]) {
          await writer.update(model(number));
          await waitUntil("the other store sees it", () => reader.peek()?.version === number, backend.visibleWithinMs);
          expect((await reader.get()).value).toEqual(writer.peek()?.value);
        }
      });

      test("without messages, polling detects a change", async () => {
        const [writer, reader] = [await create(), await create({ bus: "poll", pollMs: 10 })];
        expect(reader.status().bus).toBe("polling");
        await writer.update(model(1));
        await waitUntil("the other store sees it", () => reader.peek()?.version === 1);
      });

      test("no update is lost among concurrent function updates; versions have no gap", async () => {
        const stores = [await create(), await create(), await create(), await create()];
        const seen: (number | null)[] = [];
        await Promise.all(
          stores.flatMap((store) =>
            Array.from({ length: 10 }, async () => {
              const { snapshot } = await store.update((value) => {
                const before = Number(value.providers.wandb?.model?.split(":")[1] ?? 0);
                return model(before + 1);
              });
              seen.push(snapshot.version);
            }),
          ),
        );
        const [store] = stores;
        const end = await store?.get({ fresh: true });
        expect(end?.version).toBe(40);
        expect(end?.value).toMatchObject(model(40));
        const history = await store?.history();
        expect(history?.map(({ version }) => version)).toEqual(Array.from({ length: 40 }, (_, index) => 40 - index));
        expect(new Set(history?.map(({ writeId }) => writeId)).size).toBe(40);
      });

      test("a concurrent change between read and write is included, or causes a conflict", async () => {
        const [store, other] = [await create(), await create()];
        let calls = 0;
        const { snapshot } = await store.update(async ({ order }) => {
          calls += 1;
          if (calls <= 2) await other.update({ order: calls === 1 ? ["groq"] : ["claude"] });
          return { agents: { scout: { provider: order?.[0] ?? "none" } } };
        });
        expect(calls).toBe(3);
        expect(snapshot).toMatchObject({
          version: 3,
          value: { order: ["claude"], agents: { scout: { provider: "claude" } } },
        });
        const late = store.update(
          async () => {
            await other.update({ order: null });
            return model(1);
          },
          { expectedVersion: 3 },
        );
        await expect(late).rejects.toMatchObject({ code: "conflict", current: { version: 4 } });
        expect((await store.get({ fresh: true })).value.providers).toEqual({});
      });

      test("of four concurrent first changes one makes the first version, and the others build on it", async () => {
        const stores = [await create(), await create(), await create(), await create()];
        const ids = ["alpha", "beta", "gamma", "delta"];
        const results = await Promise.all(
          stores.map((store, index) => store.update({ providers: { [ids[index] ?? "x"]: { enabled: false } } })),
        );
        const end = await stores[0]?.get({ fresh: true });
        expect(end?.version).toBe(4);
        expect(Object.keys(end?.value.providers ?? {}).sort()).toEqual([...ids].sort());
        expect(results.every(({ committed }) => committed)).toBe(true);
      });

      test("changes of different fields by two admins are both stored; of the same version only one is", async () => {
        const [one, two] = [await create({ bus: false }), await create({ bus: false })];
        await one.update({ providers: { groq: { enabled: false } } });
        await two.update({ providers: { claude: { model: "m" } } });
        expect((await one.get({ fresh: true })).value.providers).toEqual({
          groq: { enabled: false },
          claude: { model: "m" },
        });
        await one.update({ providers: { claude: { model: "one" } } }, { expectedVersion: 2 });
        const raw = await place.readRaw();
        const failed = two.update({ providers: { claude: { model: "two" } } }, { expectedVersion: 2 });
        await expect(failed).rejects.toMatchObject({
          code: "conflict",
          current: { version: 3, value: { providers: { claude: { model: "one" } } } },
        });
        expect(await place.readRaw()).toBe(raw);
        expect((await two.get()).version).toBe(3);
      });

      test("versions are never reused, even after the record was deleted", async () => {
        const store = await create({ bus: false });
        await store.update(model(1));
        await store.update(model(2));
        await place.deleteRaw();
        expect((await store.update(model(3))).snapshot.version).toBe(3);
        expect((await store.rollback(1)).snapshot.version).toBe(4);
      });

      test("a change without effect writes nothing and notifies no subscriber", async () => {
        const [store, other] = [await create(), await create()];
        await store.update({ ...model(1), order: ["groq"] });
        await waitUntil("the other store sees it", () => other.peek()?.version === 1);
        const raw = await place.readRaw();
        const notifiedVersions: unknown[] = [];
        other.subscribe((snapshot) => notifiedVersions.push(snapshot.version));
        expect(await store.update(model(1))).toMatchObject({ committed: false, changed: [], snapshot: { version: 1 } });
        expect(await store.update({})).toMatchObject({ committed: false });
        expect(await store.update(() => ({ order: ["groq"] }))).toMatchObject({ committed: false });
        expect(await place.readRaw()).toBe(raw);
        await other.get({ fresh: true });
        expect(notifiedVersions).toEqual([]);
      });

      test("a patch is merged: absent fields stay, null removes, lists replace", async () => {
        const store = await create({ bus: false });
        await store.update({
          order: ["groq", "wandb"],
          providers: { wandb: { model: "a", enabled: true }, groq: { model: "b" } },
          agents: { scout: { provider: "groq", model: "m" }, trader: { models: { wandb: "w", groq: "g" } } },
        });
        await store.update({
          order: ["claude"],
          providers: { wandb: { model: null } },
          agents: { trader: { models: { groq: null } } },
        });
        await store.update({
          providers: { groq: null, claude: { enabled: false } },
          agents: { scout: { model: undefined } },
        });
        expect((await store.get({ fresh: true })).value).toEqual({
          order: ["claude"],
          providers: { wandb: { enabled: true }, claude: { enabled: false } },
          agents: { scout: { provider: "groq", model: "m" }, trader: { models: { wandb: "w" } } },
        });
        await store.update({
          order: null,
          agents: { scout: { provider: null, model: null, models: {} }, trader: null },
        });
        expect((await store.get({ fresh: true })).value).toMatchObject({
          order: null,
          agents: { scout: { models: {} } },
        });
      });

      test("an invalid change is rejected with its path, and the record is unchanged", async () => {
        const store = await create({ bus: false });
        await store.update(model(1));
        const raw = await place.readRaw();
        const refused = store.update({ providers: { groq: { model: "a\u0000b" } } });
        await expect(refused).rejects.toMatchObject({ code: "invalid", path: "providers.groq.model" });
        for (const hidden of ["\u202e", "\u200b", "\u2028"]) {
          const turned = store.update({ agents: { [`a${hidden}b`]: { provider: "groq" } } });
          await expect(turned).rejects.toMatchObject({ code: "invalid" });
          const why = store.update(model(2), { reason: `why${hidden}not` });
          await expect(why).rejects.toMatchObject({ code: "invalid", message: expect.stringContaining("reason") });
        }
        const nonsense = store.update(() => JSON.parse('{"order":["Not An Id"]}'));
        await expect(nonsense).rejects.toMatchObject({ code: "invalid", path: "order.0" });
        await expect(store.update(() => Promise.reject(new RangeError("mine")))).rejects.toThrow(RangeError);
        expect(await place.readRaw()).toBe(raw);
        expect((await store.get({ fresh: true })).version).toBe(1);
      });

      test("the history has actor, reason and patch, newest first; a rollback makes a new version", async () => {
        const store = await create();
        await store.update(model(1), { actor: "ann", reason: "first" });
        await store.update({ order: ["groq"] }, { actor: "bob" });
        await store.update({ providers: { wandb: null }, order: null });
        const history = await store.history();
        expect(history.map(({ version, by, reason, patch }) => ({ version, by, reason, patch }))).toEqual([
          { version: 3, by: null, reason: null, patch: { order: null, providers: { wandb: null } } },
          { version: 2, by: "bob", reason: null, patch: { order: ["groq"] } },
          { version: 1, by: "ann", reason: "first", patch: model(1) },
        ]);
        const { snapshot } = await store.rollback(2, { actor: "ann" });
        expect(snapshot).toMatchObject({ version: 4, updatedBy: "ann", value: { ...model(1), order: ["groq"] } });
        expect((await store.history())[0]).toMatchObject({ version: 4, reason: "rollback to version 2" });
        // An option with the value `undefined` counts as absent.
        await store.rollback(1, {
          actor: undefined,
          reason: undefined,
          expectedVersion: undefined,
          retries: undefined,
        });
        expect((await store.history())[0]).toMatchObject({ by: null, reason: "rollback to version 1" });
        await store.rollback(2, { reason: "too bold" });
        expect((await store.history())[0]).toMatchObject({ reason: "too bold" });
        expect((await store.rollback(0)).snapshot.value).toEqual({ order: null, providers: {}, agents: {} });
        await expect(store.rollback(99)).rejects.toMatchObject({ code: "invalid", path: "version" });
      });

      test("the outcome of a write can be queried by its id", async () => {
        const store = await create();
        await store.update(model(1));
        await store.update(model(2));
        const [second, first] = await store.history();
        expect(await store.reconcile(first?.writeId ?? "")).toEqual({ committed: true, version: 2 });
        expect(await store.reconcile(second?.writeId ?? "")).toEqual({ committed: true, version: 2 });
        expect(await store.reconcile(`2-${"0".repeat(24)}`)).toEqual({ committed: false, version: 2 });
        expect(await store.reconcile(`3-${"0".repeat(24)}`)).toEqual({ committed: null, version: 2 });
        expect(await codeOf(store.reconcile("nonsense"))).toBe("invalid");
      });
    });

    describe("subscriptions", () => {
      test("subscribers are called once per version, when it is readable; one that throws does not affect others", async () => {
        const store = await create();
        const received: unknown[] = [];
        store.subscribe(() => {
          throw new Error("mine");
        });
        const stop = store.subscribe((snapshot, { changed, previous }) => {
          expect(store.peek()).toBe(snapshot);
          received.push([snapshot.version, changed, previous?.version]);
        });
        await store.update(model(1));
        await store.update({ order: ["groq"], agents: { a: { provider: "groq" } } });
        await store.get({ fresh: true });
        stop();
        await store.update(model(2));
        expect(received).toEqual([
          [1, ["providers"], 0],
          [2, ["order", "agents"], 1],
        ]);
        const late: unknown[] = [];
        store.subscribe((snapshot) => late.push(snapshot.version), { immediate: true });
        expect(late).toEqual([3]);
      });

      test("a writer does not act on its own message", async () => {
        const [store, other] = [await create({ pollMs: 60_000 }), await create({ pollMs: 60_000 })];
        const reads = store.status().backendReads;
        await store.update(model(1));
        await waitUntil("the message arrives elsewhere", async () => (await other.get()).version === 1);
        expect(store.peek()).toMatchObject({ version: 1, fresh: true });
        // The one that the change was built on.
        expect(store.status().backendReads - reads).toBe(1);
      });

      test("a change that lost or was rejected notifies no subscriber", async () => {
        const [store, other] = [await create(), await create()];
        await store.update(model(1));
        await waitUntil("the other store sees it", () => other.peek()?.version === 1);
        const received: unknown[] = [];
        other.subscribe((snapshot) => received.push(snapshot.version));
        expect(await codeOf(store.update(model(2), { expectedVersion: 0 }))).toBe("conflict");
        expect(await codeOf(store.update(JSON.parse('{"nonsense":1}')))).toBe("invalid");
        await store.update(model(3));
        await waitUntil("the other store sees the next one", () => other.peek()?.version === 2);
        expect(received).toEqual([2]);
      });
    });

    describe("closing", () => {
      test("calls after closing are rejected; closing again does nothing", async () => {
        const store = await create();
        await store.update(model(1));
        await store.close();
        await store.close();
        expect(store.peek()).toBeUndefined();
        expect(await codeOf(store.get())).toBe("closed");
        expect(await codeOf(store.get({ fresh: true }))).toBe("closed");
        expect(await codeOf(store.update(model(2)))).toBe("closed");
        expect(await codeOf(store.history())).toBe("closed");
        expect(await codeOf(store.rollback(1))).toBe("closed");
        expect(await codeOf(store.reconcile("1-0"))).toBe("closed");
        expect(store.status().state).toBe("closed");
      });

      test("a pending write ends before the store closes", async () => {
        const store = await create();
        const writing = store.update(model(1));
        await store.close();
        expect((await writing).committed).toBe(true);
        expect((await (await create()).get()).version).toBe(1);
      });
    });

    test("its status shows its capabilities", async () => {
      const store = await create();
      const expected = backend.cas === "none" ? "polling" : "connected";
      expect(store.status()).toMatchObject({
        state: "ready",
        cas: backend.cas,
        bus: expected,
        failures: 0,
        lastError: null,
      });
      const strict = codeOf(create({ requireCas: true }));
      expect(await strict).toBe(backend.cas === "none" ? "cas_unsupported" : "nothing was thrown");
    });
  });
}

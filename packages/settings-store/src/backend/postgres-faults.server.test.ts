import KeyvPostgres from "@keyv/postgres";
import { Keyv } from "keyv";
import { Keyv as Keyv5 } from "keyv5";
import KeyvPostgres5 from "keyv5-postgres";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSettingsStore } from "../create-settings-store.ts";
import type { SettingsStoreOptions } from "../options/store-options.ts";
import { describeServerFaults } from "../test-support/describe-server-faults.ts";
import { isServerMissing } from "../test-support/is-server-missing.ts";
import type { RunningServer } from "../test-support/run-server.ts";
import { startPostgres } from "../test-support/start-postgres.ts";
import { startStoreWorker } from "../test-support/start-store-worker.ts";
import { waitUntil } from "../test-support/wait-until.ts";

const model = (name: string) => ({ providers: { wandb: { model: name } } });

async function query(server: RunningServer, sql: string, parameters: readonly unknown[] = []) {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query(sql, [...parameters])).rows;
  } finally {
    await client.end();
  }
}

const KEY = "babylon.settings.system";

/** The adapters share pools that are never closed. */
const QUIET = { allowExitOnIdle: true };

const TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()";

describe.skipIf(isServerMissing("postgres"))("Postgres", () => {
  describeServerFaults({
    name: "a Postgres",
    start: startPostgres,
    empty: async (server) => void (await query(server, "DROP TABLE IF EXISTS babylon_settings")),
    async terminate(server, which) {
      await query(
        server,
        which === "all" ? `${TERMINATE} AND usename = 'babylon'` : `${TERMINATE} AND query LIKE 'LISTEN%'`,
      );
    },
    async publish(server, message) {
      const [row] = await query(server, "SELECT query FROM pg_stat_activity WHERE query LIKE 'LISTEN%'");
      const channel = /"(\w+)"/.exec(String(Reflect.get(Object(row), "query")))?.[1];
      await query(server, "SELECT pg_notify($1, $2)", [channel, message]);
    },
  });

  describe("as a backend", () => {
    let server: RunningServer;

    beforeAll(async () => {
      server = await startPostgres();
    });

    const adapters: KeyvPostgres5[] = [];

    function createAdapter5(table: string): KeyvPostgres5 {
      const adapter = new KeyvPostgres5({ uri: server.url, table, ...QUIET });
      adapters.push(adapter);
      return adapter;
    }

    afterAll(async () => {
      // They share a pool, whose unhandled error would end the process when the server stops.
      for (const adapter of adapters) await adapter.disconnect().catch(() => {});
      await server.stop();
    });

    test("with a table of the other major version of Keyv is rejected before the table is converted", async () => {
      const keyv5 = (table: string) => new Keyv5({ store: createAdapter5(table) });
      const pairs: readonly (readonly [() => SettingsStoreOptions, () => SettingsStoreOptions])[] = [
        [() => ({ keyv: keyv5("made_by_5") }), () => ({ url: server.url, table: "made_by_5" })],
        [() => ({ url: server.url, table: "made_by_6" }), () => ({ keyv: keyv5("made_by_6") })],
      ];
      for (const [options, otherMajor] of pairs) {
        const store = await createSettingsStore(options());
        await store.update(model("A"));
        await expect(createSettingsStore(otherMajor())).rejects.toMatchObject({
          code: "incompatible_store",
          message: expect.stringContaining("Nothing was changed"),
        });
        await store.update(model("B"));
        expect((await store.get({ fresh: true })).version).toBe(2);
        await store.close();
      }
      const columns = await query(
        server,
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'made_by_5'",
      );
      expect(columns).toHaveLength(2);
    });

    test("without permission to create tables is an error, and works once the table exists", async () => {
      await query(server, "CREATE ROLE app LOGIN PASSWORD 'app-password'");
      const url = server.url.replace("babylon:secret-of-tests", "app:app-password");
      const options = { url, table: "made_by_admin" };
      await expect(createSettingsStore(options)).rejects.toMatchObject({
        code: "unavailable",
        retryable: false,
        message: expect.stringContaining("permission denied"),
      });
      await (await createSettingsStore({ ...options, url: server.url })).close();
      await query(server, "GRANT SELECT, INSERT, UPDATE ON made_by_admin TO app");
      const [store, other] = [await createSettingsStore(options), await createSettingsStore(options)];
      expect(store.status().bus).toBe("connected");
      await store.update(model("A"));
      await waitUntil("the other sees it", () => other.peek()?.version === 1);
      await store.close();
      await other.close();
    });

    test.each<[string, () => SettingsStoreOptions]>([
      ["Keyv 6", () => ({ url: server.url })],
      ["Keyv 5", () => ({ keyv: createAdapter5("babylon_settings") })],
    ])("whose row has no value takes the next update, with the table of %s", async (_, options) => {
      await query(server, "DROP TABLE IF EXISTS babylon_settings");
      const stores = [1, 2, 3].map(() => createSettingsStore(options()));
      const [store, ...others] = await Promise.all(stores);
      await store?.update(model("A"));
      await query(server, "UPDATE babylon_settings SET value = NULL");
      const updates = [store, ...others].map((each) => each?.update({ order: ["groq"] }, { retries: 3 }));
      const committed = (await Promise.all(updates)).filter((result) => result?.committed);
      expect(committed).toHaveLength(1);
      expect(await query(server, "SELECT count(*)::int AS rows FROM babylon_settings")).toEqual([{ rows: 1 }]);
      for (const each of [store, ...others]) await each?.close();
    });

    test("shares the table of a plain Keyv", async () => {
      const adapter = new KeyvPostgres({ uri: server.url, table: "plain", allowExitOnIdle: true });
      const keyv = new Keyv({ store: adapter, namespace: "app" });
      const store = await createSettingsStore({ keyv });
      await store.update(model("A"));
      const record = await keyv.get(KEY);
      expect(record).toMatchObject({ version: 1 });
      await store.update(model("B"));
      await keyv.set(KEY, record);
      expect((await (await createSettingsStore({ keyv })).get()).value).toMatchObject(model("A"));
      await store.close();
      await keyv.disconnect();
    });

    test("is set up by four concurrent processes, and only one of their first writes is applied", async () => {
      for (let round = 0; round < 3; round++) {
        await query(server, "DROP TABLE IF EXISTS babylon_settings");
        const workers = [1, 2, 3, 4].map(() => startStoreWorker({ kind: "count", url: server.url, times: 5 }));
        for (const worker of workers) expect(await worker.next()).toBe("ready");
        for (const worker of workers) worker.resume();
        for (const worker of workers) expect(await worker.next()).toMatchObject({ done: 5, failed: [] });
        for (const worker of workers) await worker.exitCode();
        const rows = await query(server, "SELECT value FROM babylon_settings");
        expect(rows).toHaveLength(1);
        expect(JSON.parse(String(Reflect.get(Object(rows[0]), "value")))).toMatchObject({ value: { version: 20 } });
      }
    });
  });
});

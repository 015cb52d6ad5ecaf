import KeyvPostgres from "@keyv/postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findPgDriver } from "./backend/pg-driver.ts";
import { createSettingsStore } from "./create-settings-store.ts";
import { describeServerFaults } from "./test-support/describe-server-faults.ts";
import { importKeyv5 } from "./test-support/import-keyv5.ts";
import { mustSkip } from "./test-support/need-server.ts";
import type { RunningServer } from "./test-support/run-server.ts";
import { startPostgres } from "./test-support/start-postgres.ts";
import { startWorker } from "./test-support/start-worker.ts";
import { until } from "./test-support/until.ts";

const model = (name: string) => ({ providers: { wandb: { model: name } } });

async function query(server: RunningServer, sql: string, parameters: readonly unknown[] = []) {
  const driver = await findPgDriver();
  if (driver === null) throw new Error("node-postgres was not found");
  const client = new driver.Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query(sql, parameters)).rows;
  } finally {
    await client.end();
  }
}

const TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()";

describe.skipIf(mustSkip("postgres"))("Postgres", () => {
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

    afterAll(() => server.stop());

    test("with a table of Keyv 5 is refused with Keyv 6 before it is converted, and the other way round", async () => {
      const five = { url: server.url, table: "made_by_5", importPackage: importKeyv5 };
      const six = { url: server.url, table: "made_by_6" };
      for (const [options, otherMajor] of [
        [five, { url: server.url, table: "made_by_5" }],
        [six, { ...six, importPackage: importKeyv5 }],
      ] as const) {
        const store = await createSettingsStore(options);
        await store.update(model("A"));
        await expect(createSettingsStore(otherMajor)).rejects.toMatchObject({
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

    test("where the user may not make tables says so, and is enough once somebody else made it", async () => {
      await query(server, "CREATE ROLE app LOGIN PASSWORD 'app-password'");
      const url = server.url.replace("babylon:secret-of-tests", "app:app-password");
      const options = { url, table: "made_by_admin" };
      for (const adapters of [{}, { importPackage: importKeyv5 }]) {
        await expect(createSettingsStore({ ...options, ...adapters })).rejects.toMatchObject({
          code: "unavailable",
          retryable: false,
          message: expect.stringContaining("permission denied"),
        });
      }
      await (await createSettingsStore({ ...options, url: server.url })).close();
      await query(server, "GRANT SELECT, INSERT, UPDATE ON made_by_admin TO app");
      const [store, other] = [await createSettingsStore(options), await createSettingsStore(options)];
      expect(store.status().bus).toBe("connected");
      await store.update(model("A"));
      await until("the other sees it", () => other.peek()?.version === 1);
      await store.close();
      await other.close();
    });

    test.each([
      ["Keyv 6", {}],
      ["Keyv 5", { importPackage: importKeyv5 }],
    ])("whose row has no value takes the next update, with the table of %s", async (_, adapters) => {
      await query(server, "DROP TABLE IF EXISTS babylon_settings");
      const stores = [1, 2, 3].map(() => createSettingsStore({ url: server.url, ...adapters }));
      const [store, ...others] = await Promise.all(stores);
      await store?.update(model("A"));
      await query(server, "UPDATE babylon_settings SET value = NULL");
      const updates = [store, ...others].map((each) => each?.update({ order: ["groq"] }, { retries: 3 }));
      const committed = (await Promise.all(updates)).filter((result) => result?.committed);
      expect(committed).toHaveLength(1);
      expect(await query(server, "SELECT count(*)::int AS rows FROM babylon_settings")).toEqual([{ rows: 1 }]);
      for (const each of [store, ...others]) await each?.close();
    });

    test("with the table that plain Keyv uses is shared with it", async () => {
      const adapter = new KeyvPostgres({ uri: server.url, table: "plain", allowExitOnIdle: true });
      const store = await createSettingsStore({ keyv: adapter });
      await store.update(model("A"));
      expect(JSON.parse(String(await adapter.get("babylon.settings.system")))).toMatchObject({ value: { version: 1 } });
      await store.close();
      await adapter.disconnect();
    });

    test("is set up by four processes that start at once, and the table takes one first record", async () => {
      for (let round = 0; round < 3; round++) {
        await query(server, "DROP TABLE IF EXISTS babylon_settings");
        const workers = [1, 2, 3, 4].map(() => startWorker({ kind: "count", url: server.url, times: 5 }));
        for (const worker of workers) expect(await worker.next()).toBe("ready");
        for (const worker of workers) worker.tell();
        for (const worker of workers) expect(await worker.next()).toMatchObject({ done: 5, failed: [] });
        for (const worker of workers) await worker.ended();
        const rows = await query(server, "SELECT value FROM babylon_settings");
        expect(rows).toHaveLength(1);
        expect(JSON.parse(String(Reflect.get(Object(rows[0]), "value")))).toMatchObject({ value: { version: 20 } });
      }
    });
  });
});

import KeyvPostgres from "@keyv/postgres";
import KeyvRedis from "@keyv/redis";
import { Keyv } from "keyv";
import { Keyv as Keyv5 } from "keyv5";
import KeyvPostgres5 from "keyv5-postgres";
import KeyvRedis5 from "keyv5-redis";
import { importRedis5 } from "./import-redis5.ts";
import { type OpenedTestBackend, SETTINGS_KEY, type TestBackend } from "./test-backend.ts";

/** The ways to a Redis. `url` is known when the tests run, not when they are collected. */
export function redisBackends(url: () => string): readonly TestBackend[] {
  const ways: readonly [string, () => Way][] = [
    ["a Redis by URL", () => ({ options: () => ({ url: url() }), closeAll: async () => {} })],
    [
      "a Redis by URL with version 5 of the driver",
      () => ({
        options: () => ({ url: url(), importPackage: importRedis5 }),
        closeAll: async () => {},
      }),
    ],
    ["a Redis by Keyv 6", () => ofKeyv(() => new Keyv({ store: new KeyvRedis(url()) }))],
    ["a Redis by Keyv 5", () => ofKeyv(() => new Keyv5({ store: new KeyvRedis5(url()) }))],
  ];
  return ways.map(([name, way]) => ({
    name,
    cas: "atomic",
    visibleWithinMs: 1_000,
    open: () => overRedis(url(), way()),
  }));
}

/** The backends of a Postgres server. Each major version of Keyv has a separate table. */
export function postgresBackends(url: () => string): readonly TestBackend[] {
  const ways: readonly [string, string, () => Way][] = [
    [
      "a Postgres by URL",
      "settings_url_6",
      () => ({
        options: () => ({ url: url(), table: "settings_url_6" }),
        closeAll: async () => {},
      }),
    ],
    [
      "a Postgres by Keyv 6",
      "settings_keyv_6",
      () => ofKeyv(() => new Keyv({ store: new KeyvPostgres({ uri: url(), table: "settings_keyv_6", ...QUIET }) })),
    ],
    [
      "a Postgres by Keyv 5",
      "settings_keyv_5",
      () => ofKeyv(() => new Keyv5({ store: new KeyvPostgres5({ uri: url(), table: "settings_keyv_5", ...QUIET }) })),
    ],
  ];
  return ways.map(([name, table, way]) => ({
    name,
    cas: "atomic",
    visibleWithinMs: 1_000,
    open: () => overPostgres(url(), table, way()),
  }));
}

/** The adapters' pools are out of reach, so their idle connections must not keep the tests running. */
const QUIET = { allowExitOnIdle: true, max: 1 };

interface Way {
  readonly options: OpenedTestBackend["options"];
  readonly closeAll: () => Promise<void>;
}

function ofKeyv(createKeyv: () => Keyv | Keyv5): Way {
  const keyv = createKeyv();
  return {
    options: () => ({ keyv }),
    closeAll: async () => void (await keyv.disconnect().catch(() => {})),
  };
}

async function overRedis(url: string, way: Way): Promise<OpenedTestBackend> {
  const adapter = new KeyvRedis(url);
  await adapter.delete(SETTINGS_KEY);
  return {
    options: way.options,
    async readRaw() {
      const raw: unknown = await adapter.get(SETTINGS_KEY);
      return typeof raw === "string" ? raw : undefined;
    },
    writeRaw: async (text) => void (await adapter.set(SETTINGS_KEY, text)),
    deleteRaw: async () => void (await adapter.delete(SETTINGS_KEY)),
    async close() {
      await way.closeAll();
      await adapter.disconnect(true);
    },
  };
}

async function overPostgres(url: string, table: string, way: Way): Promise<OpenedTestBackend> {
  // The adapter for Keyv 5 works on both layouts, as long as it only reads and deletes.
  const adapter = new KeyvPostgres({ uri: url, table: "not_the_settings", ...QUIET });
  const query = (sql: string, parameters: readonly unknown[]): Promise<unknown> =>
    Reflect.apply(Reflect.get(adapter, "query"), adapter, [sql, parameters]);
  const exists = `SELECT 1 FROM information_schema.tables WHERE table_name = $1`;
  const rows = await query(exists, [table]);
  if (Array.isArray(rows) && rows.length > 0) await query(`DELETE FROM "${table}"`, []);
  return {
    options: way.options,
    async readRaw() {
      const found = await query(`SELECT value FROM "${table}" WHERE key = $1`, [SETTINGS_KEY]);
      const [row] = Array.isArray(found) ? found : [];
      return row?.value;
    },
    async writeRaw(text) {
      await query(`DELETE FROM "${table}" WHERE key = $1`, [SETTINGS_KEY]);
      await query(`INSERT INTO "${table}" (key, value) VALUES ($1, $2)`, [SETTINGS_KEY, text]);
    },
    deleteRaw: async () => void (await query(`DELETE FROM "${table}" WHERE key = $1`, [SETTINGS_KEY])),
    async close() {
      await way.closeAll();
      await adapter.disconnect();
    },
  };
}

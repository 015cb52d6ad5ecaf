import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseSettingsUrl } from "../settings-url.ts";
import { createAdapterBackend } from "./adapter-backend.ts";
import type { Backend } from "./backend.ts";
import { type FilePlace, watchPlace } from "./database-file.ts";
import { identifyAdapter, type SqlDetails } from "./identify-adapter.ts";
import type { AdapterClass } from "./import-adapter.ts";
import { refuseOtherMajor } from "./incompatible-store.ts";
import { createMapBackend } from "./map-backend.ts";
import type { OpenContext, OpenedBackend } from "./open-backend.ts";
import { duplicateClient } from "./open-redis.ts";
import { createOwnPostgresBackend } from "./own-postgres-backend.ts";
import { createRedisBackend } from "./redis-backend.ts";
import type { RedisClient } from "./redis-client.ts";
import { columnOf, layoutOf, quoteIdentifier, type SqlAdapter, type TableLayout } from "./sql-adapter.ts";
import { createSqliteBackend, type OpenedSqlite } from "./sqlite-backend.ts";
import { sharedPlaceOf } from "./take-turns.ts";

/**
 * Uses what the caller brought. Of a Redis or Postgres adapter only the configuration is used, for connections of the store's own:
 * so that limits of time, reconnecting and lost connections are the store's business. The caller closes what the caller opened.
 */
export async function openKeyvBackend(keyv: object, context: OpenContext): Promise<OpenedBackend> {
  const found = identifyAdapter(keyv);
  const { key } = context;
  switch (found.kind) {
    case "map":
      return { backend: createMapBackend(found.map, `${found.prefix}${key}`), secrets: [] };
    case "redis":
      return redisBackend(found.client, `${found.prefix}${key}`);
    case "sqlite":
      return { backend: sqliteBackend(found.adapter, found.details, context), secrets: [] };
    case "postgres":
      return postgresBackend(found.adapter, found.details, context);
    case "process":
    case "other": {
      const { adapter, prefix, owner, kind } = found;
      const cas = kind === "process" ? "process" : "none";
      return { backend: createAdapterBackend({ adapter, key: `${prefix}${key}`, cas, owner }), secrets: [] };
    }
  }
}

function redisBackend(client: RedisClient, key: string): OpenedBackend {
  const password = client.options?.password;
  const createClient = () => duplicateClient(client);
  const backend = createRedisBackend({ createClient, key, location: "the Redis of the given adapter" });
  return { backend, secrets: password === undefined ? [] : [password] };
}

function sqliteBackend(adapter: SqlAdapter & object, details: SqlDetails, context: OpenContext): Backend {
  const { table, namespace } = details;
  const { key, clock, random, sqlitePollMs: pollMs } = context;
  const file = details.file === null ? null : resolve(details.file);
  const location = file ?? "sqlite :memory:";
  const wanted: TableLayout = "capabilities" in adapter ? "keyv-6" : "keyv-5";
  // The adapter keeps the file that it opened, whatever has its name later.
  let place: (() => FilePlace) | undefined;
  async function open(): Promise<OpenedSqlite> {
    const columns = await adapter.query(`PRAGMA table_info(${quoteIdentifier(table)})`);
    refuseOtherMajor(layoutOf(columnOf(columns, "name").map(String)), wanted, location);
    place ??= file === null || !existsSync(file) ? () => "same" : watchPlace(file, false);
    return { adapter, layout: wanted, place, canReopen: false, async close() {} };
  }
  const shared = sharedPlaceOf(adapter);
  return createSqliteBackend({ open, file, location, table, place: { key, namespace }, clock, random, pollMs, shared });
}

async function postgresBackend(
  adapter: SqlAdapter & object,
  details: SqlDetails,
  context: OpenContext,
): Promise<OpenedBackend> {
  const uri = details.uri ?? "postgresql://localhost:5432";
  const parsed = parseSettingsUrl(uri, "keyv", "/");
  const server = parsed.scheme === "postgres" ? parsed : null;
  // An instance's constructor is the class it was made with.
  const Adapter = adapter.constructor as AdapterClass;
  const place = { key: context.key, namespace: details.namespace };
  const location = server?.location ?? "the Postgres of the given adapter";
  const backend = await createOwnPostgresBackend({ Adapter, details: { ...details, uri }, place, location }, context);
  return { backend, secrets: server?.secrets ?? [] };
}

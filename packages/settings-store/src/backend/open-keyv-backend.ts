import { resolve } from "node:path";
import {
  isRedisCluster,
  parseStorageUrl,
  type RedisClient,
  type RedisCluster,
  redisFromClient,
  redisFromCluster,
} from "@babylon/storage";
import { adapterText } from "./adapter-text.ts";
import { createGetSetBackend } from "./get-set-backend.ts";
import { identifyAdapter, type PostgresPlace, type SqlitePlace } from "./identify-adapter.ts";
import { keyvText } from "./keyv-text.ts";
import { createMapBackend } from "./map-backend.ts";
import type { OpenContext, OpenedBackend } from "./open-context.ts";
import { openPostgresBackend } from "./open-postgres-backend.ts";
import { openSqliteBackend } from "./open-sqlite-backend.ts";
import { createRedisBackend } from "./redis-backend.ts";

/**
 * Opens the backend of the `keyv` option. From an adapter for SQLite, Redis or Postgres only the documented location is used: the store
 * opens its own connections, with time limits and reconnection. The caller's objects are not closed.
 */
export async function openKeyvBackend(keyv: object, context: OpenContext): Promise<OpenedBackend> {
  const found = identifyAdapter(keyv);
  const { key } = context;
  switch (found.kind) {
    case "map":
      return { backend: createMapBackend(found.map, key), secrets: [] };
    case "redis":
      return redisBackend(found.client, `${found.prefix}${key}`, context);
    case "sqlite":
      return sqliteBackend(found, context);
    case "postgres":
      return postgresBackend(found, context);
    case "keyv": {
      const { isInProcess, owner } = found;
      const text = keyvText(found.keyv, key);
      return { backend: createGetSetBackend({ ...text, cas: isInProcess ? "process" : "none", owner }), secrets: [] };
    }
    case "adapter": {
      const text = adapterText(found.adapter, `${found.prefix}${key}`);
      return { backend: createGetSetBackend({ ...text, cas: "none", owner: found.adapter }), secrets: [] };
    }
  }
}

function redisBackend(client: RedisClient | RedisCluster, key: string, { random }: OpenContext): OpenedBackend {
  const storage = isRedisCluster(client)
    ? redisFromCluster(client, "the Redis cluster of the given adapter", random)
    : redisFromClient(client, "the Redis of the given adapter");
  return { backend: createRedisBackend({ storage, key }), secrets: storage.secrets };
}

async function sqliteBackend(found: SqlitePlace, context: OpenContext): Promise<OpenedBackend> {
  const { table, layout, namespace } = found;
  // The adapter creates its table first, because it does not wait for a lock.
  await found.ready;
  const file = { file: resolve(found.file), readOnly: false, wal: false, at: "keyv" };
  return openSqliteBackend(file, { table, layout, place: { key: context.key, namespace } }, context);
}

async function postgresBackend(found: PostgresPlace, context: OpenContext): Promise<OpenedBackend> {
  const { schema, table, layout, namespace, clientOptions } = found;
  const parsed = parseStorageUrl(found.uri, "keyv", "/");
  const location = "the Postgres of the given adapter";
  const url =
    parsed.scheme === "postgres" ? parsed : { scheme: "postgres" as const, url: found.uri, location, secrets: [] };
  const place = { key: context.key, namespace };
  return openPostgresBackend(url, { schema, table, layout, place, clientOptions, hasAdapter: true }, context);
}

import { openRedis, type StorageUrl } from "@babylon/storage";
import { createMapBackend } from "./map-backend.ts";
import type { OpenContext, OpenedBackend } from "./open-context.ts";
import { openPostgresBackend } from "./open-postgres-backend.ts";
import { openSqliteBackend } from "./open-sqlite-backend.ts";
import { createRedisBackend } from "./redis-backend.ts";

/** The layout of the tables that the store creates: a Keyv 6 with this table reads the same record. */
const LAYOUT = "keyv-6";

/** Opens the backend of a URL. */
export async function openUrlBackend(url: StorageUrl, at: string, context: OpenContext): Promise<OpenedBackend> {
  const { key, table, random, importPackage } = context;
  const place = { key, namespace: null };
  switch (url.scheme) {
    case "memory":
      return { backend: createMapBackend(new Map<string, string>(), key), secrets: [] };
    case "sqlite":
      return openSqliteBackend({ ...url, wal: true, at }, { table, layout: LAYOUT, place }, context);
    case "redis": {
      const storage = await openRedis(url, { at, random, importPackage });
      return { backend: createRedisBackend({ storage, key }), secrets: url.secrets };
    }
    case "postgres": {
      const entry = { schema: "public", table, layout: LAYOUT, place, clientOptions: {}, hasAdapter: false } as const;
      return openPostgresBackend(url, entry, context);
    }
  }
}

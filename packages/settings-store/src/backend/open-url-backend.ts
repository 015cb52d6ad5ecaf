import type { SettingsUrl } from "../settings-url.ts";
import { importAdapterClass } from "./import-adapter.ts";
import type { OpenContext, OpenedBackend } from "./open-backend.ts";
import { createOwnRedisBackend } from "./open-redis.ts";
import { prepareSqlite } from "./open-sqlite.ts";
import { createOwnPostgresBackend } from "./own-postgres-backend.ts";
import { createSqliteBackend } from "./sqlite-backend.ts";

type AdapterUrl = Exclude<SettingsUrl, { scheme: "memory" }>;

/** Opens what a URL names, with the Keyv adapter of its scheme. */
export async function openUrlBackend(url: AdapterUrl, at: string, context: OpenContext): Promise<OpenedBackend> {
  const { key, table, clock, random, importPackage, sqlitePollMs: pollMs } = context;
  const place = { key, namespace: null };
  switch (url.scheme) {
    case "sqlite": {
      const { file, readOnly, location } = url;
      const open = await prepareSqlite({ file, readOnly, table, at }, importPackage);
      const backend = createSqliteBackend({ open, file, location, table, place, clock, random, pollMs, shared: null });
      return { backend, secrets: [] };
    }
    case "redis": {
      const Adapter = await importAdapterClass("@keyv/redis", "redis", importPackage);
      return { backend: createOwnRedisBackend(Adapter, url, at, key), secrets: url.secrets };
    }
    case "postgres": {
      const Adapter = await importAdapterClass("@keyv/postgres", "postgres", importPackage);
      const details = { uri: url.url, table, schema: "public", clientOptions: {} };
      const backend = await createOwnPostgresBackend({ Adapter, details, place, location: url.location }, context);
      return { backend, secrets: url.secrets };
    }
  }
}

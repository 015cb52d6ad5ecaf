import type { Clock } from "@babylon/llm-core";
import {
  type ImportDriver,
  openPostgres,
  openRedis,
  openSqlite,
  parseStorageUrl,
  type QueryPostgres,
  type SqliteDatabase,
} from "@babylon/storage";
import { invalid } from "./contract/invalid.ts";
import type { StateEngine } from "./contract/state-engine.ts";
import { createMemoryEngine } from "./memory/create-memory-engine.ts";
import { createPostgresEngine } from "./postgres/create-postgres-engine.ts";
import { postgresPrefix, preparePostgres } from "./postgres/prepare-postgres.ts";
import { createRedisEngine } from "./redis/create-redis-engine.ts";
import { createSqliteEngine } from "./sqlite/create-sqlite-engine.ts";
import { createSqliteTables } from "./sqlite/sqlite-tables.ts";

/** Input of {@link openEngine}. */
export interface OpenEngineOptions {
  readonly url: string;
  readonly at: string;
  readonly prefix: string;
  /** How long the engine may be silent; `null`: its default. */
  readonly timeoutMs: number | null;
  readonly clock: Clock;
  readonly random: () => number;
  readonly importPackage: ImportDriver | undefined;
  readonly createId: () => string;
}

/** An engine, and how long it may be silent while calls wait for it, milliseconds; `null`: it always answers at once. */
export interface OpenedEngine {
  readonly engine: StateEngine;
  readonly silenceMs: number | null;
}

/** An engine that is silent for longer is away: a server without an answer, or a file that stays locked while nobody commits. */
const SILENCE_MS = 50;

/** The limit of the driver for connecting and for a query; callers have their error before. */
const QUERY_LIMIT_MS = 2_000;

/** Opens the engine of a URL. Does not connect to servers yet. */
export async function openEngine(options: OpenEngineOptions): Promise<OpenedEngine> {
  const { url, at, prefix, timeoutMs, clock, random, importPackage, createId } = options;
  const parsed = parseStorageUrl(url, at, process.cwd());
  switch (parsed.scheme) {
    case "memory":
      return { engine: createMemoryEngine(clock, createId()), silenceMs: null };
    case "sqlite": {
      if (parsed.readOnly) throw invalid(at, "expected a file that can be written, without ?mode=ro");
      const prepare = (database: SqliteDatabase): void => createSqliteTables(database, prefix);
      const storage = openSqlite({ ...parsed, at, clock, random, prepare });
      const silenceMs = timeoutMs ?? SILENCE_MS;
      return { engine: createSqliteEngine({ storage, prefix, createEpoch: createId, clock, silenceMs }), silenceMs };
    }
    case "redis": {
      const storage = await openRedis(parsed, { at, random, importPackage });
      return {
        engine: createRedisEngine({ storage, prefix, createEpoch: createId }),
        silenceMs: timeoutMs ?? SILENCE_MS,
      };
    }
    case "postgres": {
      const p = postgresPrefix(prefix);
      const prepare = (query: QueryPostgres): Promise<void> => preparePostgres(query, p);
      const limitMs = Math.max(QUERY_LIMIT_MS, timeoutMs ?? 0);
      const storage = await openPostgres(parsed, { limitMs, importPackage, prepare });
      return {
        engine: createPostgresEngine({ storage, p, createEpoch: createId }),
        silenceMs: timeoutMs ?? SILENCE_MS,
      };
    }
  }
}

import { StorageError } from "@babylon/storage";
import type { Retention } from "../contract/record-engine.ts";
import type { ClickhouseClient } from "./clickhouse-client.ts";
import { readRows } from "./read-rows.ts";

/** The version of the table, in its comment. */
const VERSION = 1;
const DAY_MS = 86_400_000;

/** When a part of the table expires: with its whole day, so that partitions are dropped and not rewritten. */
function ttl(days: number): string {
  return `toDateTime((intDiv(started_at, ${DAY_MS}) + 1) * 86400) + toIntervalSecond(${Math.round(days * 86_400)})`;
}

const textColumn = (name: string, days: number): string => `${name} String CODEC(ZSTD(3)) TTL ${ttl(days)}`;

/** The column of the record without content, and of the content: they expire before the figures. */
function textColumns({ keepDays, keepContentDays }: Retention): readonly string[] {
  return [textColumn("line", keepDays), textColumn("content", Math.min(keepContentDays, keepDays))];
}

/**
 * One row for each call, in one table, so that one INSERT stores all of it. A call that is inserted again has the same key. Figures of its attempts are
 * arrays. `line` and `content` become empty after their retention; figures, of which usage is computed, stay for that of sums.
 */
export function createTable(retention: Retention): string {
  return `CREATE TABLE IF NOT EXISTS babylon_records (
  call_id String,
  started_at Int64,
  outcome LowCardinality(String),
  provider LowCardinality(String),
  model LowCardinality(String),
  agent LowCardinality(String),
  tenant LowCardinality(String),
  purpose LowCardinality(String),
  rescued UInt8,
  fallback UInt8,
  duration_ms Float64,
  duration_bucket Int16,
  first_token_ms Nullable(Float64),
  first_token_bucket Int16,
  attempts Nested(
    provider LowCardinality(String),
    model LowCardinality(String),
    succeeded UInt8,
    failed UInt8,
    duration_ms Float64,
    duration_bucket Int16,
    first_token_ms Nullable(Float64),
    first_token_bucket Int16,
    input_tokens UInt64,
    cached_input_tokens UInt64,
    cache_write_input_tokens UInt64,
    output_tokens UInt64,
    reasoning_tokens UInt64,
    unknown_usage UInt8,
    nano_usd UInt64,
    low_nano_usd UInt64,
    unknown_cost UInt8
  ),
  ${textColumns(retention).join(",\n  ")},
  INDEX by_call_id call_id TYPE bloom_filter GRANULARITY 1
) ENGINE = ReplacingMergeTree
PARTITION BY intDiv(started_at, ${DAY_MS})
ORDER BY (started_at, call_id)
TTL ${ttl(retention.keepSumsDays)}
COMMENT 'version ${VERSION}'`;
}

/** Changes the retention of a table that exists. */
export function modifyTable(retention: Retention): string {
  const columns = textColumns(retention).map((column) => `MODIFY COLUMN ${column}`);
  return `ALTER TABLE babylon_records ${columns.join(", ")}, MODIFY TTL ${ttl(retention.keepSumsDays)}`;
}

/** Reads the definition of the table and its comment. */
export const DESCRIBE_TABLE =
  "SELECT create_table_query, comment FROM system.tables WHERE database = currentDatabase() AND name = 'babylon_records'";

/** The seconds of all retentions in a definition, in their order. */
const secondsIn = (sql: string): string =>
  [...sql.matchAll(/toIntervalSecond\((\d+)\)/g)].map(([, seconds]) => seconds).join(" ");

/**
 * Creates the table if there is none, and gives it this retention. Throws `corrupt` for a table of a newer version. A table that is as it should
 * be is not changed, so that an administrator may have created it.
 *
 * @param retention - `null`: nothing is created or changed
 */
export async function prepareClickhouseTable(client: ClickhouseClient, retention: Retention | null): Promise<void> {
  const [found] = await readRows(client, DESCRIBE_TABLE);
  if (found === undefined) {
    if (retention === null) return;
    await client.send({ sql: createTable(retention), applied: "unknown" });
    return;
  }
  const [definition, comment] = found;
  const [, version = String(VERSION)] = /^version (\d+)/.exec(String(comment)) ?? [];
  if (Number(version) > VERSION) {
    const message = `the records were written by a newer version (${version}; this one reads up to ${VERSION})`;
    throw new StorageError({ code: "corrupt", message, applied: "no" });
  }
  if (retention === null || secondsIn(String(definition)) === secondsIn(createTable(retention))) return;
  await client.send({ sql: modifyTable(retention), applied: "unknown" });
}

import type { Clock } from "@babylon/llm-core";
import type { EraseRequest, RecordEngine, Retention } from "../contract/record-engine.ts";
import { ERASED } from "../sums/rename-sums.ts";
import { type ClickhouseClient, createClickhouseClient } from "./clickhouse-client.ts";
import { hasCode, UNKNOWN_TABLE } from "./clickhouse-errors.ts";
import { prepareClickhouseTable } from "./clickhouse-table.ts";
import type { ClickhouseUrl } from "./parse-clickhouse-url.ts";
import { readClickhouseCall, readClickhouseCalls, readClickhouseRecords } from "./read-clickhouse-calls.ts";
import { readClickhouseUsage } from "./read-clickhouse-usage.ts";
import { readRows } from "./read-rows.ts";
import { quoteText } from "./sql-text.ts";
import { toInsertRows } from "./to-insert-rows.ts";

/** Options of {@link openClickhouseEngine}. */
export interface ClickhouseEngineOptions {
  readonly url: ClickhouseUrl;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly retention: Retention;
  /** The table is neither created nor changed. */
  readonly readOnly: boolean;
}

/** The limit of a statement, and of one that rewrites rows, milliseconds. */
const LIMIT_MS = 30_000;
const REWRITE_LIMIT_MS = 600_000;

const INSERT = "INSERT INTO babylon_records FORMAT JSONEachRow";

/** The server collects the inserts of all processes, and answers when they are stored. */
const INSERT_SETTINGS = { async_insert: 1, wait_for_async_insert: 1 } as const;

/** A mutation is done when the statement ends, on all replicas. */
const MUTATION_SETTINGS = { mutations_sync: 2 } as const;

/**
 * Opens records in a ClickHouse database, over HTTP. Does not connect yet: a server that is away is no error.
 *
 * The tests of this package run against a server that plays ClickHouse's replies, not against ClickHouse: they check what is sent, and what follows a reply.
 */
export function openClickhouseEngine(options: ClickhouseEngineOptions): RecordEngine {
  const { url, fetch, clock, retention, readOnly } = options;
  const client = createClickhouseClient({ url, fetch, clock, limitMs: LIMIT_MS });
  const rewriter = createClickhouseClient({ url, fetch, clock, limitMs: REWRITE_LIMIT_MS });
  let prepared: Promise<void> | null = null;

  /** Runs work on a table that exists. */
  async function onTable<T>(work: (client: ClickhouseClient) => Promise<T>): Promise<T> {
    prepared ??= prepareClickhouseTable(client, readOnly ? null : retention).catch((thrown: unknown) => {
      prepared = null;
      throw thrown;
    });
    await prepared;
    try {
      return await work(client);
    } catch (thrown) {
      if (hasCode(thrown, UNKNOWN_TABLE)) prepared = null;
      throw thrown;
    }
  }

  const rewrite = (sql: string): Promise<string> =>
    rewriter.send({ sql, settings: MUTATION_SETTINGS, applied: "unknown" });

  /** Figures stay, like sums of the other engines; those of a tenant under another name. */
  async function erase(request: EraseRequest): Promise<number> {
    const condition =
      "callId" in request ? `call_id = ${quoteText(request.callId)}` : `tenant = ${quoteText(request.tenant)}`;
    const count = `SELECT count() FROM (SELECT 1 FROM babylon_records WHERE ${condition} AND line != '' LIMIT 1 BY started_at, call_id)`;
    const [[removed = 0] = []] = await readRows(client, count);
    const renamed = "callId" in request ? "" : `, tenant = ${quoteText(ERASED)}`;
    await rewrite(`ALTER TABLE babylon_records UPDATE line = '', content = ''${renamed} WHERE ${condition}`);
    return Number(removed);
  }

  return {
    location: url.location,
    async write(batch) {
      const rows = await toInsertRows(batch);
      if (rows === "") return;
      await onTable((ready) => ready.send({ sql: INSERT, rows, settings: INSERT_SETTINGS, applied: "unknown" }));
    },
    usage: (plan, run) => onTable((ready) => readClickhouseUsage(ready, plan, run)),
    calls: (plan) => onTable((ready) => readClickhouseCalls(ready, plan)),
    read: (plan) => onTable((ready) => readClickhouseRecords(ready, plan)),
    call: (callId, startedAt) => onTable((ready) => readClickhouseCall(ready, callId, startedAt)),
    erase: (request) => onTable(() => erase(request)),
    prune: () => onTable(async () => void (await rewrite("ALTER TABLE babylon_records MATERIALIZE TTL"))),
    // The server removes what is older than its retention by itself.
    takeTurn: async () => false,
    close: async () => {},
  };
}

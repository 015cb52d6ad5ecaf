import { createHash } from "node:crypto";
import { type PostgresStorage, quoteIdentifier } from "@babylon/storage";
import type { Backend, Write } from "./backend.ts";
import type { RecordKey } from "./record-key.ts";
import { columnOf, type TableLayout } from "./table-layout.ts";

/** Input of {@link createPostgresBackend}. */
export interface PostgresBackendOptions {
  readonly storage: PostgresStorage;
  readonly schema: string;
  readonly table: string;
  readonly layout: TableLayout;
  readonly place: RecordKey;
}

/** A backend in a table of a Postgres database, with messages between processes by NOTIFY and LISTEN. */
export function createPostgresBackend(use: PostgresBackendOptions): Backend {
  const { storage } = use;
  const channel = channelOf(use);

  async function select(selected: string, signal: AbortSignal): Promise<string | undefined> {
    const { sql, parameters } = selectStatement(use, selected);
    const [value] = columnOf(await storage.query(sql, parameters, { signal, applied: "no" }), "value");
    return value === undefined || value === null ? undefined : String(value);
  }

  async function send(message: string, signal: AbortSignal): Promise<void> {
    await storage.query("SELECT pg_notify($1, $2)", [channel, message], { signal, applied: "no" });
  }

  return {
    kind: "postgres",
    location: storage.location,
    cas: "atomic",
    port: {
      read: (signal) => select("value", signal),
      readHead: (signal) => select("left(value, 512) AS value", signal),
      async compareAndSet(write, signal) {
        const { sql, parameters } = writeStatement(use, write, channel);
        return (await storage.query(sql, parameters, { signal, applied: "unknown" })).length === 1;
      },
    },
    bus: {
      scope: "all",
      canFail: true,
      async connect(listener, signal) {
        const subscription = await storage.listen(channel, listener, signal);
        return { send, close: async () => subscription.close() };
      },
    },
    close: () => storage.close(),
  };
}

/** One channel per record. The key is hashed, because a channel name has at most 63 bytes. */
function channelOf({ schema, table, place }: PostgresBackendOptions): string {
  const where = [schema, table, place.namespace ?? "", place.key].join("\n");
  return `babylon_settings_${createHash("sha256").update(where).digest("hex").slice(0, 32)}`;
}

interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

function selectStatement(use: PostgresBackendOptions, selected: string): Statement {
  const { where, parameters } = condition(use);
  return { sql: `SELECT ${selected} FROM ${tableOf(use)} WHERE ${where}`, parameters };
}

/** One statement writes and notifies, so that the message is sent with the commit and only then. */
function writeStatement(use: PostgresBackendOptions, write: Write, channel: string): Statement {
  const { where, parameters } = condition(use);
  const next = parameters.length + 1;
  const notify = `SELECT pg_notify($${next + 1}, $${next + 2}) FROM written`;
  const values = [...parameters, write.next, channel, write.message];
  const expires = use.layout === "keyv-6" ? ", expires = NULL" : "";
  if (write.expected === undefined) {
    const columns =
      use.layout === "keyv-6"
        ? "(key, namespace, value) VALUES ($1, NULLIF($2, ''), $3)"
        : "(key, value) VALUES ($1, $2)";
    // A row with a NULL value counts as nothing stored, so the first record is written into it.
    const fill = `UPDATE ${tableOf(use)} SET value = $${next}${expires} WHERE ${where} AND value IS NULL RETURNING key`;
    const insert = `INSERT INTO ${tableOf(use)} ${columns} ON CONFLICT DO NOTHING RETURNING key`;
    const written = "SELECT key FROM filled UNION ALL SELECT key FROM inserted";
    return {
      sql: `WITH filled AS (${fill}), inserted AS (${insert}), written AS (${written}) ${notify}`,
      parameters: values,
    };
  }
  const update = `UPDATE ${tableOf(use)} SET value = $${next}${expires} WHERE ${where} AND value = $${next + 3} RETURNING key`;
  return { sql: `WITH written AS (${update}) ${notify}`, parameters: [...values, write.expected] };
}

/** In the layout of Keyv 6 the namespace is a column, NULL for none; in that of Keyv 5 it is a prefix of the key. */
function condition({ place: { key, namespace }, layout }: PostgresBackendOptions): {
  where: string;
  parameters: string[];
} {
  if (layout === "keyv-6")
    return { where: "key = $1 AND COALESCE(namespace, '') = $2", parameters: [key, namespace ?? ""] };
  return { where: "key = $1", parameters: [namespace === null ? key : `${namespace}:${key}`] };
}

function tableOf({ schema, table }: PostgresBackendOptions): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
}

import { createHash } from "node:crypto";
import { isSettingsError } from "../settings-error.ts";
import type { Backend, BusConnection, BusListener, Write } from "./backend.ts";
import { holdSubscription } from "./hold-subscription.ts";
import { destroyPgClient, type PgClient } from "./pg-driver.ts";
import type { Place } from "./physical-place.ts";
import { isMissingTable, postgresError } from "./postgres-errors.ts";
import { createReconnecting } from "./reconnecting.ts";
import { columnOf, quoteIdentifier, type TableLayout } from "./sql-adapter.ts";

/** An adapter that is ready: its table is there and unique by key. */
export interface OpenedPostgres {
  query(sql: string, parameters: readonly unknown[]): Promise<readonly unknown[]>;
  readonly layout: TableLayout;
  close(): Promise<void>;
}

/** Where the record is and how to reach it. */
export interface PostgresUse {
  readonly open: (signal: AbortSignal) => Promise<OpenedPostgres>;
  /** A new client, not connected, for LISTEN alone. */
  readonly createClient: () => PgClient;
  readonly schema: string;
  readonly table: string;
  readonly place: Place;
  readonly location: string;
}

/** Keeps the settings in a table of a Postgres database, with messages to the other processes over NOTIFY and LISTEN. */
export function createPostgresBackend(use: PostgresUse): Backend {
  const database = createReconnecting<OpenedPostgres>(use.open, (opened) => opened.close());
  const channel = channelOf(use);

  async function query(
    signal: AbortSignal,
    applied: "no" | "unknown",
    statement: (layout: TableLayout) => Statement,
  ): Promise<readonly unknown[]> {
    let opened: OpenedPostgres;
    try {
      opened = await database.get(signal);
    } catch (thrown) {
      throw isSettingsError(thrown) ? thrown : postgresError(thrown, "no");
    }
    try {
      // A statement that gets no answer ends by node-postgres's own limit, which takes its connection out of the pool.
      const { sql, parameters } = statement(opened.layout);
      return await opened.query(sql, parameters);
    } catch (thrown) {
      if (isMissingTable(thrown)) database.drop(opened);
      throw postgresError(thrown, applied);
    }
  }

  async function send(message: string, signal: AbortSignal): Promise<void> {
    await query(signal, "no", () => ({ sql: "SELECT pg_notify($1, $2)", parameters: [channel, message] }));
  }

  return {
    kind: "postgres",
    location: use.location,
    cas: "atomic",
    port: {
      async read(signal) {
        const rows = await query(signal, "no", (layout) => selectStatement(use, layout));
        const [value] = columnOf(rows, "value");
        return value === undefined || value === null ? undefined : String(value);
      },
      async readHead(signal) {
        const rows = await query(signal, "no", (layout) => selectStatement(use, layout, "left(value, 512) AS value"));
        const [value] = columnOf(rows, "value");
        return value === undefined || value === null ? undefined : String(value);
      },
      async compareAndSet(write, signal) {
        const rows = await query(signal, "unknown", (layout) => writeStatement(use, layout, write, channel));
        return rows.length === 1;
      },
    },
    bus: {
      scope: "all",
      canFail: true,
      connect: (listener, signal) => listen({ client: use.createClient(), channel, send }, listener, signal),
    },
    close: () => database.close(),
  };
}

/** One channel per record; names of channels hold 63 bytes. */
function channelOf({ schema, table, place }: PostgresUse): string {
  const where = [schema, table, place.namespace ?? "", place.key].join("\n");
  return `babylon_settings_${createHash("sha256").update(where).digest("hex").slice(0, 32)}`;
}

interface Subscription {
  readonly client: PgClient;
  readonly channel: string;
  readonly send: BusConnection["send"];
}

/**
 * LISTEN needs a connection of its own. Nothing else may run on it: PgBouncer in transaction mode delivers notifications during a
 * query, and a message of this process to itself would then arrive although the messages of others do not.
 */
function listen(
  { client, channel, send }: Subscription,
  { onMessage, onLost }: BusListener,
  signal: AbortSignal,
): Promise<BusConnection> {
  client.on("notification", (event) => {
    if (typeof event !== "object" || event === null || !("payload" in event)) return;
    if (typeof event.payload === "string") onMessage(event.payload);
  });
  return holdSubscription({
    client,
    async begin() {
      await client.connect();
      client.unref();
      await client.query(`LISTEN ${quoteIdentifier(channel)}`);
    },
    send,
    destroy: () => destroyPgClient(client),
    onLost,
    signal,
  });
}

interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

function selectStatement(use: PostgresUse, layout: TableLayout, selected = "value"): Statement {
  const { where, parameters } = condition(use, layout);
  return { sql: `SELECT ${selected} FROM ${tableOf(use)} WHERE ${where}`, parameters };
}

/** The message goes out with the commit, and only then: one statement does both. */
function writeStatement(use: PostgresUse, layout: TableLayout, write: Write, channel: string): Statement {
  const { where, parameters } = condition(use, layout);
  const next = parameters.length + 1;
  const notify = `SELECT pg_notify($${next + 1}, $${next + 2}) FROM written`;
  const given = [...parameters, write.next, channel, write.message];
  const expires = layout === "keyv-6" ? ", expires = NULL" : "";
  if (write.expected === undefined) {
    const columns =
      layout === "keyv-6" ? "(key, namespace, value) VALUES ($1, NULLIF($2, ''), $3)" : "(key, value) VALUES ($1, $2)";
    // A row without a value holds nothing, and takes the first record like a row that is not there.
    const fill = `UPDATE ${tableOf(use)} SET value = $${next}${expires} WHERE ${where} AND value IS NULL RETURNING key`;
    const insert = `INSERT INTO ${tableOf(use)} ${columns} ON CONFLICT DO NOTHING RETURNING key`;
    const written = "SELECT key FROM filled UNION ALL SELECT key FROM inserted";
    return {
      sql: `WITH filled AS (${fill}), inserted AS (${insert}), written AS (${written}) ${notify}`,
      parameters: given,
    };
  }
  const update = `UPDATE ${tableOf(use)} SET value = $${next}${expires} WHERE ${where} AND value = $${next + 3} RETURNING key`;
  return { sql: `WITH written AS (${update}) ${notify}`, parameters: [...given, write.expected] };
}

/** Keyv 6 has a column for the namespace, NULL for none; Keyv 5 puts it in front of the key. */
function condition(
  { place: { key, namespace } }: PostgresUse,
  layout: TableLayout,
): { where: string; parameters: string[] } {
  if (layout === "keyv-6")
    return { where: "key = $1 AND COALESCE(namespace, '') = $2", parameters: [key, namespace ?? ""] };
  return { where: "key = $1", parameters: [namespace === null ? key : `${namespace}:${key}`] };
}

function tableOf({ schema, table }: PostgresUse): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
}

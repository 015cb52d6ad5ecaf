import { createHash } from "node:crypto";
import { isSettingsError } from "../settings-error.ts";
import type { Backend, Bus, BusConnection, BusListener, Write } from "./backend.ts";
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

const CHECK_EVERY_MS = 10_000;

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
      async compareAndSet(write, signal) {
        const rows = await query(signal, "unknown", (layout) => writeStatement(use, layout, write, channel));
        return rows.length === 1;
      },
    },
    bus: createBus(use.createClient, channel),
    close: () => database.close(),
  };
}

/** One channel per record; names of channels hold 63 bytes. */
function channelOf({ schema, table, place }: PostgresUse): string {
  const where = [schema, table, place.namespace ?? "", place.key].join("\n");
  return `babylon_settings_${createHash("sha256").update(where).digest("hex").slice(0, 32)}`;
}

function createBus(createClient: () => PgClient, channel: string): Bus {
  return {
    scope: "all",
    checkEveryMs: CHECK_EVERY_MS,
    connect: (listener, signal) => listen(createClient(), channel, listener, signal),
  };
}

/** LISTEN needs a connection of its own; node-postgres neither restores it nor says when it dies silently, hence `check`. */
function listen(
  client: PgClient,
  channel: string,
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
    check: () => client.query("SELECT 1"),
    destroy: () => destroyPgClient(client),
    onLost,
    signal,
  });
}

interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

function selectStatement(use: PostgresUse, layout: TableLayout): Statement {
  const { where, parameters } = condition(use, layout);
  return { sql: `SELECT value FROM ${tableOf(use)} WHERE ${where}`, parameters };
}

/** The message goes out with the commit, and only then: one statement does both. */
function writeStatement(use: PostgresUse, layout: TableLayout, write: Write, channel: string): Statement {
  const { where, parameters } = condition(use, layout);
  const next = parameters.length + 1;
  const notify = `SELECT pg_notify($${next + 1}, $${next + 2}) FROM written`;
  const given = [...parameters, write.next, channel, write.message];
  if (write.expected === undefined) {
    const columns =
      layout === "keyv-6" ? "(key, namespace, value) VALUES ($1, NULLIF($2, ''), $3)" : "(key, value) VALUES ($1, $2)";
    const insert = `INSERT INTO ${tableOf(use)} ${columns} ON CONFLICT DO NOTHING RETURNING key`;
    return { sql: `WITH written AS (${insert}) ${notify}`, parameters: given };
  }
  const expires = layout === "keyv-6" ? ", expires = NULL" : "";
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

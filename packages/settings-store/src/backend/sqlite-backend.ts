import { stat } from "node:fs/promises";
import type { Clock } from "@babylon/llm-core";
import { watchDatabase } from "../bus/sqlite-bus.ts";
import { pause } from "../deadline.ts";
import { isSettingsError } from "../settings-error.ts";
import type { Backend, Write } from "./backend.ts";
import type { Place } from "./physical-place.ts";
import { createReconnecting } from "./reconnecting.ts";
import { columnOf, quoteIdentifier, type SqlAdapter, type TableLayout } from "./sql-adapter.ts";
import { isBusy, isDamaged, sqliteError } from "./sqlite-errors.ts";
import type { SharedPlace } from "./take-turns.ts";

/** An adapter over an open database, and the layout of its table. */
export interface OpenedSqlite {
  readonly adapter: SqlAdapter;
  readonly layout: TableLayout;
  close(): Promise<void>;
}

/** Where the record is and how to reach it. */
export interface SqliteUse {
  readonly open: (signal: AbortSignal) => Promise<OpenedSqlite>;
  /** The database file; `null` for one in memory. */
  readonly file: string | null;
  readonly location: string;
  readonly table: string;
  readonly place: Place;
  readonly clock: Clock;
  readonly random: () => number;
  readonly pollMs: number;
  /** Where others in this process may use the same connection. */
  readonly shared: SharedPlace | null;
}

/**
 * Keeps the settings in a table of an SQLite file. The drivers block the process while they wait for a lock, so they wait for a
 * few milliseconds at most, and the rest of the waiting is done here.
 */
export function createSqliteBackend(use: SqliteUse): Backend {
  const { file, location, clock, random } = use;
  const database = createReconnecting<OpenedSqlite>(use.open, (opened) => opened.close());

  async function query(signal: AbortSignal, run: (opened: OpenedSqlite) => Promise<unknown>): Promise<unknown> {
    for (;;) {
      let opened: OpenedSqlite | undefined;
      try {
        opened = await database.get(signal);
        return await run(opened);
      } catch (thrown) {
        if (opened !== undefined && isDamaged(thrown)) database.drop(opened);
        if (isSettingsError(thrown)) throw thrown;
        if (!isBusy(thrown) || signal.aborted) throw sqliteError(thrown);
      }
      await pause(clock, 2 + random() * 18, signal);
      if (signal.aborted) throw sqliteError(new Error("the database stayed locked"));
    }
  }

  return {
    kind: "sqlite",
    location,
    cas: "atomic",
    port: {
      async read(signal) {
        const rows = await query(signal, ({ adapter, layout }) => adapter.query(...selectStatement(use, layout)));
        const [value] = columnOf(rows, "value");
        return value === undefined || value === null ? undefined : String(value);
      },
      async compareAndSet(write, signal) {
        const rows = await query(signal, ({ adapter, layout }) => adapter.query(...writeStatement(use, layout, write)));
        const applied = columnOf(rows, "key").length === 1;
        if (applied) use.shared?.publish(write.message);
        return applied;
      },
    },
    bus: watchDatabase({
      file,
      sameConnection: use.shared?.bus ?? null,
      clock,
      pollMs: use.pollMs,
      dataVersion: async (signal) => dataVersionIn(await query(signal, askDataVersion)),
      async currentDataVersion() {
        const opened = database.live();
        return opened === undefined ? undefined : dataVersionIn(await askDataVersion(opened));
      },
      inode: async () => (file === null ? null : (await stat(file)).ino),
      reopen() {
        const opened = database.live();
        if (opened !== undefined) database.drop(opened);
      },
    }),
    close: () => database.close(),
  };
}

const askDataVersion = ({ adapter }: OpenedSqlite): Promise<unknown> => adapter.query("PRAGMA data_version");

const dataVersionIn = (rows: unknown): unknown => columnOf(rows, "data_version")[0];

type Statement = [sql: string, ...parameters: unknown[]];

function selectStatement(use: SqliteUse, layout: TableLayout): Statement {
  const { where, parameters } = condition(use, layout);
  return [`SELECT value FROM ${quoteIdentifier(use.table)} WHERE ${where}`, ...parameters];
}

function writeStatement(use: SqliteUse, layout: TableLayout, { expected, next }: Write): Statement {
  const table = quoteIdentifier(use.table);
  const { where, parameters } = condition(use, layout);
  if (expected !== undefined) {
    const expires = layout === "keyv-6" ? ", expires = NULL" : "";
    const sql = `UPDATE ${table} SET value = ?${expires} WHERE ${where} AND value = ? RETURNING key`;
    return [sql, next, ...parameters, expected];
  }
  const columns = layout === "keyv-6" ? "(key, namespace, value) VALUES (?, ?, ?)" : "(key, value) VALUES (?, ?)";
  return [`INSERT INTO ${table} ${columns} ON CONFLICT DO NOTHING RETURNING key`, ...parameters, next];
}

/** Keyv 6 has a column for the namespace; Keyv 5 puts it in front of the key. */
function condition(
  { place: { key, namespace } }: SqliteUse,
  layout: TableLayout,
): { where: string; parameters: string[] } {
  if (layout === "keyv-6") return { where: "key = ? AND namespace = ?", parameters: [key, namespace ?? ""] };
  return { where: "key = ?", parameters: [namespace === null ? key : `${namespace}:${key}`] };
}

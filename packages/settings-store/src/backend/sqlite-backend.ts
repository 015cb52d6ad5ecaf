import type { Clock } from "@babylon/llm-core";
import { watchDatabase } from "../bus/sqlite-bus.ts";
import { pause } from "../deadline.ts";
import { isSettingsError, SettingsError } from "../settings-error.ts";
import type { Backend } from "./backend.ts";
import { BackendError } from "./backend-error.ts";
import { type FilePlace, isMissing } from "./database-file.ts";
import type { Place } from "./physical-place.ts";
import { createReconnecting } from "./reconnecting.ts";
import { columnOf, type SqlAdapter, type TableLayout } from "./sql-adapter.ts";
import { isBusy, isDamaged, sqliteError } from "./sqlite-errors.ts";
import { compareStatement, selectStatement, writeStatement } from "./sqlite-statements.ts";
import type { SharedPlace } from "./take-turns.ts";

/** An adapter over an open database, and the layout of its table. */
export interface OpenedSqlite {
  readonly adapter: SqlAdapter;
  readonly layout: TableLayout;
  /** What has become of its file. */
  place(): FilePlace;
  /** Whether opening again opens the file that has the name by then. */
  readonly canReopen: boolean;
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
  let wasOpen = false;
  let isLost = false;

  /** A file that was there once is never made anew: whoever removed it may be about to put another in its place. */
  function place(): FilePlace {
    const opened = database.live();
    const found = opened?.place() ?? (wasOpen && file !== null && isMissing(file) ? "missing" : "same");
    isLost = found === "missing" || (found === "replaced" && opened?.canReopen === false);
    return found;
  }

  /** A connection to the file that has the name now. */
  async function openedInPlace(signal: AbortSignal): Promise<OpenedSqlite> {
    const opened = database.live();
    const found = place();
    if (isLost) throw lostFile(found);
    if (found === "replaced" && opened !== undefined) database.drop(opened);
    const current = await database.get(signal);
    wasOpen = true;
    return current;
  }

  async function query(signal: AbortSignal, run: (opened: OpenedSqlite) => Promise<unknown>): Promise<unknown> {
    for (;;) {
      let opened: OpenedSqlite | undefined;
      try {
        opened = await openedInPlace(signal);
        return await run(opened);
      } catch (thrown) {
        if (opened !== undefined && isDamaged(thrown)) database.drop(opened);
        if (isSettingsError(thrown) || thrown instanceof BackendError) throw thrown;
        if (!isBusy(thrown) || signal.aborted) throw sqliteError(thrown);
      }
      await pause(clock, 2 + random() * 18, signal);
      if (signal.aborted) throw sqliteError(new Error("the database stayed locked"));
    }
  }

  /**
   * Bytes that are not UTF-8 come as U+FFFD, and such a text never compares equal to what is stored: every update would be a conflict.
   */
  async function assertReadable(text: string, signal: AbortSignal): Promise<void> {
    const isReadable = await query(signal, async ({ adapter, layout }) => {
      const same = await adapter.query(...compareStatement(use, layout, text));
      const now = await adapter.query(...selectStatement(use, layout));
      return columnOf(same, "key").length === 1 || textIn(now) !== text;
    });
    if (isReadable === false) throw notUtf8();
  }

  return {
    kind: "sqlite",
    location,
    cas: "atomic",
    port: {
      async read(signal) {
        const rows = await query(signal, ({ adapter, layout }) => adapter.query(...selectStatement(use, layout)));
        const text = textIn(rows);
        if (text?.includes("\uFFFD")) await assertReadable(text, signal);
        return text;
      },
      async readHead(signal) {
        const rows = await query(signal, ({ adapter, layout }) => adapter.query(...selectStatement(use, layout, 512)));
        return textIn(rows);
      },
      async compareAndSet(write, signal) {
        const rows = await query(signal, ({ adapter, layout }) => adapter.query(...writeStatement(use, layout, write)));
        const applied = columnOf(rows, "key").length === 1;
        // What was written to a file that has lost its name is seen by nobody, unless the file gets it back.
        if (applied && place() !== "same") throw movedDuringWrite();
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
      place,
    }),
    isLost: () => isLost,
    close: () => database.close(),
  };
}

const askDataVersion = ({ adapter }: OpenedSqlite): Promise<unknown> => adapter.query("PRAGMA data_version");

const dataVersionIn = (rows: unknown): unknown => columnOf(rows, "data_version")[0];

const textIn = (rows: unknown): string | undefined => {
  const [value] = columnOf(rows, "value");
  return value === undefined || value === null ? undefined : String(value);
};

function notUtf8(): SettingsError {
  const message = "what is stored under the key is not a settings record: it is not UTF-8";
  return new SettingsError({ code: "corrupt", message });
}

/** Nothing is read from or written to a file that others cannot see. */
function lostFile(place: FilePlace): BackendError {
  const message =
    place === "missing"
      ? "SQLite: the file was removed or renamed while it was in use, so nothing is written: put it back, or start the process again to make a new one"
      : "SQLite: the file was replaced while the given adapter had it open, so nothing is written: give a new adapter to a new store";
  return new BackendError({ message, applied: "no" });
}

function movedDuringWrite(): BackendError {
  return new BackendError({ message: "SQLite: the file was removed or replaced during the write", applied: "unknown" });
}

import { type Clock, isRecord, systemClock } from "@babylon/llm-core";
import { inTransaction, openSqlite, parseStorageUrl, type SqliteDatabase, StorageError } from "@babylon/storage";
import type { JournalJob, TuningJournal } from "../contract/journal.ts";
import type { JournalPromotion } from "../contract/journal-promotion.ts";
import { addEvent, createSqliteHistory, HISTORY_TABLES } from "./sqlite-history.ts";

/** Options of {@link openTuningJournal}. */
export interface TuningJournalOptions {
  /** `sqlite://path`, or `sqlite://:memory:` for tests. */
  readonly url: string;
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
  /** From 0 to below 1, for jitter. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

const TABLES = `
CREATE TABLE IF NOT EXISTS babylon_tuning_jobs(id TEXT PRIMARY KEY, at INTEGER NOT NULL, job TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS babylon_tuning_promotions(
  id TEXT PRIMARY KEY, at INTEGER NOT NULL, name TEXT NOT NULL, rolled_back INTEGER NOT NULL, promotion TEXT NOT NULL
);`;

const LIMIT_MS = 10_000;

/** Opens a journal in SQLite: one machine, any number of processes. Throws `StorageError`. */
export function openTuningJournal({
  url,
  clock = systemClock,
  random = Math.random,
}: TuningJournalOptions): TuningJournal {
  const parsed = parseStorageUrl(url, "journal", process.cwd());
  if (parsed.scheme !== "sqlite") {
    throw new StorageError({
      code: "invalid",
      message: "journal: expected sqlite://path",
      applied: "no",
      at: "journal",
    });
  }
  const storage = openSqlite({
    file: parsed.file,
    at: "journal",
    clock,
    random,
    prepare(database) {
      // A state must be on the disk before the request that it is about.
      database.exec("PRAGMA synchronous = FULL");
      database.exec(TABLES + HISTORY_TABLES);
    },
  });
  const use = <T>(work: (database: SqliteDatabase) => T): Promise<T> =>
    storage.use(work, AbortSignal.timeout(LIMIT_MS));

  return {
    ...createSqliteHistory(use),
    create: (job) =>
      use((database) => {
        database
          .prepare("INSERT INTO babylon_tuning_jobs(id, at, job) VALUES (?, ?, ?)")
          .run(job.id, job.createdAtEpochMs, JSON.stringify(job));
      }),
    advance: (id, from, change, event) =>
      use((database) =>
        inTransaction(database, () => {
          const job = readJob(database, id);
          if (job === null || !from.includes(job.state)) return null;
          const changed = { ...job, ...change };
          database.prepare("UPDATE babylon_tuning_jobs SET job = ? WHERE id = ?").run(JSON.stringify(changed), id);
          if (event !== undefined) addEvent(database, id, event);
          return changed;
        }),
      ),
    job: (id) => use((database) => readJob(database, id)),
    jobs: () =>
      use((database) =>
        database
          .prepare("SELECT job FROM babylon_tuning_jobs ORDER BY at DESC, id")
          .all()
          .map(({ job }) => parseJob(job)),
      ),
    addPromotion: (promotion) =>
      use((database) => {
        database
          .prepare(
            "INSERT OR REPLACE INTO babylon_tuning_promotions(id, at, name, rolled_back, promotion) VALUES (?, ?, ?, 0, ?)",
          )
          .run(promotion.id, promotion.atEpochMs, promotion.name, JSON.stringify(promotion));
      }),
    promotions: (name) =>
      use((database) =>
        database
          .prepare(
            "SELECT promotion FROM babylon_tuning_promotions WHERE name = ? AND rolled_back = 0 ORDER BY at DESC, rowid DESC",
          )
          .all(name)
          // Only this journal writes the column.
          .map(({ promotion }) => JSON.parse(String(promotion)) as JournalPromotion),
      ),
    markRolledBack: (id) =>
      use((database) => {
        database.prepare("UPDATE babylon_tuning_promotions SET rolled_back = 1 WHERE id = ?").run(id);
      }),
    close: () => storage.close(),
  };
}

function readJob(database: SqliteDatabase, id: string): JournalJob | null {
  const row = database.prepare("SELECT job FROM babylon_tuning_jobs WHERE id = ?").get(id);
  return row === undefined ? null : parseJob(row.job);
}

function parseJob(text: unknown): JournalJob {
  const job: unknown = JSON.parse(String(text));
  if (!isRecord(job) || typeof job.id !== "string") {
    throw new StorageError({ code: "corrupt", message: "the journal has a row that is not a job", applied: "no" });
  }
  // Only this journal writes the column.
  return job as unknown as JournalJob;
}

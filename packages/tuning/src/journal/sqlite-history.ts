import type { SqliteDatabase } from "@babylon/storage";
import type { JournalPromotion } from "../contract/journal-promotion.ts";
import type { JournalDataset, JournalEvaluation, JournalEvent, TuningHistory } from "../contract/tuning-history.ts";
import type { TuningEvent } from "../job/tuning-event.ts";

/** The tables of a history. Examples have a column of their own, so that lists read no content. */
export const HISTORY_TABLES = `
CREATE TABLE IF NOT EXISTS babylon_tuning_datasets(id TEXT PRIMARY KEY, at INTEGER NOT NULL, dataset TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS babylon_tuning_events(
  job TEXT NOT NULL, number INTEGER NOT NULL, event TEXT NOT NULL, PRIMARY KEY(job, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS babylon_tuning_evaluations(
  id TEXT PRIMARY KEY, at INTEGER NOT NULL, report TEXT NOT NULL, count INTEGER NOT NULL, examples TEXT NOT NULL
);`;

/** Adds an event to those of a job. Within the transaction that changes the job, so that an event is there once. */
export function addEvent(database: SqliteDatabase, job: string, event: TuningEvent): void {
  database
    .prepare(
      `INSERT INTO babylon_tuning_events(job, number, event)
       SELECT ?, COALESCE(MAX(number), 0) + 1, ? FROM babylon_tuning_events WHERE job = ?`,
    )
    .run(job, JSON.stringify(event), job);
}

const toEvent = ({ number, event }: Readonly<Record<string, unknown>>): JournalEvent => ({
  number: Number(number),
  event: JSON.parse(String(event)) as TuningEvent,
});

/** The history in a SQLite database with {@link HISTORY_TABLES}. Only this package writes its columns. */
export function createSqliteHistory(use: <T>(work: (database: SqliteDatabase) => T) => Promise<T>): TuningHistory {
  return {
    addDataset: (dataset) =>
      use((database) => {
        database
          .prepare("INSERT OR REPLACE INTO babylon_tuning_datasets(id, at, dataset) VALUES (?, ?, ?)")
          .run(dataset.report.train.sha256, dataset.atEpochMs, JSON.stringify(dataset));
      }),
    datasets: () =>
      use((database) =>
        database
          .prepare("SELECT dataset FROM babylon_tuning_datasets ORDER BY at DESC, id")
          .all()
          .map(({ dataset }) => JSON.parse(String(dataset)) as JournalDataset),
      ),
    events: (job, after, limit) =>
      use((database) =>
        database
          .prepare(
            "SELECT number, event FROM babylon_tuning_events WHERE job = ? AND number > ? ORDER BY number LIMIT ?",
          )
          .all(job, after, limit)
          .map(toEvent),
      ),
    latestEvent: (job) =>
      use((database) => {
        const row = database
          .prepare("SELECT number, event FROM babylon_tuning_events WHERE job = ? ORDER BY number DESC LIMIT 1")
          .get(job);
        return row === undefined ? null : toEvent(row);
      }),
    addEvaluation: ({ id, report, examples }) =>
      use((database) => {
        database
          .prepare("INSERT INTO babylon_tuning_evaluations(id, at, report, count, examples) VALUES (?, ?, ?, ?, ?)")
          .run(id, report.atEpochMs, JSON.stringify(report), examples.length, JSON.stringify(examples));
      }),
    evaluations: () =>
      use((database) =>
        database
          .prepare("SELECT id, report, count FROM babylon_tuning_evaluations ORDER BY at DESC, rowid DESC")
          .all()
          .map(({ id, report, count }) => ({
            id: String(id),
            report: JSON.parse(String(report)) as JournalEvaluation["report"],
            examples: Number(count),
          })),
      ),
    evaluation: (id) =>
      use((database) => {
        const row = database.prepare("SELECT report, examples FROM babylon_tuning_evaluations WHERE id = ?").get(id);
        if (row === undefined) return null;
        return {
          id,
          report: JSON.parse(String(row.report)) as JournalEvaluation["report"],
          examples: JSON.parse(String(row.examples)) as JournalEvaluation["examples"],
        };
      }),
    allPromotions: () =>
      use((database) =>
        database
          .prepare("SELECT promotion, rolled_back FROM babylon_tuning_promotions ORDER BY at DESC, rowid DESC")
          .all()
          .map(({ promotion, rolled_back }) => ({
            ...(JSON.parse(String(promotion)) as JournalPromotion),
            rolledBack: rolled_back === 1,
          })),
      ),
  };
}

import type { SqliteDatabase } from "@babylon/storage";
import { SUM_DIMENSIONS } from "../sums/add-call.ts";
import { QUARTERS_OF, sumsKey } from "../sums/sums-key.ts";

/** Removes what is computed of the calls of an hour, because these change: its sums, those of its block, and its packed calls. */
export function markStale(database: SqliteDatabase, hour: number): void {
  const isNew = database.prepare("INSERT OR IGNORE INTO records_stale_hours VALUES (?)").run(hour) > 0;
  if (!isNew) return;
  const first = hour * QUARTERS_OF.hour;
  for (const dimension of SUM_DIMENSIONS) {
    for (const level of ["hour", "block"] as const) {
      const key = sumsKey(dimension, level, Math.floor(first / QUARTERS_OF[level]));
      database.prepare("DELETE FROM records_sums WHERE key = ?").run(key);
    }
  }
  database
    .prepare("DELETE FROM records_packed_calls WHERE quarter >= ? AND quarter < ?")
    .run(first, first + QUARTERS_OF.hour);
}

import type { SqliteDatabase } from "@babylon/storage";
import type { AcquireInput, AcquireReply } from "../contract/state-engine.ts";
import { FAST_PACE, PLACE_MS, waitMsOf } from "../slots/turns.ts";
import { readNow } from "./sqlite-time.ts";

/** Acquires a lease, in an open transaction. */
export function acquireInSqlite(database: SqliteDatabase, prefix: string, input: AcquireInput): AcquireReply {
  const { key, limit, ttlMs, holder, lease } = input;
  const now = readNow(database);
  database.prepare(`DELETE FROM ${prefix}_leases WHERE key = ? AND ends_at <= ?`).run(key, now);
  database.prepare(`DELETE FROM ${prefix}_turns WHERE key = ? AND asked_at <= ?`).run(key, now - PLACE_MS);
  const counts = database
    .prepare(
      `SELECT (SELECT count(*) FROM ${prefix}_leases WHERE key = ?1) AS taken,
        (SELECT count(*) FROM ${prefix}_turns WHERE key = ?1 AND number <
          coalesce((SELECT number FROM ${prefix}_turns WHERE key = ?1 AND holder = ?2), 9e18)) AS ahead`,
    )
    .get(key, holder);
  const ahead = Number(counts?.ahead);
  if (limit - Number(counts?.taken) > ahead) {
    database.prepare(`DELETE FROM ${prefix}_turns WHERE key = ? AND holder = ?`).run(key, holder);
    database.prepare(`REPLACE INTO ${prefix}_leases VALUES (?, ?, ?)`).run(key, lease, now + ttlMs);
    return { lease };
  }
  database
    .prepare(
      `INSERT INTO ${prefix}_turns(key, holder, asked_at) VALUES (?, ?, ?)
        ON CONFLICT(key, holder) DO UPDATE SET asked_at = excluded.asked_at`,
    )
    .run(key, holder, now);
  return { waitMs: waitMsOf(ahead, FAST_PACE) };
}

/** Extends a lease that has not ended. */
export function renewInSqlite(
  database: SqliteDatabase,
  prefix: string,
  { key, lease, ttlMs }: Pick<AcquireInput, "key" | "lease" | "ttlMs">,
): boolean {
  const now = readNow(database);
  const sql = `UPDATE ${prefix}_leases SET ends_at = ? WHERE key = ? AND lease = ? AND ends_at > ?`;
  return database.prepare(sql).run(now + ttlMs, key, lease, now) === 1;
}

import type { SqliteDatabase } from "@babylon/storage";
import type { Stamp } from "../contract/state-engine.ts";

/** Milliseconds of the machine's clock, which all processes of the file share. */
export const NOW = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

/** The time. */
export function readNow(database: SqliteDatabase): number {
  return Number(database.prepare(`SELECT ${NOW} AS now`).get()?.now);
}

/** The time and the epoch. Inside a transaction; An epoch is stored where there is none. */
export function readStamp(database: SqliteDatabase, prefix: string, createEpoch: () => string): Stamp {
  const row = database
    .prepare(`SELECT ${NOW} AS now, (SELECT value FROM ${prefix}_kept WHERE name = 'epoch') AS epoch`)
    .get();
  const nowEpochMs = Number(row?.now);
  if (typeof row?.epoch === "string") return { nowEpochMs, epoch: row.epoch };
  const epoch = createEpoch();
  database.prepare(`INSERT INTO ${prefix}_kept VALUES ('epoch', ?)`).run(epoch);
  return { nowEpochMs, epoch };
}

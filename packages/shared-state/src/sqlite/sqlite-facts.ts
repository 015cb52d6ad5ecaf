import type { SqliteDatabase } from "@babylon/storage";
import type { VendorFact } from "../contract/facts.ts";
import { parseFactMessage, toFactMessage } from "../facts/fact-message.ts";
import { readNow } from "./sqlite-time.ts";

/** Stores a fact, in an open transaction. It gets a new number, by which other processes find it. */
export function sayInSqlite(database: SqliteDatabase, prefix: string, fact: VendorFact): void {
  const now = readNow(database);
  const name = `${fact.code}\n${fact.key}`;
  const ends = now + fact.forMs;
  database.prepare(`DELETE FROM ${prefix}_facts WHERE ends_at <= ? OR (name = ? AND ends_at < ?)`).run(now, name, ends);
  database
    .prepare(`INSERT OR IGNORE INTO ${prefix}_facts(name, fact, ends_at) VALUES (?, ?, ?)`)
    .run(name, toFactMessage(fact), ends);
}

/** Facts in effect with a number above `after`. */
export function factsInSqlite(
  database: SqliteDatabase,
  prefix: string,
  after: number,
): { readonly facts: readonly VendorFact[]; readonly last: number } {
  const now = readNow(database);
  const sql = `SELECT number, fact, ends_at FROM ${prefix}_facts WHERE number > ? AND ends_at > ? ORDER BY number`;
  const rows = database.prepare(sql).all(after, now);
  const facts = rows.flatMap(({ fact, ends_at }) => {
    const parsed = parseFactMessage(String(fact));
    return parsed === null ? [] : [{ ...parsed, forMs: Number(ends_at) - now }];
  });
  return { facts, last: Number(rows.at(-1)?.number ?? after) };
}

import { quoteIdentifier, type SqliteValue } from "@babylon/storage";
import type { Write } from "./backend.ts";
import type { RecordKey } from "./record-key.ts";
import type { TableLayout } from "./table-layout.ts";

/** A statement of SQLite and its parameters. */
export type SqliteQuery = [sql: string, ...parameters: SqliteValue[]];

/** Where the record is. */
export interface SqliteRecord {
  readonly table: string;
  readonly layout: TableLayout;
  readonly place: RecordKey;
}

/** A value that another tool stored as a BLOB is the text that it holds. */
const AS_TEXT = "CAST(value AS TEXT)";

/** The stored text as `value`, or its beginning. */
export function selectStatement(use: SqliteRecord, characters?: number): SqliteQuery {
  const { where, parameters } = condition(use);
  const value = characters === undefined ? AS_TEXT : `substr(${AS_TEXT}, 1, ${characters})`;
  return [`SELECT ${value} AS value FROM ${quoteIdentifier(use.table)} WHERE ${where}`, ...parameters];
}

/** One row where a text is what is stored, none otherwise. */
export function compareStatement(use: SqliteRecord, text: string): SqliteQuery {
  const { where, parameters } = condition(use);
  return [`SELECT key FROM ${quoteIdentifier(use.table)} WHERE ${where} AND ${AS_TEXT} = ?`, ...parameters, text];
}

/** One row where the write was applied, none where something else was stored. */
export function writeStatement(use: SqliteRecord, { expected, next }: Write): SqliteQuery {
  const table = quoteIdentifier(use.table);
  const { where, parameters } = condition(use);
  const expires = use.layout === "keyv-6" ? ", expires = NULL" : "";
  if (expected !== undefined) {
    const sql = `UPDATE ${table} SET value = ?${expires} WHERE ${where} AND ${AS_TEXT} = ? RETURNING key`;
    return [sql, next, ...parameters, expected];
  }
  const columns = use.layout === "keyv-6" ? "(key, namespace, value) VALUES (?, ?, ?)" : "(key, value) VALUES (?, ?)";
  // A row without a value holds nothing, and takes the first record like a row that is not there.
  const fill = `DO UPDATE SET value = excluded.value${expires} WHERE ${table}.value IS NULL`;
  return [`INSERT INTO ${table} ${columns} ON CONFLICT ${fill} RETURNING key`, ...parameters, next];
}

/** Keyv 6 has a column for the namespace; Keyv 5 puts it in front of the key. */
function condition({ place: { key, namespace }, layout }: SqliteRecord): { where: string; parameters: string[] } {
  if (layout === "keyv-6") return { where: "key = ? AND namespace = ?", parameters: [key, namespace ?? ""] };
  return { where: "key = ?", parameters: [namespace === null ? key : `${namespace}:${key}`] };
}

import { quoteIdentifier, type SqliteValue } from "@babylon/storage";
import type { Write } from "./backend.ts";
import type { RecordKey } from "./record-key.ts";
import type { TableLayout } from "./table-layout.ts";

/** The SQL text of a statement and its parameters. */
export type SqliteQuery = [sql: string, ...parameters: SqliteValue[]];

/** The location of the record. */
export interface SqliteRecord {
  readonly table: string;
  readonly layout: TableLayout;
  readonly place: RecordKey;
}

/** A value that another tool stored as a BLOB is read as text. */
const AS_TEXT = "CAST(value AS TEXT)";

/** Selects the stored text, or its beginning, as `value`. */
export function selectStatement(use: SqliteRecord, characters?: number): SqliteQuery {
  const { where, parameters } = condition(use);
  const value = characters === undefined ? AS_TEXT : `substr(${AS_TEXT}, 1, ${characters})`;
  return [`SELECT ${value} AS value FROM ${quoteIdentifier(use.table)} WHERE ${where}`, ...parameters];
}

/** Returns one row if the text equals the stored one, else none. */
export function compareStatement(use: SqliteRecord, text: string): SqliteQuery {
  const { where, parameters } = condition(use);
  return [`SELECT key FROM ${quoteIdentifier(use.table)} WHERE ${where} AND ${AS_TEXT} = ?`, ...parameters, text];
}

/** Writes if the stored text is the expected one. Returns one row if it was applied, else none. */
export function writeStatement(use: SqliteRecord, { expected, next }: Write): SqliteQuery {
  const table = quoteIdentifier(use.table);
  const { where, parameters } = condition(use);
  const expires = use.layout === "keyv-6" ? ", expires = NULL" : "";
  if (expected !== undefined) {
    const sql = `UPDATE ${table} SET value = ?${expires} WHERE ${where} AND ${AS_TEXT} = ? RETURNING key`;
    return [sql, next, ...parameters, expected];
  }
  const columns = use.layout === "keyv-6" ? "(key, namespace, value) VALUES (?, ?, ?)" : "(key, value) VALUES (?, ?)";
  // A row with a NULL value counts as nothing stored, so the first record is written into it.
  const fill = `DO UPDATE SET value = excluded.value${expires} WHERE ${table}.value IS NULL`;
  return [`INSERT INTO ${table} ${columns} ON CONFLICT ${fill} RETURNING key`, ...parameters, next];
}

/** In the layout of Keyv 6 the namespace is a column; in that of Keyv 5 it is a prefix of the key. */
function condition({ place: { key, namespace }, layout }: SqliteRecord): { where: string; parameters: string[] } {
  if (layout === "keyv-6") return { where: "key = ? AND namespace = ?", parameters: [key, namespace ?? ""] };
  return { where: "key = ?", parameters: [namespace === null ? key : `${namespace}:${key}`] };
}

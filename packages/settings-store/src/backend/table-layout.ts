/** Which columns the table has: Keyv 5 adapters use a key and a value, Keyv 6 adapters also a namespace and an expiry. */
export type TableLayout = "keyv-5" | "keyv-6";

/** The layout of a table with these columns; `null` when there is no table. */
export function layoutOf(columns: readonly string[]): TableLayout | null {
  if (columns.length === 0) return null;
  return columns.includes("namespace") ? "keyv-6" : "keyv-5";
}

/** A column of the rows that a query returned. */
export function columnOf(rows: readonly unknown[], name: string): readonly unknown[] {
  return rows.map((row) => (typeof row === "object" && row !== null ? Reflect.get(row, name) : undefined));
}

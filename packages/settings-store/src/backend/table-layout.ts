/** The columns of a table: `keyv-5` has a key and a value, `keyv-6` also a namespace and an expiry. */
export type TableLayout = "keyv-5" | "keyv-6";

/** The layout of a table with these columns; `null`: the table does not exist. */
export function layoutOf(columns: readonly string[]): TableLayout | null {
  if (columns.length === 0) return null;
  return columns.includes("namespace") ? "keyv-6" : "keyv-5";
}

/** The values of one column of a result. */
export function columnOf(rows: readonly unknown[], name: string): readonly unknown[] {
  return rows.map((row) => (typeof row === "object" && row !== null ? Reflect.get(row, name) : undefined));
}

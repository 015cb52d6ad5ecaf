import type { UsageDimension } from "../contract/usage-query.ts";
import type { NameFilter } from "../usage/plan-usage.ts";

/** A text as a literal of ClickHouse's SQL, in which a backslash escapes. */
export function quoteText(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&").replaceAll("\u0000", "\\0")}'`;
}

/**
 * A part of a WHERE clause, which begins with AND.
 *
 * @param columnOf - the column of a dimension; `null`: it is not filtered here
 */
export function clickhouseConditions(
  where: NameFilter,
  columnOf: (dimension: UsageDimension) => string | null,
): string {
  return [...where]
    .map(([dimension, names]) => {
      const column = columnOf(dimension);
      if (column === null) return "";
      return names.size === 0 ? " AND 0" : ` AND ${column} IN (${[...names].map(quoteText).join(", ")})`;
    })
    .join("");
}

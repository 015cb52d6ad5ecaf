import type { UsageDimension } from "../contract/usage-query.ts";
import type { NameFilter } from "../usage/plan-usage.ts";

/** A part of a WHERE clause, which begins with AND, and its parameters. */
export interface NameConditions {
  readonly sql: string;
  readonly parameters: readonly string[];
}

/** The conditions of a filter on the columns of calls, for the dimensions that `isColumn` accepts. */
export function nameConditions(
  where: NameFilter,
  isColumn: (dimension: UsageDimension) => boolean = () => true,
): NameConditions {
  const parts = [...where].filter(([dimension]) => isColumn(dimension));
  return {
    sql: parts.map(([dimension, names]) => ` AND ${dimension} IN (${[...names].map(() => "?").join(", ")})`).join(""),
    parameters: parts.flatMap(([, names]) => [...names]),
  };
}

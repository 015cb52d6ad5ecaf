import type { UsageDimension } from "../contract/usage-query.ts";
import type { NameFilter } from "../usage/plan-usage.ts";
import { toPostgresText } from "./to-postgres-text.ts";

/** Parameters of a statement, in their order. */
export interface SqlParameters {
  readonly values: readonly unknown[];
  /** Adds a parameter and returns its place in the statement, such as `$2`. */
  add(value: unknown): string;
}

/** Creates an empty list of parameters. */
export function createParameters(): SqlParameters {
  const values: unknown[] = [];
  return {
    values,
    add(value) {
      values.push(value);
      return `$${values.length}`;
    },
  };
}

/** A part of a WHERE clause, which begins with AND: a filter on the columns of calls, for the dimensions that `isColumn` accepts. */
export function postgresConditions(
  parameters: SqlParameters,
  where: NameFilter,
  isColumn: (dimension: UsageDimension) => boolean = () => true,
): string {
  return [...where]
    .filter(([dimension]) => isColumn(dimension))
    .map(([dimension, names]) => ` AND ${dimension} = ANY(${parameters.add([...names].map(toPostgresText))}::text[])`)
    .join("");
}

import type { UsageDimension } from "../contract/usage-query.ts";
import { isOfAttempts } from "../sums/add-call.ts";
import type { SumField } from "../sums/sums.ts";
import type { TimeSpan } from "../usage/cut-quarters.ts";
import type { UsagePlan } from "../usage/plan-usage.ts";
import { clickhouseConditions } from "./sql-text.ts";

/** What a statement counts. */
export type Counted = "calls" | "attempts" | "both";

/** A statement, and the counts of its rows, which are in this order behind the period and the names. */
export interface UsageStatement {
  readonly sql: string;
  readonly fields: readonly SumField[];
  /** Whether the counts are followed by durations: buckets, counts of the buckets, shortest and longest; and those of first tokens. */
  readonly hasDurations: boolean;
}

const CALL_COUNTS: readonly (readonly [SumField, string])[] = [
  ["calls", "count()"],
  ["failed", "countIf(outcome IN ('failed', 'interrupted'))"],
  ["aborted", "countIf(outcome = 'aborted')"],
  ["rescued", "sum(rescued)"],
  ["fallbacks", "sum(fallback)"],
];

/** Columns of attempts whose sums are counts. */
const ATTEMPT_COLUMNS: readonly (readonly [SumField, string])[] = [
  ["failedAttempts", "failed"],
  ["inputTokens", "input_tokens"],
  ["cachedInputTokens", "cached_input_tokens"],
  ["cacheWriteInputTokens", "cache_write_input_tokens"],
  ["outputTokens", "output_tokens"],
  ["reasoningTokens", "reasoning_tokens"],
  ["unknownUsage", "unknown_usage"],
  ["nanoUsd", "nano_usd"],
  ["lowNanoUsd", "low_nano_usd"],
  ["unknownCost", "unknown_cost"],
];

/** Counts by bucket of our sketches, which merge like those of the other engines: percentiles have the same error. */
function durationsOf(prefix: string, condition: string): readonly string[] {
  return [
    [`${prefix}duration`, condition],
    [`${prefix}first_token`, `${condition} AND isNotNull(${prefix}first_token_ms)`],
  ].flatMap(([column, isCounted]) => [
    `sumMapIf([${column}_bucket], [toUInt64(1)], ${isCounted})`,
    `minIf(${column}_ms, ${isCounted})`,
    `maxIf(${column}_ms, ${isCounted})`,
  ]);
}

function countsOf(counted: Counted): readonly (readonly [SumField, string])[] {
  if (counted === "calls") return CALL_COUNTS;
  if (counted === "attempts") {
    return [
      ["attempts", "count()"],
      ...ATTEMPT_COLUMNS.map(([field, name]) => [field, `sum(attempts.${name})`] as const),
    ];
  }
  return [
    ...CALL_COUNTS,
    ["attempts", "sum(length(attempts.failed))"],
    ...ATTEMPT_COLUMNS.map(([field, name]) => [field, `sum(arraySum(attempts.${name}))`] as const),
  ];
}

/**
 * The statement of a span. Periods are those of the plan, as numbers: the server needs no time zones. Copies of a call are merged before they
 * are counted (FINAL).
 */
export function usageStatement(plan: UsagePlan, span: TimeSpan, counted: Counted): UsageStatement {
  const columnOf = (dimension: UsageDimension): string =>
    counted === "attempts" && isOfAttempts(dimension) ? `attempts.${dimension}` : dimension;
  const names = plan.by.map(columnOf);
  const starts = plan.starts.map(Math.floor);
  const period = `roundDown(started_at, [${starts.filter((start, at) => start < span.to && (starts[at + 1] ?? Number.POSITIVE_INFINITY) > span.from).join(", ")}])`;
  const counts = countsOf(counted);
  const durations =
    counted === "calls"
      ? []
      : counted === "attempts"
        ? durationsOf("attempts.", "attempts.succeeded = 1")
        : durationsOf("", "outcome = 'success'");
  const selected = [`${period} AS period`, ...names, ...counts.map(([, sql]) => sql), ...durations];
  const from = counted === "attempts" ? "babylon_records FINAL ARRAY JOIN attempts" : "babylon_records FINAL";
  const range = `started_at >= ${Math.ceil(span.from)} AND started_at < ${Math.ceil(span.to)}`;
  return {
    sql: `SELECT ${selected.join(", ")} FROM ${from} WHERE ${range}${clickhouseConditions(plan.where, columnOf)} GROUP BY ${["period", ...names].join(", ")}`,
    fields: counts.map(([field]) => field),
    hasDurations: durations.length > 0,
  };
}

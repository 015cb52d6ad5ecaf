import type { UsageDimension, UsageRow } from "../contract/usage-query.ts";
import { roundDuration } from "../record/round-duration.ts";

/** Rows of a query, with what it asked for. */
export interface UsageSheet {
  readonly rows: readonly UsageRow[];
  readonly by: readonly UsageDimension[];
  /** An IANA time zone. */
  readonly timeZone: string;
}

/** Spreadsheets run a cell that begins with one of these as a formula. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Billionths of a US dollar as dollars, exact. */
function toUsd(nanoUsd: number): string {
  const digits = String(Math.abs(nanoUsd)).padStart(10, "0");
  return `${nanoUsd < 0 ? "-" : ""}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

/** A percentile has three digits that mean something; the others only fill the cell. */
const toMs = (ms: number | null): number | null => (ms === null ? null : roundDuration(ms));

const COLUMNS: readonly (readonly [name: string, value: (row: UsageRow) => string | number | null])[] = [
  ["calls", (row) => row.calls],
  ["failed_calls", (row) => row.failed],
  ["aborted_calls", (row) => row.aborted],
  ["rescued_calls", (row) => row.rescued],
  ["fallback_calls", (row) => row.fallbacks],
  ["attempts", (row) => row.attempts],
  ["failed_attempts", (row) => row.failedAttempts],
  ["input_tokens", (row) => row.inputTokens],
  ["cached_input_tokens", (row) => row.cachedInputTokens],
  ["cache_write_input_tokens", (row) => row.cacheWriteInputTokens],
  ["output_tokens", (row) => row.outputTokens],
  ["reasoning_tokens", (row) => row.reasoningTokens],
  ["attempts_with_unknown_usage", (row) => row.unknownUsage],
  ["known_cost_usd", (row) => toUsd(row.nanoUsd)],
  ["lowest_cost_usd", (row) => toUsd(row.lowNanoUsd)],
  ["attempts_with_unknown_cost", (row) => row.unknownCost],
  ["latency_p50_ms", (row) => toMs(row.latency.p50)],
  ["latency_p95_ms", (row) => toMs(row.latency.p95)],
  ["latency_p99_ms", (row) => toMs(row.latency.p99)],
  ["first_token_p50_ms", (row) => toMs(row.firstToken.p50)],
  ["first_token_p95_ms", (row) => toMs(row.firstToken.p95)],
  ["first_token_p99_ms", (row) => toMs(row.firstToken.p99)],
];

/** Local date and time with the offset from UTC, such as `2026-11-30T08:00:00+01:00`. */
function localTimes(timeZone: string): (epochMs: number) => string {
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "longOffset",
  });
  return (epochMs) => {
    const part = Object.fromEntries(format.formatToParts(epochMs).map(({ type, value }) => [type, value]));
    const offset = (part.timeZoneName ?? "").replace("GMT", "").replace("−", "-") || "+00:00";
    return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}${offset}`;
  };
}

/** Usage as CSV (RFC 4180), one line for each period and group. Unknown percentiles are empty; unknown costs and usages are counts of their own. */
export function toUsageCsv({ rows, by, timeZone }: UsageSheet): string {
  const toLocal = localTimes(timeZone);
  const header = ["period_start", ...by, ...COLUMNS.map(([name]) => name)];
  const lines = rows.map((row) => [
    toLocal(row.at),
    ...by.map((name) => cell(row.group[name] ?? "")),
    ...COLUMNS.map(([, value]) => cell(value(row))),
  ]);
  return [header, ...lines].map((line) => `${line.join(",")}\r\n`).join("");
}

import { formatDuration } from "@babylon/llm-core/status";
import type { UsageBucket, UsageDimension, UsageRow } from "@babylon/record-store";
import { formatCost } from "../output/format-cost.ts";
import { formatTable } from "../output/format-table.ts";

/** The query of a printed table. */
export interface PrintedUsage {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly timeZone: string;
  readonly bucket: UsageBucket;
  readonly by: readonly UsageDimension[];
}

const FIGURES = ["calls", "failed", "aborted", "rescued", "input", "output", "cost", "p50", "p95", "first token"];

/** Local date and time, or the part of it that a period has. */
function formatStart(epochMs: number, bucket: UsageBucket, timeZone: string): string {
  const text = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" }).format(epochMs);
  if (bucket === "day") return text.slice(0, 10);
  return bucket === "month" ? text.slice(0, 7) : text;
}

const time = (ms: number | null): string => (ms === null ? "-" : formatDuration(ms));

/** A sum, with a mark where it does not have all: `unknown` if nothing of it is known, else `+ ?`. */
function known({ attempts }: UsageRow, unknown: number, sum: number, format: (sum: number) => string): string {
  if (unknown === 0) return format(sum);
  // Refused attempts cost nothing, which is no sum beside others whose cost is not known.
  return unknown >= attempts || sum === 0 ? "unknown" : `${format(sum)} + ?`;
}

const count = (value: number): string => value.toLocaleString("en");
const attempts = (value: number): string => `${count(value)} ${value === 1 ? "attempt" : "attempts"}`;

function toCells(row: UsageRow, { bucket, by, timeZone }: PrintedUsage): string[] {
  return [
    ...(bucket === "all" ? [] : [formatStart(row.at, bucket, timeZone)]),
    ...by.map((dimension) => row.group[dimension] || "(none)"),
    count(row.calls),
    count(row.failed),
    count(row.aborted),
    count(row.rescued),
    known(row, row.unknownUsage, row.inputTokens, count),
    known(row, row.unknownUsage, row.outputTokens, count),
    known(row, row.unknownCost, row.nanoUsd, formatCost),
    time(row.latency.p50),
    time(row.latency.p95),
    time(row.firstToken.p50),
  ];
}

/** What the figures do not have, and what they are of. */
function notesOf(rows: readonly UsageRow[], { from, by, timeZone }: PrintedUsage): string[] {
  const sum = (figure: "unknownUsage" | "unknownCost" | "nanoUsd" | "lowNanoUsd"): number =>
    rows.reduce((total, row) => total + row[figure], 0);
  const [unknownUsage, unknownCost] = [sum("unknownUsage"), sum("unknownCost")];
  const links = by.filter((dimension) => dimension === "provider" || dimension === "model");
  const hasUnanswered = rows.some(({ group }) => links.some((link) => group[link] === ""));
  return [
    ...(unknownUsage > 0
      ? [`Not in these sums: the tokens of ${attempts(unknownUsage)}, which no provider reported.`]
      : []),
    ...(unknownCost > 0
      ? [
          `Not in these sums: the cost of ${attempts(unknownCost)}, which is not known; with it the total is at least ${formatCost(sum("lowNanoUsd"))}.`,
        ]
      : []),
    ...(hasUnanswered ? ["(none): calls without an answer."] : []),
    `Calls since ${formatStart(from, "all", timeZone)}, ${timeZone}. Times are of successful ${links.length > 0 ? "attempts" : "calls"}.`,
  ];
}

/** Usage as a table, with notes below it. */
export function printUsage(rows: readonly UsageRow[], query: PrintedUsage): string[] {
  const { from, timeZone, bucket, by } = query;
  if (rows.length === 0) return [`No such calls since ${formatStart(from, "all", timeZone)}, ${timeZone}.`];
  const names = [...(bucket === "all" ? [] : [bucket]), ...by];
  const table = [[...names, ...FIGURES], ...rows.map((row) => toCells(row, query))];
  return [...formatTable(table, (column) => column >= names.length), "", ...notesOf(rows, query)];
}

import { formatDuration } from "@babylon/llm-core/status";
import type { UsageBucket, UsageDimension, UsageRow } from "@babylon/record-store";
import { textFlag, wholeFlag } from "../arguments/read-flag.ts";
import { UsageError } from "../arguments/usage-error.ts";
import type { Command, CommandContext } from "../command-context.ts";
import { EXIT } from "../exit-code.ts";
import { formatCost } from "../output/format-cost.ts";
import { formatTable } from "../output/format-table.ts";
import { openCliRecords } from "./open-cli-records.ts";
import { byFlag, sinceFlag, whereFlag } from "./read-records-flags.ts";

const BUCKETS: readonly UsageBucket[] = ["all", "hour", "day", "month"];

/** Prints calls, tokens, cost and latency from the records. */
export const usageCommand: Command = async (context) => {
  const { flags, host, json, print } = context;
  const bucket = bucketFlag(context);
  const by = byFlag(flags);
  const to = host.clock.now() + 1;
  const timeZone = textFlag(flags, "zone") ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const query = { from: sinceFlag(flags, "7d", to), to, timeZone, bucket, by, where: whereFlag(flags) };
  const records = await openCliRecords(context);
  try {
    const rows = await records.usage({ ...query, top: wholeFlag(flags, "top", 1), abortSignal: host.abortSignal });
    if (json) print.json({ ok: true, ...query, rows });
    else if (flags.has("csv"))
      print.text((await import("@babylon/record-store/contract")).toUsageCsv({ rows, by, timeZone }));
    else print.lines(...toLines(rows, by, bucket, timeZone));
    return EXIT.ok;
  } finally {
    await records.close();
  }
};

function bucketFlag({ flags }: CommandContext): UsageBucket {
  const text = textFlag(flags, "bucket") ?? "all";
  const bucket = BUCKETS.find((one) => one === text);
  if (bucket === undefined) throw new UsageError(`--bucket: expected ${BUCKETS.join(", ")}, got "${text}"`);
  return bucket;
}

/** A sum, with a mark where it does not have all: `unknown` if nothing of it is known, else `+ ?`. */
function known({ attempts }: UsageRow, unknown: number, text: string): string {
  if (unknown === 0) return text;
  return unknown >= attempts ? "unknown" : `${text} + ?`;
}

function toLines(
  rows: readonly UsageRow[],
  by: readonly UsageDimension[],
  bucket: UsageBucket,
  timeZone: string,
): string[] {
  if (rows.length === 0) return ["No calls in this time."];
  const times = bucket === "all" ? [] : [bucket];
  const header = [
    ...times,
    ...by,
    "calls",
    "failed",
    "rescued",
    "input",
    "output",
    "cost",
    "p50",
    "p95",
    "first token",
  ];
  const table = rows.map((row) => [
    ...times.map(() => formatStart(row.at, bucket, timeZone)),
    ...by.map((dimension) => row.group[dimension] || "(none)"),
    String(row.calls),
    String(row.failed),
    String(row.rescued),
    known(row, row.unknownUsage, String(row.inputTokens)),
    known(row, row.unknownUsage, String(row.outputTokens)),
    known(row, row.unknownCost, formatCost(row.nanoUsd)),
    row.latency.p50 === null ? "-" : formatDuration(row.latency.p50),
    row.latency.p95 === null ? "-" : formatDuration(row.latency.p95),
    row.firstToken.p50 === null ? "-" : formatDuration(row.firstToken.p50),
  ]);
  const unknownUsage = rows.reduce((sum, row) => sum + row.unknownUsage, 0);
  const unknownCost = rows.reduce((sum, row) => sum + row.unknownCost, 0);
  const notes = [
    ...(unknownUsage > 0
      ? [`Not in these sums: the tokens of ${unknownUsage} attempts, which no provider reported.`]
      : []),
    ...(unknownCost > 0 ? [`Not in these sums: the cost of ${unknownCost} attempts, which is not known.`] : []),
  ];
  return [...formatTable([header, ...table]), ...(notes.length > 0 ? ["", ...notes] : [])];
}

function formatStart(epochMs: number, bucket: UsageBucket, timeZone: string): string {
  const text = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" }).format(epochMs);
  if (bucket === "hour") return text;
  return text.slice(0, bucket === "month" ? 7 : 10);
}

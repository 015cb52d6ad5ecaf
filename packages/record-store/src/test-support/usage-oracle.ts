import type { Attempt, CallRecord } from "@babylon/llm-core";
import type { UsageDimension, UsageQuery, UsageRow } from "../contract/usage-query.ts";

/** A row of usage without percentiles, and the durations that these are of. */
export interface OracleRow extends Omit<UsageRow, "latency" | "firstToken"> {
  readonly durations: readonly number[];
  readonly firstTokens: readonly number[];
}

type Counts = { -readonly [K in keyof OracleRow]: OracleRow[K] extends readonly number[] ? number[] : OracleRow[K] };

const emptyRow = (at: number, group: Record<string, string>): Counts => ({
  at,
  group,
  calls: 0,
  failed: 0,
  aborted: 0,
  rescued: 0,
  fallbacks: 0,
  attempts: 0,
  failedAttempts: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  unknownUsage: 0,
  nanoUsd: 0,
  lowNanoUsd: 0,
  unknownCost: 0,
  durations: [],
  firstTokens: [],
});

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat("sv-SE", {
      timeZone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      timeZoneName: "longOffset",
    });
  formats.set(timeZone, format);
  return format;
}

/** The local date or hour of a time, by the platform's own formatting: nothing of this package computes it. */
function localLabel(epochMs: number, timeZone: string, bucket: UsageQuery["bucket"]): string {
  if (bucket === "all") return "all";
  const [date = "", hour = "", offset = ""] = formatOf(timeZone).format(epochMs).split(" ");
  if (bucket === "month") return date.slice(0, 7);
  return bucket === "day" ? date : `${date} ${hour} ${offset}`;
}

const KEPT: readonly UsageDimension[] = ["provider", "model", "agent", "tenant", "purpose", "outcome"];

/** Usage straight from records, with no sums: rows by label of the period and group. */
export function usageOracle(
  records: readonly CallRecord[],
  { from, to, timeZone, bucket, by = [], where = {} }: UsageQuery,
): ReadonlyMap<string, OracleRow> {
  const rows = new Map<string, Counts>();
  const ofAttempts = [...by, ...Object.keys(where)].some((name) => name === "provider" || name === "model");
  const namesOf = (record: CallRecord, link: Pick<Attempt, "provider" | "model"> | null): Record<string, string> => ({
    provider: (link === null ? record.provider : link.provider) ?? "",
    model: (link === null ? record.model : link.model) ?? "",
    agent: record.agent ?? "",
    tenant: record.tenant ?? "",
    purpose: record.purpose ?? "",
    outcome: record.outcome,
  });
  const accepts = (names: Record<string, string>): boolean =>
    KEPT.every((name) => {
      const accepted = where[name];
      return accepted === undefined || [accepted].flat().includes(names[name] ?? "");
    });
  const rowOf = (record: CallRecord, names: Record<string, string>): Counts => {
    const group = Object.fromEntries(by.map((name) => [name, names[name] ?? ""]));
    const key = `${localLabel(record.startedAt, timeZone, bucket)} ${JSON.stringify(group)}`;
    const row = rows.get(key) ?? emptyRow(0, group);
    rows.set(key, row);
    return row;
  };
  for (const record of records) {
    if (record.startedAt < from || record.startedAt >= to) continue;
    const ofCall = namesOf(record, null);
    if (accepts(ofCall)) addCallTo(rowOf(record, ofCall), record, !ofAttempts);
    for (const attempt of record.attempts) {
      const names = ofAttempts ? namesOf(record, attempt) : ofCall;
      if (accepts(names)) addAttemptTo(rowOf(record, names), attempt, ofAttempts);
    }
  }
  return rows;
}

function addCallTo(row: Counts, record: CallRecord, withDurations: boolean): void {
  const { outcome, attempts, provider, model, durationMs, firstTokenMs } = record;
  const [first] = attempts;
  row.calls += 1;
  if (outcome === "failed" || outcome === "interrupted") row.failed += 1;
  if (outcome === "aborted") row.aborted += 1;
  if (outcome !== "success") return;
  if (attempts.some((attempt) => attempt.outcome === "failed")) row.rescued += 1;
  if (first !== undefined && (first.provider !== provider || first.model !== model)) row.fallbacks += 1;
  if (!withDurations) return;
  row.durations.push(durationMs);
  if (firstTokenMs !== null) row.firstTokens.push(firstTokenMs);
}

function addAttemptTo(row: Counts, attempt: Attempt, withDurations: boolean): void {
  const { usage, cost, sent, outcome, durationMs, firstTokenMs } = attempt;
  row.attempts += 1;
  if (outcome === "failed") row.failedAttempts += 1;
  row.inputTokens += usage?.inputTokens ?? 0;
  row.cachedInputTokens += usage?.cachedInputTokens ?? 0;
  row.cacheWriteInputTokens += usage?.cacheWriteInputTokens ?? 0;
  row.outputTokens += usage?.outputTokens ?? 0;
  row.reasoningTokens += usage?.reasoningTokens ?? 0;
  if (usage === undefined ? sent : usage.inputTokens === null || usage.outputTokens === null) row.unknownUsage += 1;
  row.nanoUsd += cost?.nanoUsd ?? 0;
  row.lowNanoUsd += cost?.nanoUsd ?? cost?.lowNanoUsd ?? 0;
  if (cost === undefined ? sent : cost.nanoUsd === null) row.unknownCost += 1;
  if (outcome !== "success" || !withDurations) return;
  row.durations.push(durationMs);
  if (firstTokenMs !== null) row.firstTokens.push(firstTokenMs);
}

/** The label of a row of usage, to find it in the oracle. */
export const labelOf = ({ at, group }: UsageRow, { timeZone, bucket }: UsageQuery): string =>
  `${localLabel(at, timeZone, bucket)} ${JSON.stringify(group)}`;

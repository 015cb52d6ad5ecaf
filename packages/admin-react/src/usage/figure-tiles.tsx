import type { UsageRow } from "@babylon/admin-api/contract";
import { formatDuration, formatUsd } from "@babylon/llm-core/status";
import type { ReactElement } from "react";
import { formatValue } from "../charts/format-value.ts";
import { formatCount, formatShort } from "../words/format-count.ts";
import { isUnknown } from "./is-unknown.ts";

interface Tile {
  readonly name: string;
  readonly value: string;
  readonly detail: string;
  readonly tone?: "warn" | "bad" | undefined;
}

const shareOf = (part: number, whole: number) => formatValue("share", whole === 0 ? null : part / whole);
/** A number and its unit stay on one line. */
const unbroken = (ms: number | null) => formatDuration(ms).replace(" ", "\u00a0");
const percentiles = ({ p50, p95, p99 }: UsageRow["latency"]): Pick<Tile, "value" | "detail"> => ({
  value: formatDuration(p50),
  detail: `p50 · p95 ${unbroken(p95)} · p99 ${unbroken(p99)}`,
});

/** A sum of which nothing is known is not a number. */
const known = (row: UsageRow, unknown: number, sum: number, format: (sum: number) => string) =>
  isUnknown(row, unknown, sum) ? "Unknown" : format(sum);

/** The figures of the whole time in words. Pure. */
export function toTiles(row: UsageRow): readonly Tile[] {
  const { calls, failed, aborted, attempts, failedAttempts, unknownCost, unknownUsage } = row;
  return [
    {
      name: "Spend",
      value: known(row, unknownCost, row.nanoUsd, formatUsd),
      detail: unknownCost === 0 ? "all costs known" : "known costs",
    },
    {
      name: "Unknown cost",
      value: formatShort(unknownCost),
      detail: `of ${formatCount(attempts)} attempts`,
      tone: unknownCost > 0 ? "warn" : undefined,
    },
    { name: "Calls", value: formatShort(calls), detail: `${formatCount(attempts)} attempts` },
    {
      name: "Failed calls",
      value: shareOf(failed, calls),
      detail: `${formatCount(failed)} failed, ${formatCount(aborted)} canceled`,
      tone: failed > 0 && failed / calls >= 0.05 ? "bad" : undefined,
    },
    {
      name: "Failed attempts",
      value: shareOf(failedAttempts, attempts),
      detail: `${formatCount(failedAttempts)} of ${formatCount(attempts)}`,
    },
    { name: "Latency", ...percentiles(row.latency) },
    { name: "First token", ...percentiles(row.firstToken) },
    {
      name: "Input tokens",
      value: known(row, unknownUsage, row.inputTokens, formatShort),
      detail: `${formatShort(row.cachedInputTokens)} cached`,
    },
    {
      name: "Output tokens",
      value: known(row, unknownUsage, row.outputTokens, formatShort),
      detail: `${formatShort(row.reasoningTokens)} reasoning`,
    },
    {
      name: "Unknown usage",
      value: formatShort(unknownUsage),
      detail: `of ${formatCount(attempts)} attempts`,
      tone: unknownUsage > 0 ? "warn" : undefined,
    },
    { name: "Rescued", value: shareOf(row.rescued, calls), detail: `${formatCount(row.rescued)} calls after an error` },
    {
      name: "Fallbacks",
      value: shareOf(row.fallbacks, calls),
      detail: `${formatCount(row.fallbacks)} calls by another link`,
    },
  ];
}

/** The figures of the whole time. */
export function FigureTiles({ row }: { readonly row: UsageRow }): ReactElement {
  return (
    <dl className="bm-tiles">
      {toTiles(row).map(({ name, value, detail, tone }) => (
        <div key={name} className="bm-tile" data-tile={name} data-tone={tone}>
          <dt>{name}</dt>
          <dd>
            <span className="bm-tile-value">{value}</span>
            <span className="bm-note">{detail}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

import type { UsageDimension, UsageRow } from "@babylon/admin-api/contract";
import { formatDuration, formatUsd } from "@babylon/llm-core/status";
import type { ReactElement } from "react";
import { formatValue } from "../charts/format-value.ts";
import { formatCount, formatShort } from "../words/format-count.ts";
import { DIMENSION_WORDS, nameGroup } from "../words/name-group.ts";
import { isLink } from "./build-charts.ts";
import { isUnknown } from "./is-unknown.ts";

interface GroupTableProps {
  readonly by: UsageDimension;
  /** One for each group, of the whole time. */
  readonly rows: readonly UsageRow[];
  nameOf(provider: string): string;
  onFilter(name: string): void;
}

interface Column {
  readonly name: string;
  value(row: UsageRow): string;
}

const share = (part: number, whole: number) => formatValue("share", whole === 0 ? null : part / whole);

/** Where nothing is known, there is no number. */
const known = (row: UsageRow, unknown: number, sum: number, format: (sum: number) => string) =>
  isUnknown(row, unknown, sum) ? "unknown" : format(sum);

function columnsOf(by: UsageDimension): readonly Column[] {
  const failed: Column = isLink(by)
    ? { name: "Failed attempts", value: (row) => share(row.failedAttempts, row.attempts) }
    : { name: "Failed calls", value: (row) => share(row.failed, row.calls) };
  return [
    { name: "Spend", value: (row) => known(row, row.unknownCost, row.nanoUsd, formatUsd) },
    { name: "Unknown cost", value: ({ unknownCost }) => formatCount(unknownCost) },
    { name: "Calls", value: ({ calls }) => formatCount(calls) },
    { name: "Attempts", value: ({ attempts }) => formatCount(attempts) },
    failed,
    { name: "Input tokens", value: (row) => known(row, row.unknownUsage, row.inputTokens, formatShort) },
    {
      name: "Cached",
      value: (row) => known(row, row.unknownUsage, row.inputTokens, () => formatShort(row.cachedInputTokens)),
    },
    { name: "Output tokens", value: (row) => known(row, row.unknownUsage, row.outputTokens, formatShort) },
    { name: "Unknown usage", value: ({ unknownUsage }) => formatCount(unknownUsage) },
    { name: "p50", value: ({ latency }) => formatDuration(latency.p50) },
    { name: "p95", value: ({ latency }) => formatDuration(latency.p95) },
    { name: "p99", value: ({ latency }) => formatDuration(latency.p99) },
    { name: "First token p50", value: ({ firstToken }) => formatDuration(firstToken.p50) },
    { name: "Rescued", value: (row) => share(row.rescued, row.calls) },
    { name: "Fallbacks", value: (row) => share(row.fallbacks, row.calls) },
  ];
}

const weight = (row: UsageRow): readonly number[] => [row.nanoUsd, row.calls, row.attempts];

/** The groups with the highest cost first, then the most calls; the one of all others last. Pure. */
export function sortGroups(rows: readonly UsageRow[], by: UsageDimension): readonly UsageRow[] {
  const isOther = (row: UsageRow) => Number(row.group[by] === "(other)");
  return rows.toSorted((a, b) => {
    const heavier = weight(b).map((value, at) => value - (weight(a)[at] ?? 0));
    return isOther(a) - isOther(b) || (heavier.find((difference) => difference !== 0) ?? 0);
  });
}

/** All figures of each group over the whole time. A name filters the page. */
export function GroupTable({ by, rows, nameOf, onFilter }: GroupTableProps): ReactElement {
  const columns = columnsOf(by);
  if (rows.length === 0) return <p className="bm-card bm-empty">No calls in this time.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
    <section className="bm-card bm-scroll" aria-label={`Figures by ${by}`} tabIndex={0}>
      <table className="bm-numbers">
        <thead>
          <tr>
            <th scope="col">{DIMENSION_WORDS[by]}</th>
            {columns.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sortGroups(rows, by).map((row) => {
            const name = row.group[by] ?? "";
            const words = nameGroup(by, name, nameOf);
            return (
              <tr key={name} data-group={name}>
                <th scope="row">
                  {name.startsWith("(") ? (
                    words
                  ) : (
                    <button
                      type="button"
                      className="bm-text-button"
                      aria-label={`${words}: filter by it`}
                      onClick={() => onFilter(name)}
                    >
                      {words}
                    </button>
                  )}
                </th>
                {columns.map((column) => (
                  <td key={column.name}>{column.value(row)}</td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

import { quantileOf, type Sketch } from "@babylon/llm-core/sketch";
import type { Percentiles, UsageDimension, UsageRow } from "../contract/usage-query.ts";
import type { NameRank } from "../sums/pack-sums.ts";
import { createSums, mergeSums, type Sums } from "../sums/sums.ts";

/** The name of the groups beyond `top`, and of names beyond the limit of the sums. */
export const OTHER = "(other)";

/** Sums by period and group. */
export interface UsageTable {
  /** The index of the period of a time; the time must not be before the first period. */
  periodOf(epochMs: number): number;
  /**
   * The sums of a group in a period.
   *
   * @param key - the names of the group, joined by `KEY_SEPARATOR`
   */
  sumsOf(period: number, key: string): Sums;
  /** Rows with at least one call or attempt, by period, then with the highest cost first. */
  rows(): UsageRow[];
}

/** Between the names of a key. */
export const KEY_SEPARATOR = "\u0000";

interface Group {
  readonly names: readonly string[];
  /** By period. */
  readonly sums: Map<number, Sums>;
}

/** @param starts - the starts of the periods, ascending */
export function createUsageTable(
  starts: readonly number[],
  by: readonly UsageDimension[],
  top: number = Number.POSITIVE_INFINITY,
): UsageTable {
  const groups = new Map<string, Group>();

  function groupOf(key: string): Group {
    const found = groups.get(key);
    if (found !== undefined) return found;
    const created = { names: by.length === 0 ? [] : key.split(KEY_SEPARATOR), sums: new Map<number, Sums>() };
    groups.set(key, created);
    return created;
  }

  return {
    periodOf: (epochMs) => lastAtMost(starts, epochMs),
    sumsOf: (period, key) => sumsIn(groupOf(key), period),
    rows() {
      const ranked = [...groups.values()].map(toRanked).sort(compareRanks);
      const shown = ranked.slice(0, top).map(([, { group }]) => group);
      const others = ranked.slice(top).map(([, { group }]) => group);
      // A query of sums has merged the others by itself.
      const all = others.length === 0 ? shown : [...shown, mergeGroups(others, by)];
      return starts.flatMap((at, period) =>
        all.flatMap(({ names, sums }) => {
          const found = sums.get(period);
          return found === undefined || (found.calls === 0 && found.attempts === 0)
            ? []
            : [
                toUsageRow(
                  at,
                  Object.fromEntries(by.map((dimension, index) => [dimension, names[index] ?? ""])),
                  found,
                ),
              ];
        }),
      );
    },
  };
}

function sumsIn({ sums }: Group, period: number): Sums {
  const found = sums.get(period);
  if (found !== undefined) return found;
  const created = createSums();
  sums.set(period, created);
  return created;
}

function toRanked(group: Group): readonly [name: string, rank: NameRank & { readonly group: Group }] {
  const rank = { nanoUsd: 0, calls: 0, group };
  for (const sums of group.sums.values()) {
    rank.nanoUsd += sums.nanoUsd;
    rank.calls += sums.calls;
  }
  return [group.names.join(KEY_SEPARATOR), rank];
}

/** Orders groups: the highest cost first, then the most calls, then by name; `(other)` is the last one. */
export function compareRanks(
  [name, one]: readonly [name: string, rank: NameRank],
  [otherName, other]: readonly [name: string, rank: NameRank],
): number {
  if (name === OTHER || otherName === OTHER) return name === OTHER ? 1 : -1;
  if (one.nanoUsd !== other.nanoUsd) return other.nanoUsd - one.nanoUsd;
  if (one.calls !== other.calls) return other.calls - one.calls;
  return name < otherName ? -1 : 1;
}

function mergeGroups(groups: readonly Group[], by: readonly UsageDimension[]): Group {
  const merged: Group = { names: by.map(() => OTHER), sums: new Map() };
  for (const { sums } of groups) {
    for (const [period, part] of sums) mergeSums(sumsIn(merged, period), part);
  }
  return merged;
}

/** The index of the last number that is at most `value`; 0 if there is none. */
function lastAtMost(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((ascending[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

const percentilesOf = (sketch: Sketch): Percentiles => ({
  p50: quantileOf(sketch, 0.5),
  p95: quantileOf(sketch, 0.95),
  p99: quantileOf(sketch, 0.99),
});

function toUsageRow(at: number, group: UsageRow["group"], { latency, firstToken, ...counts }: Sums): UsageRow {
  return { at, group, ...counts, latency: percentilesOf(latency), firstToken: percentilesOf(firstToken) };
}

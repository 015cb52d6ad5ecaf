import type { UsageDimension } from "../contract/usage-query.ts";
import { addPackedRanks, addPackedSums, type NameRank } from "../sums/pack-sums.ts";
import type { PeriodPart } from "./cover-quarters.ts";
import { nextTurn } from "./next-turn.ts";
import type { UsagePlan } from "./plan-usage.ts";
import { compareRanks, OTHER, type UsageTable } from "./usage-table.ts";

/** Bytes of packed sums that are read in one turn of the event loop: a few milliseconds. */
const BYTES_PER_TURN = 512 * 1024;

/** Adds the packed sums of one dimension to the answer. */
export async function addStoredSums(
  plan: UsagePlan,
  dimension: "all" | UsageDimension,
  parts: readonly PeriodPart<Uint8Array>[],
  table: UsageTable,
): Promise<void> {
  const accepted = dimension === "all" ? undefined : plan.where.get(dimension);
  const shown = plan.top === undefined || plan.by.length === 0 ? null : await topNames(parts, plan.top, accepted);
  const keyOf = (name: string): string => {
    if (plan.by.length === 0) return "";
    return shown === null || shown.has(name) ? name : OTHER;
  };
  await inTurns(parts, ({ period, value }) =>
    addPackedSums(value, (name) => {
      if (accepted !== undefined && !accepted.has(name)) return null;
      return table.sumsOf(period, keyOf(name));
    }),
  );
}

/** The names with the highest cost. */
async function topNames(
  parts: readonly PeriodPart<Uint8Array>[],
  top: number,
  accepted: ReadonlySet<string> | undefined,
): Promise<ReadonlySet<string>> {
  const ranks = new Map<string, NameRank>();
  await inTurns(parts, ({ value }) => addPackedRanks(value, ranks));
  const ranked = [...ranks].filter(([name]) => accepted === undefined || accepted.has(name)).sort(compareRanks);
  return new Set(ranked.slice(0, top).map(([name]) => name));
}

async function inTurns(
  parts: readonly PeriodPart<Uint8Array>[],
  add: (part: PeriodPart<Uint8Array>) => void,
): Promise<void> {
  let bytes = 0;
  for (const part of parts) {
    add(part);
    bytes += part.value.length;
    if (bytes < BYTES_PER_TURN) continue;
    bytes = 0;
    await nextTurn();
  }
}

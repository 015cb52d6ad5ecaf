import type { BudgetWindow } from "@babylon/budget/contract";
import type { Clock } from "@babylon/llm-core";
import type { UsageQuery, UsageRow } from "@babylon/record-store/contract";
import type { AdminRecords } from "../admin-shapes.ts";
import type { Spender, WindowSpenders } from "../contract.ts";
import { readRecords } from "../records/records-failure.ts";

/** Spenders by one dimension. */
const SHOWN = 5;
/** A budget in tokens is not in the order of costs, so more groups are read than are shown. */
const READ = 50;
/** How long the spenders of a window are kept: pages ask again every few seconds, and a scope of several fields reads all calls. */
const KEPT_MS = 15_000;
const MAX_KEPT = 100;
/** Sums of calls are kept for so long; a window without a start is read from here. */
const LONGEST_MS = 400 * 86_400_000;

/** Reads who spends in windows. */
export interface SpenderReader {
  /** Throws `records_unavailable`. Without records it is empty. */
  read(windows: readonly BudgetWindow[], abortSignal: AbortSignal): Promise<readonly WindowSpenders[]>;
}

interface Kept {
  readonly atMonoMs: number;
  readonly spenders: WindowSpenders;
}

/** The query of a window by one dimension; the calls that its scope names. Pure. */
export function toSpenderQuery(window: BudgetWindow, by: "agent" | "tenant", nowEpochMs: number): UsageQuery {
  const { startsAt, scope, timeZone } = window;
  return {
    from: Math.max(startsAt ?? 0, nowEpochMs - LONGEST_MS),
    to: nowEpochMs + 1,
    timeZone,
    bucket: "all",
    by: [by],
    where: scope,
    top: READ,
  };
}

/** Rows of one dimension as spenders, the largest amount first. Pure. */
export function toSpenders(
  rows: readonly UsageRow[],
  by: "agent" | "tenant",
  unit: BudgetWindow["unit"],
): readonly Spender[] {
  const spenders = rows.map((row): Spender => {
    const unknown = unit === "usd" ? row.unknownCost : row.unknownUsage;
    const amount = unit === "usd" ? row.nanoUsd : row.inputTokens + row.outputTokens;
    return {
      name: row.group[by] ?? "",
      amount: row.attempts > 0 && unknown >= row.attempts ? null : amount,
      unknown,
    };
  });
  return spenders.toSorted((a, b) => (b.amount ?? -1) - (a.amount ?? -1)).slice(0, SHOWN);
}

/** Creates the reader over the records of calls. */
export function createSpenderReader(records: AdminRecords | null, clock: Clock): SpenderReader {
  const kept = new Map<string, Kept>();

  async function readOne(
    source: AdminRecords,
    window: BudgetWindow,
    abortSignal: AbortSignal,
  ): Promise<WindowSpenders> {
    const known = kept.get(window.key);
    if (known !== undefined && clock.monotonic() - known.atMonoMs < KEPT_MS) return known.spenders;
    const now = clock.now();
    const readBy = async (by: "agent" | "tenant"): Promise<readonly Spender[]> => {
      if (window.scope[by] !== undefined) return [];
      const query = { ...toSpenderQuery(window, by, now), abortSignal };
      return toSpenders(await readRecords(() => source.usage(query)), by, window.unit);
    };
    const [agents, tenants] = await Promise.all([readBy("agent"), readBy("tenant")]);
    const spenders: WindowSpenders = { key: window.key, agents, tenants };
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(window.key, { atMonoMs: clock.monotonic(), spenders });
    return spenders;
  }

  return {
    async read(windows, abortSignal) {
      if (records === null) return [];
      return Promise.all(windows.map((window) => readOne(records, window, abortSignal)));
    },
  };
}

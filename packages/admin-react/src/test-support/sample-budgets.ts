import type { AdminBudget } from "@babylon/admin-api";
import type { BudgetOutage, BudgetRule, BudgetWindow, BudgetWriteOff } from "@babylon/admin-api/contract";

const DAY_MS = 86_400_000;

/** A window of $10 a day for all calls, of which $2.60 are used, and what is different. */
export function sampleWindow(now: number, more: Partial<BudgetWindow> = {}): BudgetWindow {
  const limit = more.limit ?? 10e9;
  const { spent = 2e9, presumed = 0.5e9, held = 0.1e9 } = more;
  return {
    key: `budget|${more.rule ?? "day"}|${JSON.stringify(more.scope ?? {})}`,
    rule: "day",
    source: "code",
    scope: {},
    per: "day",
    timeZone: "Europe/Berlin",
    unit: "usd",
    limit,
    atLimit: "refuse",
    paused: false,
    spent,
    presumed,
    held,
    left: spent === null || presumed === null || held === null ? null : limit - spent - presumed - held,
    startsAt: now - DAY_MS / 2,
    endsAt: now + DAY_MS / 2,
    forecast: 5e9,
    level: "ok",
    warning: null,
    ...more,
  };
}

/** The rules of {@link sampleWindows}. */
export const SAMPLE_RULES: readonly BudgetRule[] = [
  { id: "day", scope: "all", per: "day", timeZone: "Europe/Berlin", limitUsd: 10 },
  { id: "tenants", scope: { tenant: "*" }, per: "month", limitUsd: 100, warnAt: 0.5 },
  { id: "agent-1", scope: { agent: "agent-1" }, per: { rollingMs: 5_400_000 }, limitTokens: 40_000, atLimit: "warn" },
];

/** Windows of every level. */
export function sampleWindows(now: number, tenants = 7): readonly BudgetWindow[] {
  const ofTenants = Array.from({ length: tenants }, (_, at) =>
    sampleWindow(now, {
      rule: "tenants",
      scope: { tenant: at === 0 ? "acme" : `tenant-${at}` },
      per: "month",
      timeZone: "UTC",
      limit: 100e9,
      spent: at === 0 ? 97.25e9 : at === 1 ? 62e9 : (40 - at / 2) * 1e9,
      presumed: at === 0 ? 4.5e9 : 0,
      held: 0.25e9,
      level: at === 0 ? "over" : at === 1 ? "near" : "ok",
      forecast: at === 0 ? 180e9 : 60e9,
    }),
  );
  const ofAgent = sampleWindow(now, {
    rule: "agent-1",
    scope: { agent: "agent-1" },
    per: { rollingMs: 5_400_000 },
    timeZone: "UTC",
    unit: "tokens",
    limit: 40_000,
    atLimit: "warn",
    spent: 41_207,
    presumed: 1_200,
    held: 0,
    level: "over",
    startsAt: now - 5_400_000,
    endsAt: null,
    forecast: null,
  });
  return [sampleWindow(now), ...ofTenants, ofAgent];
}

/** Budgets that a test changes. */
export interface SampleBudget extends AdminBudget {
  windows: readonly BudgetWindow[];
  away: BudgetOutage | null;
  rulesOfCode: readonly BudgetRule[];
  readonly writtenOff: (readonly [key: string, presumed: number | undefined])[];
}

function sampleWriteOff(
  { rule, scope, per, timeZone, unit, startsAt }: BudgetWindow,
  amount: number,
  actor: string | null,
  reason: string | null,
): BudgetWriteOff {
  const period = typeof per === "string" ? per : `rolling${per.rollingMs}`;
  return { atEpochMs: Date.now(), rule, scope, per: period, timeZone, unit, startsAt, amount, actor, reason };
}

/** Budgets without windows and rules. */
export function sampleBudget(): SampleBudget {
  const writtenOff: (readonly [string, number | undefined])[] = [];
  const listed: BudgetWriteOff[] = [];
  const budget: SampleBudget = {
    windows: [],
    away: null,
    rulesOfCode: [],
    writtenOff,
    status: async () => budget.windows,
    outage: () => budget.away,
    writeOffs: async () => listed,
    async writeOff(key, presumed, by) {
      writtenOff.push([key, presumed]);
      const found = budget.windows.find((window) => window.key === key);
      if (found !== undefined)
        listed.unshift(sampleWriteOff(found, presumed ?? 0, by?.actor ?? null, by?.reason ?? null));
      budget.windows = budget.windows.map((window) =>
        window.key === key ? { ...window, presumed: (window.presumed ?? 0) - (presumed ?? 0) } : window,
      );
    },
  };
  return budget;
}

/** A window of a store that is away. */
export const unknownWindow = (window: BudgetWindow): BudgetWindow => ({
  ...window,
  spent: null,
  presumed: null,
  held: null,
  left: null,
  forecast: null,
  level: "unknown",
  warning: "the store of budgets is away",
});

import type { ScopeSums } from "@babylon/shared-state";
import type { BudgetLevel, BudgetWindow } from "../contract/budget-window.ts";
import { formatAmount } from "../gate/format-amount.ts";
import type { MatchedRule } from "../rules/compiled-budget.ts";
import type { PeriodWindow } from "../windows/period-windows.ts";

/** What is known about a window. */
export interface WindowSums {
  readonly key: string;
  readonly window: PeriodWindow;
  /** `null`: the store is away. */
  readonly sums: ScopeSums | null;
  /** While the store is away: what is left of the share of this process. */
  readonly share: number | null;
}

/** A forecast from less of a window than this share would say little. */
const MIN_ELAPSED_SHARE = 0.01;

/** The status of a window. */
export function windowStatus(
  matched: MatchedRule,
  { key, window, sums, share }: WindowSums,
  nowEpochMs: number,
): BudgetWindow {
  const { rule, source, unit, limit, windows } = matched.compiled;
  const used = sums === null ? null : sums.spent + sums.presumed + sums.held;
  const isRolling = windows.stepsBefore > 0;
  const forecast = sums === null || isRolling ? null : forecastOf(sums.spent + sums.presumed, window, nowEpochMs);
  const paused = rule.paused ?? false;
  const level = levelOf(used, matched.compiled);
  return {
    key,
    rule: rule.id,
    source,
    scope: matched.subject,
    per: rule.per,
    timeZone: rule.timeZone ?? "UTC",
    unit,
    limit,
    atLimit: rule.atLimit ?? "refuse",
    paused,
    spent: sums?.spent ?? null,
    presumed: sums?.presumed ?? null,
    held: sums?.held ?? null,
    left: used === null ? share : limit - used,
    startsAt:
      window.endEpochMs === null
        ? null
        : isRolling
          ? window.endEpochMs - windows.stepMs * (windows.stepsBefore + 1)
          : window.startEpochMs,
    endsAt: isRolling ? null : window.endEpochMs,
    forecast,
    level,
    warning: paused ? null : warningOf(level, used, limit, forecast, unit),
  };
}

function levelOf(used: number | null, { rule, limit, warnAt }: MatchedRule["compiled"]): BudgetLevel {
  if (used === null) return "unknown";
  if (rule.paused) return "ok";
  if (used >= limit) return "over";
  return used >= limit * warnAt ? "near" : "ok";
}

/** In proportion to time. */
function forecastOf(used: number, { startEpochMs, endEpochMs }: PeriodWindow, nowEpochMs: number): number | null {
  if (endEpochMs === null) return null;
  const share = (nowEpochMs - startEpochMs) / (endEpochMs - startEpochMs);
  return share < MIN_ELAPSED_SHARE || share > 1 ? null : Math.round(used / share);
}

function warningOf(
  level: BudgetLevel,
  used: number | null,
  limit: number,
  forecast: number | null,
  unit: "usd" | "tokens",
): string | null {
  if (level === "unknown" || used === null) return "the store of budgets is away";
  const percent = limit === 0 ? 100 : Math.floor((used * 100) / limit);
  if (level === "over") return `the limit is used up: ${formatAmount(used, unit)} of ${formatAmount(limit, unit)}`;
  if (level === "near") return `${percent} % of the limit are used`;
  if (forecast !== null && forecast > limit)
    return `${formatAmount(forecast, unit)} are expected at the end of the window`;
  return null;
}

import type { ScopeAsk, WindowEnd } from "@babylon/shared-state";
import { type AskEstimate, amountIn } from "../ask/estimate-ask.ts";
import type { MatchedRule } from "../rules/compiled-budget.ts";
import type { PeriodWindow } from "../windows/period-windows.ts";
import type { ClosedSteps } from "./closed-steps.ts";

/** One window in which an attempt reserves. */
export interface Target extends MatchedRule {
  /** The key of the window. */
  readonly key: string;
  /** The key of what is left: that of the window, or of the series of a rolling period, whose windows follow each other. */
  readonly leftKey: string;
  readonly window: PeriodWindow;
  /** How the ledger knows the end of the window. */
  readonly end: WindowEnd;
  /** What is left of the limit before anything was spent in this window: all of it, or what earlier steps of a rolling period left. */
  readonly limit: number;
  readonly amount: number;
}

/** The largest amount of a ledger: the limit of a rule that refuses nothing. */
export const NO_LIMIT = 9e15;

/** The key of a window of a series. */
export const windowKey = (series: string, { startEpochMs }: PeriodWindow): string => `${series}${startEpochMs}`;

/** The windows of a moment. `null`: the earlier steps of a rolling period have to be read first. */
export function targetsAt(
  matched: readonly MatchedRule[],
  estimate: AskEstimate,
  epochMs: number,
  closed: ClosedSteps,
): readonly Target[] | null {
  const targets: Target[] = [];
  for (const rule of matched) {
    const { compiled, series } = rule;
    const window = compiled.windows.at(epochMs);
    const before = closed.sumBefore(rule, window);
    if (before === null) return null;
    const key = windowKey(series, window);
    targets.push({
      ...rule,
      key,
      leftKey: compiled.windows.stepsBefore > 0 ? series : key,
      window,
      end: endOf(rule, window, epochMs),
      limit: Math.max(0, compiled.limit - before),
      amount: Math.min(NO_LIMIT, amountIn(estimate, compiled.unit)),
    });
  }
  return targets;
}

/**
 * The end of a window for the ledger, which chooses it by its own time. A step of a rolling period counts until long after its end, so
 * that is its end there.
 */
function endOf({ compiled }: MatchedRule, { startEpochMs, endEpochMs }: PeriodWindow, nowEpochMs: number): WindowEnd {
  if (endEpochMs === null) return {};
  const { stepsBefore, stepMs } = compiled.windows;
  if (stepsBefore === 0) return { window: { startEpochMs, endEpochMs } };
  return { endsInMs: endEpochMs - nowEpochMs + stepsBefore * stepMs };
}

/** Whether a step of a rolling period was chosen by a time that is not the ledger's: nothing may be reserved in it then. */
export function isWrongStep({ compiled, window }: Target, serverEpochMs: number): boolean {
  if (compiled.windows.stepsBefore === 0) return false;
  return compiled.windows.at(serverEpochMs).startEpochMs !== window.startEpochMs;
}

/** A hedge is an attempt too many: it has to fit below the share from which on a limit is near. */
const hedgeLimit = ({ compiled: { limit, warnAt }, limit: left }: Target): number =>
  Math.max(0, left - (limit - Math.floor(limit * warnAt)));

/** The limit that the ledger applies to a window. */
export function appliedLimit(target: Target, isHedge: boolean): number {
  if (!target.compiled.refuses) return NO_LIMIT;
  return isHedge ? hedgeLimit(target) : target.limit;
}

/** The question to the ledger about one window. */
export function toScopeAsk(target: Target, isHedge: boolean): ScopeAsk {
  return { key: target.key, limit: appliedLimit(target, isHedge), amount: target.amount, ...target.end };
}

/** What is left of the rule's own limit, from what is left of the applied one. Below 0: a rule that only warns is exceeded. */
export const leftOfRule = (target: Target, isHedge: boolean, left: number): number =>
  target.limit - appliedLimit(target, isHedge) + left;

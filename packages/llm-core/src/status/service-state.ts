import type { WindowName, Windows } from "../contract/figures.ts";
import type { CallFigures, LossStreak } from "../figures/call-stats.ts";

/** `idle`: no call in the last hour. `outage`: none is served. `degraded`: too few are, or too slowly, or too many by a fallback. */
export type ServiceStateName = "idle" | "ok" | "degraded" | "outage";

/** Why a service is degraded, the most severe reason first. */
export type DegradedReason = "success" | "latency" | "fallback";

/** The state of the calls of a client. */
export interface ServiceState {
  readonly state: ServiceStateName;
  /** Empty unless the service is degraded. */
  readonly reasons: readonly DegradedReason[];
  /** The shortest window with calls, on which the state is based; `null`: no calls. */
  readonly window: WindowName | null;
}

/** Input of {@link serviceStateOf}. */
export interface ServiceFigures {
  readonly calls: Windows<CallFigures>;
  readonly losses: LossStreak | null;
  readonly nowEpochMs: number;
}

const WINDOWS: readonly WindowName[] = ["lastMinute", "last5Minutes", "lastHour"];

/** This many consecutive lost calls over this time are an outage, even if the window still contains earlier served calls. */
const OUTAGE_CALLS = 5;
const OUTAGE_MS = 10_000;
/** Below this rate the service is degraded. */
const MIN_SUCCESS_RATE = 0.95;
/** Share of the served calls above which the service is degraded, if there are at least `MIN_FALLBACKS`. */
const MAX_FALLBACK_SHARE = 0.2;
const MIN_FALLBACKS = 3;
/** Slow: the median of the window exceeds that of the last hour by this factor and by this time, with enough calls in both. */
const MAX_SLOWDOWN = 2;
const MIN_SLOWDOWN_MS = 500;
const MIN_CALLS = 20;
const MIN_HOUR_CALLS = 100;

function isSlow(recent: CallFigures, hour: CallFigures): boolean {
  if (recent.durationMs === null || hour.durationMs === null) return false;
  const enough = recent.succeeded >= MIN_CALLS && hour.succeeded >= MIN_HOUR_CALLS;
  const [now, usual] = [recent.durationMs.p50, hour.durationMs.p50];
  return enough && now > MAX_SLOWDOWN * usual && now >= usual + MIN_SLOWDOWN_MS;
}

function degradedReasons(recent: CallFigures, hour: CallFigures): readonly DegradedReason[] {
  const { calls, succeeded, fallbacks } = recent;
  const reasons: DegradedReason[] = [];
  if (succeeded < MIN_SUCCESS_RATE * calls) reasons.push("success");
  if (isSlow(recent, hour)) reasons.push("latency");
  if (fallbacks >= MIN_FALLBACKS && fallbacks > MAX_FALLBACK_SHARE * succeeded) reasons.push("fallback");
  return reasons;
}

/** Decides whether the service is in an outage or degraded. Pure. */
export function serviceStateOf({ calls, losses, nowEpochMs }: ServiceFigures): ServiceState {
  const window = WINDOWS.find((name) => calls[name].calls > 0) ?? null;
  if (window === null) return { state: "idle", reasons: [], window };
  const recent = calls[window];
  const losing = losses !== null && losses.calls >= OUTAGE_CALLS && nowEpochMs - losses.sinceEpochMs >= OUTAGE_MS;
  if (recent.succeeded === 0 || losing) return { state: "outage", reasons: [], window };
  const reasons = degradedReasons(recent, calls.lastHour);
  return { state: reasons.length === 0 ? "ok" : "degraded", reasons, window };
}

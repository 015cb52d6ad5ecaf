import type { WindowName, Windows } from "../contract/figures.ts";
import type { CallFigures, LossStreak } from "../figures/call-stats.ts";

/** `idle`: no call in the last hour. `outage`: none is served. `degraded`: too few are, or too slowly, or too many by a fallback. */
export type ServiceStateName = "idle" | "ok" | "degraded" | "outage";

/** What is wrong with a degraded service, the gravest first. */
export type DegradedReason = "success" | "latency" | "fallback";

/** How the calls of a client fare, and the figures that say so. */
export interface ServiceState {
  readonly state: ServiceStateName;
  /** Of a degraded service; else empty. */
  readonly reasons: readonly DegradedReason[];
  /** The shortest window with calls in it, which decides; `null`: there is none. */
  readonly window: WindowName | null;
}

/** What {@link serviceStateOf} decides on. */
export interface ServiceFigures {
  readonly calls: Windows<CallFigures>;
  readonly losses: LossStreak | null;
  readonly nowEpochMs: number;
}

const WINDOWS: readonly WindowName[] = ["lastMinute", "last5Minutes", "lastHour"];

/** Calls lost in a row, over so long, are an outage, although the window still holds some that were served before. */
const OUTAGE_CALLS = 5;
const OUTAGE_MS = 10_000;
/** Below it the service is degraded. */
const MIN_SUCCESS_RATE = 0.95;
/** Of the served calls, from so many fallbacks on. */
const MAX_FALLBACK_SHARE = 0.2;
const MIN_FALLBACKS = 3;
/** The median of the window, as a multiple of the last hour's and beyond it, where there are enough calls in both. */
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

/** The one place that says what is an outage and what is degraded. Pure. */
export function serviceStateOf({ calls, losses, nowEpochMs }: ServiceFigures): ServiceState {
  const window = WINDOWS.find((name) => calls[name].calls > 0) ?? null;
  if (window === null) return { state: "idle", reasons: [], window };
  const recent = calls[window];
  const losing = losses !== null && losses.calls >= OUTAGE_CALLS && nowEpochMs - losses.sinceEpochMs >= OUTAGE_MS;
  if (recent.succeeded === 0 || losing) return { state: "outage", reasons: [], window };
  const reasons = degradedReasons(recent, calls.lastHour);
  return { state: reasons.length === 0 ? "ok" : "degraded", reasons, window };
}

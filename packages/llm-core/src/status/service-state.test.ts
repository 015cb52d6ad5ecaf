import { expect, it } from "vitest";
import type { CallFigures, LossStreak } from "../figures/call-stats.ts";
import { serviceStateOf } from "./service-state.ts";

const NOW = 1_800_000_000_000;

/** Figures: the number of calls, of served ones, of those served by a fallback, and the median duration. */
const of = (calls: number, succeeded = calls, fallbacks = 0, p50 = 500): CallFigures => ({
  calls,
  succeeded,
  successRate: calls === 0 ? null : succeeded / calls,
  fallbacks,
  durationMs: succeeded === 0 ? null : { p50, p95: p50 * 2 },
  firstTokenMs: null,
});
const lost = (calls: number, forMs: number): LossStreak => ({ calls, sinceEpochMs: NOW - forMs });

it.each<[string, CallFigures, CallFigures, CallFigures, LossStreak | null, string, readonly string[], string | null]>([
  ["nothing in the last hour", of(0), of(0), of(0), null, "idle", [], null],
  ["nothing since an outage long ago", of(0), of(0), of(0), lost(9, 7_200_000), "idle", [], null],
  ["all served", of(34), of(170), of(2_000), null, "ok", [], "lastMinute"],
  ["one lost of a hundred", of(100, 99), of(170, 169), of(2_000), null, "ok", [], "lastMinute"],
  ["exactly 95 %", of(100, 95), of(170), of(2_000), null, "ok", [], "lastMinute"],
  ["94 %", of(100, 94), of(170), of(2_000), null, "degraded", ["success"], "lastMinute"],
  ["one of two lost", of(2, 1), of(2, 1), of(2, 1), null, "degraded", ["success"], "lastMinute"],
  ["none of a minute served", of(34, 0), of(170, 130), of(2_000), lost(40, 70_000), "outage", [], "lastMinute"],
  ["the only call lost", of(1, 0), of(1, 0), of(1, 0), lost(1, 1_000), "outage", [], "lastMinute"],
  ["none of a quiet minute, all of five lost", of(0), of(3, 0), of(60), lost(3, 90_000), "outage", [], "last5Minutes"],
  ["nothing for five minutes, served before", of(0), of(0), of(60), null, "ok", [], "lastHour"],
  ["five in a row lost over 10 s", of(30, 25), of(170), of(2_000), lost(5, 10_000), "outage", [], "lastMinute"],
  ["four in a row lost", of(200, 196), of(200, 196), of(200, 196), lost(4, 20_000), "ok", [], "lastMinute"],
  ["five in a row lost at once", of(30, 25), of(170), of(2_000), lost(5, 9_999), "degraded", ["success"], "lastMinute"],
  ["a fifth by a fallback", of(50, 50, 10), of(170), of(2_000), null, "ok", [], "lastMinute"],
  ["more than a fifth by a fallback", of(50, 50, 11), of(170), of(2_000), null, "degraded", ["fallback"], "lastMinute"],
  ["two fallbacks of two", of(2, 2, 2), of(2, 2, 2), of(2, 2, 2), null, "ok", [], "lastMinute"],
  ["three fallbacks of three", of(3, 3, 3), of(3, 3, 3), of(3, 3, 3), null, "degraded", ["fallback"], "lastMinute"],
  ["twice as slow", of(50, 50, 0, 1_000), of(170), of(2_000), null, "ok", [], "lastMinute"],
  ["more than twice as slow", of(50, 50, 0, 1_001), of(170), of(2_000), null, "degraded", ["latency"], "lastMinute"],
  [
    "ten times as slow, by milliseconds",
    of(50, 50, 0, 40),
    of(170),
    of(2_000, 2_000, 0, 4),
    null,
    "ok",
    [],
    "lastMinute",
  ],
  ["slow, of too few calls", of(19, 19, 0, 9_000), of(170), of(2_000), null, "ok", [], "lastMinute"],
  ["slow, in the first minutes", of(50, 50, 0, 9_000), of(99), of(99), null, "ok", [], "lastMinute"],
  [
    "all three",
    of(50, 40, 30, 3_000),
    of(170),
    of(2_000),
    null,
    "degraded",
    ["success", "latency", "fallback"],
    "lastMinute",
  ],
])("%s", (_, lastMinute, last5Minutes, lastHour, losses, state, reasons, window) => {
  const calls = { lastMinute, last5Minutes, lastHour };
  expect(serviceStateOf({ calls, losses, nowEpochMs: NOW })).toEqual({ state, reasons, window });
});

import type { BudgetPeriod } from "@babylon/llm-core";
import { describe, expect, test } from "vitest";
import { periodWindows } from "./period-windows.ts";

const HOUR_MS = 3_600_000;

describe("the window of a moment", () => {
  test.each<[zone: string, per: BudgetPeriod, at: string, start: string, hours: number]>([
    ["UTC", "hour", "2026-11-22T10:59:59.999Z", "2026-11-22T10:00:00.000Z", 1],
    ["UTC", "day", "2026-11-22T00:00:00.000Z", "2026-11-22T00:00:00.000Z", 24],
    ["UTC", "week", "2026-11-22T23:59:59.999Z", "2026-11-16T00:00:00.000Z", 7 * 24],
    ["UTC", "week", "2026-11-23T00:00:00.000Z", "2026-11-23T00:00:00.000Z", 7 * 24],
    ["UTC", "month", "2028-02-29T12:00:00.000Z", "2028-02-01T00:00:00.000Z", 29 * 24],
    // Berlin: the clock goes forward on 2026-03-29 and back on 2026-10-25.
    ["Europe/Berlin", "day", "2026-03-29T12:00:00.000Z", "2026-03-28T23:00:00.000Z", 23],
    ["Europe/Berlin", "day", "2026-10-25T12:00:00.000Z", "2026-10-24T22:00:00.000Z", 25],
    ["Europe/Berlin", "hour", "2026-10-25T00:30:00.000Z", "2026-10-25T00:00:00.000Z", 1],
    ["Europe/Berlin", "hour", "2026-10-25T01:30:00.000Z", "2026-10-25T01:00:00.000Z", 1],
    ["Europe/Berlin", "week", "2026-03-29T12:00:00.000Z", "2026-03-22T23:00:00.000Z", 7 * 24 - 1],
    ["Europe/Berlin", "week", "2026-10-20T12:00:00.000Z", "2026-10-18T22:00:00.000Z", 7 * 24 + 1],
    ["Europe/Berlin", "month", "2026-10-25T12:00:00.000Z", "2026-09-30T22:00:00.000Z", 31 * 24 + 1],
    // Los Angeles: 2026-03-08 and 2026-11-01.
    ["America/Los_Angeles", "day", "2026-03-08T12:00:00.000Z", "2026-03-08T08:00:00.000Z", 23],
    ["America/Los_Angeles", "day", "2026-11-01T12:00:00.000Z", "2026-11-01T07:00:00.000Z", 25],
    ["America/Los_Angeles", "month", "2026-11-30T12:00:00.000Z", "2026-11-01T07:00:00.000Z", 30 * 24 + 1],
    // Kolkata is five and a half hours ahead of UTC; Lord Howe changes its clock by half an hour on 2026-10-04.
    ["Asia/Kolkata", "hour", "2026-11-22T10:45:00.000Z", "2026-11-22T10:30:00.000Z", 1],
    ["Asia/Kolkata", "day", "2026-11-22T10:45:00.000Z", "2026-11-21T18:30:00.000Z", 24],
    ["Australia/Lord_Howe", "day", "2026-10-04T00:00:00.000Z", "2026-10-03T13:30:00.000Z", 23.5],
  ])("%s, %s, %s", (zone, per, at, start, hours) => {
    const { startEpochMs, endEpochMs } = periodWindows(per, zone).at(Date.parse(at));
    expect(new Date(startEpochMs).toISOString()).toBe(start);
    expect(((endEpochMs ?? 0) - startEpochMs) / HOUR_MS).toBe(hours);
  });

  test("of a budget without windows has no end", () => {
    expect(periodWindows("total", "UTC").at(5)).toEqual({ startEpochMs: 0, endEpochMs: null });
  });

  test("of a rolling budget is a step of it", () => {
    const { at, stepsBefore, stepMs } = periodWindows({ rollingMs: 24 * HOUR_MS }, "UTC");
    expect({ stepsBefore, stepMs }).toEqual({ stepsBefore: 24, stepMs: HOUR_MS });
    expect(at(2.5 * HOUR_MS)).toEqual({ startEpochMs: 2 * HOUR_MS, endEpochMs: 3 * HOUR_MS });
  });
});

test.each(["UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata", "Australia/Lord_Howe"])(
  "windows follow each other without a gap for two years: %s",
  (zone) => {
    for (const per of ["day", "week", "month"] as const) {
      const windows = periodWindows(per, zone);
      let at = Date.UTC(2026, 0, 15, 12);
      while (at < Date.UTC(2028, 0, 1)) {
        const { startEpochMs, endEpochMs } = windows.at(at);
        expect(startEpochMs).toBeLessThanOrEqual(at);
        // From the other side, without what the first reading has kept.
        const next = periodWindows(per, zone).at(endEpochMs ?? 0);
        expect(next.startEpochMs).toBe(endEpochMs);
        expect(periodWindows(per, zone).at((endEpochMs ?? 0) - 1)).toEqual({ startEpochMs, endEpochMs });
        at = endEpochMs ?? 0;
      }
    }
  },
);

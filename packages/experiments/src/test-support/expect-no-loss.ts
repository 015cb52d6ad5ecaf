import { expect } from "vitest";
import type { PlayedOutage } from "./play-outage.ts";

/** What must hold after each outage, however long. */
export function expectNoLoss({ failed, calls, rows, log, report, duringOutage, afterOutage }: PlayedOutage): void {
  expect(failed).toBe(0);
  expect(rows).toEqual(log);
  expect(rows).toHaveLength(calls);
  // The outage was one: nearly all calls of two arms fell back during it, and the provider answered again.
  const fallbacks = log.filter((line) => line.endsWith(" fallback"));
  expect(fallbacks.length).toBeGreaterThan(0.6 * duringOutage);
  expect(fallbacks.filter((line) => line.includes(" groq "))).toEqual([]);
  expect(afterOutage).toBeGreaterThan(0);
  expect(report).toMatchObject({ calls, lost: 0, mixedUnits: 0 });
  const fallbackCalls = (arm: string) => fallbacks.filter((line) => line.includes(` ${arm} `)).length;
  expect(fallbackCalls("control")).toBeGreaterThan(0);
  expect(fallbackCalls("tuned")).toBeGreaterThan(0);
}

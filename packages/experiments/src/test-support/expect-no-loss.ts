import { expect } from "vitest";
import type { PlayedOutage } from "./play-outage.ts";

/** What must hold after each outage, however long. */
export function expectNoLoss({
  failed,
  calls,
  rows,
  log,
  report,
  endedBefore,
  duringOutage,
  afterOutage,
}: PlayedOutage): void {
  expect(failed).toBe(0);
  expect(rows).toEqual(log);
  expect(rows).toHaveLength(calls);
  // Calls that were under way when it began may have fallen back.
  const before = endedBefore.flatMap((call) => log[call] ?? []);
  expect(before.length).toBe(endedBefore.length);
  expect(before.filter((line) => !line.endsWith(" intended"))).toEqual([]);
  expect(new Set(before.map((line) => line.split(" ")[1]))).toEqual(new Set(["control", "tuned", "groq"]));
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

import { expect } from "vitest";
import type { TelemetrySoakReport } from "./run-soak.ts";

/** Expects that nothing is lost, counted twice or left open, to the token and to the billionth of a dollar. */
export function expectWhole(report: TelemetrySoakReport): void {
  const { spans, calls, attempts, tokens, priced, unknown, requests, outcomes, kinds } = report;
  console.log(
    `telemetry soak: ${calls.records} calls, ${attempts.records} attempts, ${requests} requests, ${spans.exported} spans, ${tokens.records.input + tokens.records.output} tokens, ${priced.nanoUsd} nano-dollars of ${priced.attempts} attempts, ${unknown.records} of unknown usage; ${JSON.stringify({ ...outcomes, ...kinds })}`,
  );
  expect(report.complaints).toEqual([]);
  expect(report.differences).toEqual([]);
  expect(report.misplaced).toBe(0);
  expect(report.dropped).toBe(0);
  expect([spans.ended, spans.exported]).toEqual([spans.begun, spans.begun]);
  const same = (count: number) => ({ spans: count, records: count, counters: count, otel: count, sums: count });
  expect(calls).toEqual(same(report.begunCalls));
  expect(attempts).toEqual(same(attempts.records));
  expect(requests).toBeLessThanOrEqual(attempts.spans);
  expect(requests).toBeGreaterThanOrEqual(attempts.spans - report.mayNotHaveArrived);
  expect(tokens.spans).toEqual(tokens.records);
  expect(tokens.counters).toEqual(tokens.records);
  expect(tokens.sums).toEqual(tokens.records);
  const { nanoUsd, ...counted } = tokens.records;
  expect(tokens.otel).toEqual(counted);
  expect(tokens.records.cacheRead).toBeGreaterThan(0);
  expect(report.wronglyPriced).toEqual([]);
  expect(priced.nanoUsd).toBe(priced.billed);
  expect(BigInt(nanoUsd)).toBe(priced.billed);
  // Each whole answer has a cost.
  expect(priced.attempts).toBeGreaterThanOrEqual(outcomes.success ?? 0);
  expect([unknown.counters, unknown.sums]).toEqual([unknown.records, unknown.records]);
  // Without each of these the soak would prove little.
  for (const outcome of ["success", "failed", "aborted", "cancelled"]) expect(outcomes[outcome]).toBeGreaterThan(0);
  for (const kind of ["first", "retry", "fallback", "hedge"]) expect(kinds[kind]).toBeGreaterThan(0);
}

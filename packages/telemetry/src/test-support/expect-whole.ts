import { expect } from "vitest";
import type { TelemetrySoakReport } from "./run-soak.ts";

/** Expects that nothing is lost, counted twice or left open, to the token and to the billionth of a dollar. */
export function expectWhole(report: TelemetrySoakReport): void {
  const { spans, calls, attempts, tokens, served, unknown, requests, outcomes, kinds } = report;
  console.log(
    `telemetry soak: ${calls.records} calls, ${attempts.records} attempts, ${requests} requests, ${spans.exported} spans, ${tokens.records.input + tokens.records.output} tokens, ${unknown.records} attempts of unknown usage; ${JSON.stringify({ ...outcomes, ...kinds })}`,
  );
  expect(report.complaints).toEqual([]);
  expect(report.differences).toEqual([]);
  expect(report.misplaced).toBe(0);
  expect([spans.ended, spans.exported]).toEqual([spans.begun, spans.begun]);
  expect(calls).toEqual({
    spans: calls.records,
    records: report.begunCalls,
    counters: calls.records,
    otel: calls.records,
  });
  expect(attempts).toEqual({
    spans: attempts.records,
    records: attempts.records,
    counters: attempts.records,
    otel: attempts.records,
  });
  expect(requests).toBeLessThanOrEqual(attempts.spans);
  expect(requests).toBeGreaterThanOrEqual(attempts.spans - report.mayNotHaveArrived);
  expect(tokens.spans).toEqual(tokens.records);
  expect(tokens.counters).toMatchObject(tokens.records);
  const { nanoUsd: _, ...counted } = tokens.records;
  expect(tokens.otel).toEqual(counted);
  expect(served.spans).toEqual(served.simulator);
  expect(served.spans.input).toBeGreaterThan(0);
  expect(served.spans.cacheRead).toBeGreaterThan(0);
  expect(unknown.counters).toBe(unknown.records);
  // Without each of these the soak would prove little.
  for (const outcome of ["success", "failed", "aborted", "cancelled"]) expect(outcomes[outcome]).toBeGreaterThan(0);
  for (const kind of ["first", "retry", "fallback", "hedge"]) expect(kinds[kind]).toBeGreaterThan(0);
}

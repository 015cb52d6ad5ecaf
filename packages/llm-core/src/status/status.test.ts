import { expect, it } from "vitest";
import { failure, testBed } from "../test-support/test-bed.ts";

const ask = { prompt: "hello" };

it("is idle before the first call, then shows the active provider", async () => {
  const bed = testBed({ a: {}, b: {} });
  expect(bed.llm.status()).toMatchObject({ state: "idle", window: null, losses: null, serving: null });
  const startedAt = bed.clock.now();
  await bed.value(bed.llm.generateText(ask));
  expect(bed.llm.status()).toMatchObject({
    state: "ok",
    window: "lastMinute",
    calls: { lastMinute: { calls: 1, succeeded: 1, fallbacks: 0 }, lastHour: { calls: 1 } },
    serving: { provider: "a", sinceEpochMs: startedAt },
  });
});

it("counts calls, not attempts, and calls served by a fallback", async () => {
  const bed = testBed({ a: { error: failure("auth") }, b: {} });
  for (let call = 0; call < 10; call += 1) await bed.value(bed.llm.generateText(ask));
  const { state, reasons, calls, serving } = bed.llm.status();
  expect({ state, reasons }).toEqual({ state: "degraded", reasons: ["fallback"] });
  expect(calls.lastMinute).toMatchObject({ calls: 10, succeeded: 10, successRate: 1, fallbacks: 10 });
  // The first call began with `a`, before its key was known to be rejected.
  expect(serving).toMatchObject({ provider: "b" });
});

it("a call with a pinned provider is not a fallback", async () => {
  const bed = testBed({ a: {}, b: {} });
  await bed.value(bed.llm.generateText({ ...ask, provider: "b" }));
  expect(bed.llm.status().calls.lastMinute).toMatchObject({ succeeded: 1, fallbacks: 0 });
});

it("is an outage with its start time, until a call is served", async () => {
  const bed = testBed({ a: [{}, { error: failure("invalid_request") }, { error: failure("invalid_request") }, {}] });
  await bed.value(bed.llm.generateText(ask));
  await bed.clock.advance(120_000);
  const since = bed.clock.now();
  await bed.error(bed.llm.generateText(ask));
  await bed.clock.advance(5_000);
  await bed.error(bed.llm.generateText(ask));
  expect(bed.llm.status()).toMatchObject({
    state: "outage",
    calls: { lastMinute: { calls: 2, succeeded: 0, successRate: 0, durationMs: null }, lastHour: { calls: 3 } },
    losses: { calls: 2, sinceEpochMs: since },
  });
  await bed.value(bed.llm.generateText(ask));
  expect(bed.llm.status()).toMatchObject({ state: "degraded", reasons: ["success"], losses: null });
});

it("an outage starts at the last served call, also for calls that began before it", async () => {
  const bed = testBed({ a: [{ error: failure("invalid_request"), delayMs: 9_000 }, {}] });
  const lost = bed.watch(bed.llm.generateText(ask));
  await bed.clock.advance(1_000);
  await bed.value(bed.llm.generateText(ask));
  const servedAt = bed.clock.now();
  await bed.clock.advance(8_000);
  await bed.error(lost);
  expect(bed.llm.status().losses).toEqual({ calls: 1, sinceEpochMs: servedAt });
});

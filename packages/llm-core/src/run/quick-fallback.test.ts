import { type MockStep, mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import { failure, testBed } from "../test-support/test-bed.ts";

const UNTIL_HEALTHY_MS = 200;

const down = (step: Partial<MockStep>): MockStep => ({ delayMs: 20, ...step });
const KINDS: readonly [string, MockStep][] = [
  ["overloaded", down({ error: failure("overloaded") })],
  ["server", down({ error: failure("server") })],
  ["network", down({ error: failure("network") })],
  ["rate_limit without a time", down({ error: failure("rate_limit") })],
  ["rate_limit for longer than a retry waits", down({ error: failure("rate_limit", { retryAfterMs: 30_000 }) })],
  ["broken answers", down({ error: failure("invalid_response") })],
  ["auth", down({ error: failure("auth") })],
];

describe.each([1, 5, 200])("with the first link down and the next one healthy, %i concurrent calls", (agents) => {
  it.each(KINDS)("reach the healthy one within 200 ms: %s", async (_, step) => {
    let state = 1;
    const random = () => {
      state = (state * 16_807) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    const healthy = mockProvider({ id: "b", steps: [{ text: "served" }] });
    const bed = testBed({ a: step, b: healthy }, { random, maxConcurrency: Number.POSITIVE_INFINITY });
    const calls = Array.from({ length: agents }, (__, agent) =>
      bed.llm.generateText({ prompt: `agent ${agent}`, agent: `agent-${agent}` }),
    );
    const results = await bed.value(Promise.all(calls));
    expect(new Set(results.map(({ provider }) => provider))).toEqual(new Set(["b"]));
    expect(Math.max(...healthy.calls.map(({ startedMs }) => startedMs))).toBeLessThan(UNTIL_HEALTHY_MS);
  });
});

it("a requested wait is kept up to maxRetryAfterMs, even if another link is healthy", async () => {
  const bed = testBed({ a: [{ error: failure("overloaded", { retryAfterMs: 1_000 }) }, { text: "back" }], b: {} });
  const { value, atMs } = await bed.ending(bed.llm.generateText({ prompt: "hello" }));
  expect([value?.text, atMs]).toEqual(["back", 1_000]);
});

import { describe, expect, it } from "vitest";
import type { LLMErrorCode } from "../errors/error-code.ts";
import { LLMError, type LLMErrorInit } from "../errors/llm-error.ts";
import { type NextStep, type NextStepState, nextStep } from "./next-step.ts";

/**
 * The rows of ERROR_POLICY. `stop`: neither the same link nor the next. `move`: the next link only.
 * `once`, `wait`: the same link once, quickly, then the next; on the last one up to `maxRetries`, `once` beginning quickly.
 */
type Row = "stop" | "move" | "once" | "wait";

const TABLE: Readonly<Record<LLMErrorCode, Row>> = {
  invalid_input: "stop",
  closed: "stop",
  aborted: "stop",
  deadline: "stop",
  timeout: "move",
  network: "once",
  rate_limit: "wait",
  overloaded: "wait",
  server: "wait",
  quota: "move",
  budget: "move",
  auth: "move",
  permission: "move",
  model_not_found: "move",
  context_length: "move",
  content_filter: "stop",
  unsupported: "move",
  invalid_request: "move",
  invalid_response: "once",
  truncated: "once",
  interrupted: "stop",
  schema_mismatch: "move",
  no_provider: "stop",
  all_failed: "stop",
};
const CODES = Object.keys(TABLE) as LLMErrorCode[];

const RETRY = { maxRetries: 2, baseDelayMs: 500, maxDelayMs: 8_000, maxRetryAfterMs: 5_000 };
const FRESH: NextStepState = {
  retries: 0,
  readyLinks: 1,
  awayLinks: 0,
  mayRetry: true,
  timeLeftMs: 300_000,
  retry: RETRY,
  fallbackOnContentFilter: false,
  random: 0.5,
};

interface Column {
  readonly when: string;
  readonly state?: Partial<NextStepState>;
  readonly facts?: Partial<LLMErrorInit>;
  readonly expected: Readonly<Record<Row, NextStep["kind"]>>;
}

const moves = { stop: "throw", move: "fall-back", once: "fall-back", wait: "fall-back" } as const;
const fails = { stop: "throw", move: "throw", once: "throw", wait: "throw" } as const;
const retries = { stop: "throw", move: "fall-back", once: "retry", wait: "retry" } as const;
const retriesOrFails = { stop: "throw", move: "throw", once: "retry", wait: "retry" } as const;
const waits = { stop: "throw", move: "throw", once: "wait", wait: "wait" } as const;
const waitsForOthers = { stop: "throw", move: "wait", once: "wait", wait: "wait" } as const;
const last = { readyLinks: 0 };

const COLUMNS: readonly Column[] = [
  { when: "at first", expected: retries },
  { when: "at first, on the last link", state: last, expected: retriesOrFails },
  { when: "after one retry", state: { retries: 1 }, expected: moves },
  { when: "after one retry, last link", state: { retries: 1, ...last }, expected: retriesOrFails },
  { when: "without a retry left", state: { mayRetry: false }, expected: moves },
  { when: "without a retry left, last link", state: { mayRetry: false, ...last }, expected: waits },
  { when: "without a retry left, at the bound", state: { mayRetry: false, retries: 2, ...last }, expected: fails },
  {
    when: "maxRetries 0, no retry left",
    state: { mayRetry: false, retry: { ...RETRY, maxRetries: 0 }, ...last },
    expected: fails,
  },
  {
    when: "the others are away",
    state: { ...last, awayLinks: 1 },
    expected: { ...waitsForOthers, once: "retry", wait: "retry" },
  },
  { when: "the others are away, at the bound", state: { ...last, awayLinks: 1, retries: 2 }, expected: waitsForOthers },
  {
    when: "the others are away, without a retry left",
    state: { ...last, awayLinks: 1, mayRetry: false },
    expected: waitsForOthers,
  },
  { when: "at the bound", state: { retries: 2 }, expected: moves },
  { when: "at the bound, last link", state: { retries: 2, ...last }, expected: fails },
  { when: "maxRetries 0", state: { retry: { ...RETRY, maxRetries: 0 } }, expected: moves },
  { when: "maxRetries 0, last link", state: { retry: { ...RETRY, maxRetries: 0 }, ...last }, expected: fails },
  {
    when: "maxRetries 1, one made",
    state: { retry: { ...RETRY, maxRetries: 1 }, retries: 1 },
    expected: moves,
  },
  { when: "retry-after fits", facts: { retryAfterMs: 5_000 }, expected: retries },
  { when: "retry-after fits, last link", facts: { retryAfterMs: 5_000 }, state: last, expected: retriesOrFails },
  { when: "retry-after too long", facts: { retryAfterMs: 5_001 }, expected: moves },
  { when: "retry-after too long, last link", facts: { retryAfterMs: 5_001 }, state: last, expected: fails },
  {
    when: "retry-after takes the next link's time",
    facts: { retryAfterMs: 2_000 },
    state: { timeLeftMs: 4_000 },
    expected: moves,
  },
  {
    when: "retry-after does not fit the time left, last link",
    facts: { retryAfterMs: 2_000 },
    state: { timeLeftMs: 2_000, ...last },
    expected: fails,
  },
  {
    when: "retry-after fits the time left, last link",
    facts: { retryAfterMs: 2_000 },
    state: { timeLeftMs: 2_001, ...last },
    expected: retriesOrFails,
  },
  { when: "no time left", state: { timeLeftMs: 0 }, expected: moves },
  { when: "no time left, last link", state: { timeLeftMs: 0, ...last }, expected: fails },
  { when: "no deadline", state: { timeLeftMs: null }, expected: retries },
  { when: "the vendor says: do not retry", facts: { retryable: false }, expected: moves },
  { when: "the vendor says: do not retry, last link", facts: { retryable: false }, state: last, expected: fails },
  { when: "no other link may help", facts: { fallback: false }, expected: { ...retriesOrFails } },
  { when: "neither", facts: { retryable: false, fallback: false }, expected: fails },
  {
    when: "the vendor says: retry",
    facts: { retryable: true },
    expected: { stop: "retry", move: "retry", once: "retry", wait: "retry" },
  },
  { when: "the vendor says: retry, at the bound", facts: { retryable: true }, state: { retries: 2 }, expected: moves },
  {
    when: "the vendor says: retry, but too late",
    facts: { retryable: true, retryAfterMs: 6_000 },
    expected: moves,
  },
  {
    when: "the next link may help, says the adapter",
    facts: { fallback: true },
    expected: { ...retries, stop: "fall-back" },
  },
];

const errorOf = (code: LLMErrorCode, facts: Partial<LLMErrorInit> = {}) =>
  new LLMError({ code, message: "as scripted", ...facts });

describe.each(COLUMNS)("$when", ({ state, facts, expected }) => {
  it.each(CODES)("%s", (code) => {
    expect(nextStep(errorOf(code, facts), { ...FRESH, ...state }).kind).toBe(expected[TABLE[code]]);
  });
});

describe("content_filter with fallbackOnContentFilter", () => {
  it.each([
    ["falls back", {}, "fall-back"],
    ["stops at the last link", last, "throw"],
  ] as const)("%s", (_, state, kind) => {
    const step = nextStep(errorOf("content_filter"), { ...FRESH, fallbackOnContentFilter: true, ...state });
    expect(step.kind).toBe(kind);
  });

  it("does not apply to other codes", () => {
    for (const code of CODES) {
      const without = nextStep(errorOf(code), FRESH);
      const withIt = nextStep(errorOf(code), { ...FRESH, fallbackOnContentFilter: true });
      if (code !== "content_filter") expect(withIt).toEqual(without);
    }
  });
});

describe("the wait", () => {
  it.each<[string, LLMErrorCode, Partial<LLMErrorInit>, Partial<NextStepState>, number]>([
    ["is the one that the provider requests", "rate_limit", { retryAfterMs: 1_234 }, {}, 1_234],
    ["is the one that the provider requests, for any code", "server", { retryAfterMs: 1_234 }, {}, 1_234],
    ["is zero if the provider requests that", "overloaded", { retryAfterMs: 0 }, {}, 0],
    ["is short while another link is ready, half of it random", "server", {}, { random: 0 }, 50],
    ["is no more than 100 ms while another link is ready", "rate_limit", {}, { random: 0.999 }, 99.95],
    ["does not exceed the base either", "server", {}, { random: 0, retry: { ...RETRY, baseDelayMs: 20 } }, 10],
    ["backs off from the base on the last link, half of it random", "server", {}, { random: 0, ...last }, 250],
    ["backs off up to the base", "server", {}, { random: 0.999, ...last }, 499.75],
    ["doubles", "overloaded", {}, { retries: 1, random: 0, ...last }, 500],
    [
      "doubles up to the maximum",
      "rate_limit",
      {},
      { retries: 9, random: 0, retry: { ...RETRY, maxRetries: 10 }, ...last },
      4_000,
    ],
    ["is short for a broken connection, also on the last link", "network", {}, { random: 0, ...last }, 50],
    ["is short for a broken answer, also on the last link", "invalid_response", {}, { random: 0, ...last }, 50],
    ["grows if that retry failed", "truncated", {}, { retries: 1, random: 0, ...last }, 500],
  ])("%s", (_, code, facts, state, delayMs) => {
    const step = nextStep(errorOf(code, facts), { ...FRESH, ...state });
    expect(step).toEqual({ kind: "retry", delayMs: expect.closeTo(delayMs, 6) });
  });
});

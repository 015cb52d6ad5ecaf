import type { Attempt, CallRecord } from "@babylon/llm-core";
import { describe, expect, it } from "vitest";
import type { RecordedRequest } from "../simulator/server/request-log.ts";
import { createTruthLedger } from "./truth-ledger.ts";

const attempt = (provider: string, more: Partial<Attempt> = {}): Attempt => ({
  number: 1,
  kind: "first",
  provider,
  model: "m",
  transport: "stream",
  endpoint: null,
  sent: true,
  outputChars: 0,
  startedAt: 0,
  durationMs: 1,
  firstTokenMs: null,
  outcome: "success",
  requestId: null,
  responseId: null,
  responseModel: null,
  serviceTier: null,
  speed: null,
  region: null,
  ...more,
});

const failed = (code: "network" | "server" | "timeout", status: number | null): Partial<Attempt> => ({
  outcome: "failed",
  error: { code, message: "", status, retryAfterMs: null },
});

const usageOfNothing = {
  inputTokens: null,
  outputTokens: null,
  cachedInputTokens: null,
  cacheWriteInputTokens: null,
  longCacheWriteInputTokens: null,
  reasoningTokens: null,
};

// Only these two fields are read.
const record = (callId: string, attempts: readonly Attempt[]): CallRecord => ({ callId, attempts }) as CallRecord;
const request = (callId: string | null, provider = "groq", endpoint = "chat"): RecordedRequest =>
  ({ callId, provider, endpoint }) as RecordedRequest;

type Row = readonly [
  name: string,
  requests: readonly RecordedRequest[],
  records: readonly CallRecord[],
  differences: readonly string[],
];

const ROWS: readonly Row[] = [
  ["no requests and no attempts", [], [], []],
  ["one of each", [request("a")], [record("a", [attempt("groq")])], []],
  ["a link with a custom id", [request("a")], [record("a", [attempt("groq-small")])], []],
  ["a provider that is not simulated", [], [record("a", [attempt("mock")])], []],
  ["a list of models", [request(null, "groq", "models")], [], []],
  [
    "a failed attempt and a good one",
    [request("a"), request("a")],
    [record("a", [attempt("groq", failed("server", 503)), attempt("groq")])],
    [],
  ],
  ["an attempt that may not have been sent", [], [record("a", [attempt("groq", failed("network", null))])], []],
  [
    "an attempt that may not have been sent, with a request",
    [request("a")],
    [record("a", [attempt("groq", failed("timeout", null))])],
    [],
  ],
  [
    "an attempt that was not sent",
    [],
    [record("a", [attempt("groq", { ...failed("network", null), sent: false })])],
    [],
  ],
  [
    "an attempt that was not sent, with a request",
    [request("a")],
    [record("a", [attempt("groq", { ...failed("network", null), sent: false })])],
    ["call a on groq: 1 requests at the simulator, 0 attempts"],
  ],
  ["a canceled attempt", [], [record("a", [attempt("groq", { outcome: "cancelled" })])], []],
  [
    "a missing request",
    [],
    [record("a", [attempt("groq")])],
    ["call a on groq: 0 requests at the simulator, 1 attempts in its record"],
  ],
  [
    "a failure with a status and no request",
    [],
    [record("a", [attempt("groq", failed("network", 200))])],
    ["call a on groq: 0 requests"],
  ],
  [
    "a surplus request",
    [request("a"), request("a")],
    [record("a", [attempt("groq")])],
    ["call a on groq: 2 requests at the simulator, 1 attempts"],
  ],
  [
    "a request of another provider",
    [request("a", "openai")],
    [record("a", [attempt("groq")])],
    ["call a on groq: 0", "call a on openai: 1 requests at the simulator, 0 attempts"],
  ],
  [
    "a request without a record",
    [request("b")],
    [record("a", [])],
    ["groq without a record: 1 requests at the simulator, 0 attempts that the test reported"],
  ],
  ["a request without a call id", [request(null)], [], ["groq without a record"]],
];

it.each(ROWS)("%s", (_, requests, records, differences) => {
  const ledger = createTruthLedger();
  for (const one of requests) ledger.request(one);
  for (const one of records) ledger.record(one);
  expect(ledger.differences()).toEqual(differences.map((words) => expect.stringContaining(words)));
});

describe("requests that a test makes itself", () => {
  it("are counted by provider", () => {
    const ledger = createTruthLedger();
    ledger.request(request(null));
    ledger.request(request("x"));
    ledger.attempt("groq");
    expect(ledger.differences()).toHaveLength(1);
    ledger.attempt("groq");
    expect(ledger.differences()).toEqual([]);
    ledger.attempt("groq", { mayNotReach: true });
    expect(ledger.differences()).toEqual([]);
    ledger.attempt("groq");
    expect(ledger.differences()).toHaveLength(1);
  });
});

it("is reset by settle(), and attributes late requests to earlier calls", () => {
  const ledger = createTruthLedger();
  ledger.record(record("a", [attempt("groq", { outcome: "aborted" })]));
  ledger.settle();
  expect(ledger.differences()).toEqual([]);
  ledger.request(request("a"));
  // A request in flight at the end of a test is reported as such.
  expect(ledger.differences()).toEqual([expect.stringContaining("call a on groq: 1 requests")]);
});

describe("tokens", () => {
  const stated = {
    inputTokens: 100,
    cachedTokens: 40,
    cacheWriteTokens: 0,
    longCacheWriteTokens: 0,
    webSearches: 0,
    audioInputTokens: 0,
    audioOutputTokens: 0,
    outputTokens: 50,
    reasoningTokens: 20,
  };
  const right = {
    inputTokens: 100,
    outputTokens: 50,
    cachedInputTokens: 40,
    cacheWriteInputTokens: null,
    longCacheWriteInputTokens: null,
    reasoningTokens: 20,
  };
  const cut = failed("server", null);
  const place = "call a, attempt 1 on groq: ";

  it.each<[string, Partial<Attempt>, Partial<RecordedRequest>, readonly string[]]>([
    ["as stated", { usage: right }, { usage: stated, outcome: "answered" }, []],
    ["none, and none were stated", {}, { usage: null, outcome: "answered" }, []],
    ["more input", { usage: { ...right, inputTokens: 101 } }, { usage: stated }, ["101 input tokens instead of 100"]],
    [
      "no input",
      { usage: { ...right, inputTokens: null } },
      { usage: stated, outcome: "answered" },
      ["null input tokens instead of 100"],
    ],
    [
      "reasoning added to the output",
      { usage: { ...right, outputTokens: 70 } },
      { usage: stated },
      ["70 output tokens instead of 50"],
    ],
    ["missing", {}, { usage: stated, outcome: "answered" }, ["no tokens of a whole answer"]],
    ["invented", { usage: right }, { usage: null }, ["tokens that no reply stated"]],
    [
      "less output, of an answer that broke off",
      { ...cut, usage: { ...right, outputTokens: 1, reasoningTokens: null } },
      { usage: stated, outcome: "faulted" },
      [],
    ],
    [
      "more output, of an answer that broke off",
      { ...cut, usage: { ...right, outputTokens: 51 } },
      { usage: stated, outcome: "faulted" },
      ["51 output tokens instead of 50"],
    ],
    ["none, of an answer that broke off", cut, { usage: stated, outcome: "faulted" }, []],
  ])("%s", (_, over, recorded, expected) => {
    const ledger = createTruthLedger();
    ledger.request({ ...request("a"), requestId: "r", ...recorded });
    ledger.record(record("a", [attempt("groq", { requestId: "r", ...over })]));
    expect(ledger.differences()).toEqual(expected.map((difference) => place + difference));
    ledger.settle();
    expect(ledger.differences()).toEqual([]);
  });
});

it("finds the request of an answer without an id of its request by the id of the answer", () => {
  const ledger = createTruthLedger();
  ledger.request({ ...request("a", "wandb"), requestId: "r", answerId: "1x", usage: null });
  const usage = { ...usageOfNothing, inputTokens: 1 };
  ledger.record(record("a", [attempt("wandb", { responseId: "chatcmpl-1x", usage })]));
  expect(ledger.differences()).toEqual(["call a, attempt 1 on wandb: tokens that no reply stated"]);
});

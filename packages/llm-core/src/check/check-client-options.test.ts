import { createFakeClock, mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import type { LLMClientOptions } from "../contract/client-options.ts";
import { silentLogger } from "../contract/logger.ts";
import { createLLMClient } from "../create-llm-client.ts";
import { DEFAULT_BREAKER } from "../health/breaker-config.ts";
import { createBreaker } from "../health/create-breaker.ts";

const providers = [mockProvider({ id: "a" })];
const provider = (facts: object) => ({ providers: [{ ...mockProvider({ id: "a" }), ...facts }] });

describe("refused, with its path:", () => {
  it.each<[string, unknown, string, RegExp]>([
    ["no options", undefined, "options", /an object/],
    ["a list of providers", providers, "options", /an object/],
    ["no providers", {}, "providers", /to be given/],
    ["one provider without a list", { providers: providers[0] }, "providers", /a list/],
    ["a provider that is none", { providers: ["a"] }, "providers[0]", /provider package/],
    ["a provider that is not there", { providers: [undefined] }, "providers[0]", /provider package/],
    ["half a provider", { providers: [...providers, { spec: 1, id: "b" }] }, "providers[1]", /provider package/],
    ["another version of the contract", provider({ spec: 2 }), "providers[0].spec", /another version/],
    ["an id that is none", provider({ id: "Weights & Biases" }), "providers[0].id", /provider id/],
    ["an id with a line break", provider({ id: "a\n" }), "providers[0].id", /provider id/],
    [
      "two providers with one id",
      { providers: [...providers, mockProvider({ id: "b" }), ...providers] },
      "providers[2].id",
      /"a" is taken/,
    ],
    ["an unknown option", { providers, timeout: 5 }, "timeout", /did you mean timeouts/],
    [
      "an unknown limit",
      { providers, timeouts: { firstToken: 5 } },
      "timeouts.firstToken",
      /did you mean firstTokenMs/,
    ],
    ["a limit that is no number", { providers, timeouts: { totalMs: "5" } }, "timeouts.totalMs", /finite number/],
    ["a retry that is no number", { providers, retry: { maxRetries: Number.NaN } }, "retry.maxRetries", /whole number/],
    [
      "a wait without end",
      { providers, retry: { maxDelayMs: Number.POSITIVE_INFINITY } },
      "retry.maxDelayMs",
      /finite number/,
    ],
    ["null for a wait", { providers, retry: { baseDelayMs: null } }, "retry.baseDelayMs", /finite number/],
    [
      "a breaker that never opens",
      { providers, breaker: { consecutiveFailures: 0 } },
      "breaker.consecutiveFailures",
      /at least 1/,
    ],
    ["a rate beyond one", { providers, breaker: { failureRate: 50 } }, "breaker.failureRate", /at most 1/],
    ["half a breaker", { providers, breaker: { read() {}, begin() {} } }, "breaker.read", /./],
    ["a breaker without a window", { providers, breaker: { windowMs: 0 } }, "breaker.windowMs", /at least 1/],
    ["half a call at a time", { providers, maxConcurrency: 1.5 }, "maxConcurrency", /whole number/],
    ["no concurrency", { providers, maxConcurrency: 0 }, "maxConcurrency", /at least 1/],
    ["no concurrency for one", { providers, maxConcurrency: { a: 0 } }, "maxConcurrency.a", /or Infinity/],
    ["concurrency that is no number", { providers, maxConcurrency: "8" }, "maxConcurrency", /whole number/],
    ["one observer without a list", { providers, observers: { begin() {} } }, "observers", /a list/],
    ["an observer that is none", { providers, observers: [{}] }, "observers[0]", /observer with begin/],
    [
      "an observer whose capture is none",
      { providers, observers: [{ begin() {}, capture: 1 }] },
      "observers[0].capture",
      /function/,
    ],
    ["a gate that is none", { providers, gates: [{ peek() {} }] }, "gates[0]", /gate with admit/],
    ["a gate whose peek is none", { providers, gates: [{ admit() {}, peek: "x" }] }, "gates[0].peek", /function/],
    ["a pricer that is none", { providers, pricer: () => 1 }, "pricer", /pricer with price/],
    ["a router that is none", { providers, router: {} }, "router", /router with assign/],
    ["slots that are none", { providers, slots: { acquire: 5 } }, "slots", /slots with acquire/],
    ["no bytes", { providers, maxResponseBytes: 0 }, "maxResponseBytes", /whole number of at least 1 and of at most/],
    ["half a byte", { providers, maxResponseBytes: 1.5 }, "maxResponseBytes", /whole number/],
    ["bytes as text", { providers, maxResponseBytes: "64MB" }, "maxResponseBytes", /whole number/],
    ["no limit of bytes", { providers, maxResponseBytes: Infinity }, "maxResponseBytes", /at most 524288000/],
    ["null for the limit of bytes", { providers, maxResponseBytes: null }, "maxResponseBytes", /whole number/],
    ["a drain without an end", { providers, drainMs: Infinity }, "drainMs", /finite number/],
    ["a drain of negative length", { providers, drainMs: -1 }, "drainMs", /at least 0/],
    ["a misspelt limit", { providers, maxResponseByte: 1 }, "maxResponseByte", /did you mean maxResponseBytes/],
    ["a hedge that is none", { providers, hedge: 0.95 }, "hedge", /an object/],
    ["a recorder that is none", { providers, recorders: [{}] }, "recorders[0]", /a function/],
    ["a bare recorder", { providers, recorders: () => {} }, "recorders", /a list/],
    ["half a logger", { providers, logger: { info() {} } }, "logger", /debug, info, warn and error/],
    ["half a clock", { providers, clock: { now: Date.now } }, "clock", /monotonic/],
    ["randomness that is a number", { providers, random: 0.5 }, "random", /a function/],
    ["an id maker that is none", { providers, createCallId: "id" }, "createCallId", /a function/],
    ["settings that are none", { providers, settings: "sqlite://x" }, "settings", /an object/],
    ["settings with an unknown field", { providers, settings: { wandbModel: "x" } }, "settings.wandbModel", /./],
    ["an environment that is none", { providers, env: "X=1" }, "env", /an object/],
    ["coalescing that is none", { providers, coalesce: 1 }, "coalesce", /true or false/],
    ["recordContent that is none", { providers, recordContent: "yes" }, "recordContent", /true or false/],
  ])("%s", (_, options, path, expected) => {
    // What callers without types may pass.
    expect(() => createLLMClient(options as LLMClientOptions)).toThrow(
      expect.objectContaining({ code: "invalid_input", path, expected: expect.stringMatching(expected) }),
    );
  });
});

it("takes everything that is right, and undefined for anything but the providers", () => {
  const clock = createFakeClock();
  const right: LLMClientOptions = {
    providers,
    settings: { order: ["unknown"], providers: {}, agents: {} },
    env: { X: undefined, Y: "1" },
    timeouts: { firstTokenMs: null },
    retry: { maxRetries: 0 },
    breaker: createBreaker(DEFAULT_BREAKER, clock),
    maxConcurrency: { unknown: 1, default: Number.POSITIVE_INFINITY },
    hedge: true,
    coalesce: true,
    recorders: [() => {}],
    recordContent: true,
    logger: silentLogger,
    clock,
    random: Math.random,
    createCallId: () => "x",
  };
  createLLMClient(right);
  createLLMClient({ ...Object.fromEntries(Object.keys(right).map((name) => [name, undefined])), providers });
  createLLMClient({
    providers: [],
    settings: { get: async () => ({ value: { order: null, providers: {}, agents: {} }, version: 1 }) },
  });
  createLLMClient({ providers, logger: console });
});

it("a client without providers says so when it is used", async () => {
  const llm = createLLMClient({ providers: [] });
  await expect(llm.generateText({ prompt: "x" })).rejects.toMatchObject({ code: "no_provider", skipped: [] });
});

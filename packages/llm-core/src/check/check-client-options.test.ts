import { createFakeClock, mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import type { LLMClientOptions } from "../contract/client-options.ts";
import { silentLogger } from "../contract/logger.ts";
import { createLLMClient } from "../create-llm-client.ts";
import { DEFAULT_BREAKER } from "../health/breaker-config.ts";
import { createBreaker } from "../health/create-breaker.ts";

const providers = [mockProvider({ id: "a" })];
const provider = (facts: object) => ({ providers: [{ ...mockProvider({ id: "a" }), ...facts }] });

describe("is refused with its path:", () => {
  it.each<[string, unknown, string, RegExp]>([
    ["no options", undefined, "options", /an object/],
    ["a list of providers", providers, "options", /an object/],
    ["no providers", {}, "providers", /required/],
    ["one provider instead of a list", { providers: providers[0] }, "providers", /a list/],
    ["a string as a provider", { providers: ["a"] }, "providers[0]", /provider package/],
    ["undefined as a provider", { providers: [undefined] }, "providers[0]", /provider package/],
    ["an incomplete provider", { providers: [...providers, { spec: 1, id: "b" }] }, "providers[1]", /provider package/],
    ["another version of the provider contract", provider({ spec: 2 }), "providers[0].spec", /other versions/],
    ["an invalid id", provider({ id: "Weights & Biases" }), "providers[0].id", /provider id/],
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
    ["a limit that is not a number", { providers, timeouts: { totalMs: "5" } }, "timeouts.totalMs", /finite number/],
    [
      "a retry that is not a number",
      { providers, retry: { maxRetries: Number.NaN } },
      "retry.maxRetries",
      /whole number/,
    ],
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
    ["an incomplete breaker", { providers, breaker: { read() {}, begin() {} } }, "breaker.read", /./],
    ["a breaker without a window", { providers, breaker: { windowMs: 0 } }, "breaker.windowMs", /at least 1/],
    ["half a call at a time", { providers, maxConcurrency: 1.5 }, "maxConcurrency", /whole number/],
    ["no concurrency", { providers, maxConcurrency: 0 }, "maxConcurrency", /at least 1/],
    ["no concurrency for one", { providers, maxConcurrency: { a: 0 } }, "maxConcurrency.a", /or Infinity/],
    ["concurrency that is not a number", { providers, maxConcurrency: "8" }, "maxConcurrency", /whole number/],
    ["one observer instead of a list", { providers, observers: { begin() {} } }, "observers", /a list/],
    ["an invalid observer", { providers, observers: [{}] }, "observers[0]", /observer with begin/],
    [
      "an observer whose capture is not a function",
      { providers, observers: [{ begin() {}, capture: 1 }] },
      "observers[0].capture",
      /function/,
    ],
    ["an invalid gate", { providers, gates: [{ peek() {} }] }, "gates[0]", /gate with admit/],
    [
      "a gate whose peek is not a function",
      { providers, gates: [{ admit() {}, peek: "x" }] },
      "gates[0].peek",
      /function/,
    ],
    ["an invalid pricer", { providers, pricer: () => 1 }, "pricer", /pricer with price/],
    ["an invalid router", { providers, router: {} }, "router", /router with assign/],
    ["invalid slots", { providers, slots: { acquire: 5 } }, "slots", /slots with acquire/],
    ["no bytes", { providers, maxResponseBytes: 0 }, "maxResponseBytes", /whole number of at least 1 and of at most/],
    ["half a byte", { providers, maxResponseBytes: 1.5 }, "maxResponseBytes", /whole number/],
    ["bytes as text", { providers, maxResponseBytes: "64MB" }, "maxResponseBytes", /whole number/],
    ["no limit of bytes", { providers, maxResponseBytes: Infinity }, "maxResponseBytes", /at most 524288000/],
    ["null for the limit of bytes", { providers, maxResponseBytes: null }, "maxResponseBytes", /whole number/],
    ["a drain without an end", { providers, drainMs: Infinity }, "drainMs", /finite number/],
    ["a drain of negative length", { providers, drainMs: -1 }, "drainMs", /at least 0/],
    ["a misspelt limit", { providers, maxResponseByte: 1 }, "maxResponseByte", /did you mean maxResponseBytes/],
    ["an invalid hedge", { providers, hedge: 0.95 }, "hedge", /an object/],
    ["an invalid recorder", { providers, recorders: [{}] }, "recorders[0]", /a function/],
    ["a bare recorder", { providers, recorders: () => {} }, "recorders", /a list/],
    ["an incomplete logger", { providers, logger: { info() {} } }, "logger", /debug, info, warn and error/],
    ["an incomplete clock", { providers, clock: { now: Date.now } }, "clock", /monotonic/],
    ["randomness that is a number", { providers, random: 0.5 }, "random", /a function/],
    ["an invalid id maker", { providers, createCallId: "id" }, "createCallId", /a function/],
    ["invalid settings", { providers, settings: "sqlite://x" }, "settings", /an object/],
    ["settings with an unknown field", { providers, settings: { wandbModel: "x" } }, "settings.wandbModel", /./],
    ["an invalid environment", { providers, env: "X=1" }, "env", /an object/],
    ["an invalid coalescing", { providers, coalesce: 1 }, "coalesce", /true or false/],
    ["an invalid recordContent", { providers, recordContent: "yes" }, "recordContent", /true or false/],
  ])("%s", (_, options, path, expected) => {
    // As callers in plain JavaScript may pass it.
    expect(() => createLLMClient(options as LLMClientOptions)).toThrow(
      expect.objectContaining({ code: "invalid_input", path, expected: expect.stringMatching(expected) }),
    );
  });
});

it("accepts all valid options, and undefined for each except the providers", () => {
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

it("a call of a client without providers fails with no_provider", async () => {
  const llm = createLLMClient({ providers: [] });
  await expect(llm.generateText({ prompt: "x" })).rejects.toMatchObject({ code: "no_provider", skipped: [] });
});

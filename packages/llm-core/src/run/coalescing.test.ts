import { describe, expect, it } from "vitest";
import type { CallOptions } from "../contract/call-options.ts";
import type { AssignInput } from "../contract/call-router.ts";
import { failure, listenersOf, type TestBed, testBed } from "../test-support/test-bed.ts";
import { callKey } from "./coalescing.ts";

const ask = { prompt: "hello", coalesce: true };
const slow = { text: "shared", delayMs: 100 };
const TUNED = { experiment: "e", version: 1, arm: "tuned", bucket: 0, probability: 1, provider: "b" };
const NOTHING = {
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  longCacheWriteInputTokens: 0,
  reasoningTokens: 0,
};
const generate = (bed: TestBed, options: CallOptions = {}) => bed.watch(bed.llm.generateText({ ...ask, ...options }));
const attemptsOf = (bed: TestBed) =>
  bed.records.map(({ callId, outcome, attempts }) => [callId, outcome, attempts.length]);

it("identical calls in flight share one answer; each has its record, and the attempt is in one of them", async () => {
  const bed = testBed({ a: [slow, { text: "new" }] });
  const calls = [generate(bed, { callId: "c1" }), generate(bed, { callId: "c2" }), generate(bed, { callId: "c3" })];
  const [first, second, third] = await bed.value(Promise.all(calls));
  expect(bed.called).toEqual(["a"]);
  expect(first).toMatchObject({ text: "shared", callId: "c1", attempts: [{ number: 1 }], warnings: [] });
  for (const [joined, callId] of [
    [second, "c2"],
    [third, "c3"],
  ] as const) {
    expect(joined).toMatchObject({
      text: "shared",
      callId,
      provider: "a",
      attempts: [],
      totalUsage: NOTHING,
      usage: first?.usage,
      durationMs: 100,
      warnings: ["shares the answer of call c1"],
    });
  }
  expect(attemptsOf(bed).toSorted()).toEqual([
    ["c1", "success", 1],
    ["c2", "success", 0],
    ["c3", "success", 0],
  ]);
  expect((await bed.value(generate(bed))).text).toBe("new");
});

it("is off by default, and can be on for the client", async () => {
  const off = testBed({ a: slow });
  await off.value(Promise.all([off.llm.generateText({ prompt: "x" }), off.llm.generateText({ prompt: "x" })]));
  expect(off.called).toHaveLength(2);
  const on = testBed({ a: slow }, { coalesce: true });
  const calls = [{}, {}, { coalesce: false }].map((options) => on.llm.generateText({ prompt: "x", ...options }));
  await on.value(Promise.all(calls));
  expect(on.called).toHaveLength(2);
});

describe("two calls are", () => {
  const base: CallOptions = { prompt: "x", agent: "bot", temperature: 1, credentials: { a: { apiKey: "key-1" } } };
  it.each<[string, boolean, CallOptions]>([
    [
      "shared with the same options in another order",
      true,
      { temperature: 1, credentials: { a: { apiKey: "key-1" } }, agent: "bot", prompt: "x" },
    ],
    ["shared with undefined options", true, { ...base, seed: undefined }],
    [
      "shared with another id, metadata, priority, deadline",
      true,
      { ...base, callId: "c", metadata: { x: 1 }, purpose: "p", priority: 3, deadline: 1 },
    ],
    ["not the same with another prompt", false, { ...base, prompt: "y" }],
    [
      "not the same with the prompt as a message",
      false,
      { ...base, prompt: undefined, messages: [{ role: "user", content: "x" }] },
    ],
    ["not the same with another temperature", false, { ...base, temperature: 0.5 }],
    ["not the same with another agent", false, { ...base, agent: "other" }],
    ["not the same with another pin", false, { ...base, provider: "a" }],
    ["not the same with other limits of time", false, { ...base, timeouts: { idleMs: 5 } }],
    ["not the same with another key", false, { ...base, credentials: { a: { apiKey: "key-2" } } }],
    ["not the same with no key of its own", false, { ...base, credentials: undefined }],
    [
      "not the same with another base URL",
      false,
      { ...base, credentials: { a: { apiKey: "key-1", baseURL: "https://x" } } },
    ],
    ["not the same with the key for another provider", false, { ...base, credentials: { b: { apiKey: "key-1" } } }],
    [
      "not the same with settings of its own",
      false,
      { ...base, settings: { order: ["b"], providers: {}, agents: {} } },
    ],
  ])("%s", (_, same, options) => {
    expect(callKey(options, false) === callKey(base, false)).toBe(same);
  });

  it("not the same with another purpose, where a router may choose another model for it", async () => {
    const router = { assign: ({ purpose }: AssignInput) => (purpose === "chat" ? [TUNED] : []) };
    const bed = testBed({ a: slow, b: slow }, { router });
    const calls = ["chat", "plan", "chat"].map((purpose) => generate(bed, { purpose }));
    const answers = await bed.value(Promise.all(calls));
    expect(answers.map(({ provider }) => provider)).toEqual(["b", "a", "b"]);
    expect(bed.called.toSorted()).toEqual(["a", "b"]);
  });

  it("compared without plain-text keys", () => {
    expect(callKey(base, false)).not.toContain("key-1");
  });
});

describe("a caller that leaves", () => {
  it.each([
    ["first", 0],
    ["second", 1],
  ])("as the %s of two does not affect the other", async (_, leaver) => {
    const bed = testBed({ a: slow });
    const { signal } = bed.controller;
    const calls = [0, 1].map((index) =>
      generate(bed, { callId: `c${index}`, ...(index === leaver ? { abortSignal: signal } : {}) }),
    );
    await bed.clock.advance(50);
    bed.controller.abort("enough");
    expect(await bed.error(calls[leaver] ?? Promise.reject())).toMatchObject({
      code: "aborted",
      cause: "enough",
      callId: `c${leaver}`,
    });
    expect(listenersOf(signal)).toBe(0);
    expect(bed.provider("a").active).toBe(1);
    const other = calls[1 - leaver] ?? Promise.reject();
    expect((await bed.value(other)).text).toBe("shared");
    expect(bed.called).toEqual(["a"]);
    expect(bed.records.flatMap(({ attempts }) => attempts)).toHaveLength(1);
    expect(bed.records).toHaveLength(2);
  });

  it("last aborts the call", async () => {
    const bed = testBed({ a: slow });
    const others = new AbortController();
    const calls = [
      generate(bed, { abortSignal: others.signal }),
      generate(bed, { abortSignal: bed.controller.signal }),
    ];
    await bed.clock.advance(50);
    others.abort();
    expect(bed.provider("a").active).toBe(1);
    bed.controller.abort();
    await bed.clock.advance(0);
    expect(bed.provider("a").active).toBe(0);
    for (const call of calls) expect((await bed.error(call)).code).toBe("aborted");
    expect(bed.records.map(({ outcome }) => outcome)).toEqual(["aborted", "aborted"]);
    expect(bed.clock.monotonic()).toBeLessThan(100);
  });

  it("alone gets the attempts in its error", async () => {
    const bed = testBed({ a: slow });
    const call = generate(bed, { callId: "c1", abortSignal: bed.controller.signal });
    await bed.clock.advance(50);
    bed.controller.abort("enough");
    expect(await bed.error(call)).toMatchObject({
      code: "aborted",
      cause: "enough",
      callId: "c1",
      attempts: [{ outcome: "aborted" }],
    });
    const again = bed.llm.generateText(ask);
    expect((await bed.value(again)).text).toBe("shared");
  });

  it("before the call began causes no request", async () => {
    const bed = testBed({ a: slow });
    bed.controller.abort("enough");
    const error = await bed.error(generate(bed, { abortSignal: bed.controller.signal }));
    expect(error).toMatchObject({ code: "aborted", cause: "enough" });
    expect(bed.called).toEqual([]);
    expect(bed.records).toMatchObject([{ outcome: "aborted" }]);
  });

  it("because of its own deadline leaves the call to the others", async () => {
    const bed = testBed({ a: slow });
    const patient = generate(bed);
    const hasty = await bed.ending(generate(bed, { deadline: bed.clock.now() + 30 }));
    expect(hasty).toMatchObject({ atMs: 30, error: { code: "deadline", attempts: [] } });
    expect((await bed.value(patient)).text).toBe("shared");
  });
});

it("a caller that joined a call past its deadline continues alone if its own has not passed", async () => {
  const bed = testBed({ a: slow });
  const hasty = generate(bed, { deadline: bed.clock.now() + 30 });
  const patient = generate(bed);
  expect((await bed.error(hasty)).code).toBe("deadline");
  expect(await bed.value(patient)).toMatchObject({ text: "shared", attempts: [{ outcome: "success" }] });
  expect(bed.called).toEqual(["a", "a"]);
  expect(attemptsOf(bed).map(([, outcome, attempts]) => [outcome, attempts])).toEqual([
    ["failed", 1],
    ["success", 1],
  ]);
});

it("a failure rejects all callers, each with its own call id", async () => {
  const bed = testBed({ a: { error: failure("auth"), delayMs: 10 } });
  const calls = [generate(bed, { callId: "c1" }), generate(bed, { callId: "c2" })];
  const errors = [];
  for (const call of calls) errors.push(await bed.error(call));
  expect(errors).toMatchObject([
    { code: "auth", callId: "c1", attempts: [{ provider: "a" }] },
    { code: "auth", callId: "c2", attempts: [] },
  ]);
  expect(attemptsOf(bed).toSorted()).toEqual([
    ["c1", "failed", 1],
    ["c2", "failed", 0],
  ]);
  expect(bed.records.find(({ callId }) => callId === "c2")?.totalUsage).toEqual(NOTHING);
});

it("close() waits for all waiting callers", async () => {
  const bed = testBed({ a: slow });
  const calls = [generate(bed), generate(bed)];
  const closed = bed.watch(bed.llm.close());
  await bed.value(Promise.all(calls));
  await bed.value(closed);
  expect(bed.records).toHaveLength(2);
});

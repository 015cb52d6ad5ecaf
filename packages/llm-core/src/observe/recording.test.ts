import { describe, expect, it } from "vitest";
import type { CallOptions } from "../contract/call-options.ts";
import type { CallRecord } from "../contract/call-record.ts";
import { systemClock } from "../contract/clock.ts";
import { silentLogger } from "../contract/logger.ts";
import { collect, failure, type TestBed, testBed } from "../test-support/test-bed.ts";
import { createRecording } from "./recording.ts";

const ask = { prompt: "a secret plan" };
const KNOWN = {
  inputTokens: 10,
  outputTokens: 5,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  longCacheWriteInputTokens: 0,
  reasoningTokens: 0,
};

describe("each call leaves one record, whatever becomes of it:", () => {
  const generate = (options: CallOptions) => async (bed: TestBed) => {
    await bed.ending(bed.llm.generateText({ ...ask, ...options, abortSignal: bed.controller.signal }));
  };
  const stream = (how: "read" | "result" | "leave") => async (bed: TestBed) => {
    const reader = bed.llm.streamText({ ...ask, abortSignal: bed.controller.signal });
    if (how === "read") await bed.value(collect(reader));
    else if (how === "result") await bed.ending(reader.result);
    else for await (const _ of reader) break;
  };
  const abort = (begin: (bed: TestBed) => Promise<unknown>) => async (bed: TestBed) => {
    const call = bed.watch(begin(bed));
    await bed.clock.advance(5);
    bed.controller.abort();
    await bed.ending(call);
  };
  const hang = { hang: true };
  const half = { text: ["half", "more"], error: failure("network"), failAfter: 1 };
  const cases: readonly [string, Parameters<typeof testBed>[0], (bed: TestBed) => Promise<unknown>, object][] = [
    [
      "success",
      { a: {} },
      generate({}),
      { outcome: "success", provider: "a", model: "a-model", attempts: [{ outcome: "success" }], totalUsage: KNOWN },
    ],
    [
      "fallback",
      { a: { error: failure("auth") }, b: {} },
      generate({}),
      { outcome: "success", provider: "b", attempts: [{ outcome: "failed" }, { outcome: "success" }] },
    ],
    [
      "failure",
      { a: { error: failure("auth") } },
      generate({}),
      {
        outcome: "failed",
        error: { code: "auth", message: "auth as scripted", status: null, retryAfterMs: null },
        provider: null,
        model: null,
      },
    ],
    [
      "all failed",
      { a: { error: failure("auth") }, b: { error: failure("auth") } },
      generate({}),
      { outcome: "failed", error: { code: "all_failed" }, attempts: [{}, {}] },
    ],
    [
      "deadline",
      { a: hang },
      generate({ timeouts: { totalMs: 50 } }),
      {
        outcome: "failed",
        durationMs: 50,
        error: { code: "deadline" },
        attempts: [{ outcome: "failed", error: { code: "deadline" } }],
      },
    ],
    [
      "abort",
      { a: hang },
      abort((bed) => bed.llm.generateText({ ...ask, abortSignal: bed.controller.signal })),
      {
        outcome: "aborted",
        durationMs: 5,
        error: { code: "aborted" },
        attempts: [{ outcome: "aborted", durationMs: 5 }],
      },
    ],
    [
      "a stream that was read",
      { a: { text: ["one", "two"] } },
      stream("read"),
      { outcome: "success", firstTokenMs: 0, options: { onInterrupted: "throw" } },
    ],
    ["a stream whose result was asked for", { a: {} }, stream("result"), { outcome: "success" }],
    [
      "a stream that broke off",
      { a: half },
      stream("read"),
      {
        outcome: "interrupted",
        error: { code: "interrupted" },
        attempts: [{ outcome: "failed", error: { code: "network" } }],
      },
    ],
    [
      "a stream that was left",
      { a: { text: ["one", "two"] } },
      stream("leave"),
      { outcome: "aborted", attempts: [{ outcome: "aborted" }] },
    ],
    [
      "a stream that failed",
      { a: { error: failure("auth") } },
      stream("read"),
      { outcome: "failed", error: { code: "auth" } },
    ],
  ];
  it.each(cases)("%s", async (_, scripts, run, expected) => {
    const bed = testBed(scripts);
    await run(bed);
    await bed.llm.close();
    expect(bed.records).toHaveLength(1);
    expect(bed.records).toMatchObject([{ v: 1, ...expected }]);
    expect(bed.records[0]).not.toHaveProperty("content");
    expect(JSON.stringify(bed.records)).not.toContain("secret plan");
    if (bed.records[0]?.outcome === "success") expect(bed.records[0]).not.toHaveProperty("error");
    expect(structuredClone(bed.records)).toEqual(bed.records);
  });

  it("none for what is refused before it begins", async () => {
    const bed = testBed({ a: {} });
    await bed.error(bed.llm.generateText({}));
    await bed.llm.close();
    await bed.error(bed.llm.generateText(ask));
    expect(bed.records).toEqual([]);
  });
});

it("a record holds what shaped the answer, and who asked", async () => {
  const bed = testBed({ a: { usage: null, delayMs: 70 } });
  const options = {
    ...ask,
    callId: "c-1",
    agent: "bot",
    tenant: "acme",
    unit: { session: "s-1", user: undefined, world: "w/7" },
    purpose: "post",
    metadata: { round: 3 },
    temperature: 0.5,
    topP: 0.9,
    maxOutputTokens: 100,
    stopSequences: ["END"],
    seed: 1,
    reasoningEffort: "low",
    tools: { look: { inputSchema: { type: "object" } } },
    responseFormat: { type: "json" },
    transport: "json",
    provider: "a",
    models: { a: "m" },
    abortSignal: bed.controller.signal,
    providerOptions: { a: { headers: { authorization: "Bearer secret" } } },
    credentials: { a: { apiKey: "tenant-secret" } },
  } as const;
  await bed.value(bed.llm.generateText(options));
  const { agent, purpose, metadata, callId } = options;
  expect(bed.records[0]).toEqual({
    v: 1,
    callId,
    startedAt: bed.records[0]?.attempts[0]?.startedAt,
    durationMs: 70,
    firstTokenMs: 70,
    outcome: "success",
    agent,
    tenant: "acme",
    unit: { session: "s-1", world: "w/7" },
    purpose,
    metadata,
    options: {
      temperature: 0.5,
      topP: 0.9,
      maxOutputTokens: 100,
      stopSequences: ["END"],
      seed: 1,
      reasoningEffort: "low",
      tools: ["look"],
      responseFormat: { type: "json" },
      transport: "json",
      provider: "a",
      models: { a: "m" },
    },
    provider: "a",
    model: "m",
    responseId: null,
    finishReason: "stop",
    attempts: [expect.objectContaining({ provider: "a", model: "m" })],
    totalUsage: {
      inputTokens: null,
      outputTokens: null,
      cachedInputTokens: null,
      cacheWriteInputTokens: null,
      longCacheWriteInputTokens: null,
      reasoningTokens: null,
    },
    seams: [],
    warnings: [],
    settingsVersion: null,
  });
  expect(JSON.stringify(bed.records)).not.toContain("secret");
});

describe("recordContent", () => {
  it("puts in what was said", async () => {
    const bed = testBed(
      { a: { reasoning: "hm", text: "answer", toolCalls: [{ id: "t", name: "x", input: {} }] } },
      { recordContent: true },
    );
    await bed.value(bed.llm.generateText({ ...ask, system: "be brief" }));
    expect(bed.records[0]?.content).toMatchObject({
      messages: [
        { role: "system", content: "be brief" },
        { role: "user", content: "a secret plan" },
      ],
      text: "answer",
      reasoning: "hm",
      toolCalls: [{ id: "t" }],
      requests: [{ messages: [{ role: "system" }, { role: "user" }] }],
    });
  });

  it("has no answer where there is none", async () => {
    const bed = testBed({ a: { error: failure("auth") } }, { recordContent: true });
    await bed.error(bed.llm.generateText(ask));
    const messages = [{ role: "user", content: "a secret plan" }];
    expect(bed.records[0]?.content).toEqual({
      messages,
      requests: [{ messages }],
      text: null,
      reasoning: null,
      toolCalls: [],
    });
  });
});

describe("a recorder", () => {
  it.each<[string, () => void | Promise<void>]>([
    [
      "throws",
      () => {
        throw new Error("the disk is full");
      },
    ],
    ["rejects", () => Promise.reject(new Error("the disk is full"))],
  ])("that %s fails no call, and keeps no record from the others", async (_, recorder) => {
    const bed = testBed({ a: {} }, { recorders: [recorder, (record) => void seen.push(record)] });
    const seen: CallRecord[] = [];
    for (let call = 0; call < 3; call += 1) await bed.value(bed.llm.generateText(ask));
    await bed.llm.close();
    expect(seen).toHaveLength(3);
    expect(bed.logs.filter(({ level }) => level === "error").map(({ message }) => message)).toEqual(
      Array(3).fill("a recorder failed"),
    );
  });

  it("that never ends slows no call", async () => {
    const bed = testBed({ a: {} }, { recorders: [() => new Promise<void>(() => {})] });
    const { atMs } = await bed.ending(bed.llm.generateText(ask));
    expect(atMs).toBe(0);
    expect(bed.records).toHaveLength(1);
  });

  it("is waited for by close()", async () => {
    const finish: (() => void)[] = [];
    const bed = testBed({ a: {} }, { recorders: [() => new Promise<void>((resolve) => void finish.push(resolve))] });
    await bed.value(bed.llm.generateText(ask));
    let closed = false;
    const closing = bed.llm.close().then(() => {
      closed = true;
    });
    await bed.clock.advance(100);
    expect(closed).toBe(false);
    finish[0]?.();
    await closing;
  });
});

describe("close() with a recorder that never settles", () => {
  const never = () => new Promise<void>(() => {});

  it.each<[string, { drainMs?: number }, number]>([
    ["by default", {}, 10_000],
    ["with drainMs", { drainMs: 250 }, 250],
    ["without patience", { drainMs: 0 }, 0],
  ])("ends %s, and says how much was left", async (_, options, atMs) => {
    const bed = testBed({ a: {} }, { ...options, recorders: [never, () => {}, never] });
    for (let call = 0; call < 3; call += 1) await bed.value(bed.llm.generateText(ask));
    const closing = bed.llm.close();
    expect(bed.llm.close()).toBe(closing);
    expect(await bed.ending(closing, 20_000)).toMatchObject({ atMs, timersLeft: 0 });
    expect(bed.logs.filter(({ level }) => level === "warn")).toEqual([
      {
        level: "warn",
        message: "closed before every recorder had finished",
        fields: { unfinished: 6, drainMs: atMs },
      },
    ]);
  });

  it("waits for calls in flight first, and counts from the last one", async () => {
    const bed = testBed({ a: { delayMs: 400 } }, { drainMs: 250, recorders: [never] });
    const call = bed.watch(bed.llm.generateText(ask));
    const closing = bed.watch(bed.llm.close());
    expect(await bed.ending(closing)).toMatchObject({ atMs: 650 });
    expect((await bed.ending(call)).value).toMatchObject({ text: expect.any(String) });
  });

  it("ends at once with the last recorder, and takes its timer back", async () => {
    const finish: (() => void)[] = [];
    const bed = testBed({ a: {} }, { recorders: [() => new Promise<void>((resolve) => void finish.push(resolve))] });
    await bed.value(bed.llm.generateText(ask));
    const closing = bed.watch(bed.llm.close());
    await bed.clock.advance(100);
    expect(bed.clock.pendingTimers()).toBe(1);
    finish[0]?.();
    expect(await bed.ending(closing)).toMatchObject({ atMs: 100, timersLeft: 0 });
    expect(bed.logs.filter(({ level }) => level === "warn")).toEqual([]);
  });

  it("sets no timer when nothing is left", async () => {
    const bed = testBed({ a: {} }, { recorders: [async () => {}] });
    await bed.value(bed.llm.generateText(ask));
    await new Promise((resolve) => setImmediate(resolve));
    const closing = bed.llm.close();
    expect(bed.clock.pendingTimers()).toBe(0);
    await closing;
  });
});

it("drain() waits also for records that come while it waits", async () => {
  const order: string[] = [];
  const finish: (() => void)[] = [];
  const recording = createRecording([() => new Promise<void>((resolve) => void finish.push(resolve))], {
    clock: systemClock,
    logger: silentLogger,
    drainMs: 10_000,
  });
  const record = { v: 1 } as CallRecord;
  recording.record(record);
  const drained = recording.drain().then(() => void order.push("drained"));
  await new Promise((resolve) => setImmediate(resolve));
  recording.record(record);
  await new Promise((resolve) => setImmediate(resolve));
  finish[0]?.();
  await new Promise((resolve) => setImmediate(resolve));
  order.push("first done");
  finish[1]?.();
  await drained;
  expect(order).toEqual(["first done", "drained"]);
});

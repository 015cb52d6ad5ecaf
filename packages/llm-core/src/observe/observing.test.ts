import { AsyncLocalStorage } from "node:async_hooks";
import { mockProvider, recordingObserver } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { CallObserver, ObservedAttempt, ObservedCall } from "../contract/call-observer.ts";
import { collect, failure, testBed } from "../test-support/test-bed.ts";
// Imported lazily by the client: loaded here, because a fake clock cannot wait for a real disk.
import "../structured/array/generate-array.ts";
import "../structured/object/generate-object.ts";

const ask = { prompt: "a secret prompt" };
const schema = z.object({ name: z.string() });
const object = { text: '{"name":"x"}' };

it("observes a call, its attempts and its record, in this order", async () => {
  const events: string[] = [];
  const note = (what: string) => void events.push(what);
  const observer: CallObserver = {
    begin: ({ callId }) => {
      note(`begin ${callId}`);
      return {
        attempt: ({ number, provider, model }) => {
          note(`attempt ${number} ${provider} ${model}`);
          return {
            run: (send) => {
              note(`send ${number}`);
              return send();
            },
            end: ({ outcome }) => note(`end ${number} ${outcome}`),
          };
        },
        end: ({ outcome }) => note(`end ${outcome}`),
      };
    },
  };
  const bed = testBed({ a: { error: failure("auth") }, b: {} }, { observers: [observer] });
  await bed.value(bed.llm.generateText({ ...ask, callId: "c", maxRetries: 0 }));
  expect(events).toEqual([
    "begin c",
    "attempt 1 a a-model",
    "send 1",
    "end 1 failed",
    "attempt 2 b b-model",
    "send 2",
    "end 2 success",
    "end success",
  ]);
});

it("the start has the call's options; the prompt only by request()", async () => {
  const bed = testBed({ a: {} });
  const tagged = { agent: "npc", purpose: "chat", tenant: "t1", unit: { session: "s1" }, metadata: { n: 1 } };
  await bed.value(bed.llm.generateText({ ...ask, ...tagged, callId: "c", temperature: 1, transport: "json" }));
  const [call] = bed.observer.calls;
  expect(call?.start).toEqual({
    callId: "c",
    startedAt: bed.records[0]?.startedAt,
    ...tagged,
    options: { temperature: 1, transport: "json" },
    joins: null,
  });
  const start = call?.attempts[0]?.start;
  expect(start).toMatchObject({
    callId: "c",
    number: 1,
    kind: "first",
    provider: "a",
    model: "a-model",
    transport: "json",
  });
  expect(JSON.stringify(call)).not.toContain("secret");
  expect(start?.request().messages).toEqual([{ role: "user", content: ask.prompt }]);
});

describe("capture() runs synchronously in the caller's context, for", () => {
  const context = new AsyncLocalStorage<string>();
  const capture = () => context.getStore();
  it.each<
    [string, (llm: ReturnType<typeof testBed>["llm"]) => PromiseLike<unknown> | { result: PromiseLike<unknown> }]
  >([
    ["generateText", (llm) => llm.generateText(ask)],
    ["a call that others may join", (llm) => llm.generateText({ ...ask, coalesce: true })],
    ["streamText", (llm) => llm.streamText(ask)],
    ["generateObject", (llm) => llm.generateObject({ ...ask, schema })],
    ["streamObject", (llm) => llm.streamObject({ ...ask, schema })],
    ["generateArray", (llm) => llm.generateArray({ ...ask, element: schema })],
    ["streamArray", (llm) => llm.streamArray({ ...ask, element: schema })],
  ])("%s", async (_, call) => {
    const observer = recordingObserver({ capture });
    const bed = testBed({ a: object }, { observers: [observer] });
    const made = context.run("the caller", () => call(bed.llm));
    // Read in another context, that of the consumer.
    const result = "result" in made ? made.result : made;
    await bed.ending(Promise.resolve(result));
    expect(observer.calls.map(({ captured }) => captured)).toEqual(["the caller"]);
    observer.verify();
  });

  it("nothing is observed if a stream is never read", async () => {
    const bed = testBed({ a: {} });
    const stream = bed.llm.streamText(ask);
    await stream.cancel();
    expect(bed.observer.counts()).toMatchObject({ callsBegun: 0, callsEnded: 0 });
  });
});

it("sends inside run(): the adapter has its asynchronous context, for each attempt and transport", async () => {
  const context = new AsyncLocalStorage<string>();
  const observer: CallObserver = {
    begin: ({ callId }) => ({
      attempt: ({ number }) => ({ run: (send) => context.run(`${callId} ${number}`, send), end() {} }),
      end() {},
    }),
  };
  const active: (string | undefined)[] = [];
  const steps = () => {
    active.push(context.getStore());
    return active.length % 2 === 1 ? { error: failure("server") } : { text: ["one ", "two"] };
  };
  const bed = testBed({ a: mockProvider({ id: "a", steps }) }, { observers: [observer] });
  await bed.value(bed.llm.generateText({ ...ask, callId: "json", transport: "json" }));
  const stream = bed.llm.streamText({ ...ask, callId: "stream" });
  await bed.value(collect(stream));
  expect(active).toEqual(["json 1", "json 2", "stream 1", "stream 2"]);
  expect(context.getStore()).toBeUndefined();
});

const boom = (..._: unknown[]): never => {
  throw new TypeError("a secret of the observer's");
};
const whole = (over: Partial<ObservedAttempt>): ObservedAttempt => ({ run: (send) => send(), end() {}, ...over });
const call = (over: Partial<ObservedCall>): ObservedCall => ({ attempt: () => whole({}), end() {}, ...over });
// Invalid types, which plain JavaScript permits.
const wrong = (value: unknown) => value as never;

describe("does not fail a call although its", () => {
  it.each<[string, CallObserver, boolean]>([
    ["capture throws", { capture: boom, begin: () => call({}) }, true],
    ["begin throws", { begin: boom }, true],
    ["begin is asynchronous, and fails", { begin: wrong(async () => boom()) }, true],
    ["begin returns an invalid value", { begin: () => wrong({}) }, true],
    ["begin returns undefined", { begin: () => undefined }, false],
    ["attempt throws", { begin: () => call({ attempt: boom }) }, true],
    ["attempt returns undefined", { begin: () => call({ attempt: () => undefined }) }, false],
    ["attempt returns an invalid value", { begin: () => call({ attempt: () => wrong(1) }) }, true],
    ["run throws before it sends", { begin: () => call({ attempt: () => whole({ run: boom }) }) }, true],
    [
      "run throws after it has sent",
      { begin: () => call({ attempt: () => whole({ run: (send) => boom(send()) }) }) },
      true,
    ],
    [
      "run sends twice",
      { begin: () => call({ attempt: () => whole({ run: (send) => [send(), send()][0] as never }) }) },
      false,
    ],
    ["run does not send", { begin: () => call({ attempt: () => whole({ run: () => wrong(undefined) }) }) }, false],
    [
      "run fails later",
      {
        begin: () => call({ attempt: () => whole({ run: wrong(async (send: () => unknown) => boom(send())) }) }),
      },
      true,
    ],
    ["end of an attempt throws", { begin: () => call({ attempt: () => whole({ end: boom }) }) }, true],
    [
      "end of an attempt fails later",
      { begin: () => call({ attempt: () => whole({ end: async () => boom() }) }) },
      true,
    ],
    ["end throws", { begin: () => call({ end: boom }) }, true],
    ["end fails later", { begin: () => call({ end: async () => boom() }) }, true],
  ])("%s", async (_, observer, isLogged) => {
    const second = recordingObserver();
    const bed = testBed({ a: {} }, { observers: [observer, second] });
    for (const transport of ["stream", "json"] as const) {
      expect(await bed.value(bed.llm.generateText({ ...ask, transport }))).toMatchObject({ provider: "a" });
    }
    expect(bed.called).toHaveLength(2);
    second.verify();
    expect(second.counts()).toMatchObject({ callsEnded: 2, attemptsEnded: 2 });
    const lines = bed.logs.filter(({ message }) => message === "an observer failed");
    expect(lines.length > 0).toBe(isLogged);
    expect(JSON.stringify(lines)).not.toContain("secret");
  });
});

it("logs failures at most once a minute for each method", async () => {
  const bed = testBed({ a: {} }, { observers: [{ begin: boom }] });
  const lines = () => bed.logs.filter(({ message }) => message === "an observer failed");
  for (let made = 0; made < 5; made += 1) await bed.value(bed.llm.generateText(ask));
  expect(lines()).toMatchObject([{ fields: { method: "begin", error: "TypeError", unlogged: 0 } }]);
  await bed.clock.advance(60_000);
  await bed.value(bed.llm.generateText(ask));
  expect(lines()[1]).toMatchObject({ fields: { unlogged: 4 } });
});

it("gets the id of the call that another one joins", async () => {
  const bed = testBed({ a: { delayMs: 10 } });
  const shared = (callId: string) => bed.llm.generateText({ ...ask, coalesce: true, callId });
  await bed.value(Promise.all([shared("one"), shared("two")]));
  expect(bed.observer.calls.map(({ start, attempts }) => [start.callId, start.joins, attempts.length])).toEqual([
    ["one", null, 1],
    ["two", "one", 0],
  ]);
});

describe("an observed attempt ends exactly once, before its call:", () => {
  it.each<[string, (bed: ReturnType<typeof testBed>) => Promise<unknown>, string[]]>([
    [
      "of a stream that is closed after its first event",
      async (bed) => {
        for await (const _ of bed.llm.streamText(ask)) break;
      },
      ["aborted"],
    ],
    [
      "of a stream that is canceled while it is not read",
      async (bed) => {
        const stream = bed.llm.streamText(ask);
        await stream[Symbol.asyncIterator]().next();
        await stream.cancel();
      },
      ["aborted"],
    ],
    [
      "of a call that is aborted",
      async (bed) => {
        const made = bed.llm.generateText({ ...ask, abortSignal: bed.controller.signal });
        made.catch(() => {});
        await bed.clock.advance(5);
        bed.controller.abort();
        await made.catch(() => {});
      },
      ["aborted"],
    ],
    [
      "of a call whose deadline has passed",
      async (bed) => {
        const made = bed.llm.generateText({ ...ask, timeouts: { totalMs: 5 } });
        made.catch(() => {});
        await bed.clock.advance(5);
        await made.catch(() => {});
      },
      ["failed"],
    ],
  ])("%s", async (_, make, outcomes) => {
    const bed = testBed({ a: { text: ["one ", "two ", "three"], gapMs: 10 } });
    await make(bed);
    await bed.clock.advance(100);
    const attempts = bed.observer.calls.flatMap(({ attempts }) => attempts);
    expect(attempts.map(({ attempt }) => attempt?.outcome)).toEqual(outcomes);
    expect(bed.observer.calls.map(({ record }) => record?.attempts.length)).toEqual([1]);
  });
});

it("gets what an attempt had received when it ended", async () => {
  const answers: unknown[] = [];
  const observer: CallObserver = {
    begin: () => ({
      attempt: () => ({ run: (send) => send(), end: (_, answer) => void answers.push(answer()) }),
      end() {},
    }),
  };
  const tools = { look: { inputSchema: { type: "object" } } };
  const steps = [
    { text: ["one ", "two"], failAfter: 1, error: failure("server") },
    { text: "Done.", reasoning: "Hm.", toolCalls: [{ id: "1", name: "look", input: { at: 1 } }] },
  ];
  const bed = testBed({ a: steps }, { observers: [observer] });
  await bed.value(bed.llm.generateText({ ...ask, tools }));
  expect(answers).toEqual([
    { text: "one ", reasoning: null, toolCalls: [], finishReason: null },
    {
      text: "Done.",
      reasoning: "Hm.",
      toolCalls: [expect.objectContaining({ name: "look", input: { at: 1 } })],
      finishReason: "tool-calls",
    },
  ]);
});

it("an attempt that continues another one has received its own text only", async () => {
  const answers: string[] = [];
  const observer: CallObserver = {
    begin: () => ({
      attempt: () => ({ run: (send) => send(), end: (_, answer) => void answers.push(answer().text) }),
      end() {},
    }),
  };
  const broken = { text: ["It was a dark ", "night."], failAfter: 1, error: failure("network") };
  const bed = testBed({ a: broken, b: { text: "and stormy night." } }, { observers: [observer] });
  await bed.value(collect(bed.llm.streamText({ ...ask, onInterrupted: "continue", maxRetries: 0 })));
  expect(answers).toEqual(["It was a dark ", "and stormy night."]);
});

it("observes a restart before the attempt that begins anew", async () => {
  const events: unknown[] = [];
  const observer: CallObserver = {
    begin: () => ({
      attempt: ({ number }) => {
        events.push(number);
        return undefined;
      },
      restart: (restart) => void events.push(restart),
      end() {},
    }),
  };
  const broken = { text: ["It was ", "a night."], failAfter: 1, error: failure("network") };
  const bed = testBed({ a: broken, b: { text: "Once." } }, { observers: [observer] });
  await bed.value(collect(bed.llm.streamText({ ...ask, onInterrupted: "restart", maxRetries: 0 })));
  expect(events).toEqual([
    1,
    { from: { provider: "a", model: "a-model" }, to: { provider: "b", model: "b-model" }, discardedChars: 7 },
    2,
  ]);
});

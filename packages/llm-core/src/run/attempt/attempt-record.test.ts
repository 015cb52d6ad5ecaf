import { mockProvider } from "@babylon/llm-testing";
import { describe, expect, it } from "vitest";
import type { Attempt } from "../../contract/attempt.ts";
import type { StreamPart } from "../../contract/model-answer.ts";
import type { AttemptContext, AttemptReport, Provider } from "../../contract/provider.ts";
import { NO_USAGE, type Usage } from "../../contract/usage.ts";
import { collect, failure, type TestBed, testBed } from "../../test-support/test-bed.ts";
// Loaded when it is needed; a fake clock must not wait for a real disk.
import "../../structured/object/generate-object.ts";

const ask = { prompt: "hello" };
const SERVED = {
  responseId: "r-1",
  responseModel: "a-model-2026-11-01",
  serviceTier: "flex",
  speed: "fast",
  region: "us",
};

/** A provider that passes the context of each attempt to a function. */
function provider(
  id: string,
  {
    stream,
    generate,
  }: {
    stream?: (context: AttemptContext) => AsyncGenerator<StreamPart>;
    generate?: (context: AttemptContext) => never;
  },
): Provider {
  const mock = mockProvider({ id });
  return {
    ...mock,
    ...(stream === undefined ? {} : { stream: (_request, context) => stream(context) }),
    ...(generate === undefined ? {} : { generate: async (_request, context) => generate(context) }),
  };
}

/** The kinds of a call's attempts, as its record has them. */
const kinds = ({ records }: TestBed): readonly (readonly [string, Attempt["kind"]])[] =>
  records.at(-1)?.attempts.map(({ provider: id, kind }) => [id, kind] as const) ?? [];

describe("why an attempt was made", () => {
  it("first, retry, fallback", async () => {
    const error = failure("server");
    const bed = testBed({ a: [{ error }, { error }], b: [{ error }, {}] });
    await bed.value(bed.llm.generateText({ ...ask, maxRetries: 1 }));
    expect(kinds(bed)).toEqual([
      ["a", "first"],
      ["a", "retry"],
      ["b", "fallback"],
      ["b", "retry"],
    ]);
  });

  it("first also where the links before were not called", async () => {
    const bed = testBed({ a: { error: failure("auth") }, b: {} });
    await bed.value(bed.llm.generateText(ask));
    await bed.value(bed.llm.generateText(ask));
    expect(kinds(bed)).toEqual([["b", "first"]]);
  });

  it("hedge, and retry after a race that both lost", async () => {
    const usual = { text: "usual", delayMs: 200 };
    const slow = { error: failure("server"), delayMs: 1_000 };
    const a = mockProvider({ id: "a", steps: [...Array(10).fill(usual), slow] });
    const bed = testBed({ a, b: [{ error: failure("server"), delayMs: 900 }, {}] });
    for (let call = 0; call < 10; call += 1) await bed.value(bed.llm.generateText(ask));
    await bed.value(bed.llm.generateText({ ...ask, hedge: true }));
    expect(kinds(bed)).toEqual([
      ["a", "first"],
      ["b", "hedge"],
      ["b", "retry"],
    ]);
  });

  it("continue, on whichever link", async () => {
    const breaks = { text: "Once upon ", failAfter: 1 };
    const bed = testBed({ a: { ...breaks, error: failure("auth") }, b: { text: "a time" } });
    const { error } = await collect(bed.llm.streamText({ ...ask, onInterrupted: "continue" }));
    expect(error).toBeNull();
    expect(kinds(bed)).toEqual([
      ["a", "first"],
      ["b", "continue"],
    ]);
  });

  it("ask-again, and fallback after it", async () => {
    const jsonSchema = { type: "object", properties: { n: { type: "number" } }, required: ["n"] } as const;
    const schema = {
      jsonSchema,
      validate: (value: unknown) =>
        typeof value === "object" ? { value } : { issues: [{ message: "expected an object", path: [] }] },
    };
    const bed = testBed({ a: { text: "no JSON" }, b: { text: '{"n":1}' } });
    await bed.value(bed.llm.generateObject({ ...ask, schema, maxReasks: 1 }));
    expect(kinds(bed)).toEqual([
      ["a", "first"],
      ["a", "ask-again"],
      ["b", "fallback"],
    ]);
  });
});

describe("what an adapter reports", () => {
  it("is in the attempt of an answer, streamed and whole", async () => {
    for (const transport of ["stream", "json"] as const) {
      const bed = testBed({ a: { served: SERVED, text: "four", reasoning: "two!" } });
      const { attempts } = await bed.value(bed.llm.generateText({ ...ask, transport }));
      expect(attempts).toMatchObject([{ ...SERVED, transport, endpoint: "mock://a", sent: true, outputChars: 8 }]);
    }
  });

  it("is in the attempt of an answer that breaks off, or whose time is over", async () => {
    const parts = { served: SERVED, text: ["one ", "two"] };
    const broken = testBed({ a: { ...parts, error: failure("network"), failAfter: 1 } });
    const error = await broken.error(broken.llm.generateText({ ...ask, maxRetries: 0 }));
    expect(error.attempts).toMatchObject([{ ...SERVED, outcome: "failed", outputChars: 4 }]);

    const silent = testBed({ a: { ...parts, stallAfter: 1 } });
    const late = await silent.error(silent.llm.generateText({ ...ask, timeouts: { totalMs: 500 } }));
    expect(late.attempts).toMatchObject([{ ...SERVED, error: { code: "deadline" }, outputChars: 4 }]);
  });

  it("is not needed: an adapter that reports nothing is known by its finish, and taken to have sent", async () => {
    async function* stream(): AsyncGenerator<StreamPart> {
      yield { type: "text", text: "x" };
      yield { type: "finish", finishReason: "stop", rawFinishReason: null, responseId: "r-9", responseModel: "m-9" };
    }
    const bed = testBed({ a: provider("a", { stream }) }, { leaks: true });
    const { attempts } = await bed.value(bed.llm.generateText(ask));
    expect(attempts).toMatchObject([
      { endpoint: null, sent: true, responseId: "r-9", responseModel: "m-9", serviceTier: null, region: null },
    ]);
  });

  it("counts the arguments of tools", async () => {
    const bed = testBed({ a: { toolCalls: [{ id: "t", name: "look", input: { at: 1 } }] } });
    const tools = { look: { inputSchema: { type: "object" } } } as const;
    const { attempts } = await bed.value(bed.llm.generateText({ ...ask, tools }));
    expect(attempts).toMatchObject([{ outputChars: '{"at":1}'.length }]);
  });

  it("has the usage of a JSON answer that is a failure all the same", async () => {
    const usage: Usage = { ...NO_USAGE, inputTokens: 100, outputTokens: 20 };
    const generate = (context: AttemptContext): never => {
      context.report?.({ ...SERVED, usage });
      throw failure("content_filter")();
    };
    const bed = testBed({ a: provider("a", { generate }) }, { leaks: true });
    const { attempts } = await bed.error(bed.llm.generateText({ ...ask, transport: "json" }));
    expect(attempts).toMatchObject([{ ...SERVED, usage }]);
    expect(bed.records[0]?.totalUsage).toEqual(usage);
  });
});

describe("whether a request was sent", () => {
  it.each<[string, readonly AttemptReport[], number | null, boolean]>([
    ["nothing is reported", [], null, true],
    ["nothing had been written", [{ sent: false }], null, false],
    ["it was written", [{ sent: false }, { sent: true }], null, true],
    ["it turned out not to be", [{ sent: true }, { sent: false }], null, false],
    ["somebody answered", [{ sent: false }], 503, true],
  ])("%s", async (_, reports, status, expected) => {
    const generate = (context: AttemptContext): never => {
      for (const report of reports) context.report?.(report);
      throw failure("server", { status })();
    };
    const bed = testBed({ a: provider("a", { generate }) }, { leaks: true });
    const { attempts } = await bed.error(bed.llm.generateText({ ...ask, transport: "json", maxRetries: 0 }));
    expect(attempts).toMatchObject([{ sent: expected }]);
  });

  it("is why nothing can have been used", async () => {
    const bed = testBed({ a: { error: failure("network"), sent: false }, b: {} });
    const result = await bed.value(bed.llm.generateText({ ...ask, maxRetries: 0 }));
    expect(result.attempts).toMatchObject([{ sent: false }, { sent: true }]);
    expect(result.totalUsage).toEqual(result.usage);
  });

  it("is false of an attempt that was over before it asked", async () => {
    const bed = testBed({ a: { sent: false, hang: true } });
    const { attempts } = await bed.error(bed.llm.generateText({ ...ask, timeouts: { totalMs: 100 } }));
    expect(attempts).toMatchObject([{ sent: false, error: { code: "deadline" } }]);
    expect(bed.records[0]?.totalUsage).toEqual(NO_USAGE);
  });
});

import { describe, expect, it } from "vitest";
import type { GenerateTextOptions, StreamTextOptions } from "../contract/call-options.ts";
import type { TextStream } from "../stream/text-stream.ts";
import { failure, testBed } from "../test-support/test-bed.ts";

const ask = { prompt: "hello" };
const user = (content: unknown) => ({ messages: [{ role: "user", content }] });
const part = (value: unknown) => user([value]);
const circular: Record<string, unknown> = {};
circular.self = circular;

/** Description, options, path of the error, and a part of `expected`. */
type Row = readonly [string, unknown, string, RegExp];

const WRONG: readonly Row[] = [
  ["no options", undefined, "options", /an object/],
  ["null", null, "options", /an object/],
  ["a bare prompt", "hello", "options", /an object/],
  ["a list", [], "options", /an object/],
  ["neither prompt nor messages", {}, "prompt", /prompt or messages/],
  ["both prompt and messages", { ...ask, ...user("hi") }, "prompt", /not both/],
  ["an empty prompt", { prompt: "" }, "prompt", /not empty/],
  ["a prompt that is not a string", { prompt: 5 }, "prompt", /a string/],
  ["no messages", { messages: [] }, "messages", /at least one/],
  ["messages that are not a list", { messages: "hi" }, "messages", /a list/],
  ["an unknown option", { ...ask, foo: 1 }, "foo", /one of prompt, messages/],
  ["a misspelt option", { ...ask, temprature: 1 }, "temprature", /did you mean temperature/],
  ["an option in another case", { ...ask, maxTokens: 1 }, "maxTokens", /no such field|one of/],
  ["an option of a stream", { ...ask, onInterruptd: "throw" }, "onInterruptd", /./],
  ["an option named like a method", { ...ask, constructor: 1 }, "constructor", /./],
  ["a system prompt that is not a string", { ...ask, system: 1 }, "system", /a string/],
  ["temperature too high", { ...ask, temperature: 2.1 }, "temperature", /at most 2/],
  ["temperature below zero", { ...ask, temperature: -0.1 }, "temperature", /at least 0/],
  ["temperature as a string", { ...ask, temperature: "1" }, "temperature", /finite number/],
  ["temperature that is not a number", { ...ask, temperature: Number.NaN }, "temperature", /finite number/],
  ["no topP at all", { ...ask, topP: 0 }, "topP", /above 0 and of at most 1/],
  ["topP too high", { ...ask, topP: 1.5 }, "topP", /at most 1/],
  ["no tokens at all", { ...ask, maxOutputTokens: 0 }, "maxOutputTokens", /at least 1/],
  ["half a token", { ...ask, maxOutputTokens: 1.5 }, "maxOutputTokens", /whole number/],
  ["endless tokens", { ...ask, maxOutputTokens: Number.POSITIVE_INFINITY }, "maxOutputTokens", /whole number/],
  ["stop sequences that are not a list", { ...ask, stopSequences: "END" }, "stopSequences", /a list/],
  ["an empty stop sequence", { ...ask, stopSequences: ["END", ""] }, "stopSequences[1]", /not empty/],
  ["a seed with a fraction", { ...ask, seed: 0.5 }, "seed", /whole number/],
  ["an unknown effort", { ...ask, reasoningEffort: "huge" }, "reasoningEffort", /"minimal"/],
  ["an invalid signal", { ...ask, abortSignal: {} }, "abortSignal", /an AbortSignal/],
  ["a controller for a signal", { ...ask, abortSignal: new AbortController() }, "abortSignal", /an AbortSignal/],
  ["a negative limit", { ...ask, timeouts: { idleMs: -1 } }, "timeouts.idleMs", /at least 0/],
  ["an endless limit", { ...ask, timeouts: { totalMs: Number.POSITIVE_INFINITY } }, "timeouts.totalMs", /or null/],
  ["an unknown limit", { ...ask, timeouts: { idle: 5 } }, "timeouts.idle", /did you mean idleMs/],
  ["a deadline that is not a time", { ...ask, deadline: "tomorrow" }, "deadline", /valid Date/],
  ["a deadline that is not a date", { ...ask, deadline: new Date("nonsense") }, "deadline", /valid Date/],
  ["a deadline that is not a number", { ...ask, deadline: Number.NaN }, "deadline", /epoch milliseconds/],
  ["an endless deadline", { ...ask, deadline: Number.POSITIVE_INFINITY }, "deadline", /epoch milliseconds/],
  ["negative retries", { ...ask, maxRetries: -1 }, "maxRetries", /at least 0/],
  ["half a retry", { ...ask, maxRetries: 0.5 }, "maxRetries", /whole/],
  ["a priority that is not a number", { ...ask, priority: "high" }, "priority", /finite number/],
  ["an endless priority", { ...ask, priority: Number.POSITIVE_INFINITY }, "priority", /finite number/],
  ["an agent with a bidirectional control character", { ...ask, agent: "a\u202eb" }, "agent", /hidden/],
  ["an agent with a zero-width name", { ...ask, agent: "a\u200bb" }, "agent", /hidden/],
  ["a purpose of two lines", { ...ask, purpose: "a\u2028b" }, "purpose", /hidden/],
  ["a model with invisible characters", { ...ask, models: { a: "m\u2060" } }, "models.a", /hidden/],
  [
    "settings of an agent with invisible characters",
    { ...ask, settings: { agents: { "a\u202eb": { models: {} } } } },
    'settings.agents["a\\u202eb"]',
    /hidden/,
  ],
  ["a tenant without a name", { ...ask, tenant: "" }, "tenant", /not empty/],
  ["a tenant with a hidden character", { ...ask, tenant: "a\u200bb" }, "tenant", /hidden/],
  ["a tenant that is not a string", { ...ask, tenant: 7 }, "tenant", /tenant id/],
  ["a unit that is not an object", { ...ask, unit: "s-1" }, "unit", /an object/],
  ["a unit with an empty id", { ...ask, unit: { session: "" } }, "unit.session", /not empty/],
  ["a unit with a number", { ...ask, unit: { session: 7 } }, "unit.session", /an id/],
  ["a unit with a line break", { ...ask, unit: { user: "a\nb" } }, "unit.user", /control/],
  ["a unit of an odd kind", { ...ask, unit: { "my session": "x" } }, 'unit["my session"]', /1 to 64/],
  ["an agent without a name", { ...ask, agent: "" }, "agent", /not empty/],
  ["a purpose that is not a string", { ...ask, purpose: {} }, "purpose", /a string/],
  ["metadata that is not an object", { ...ask, metadata: "x" }, "metadata", /an object/],
  ["a call id with blanks", { ...ask, callId: "my call" }, "callId", /128 characters/],
  ["a call id with a line break", { ...ask, callId: "a\nb" }, "callId", /128 characters/],
  ["a call id that ends in a line break", { ...ask, callId: "a\n" }, "callId", /128 characters/],
  ["a call id that is too long", { ...ask, callId: "x".repeat(129) }, "callId", /128 characters/],
  ["an invalid callback", { ...ask, onAttempt: true }, "onAttempt", /a function/],
  ["an unknown transport", { ...ask, transport: "sse" }, "transport", /"auto", "stream", "json"/],
  ["a pin to an unknown provider", { ...ask, provider: "unknown" }, "provider", /a provider of this client \(a, b\)/],
  ["a pin that is not an id", { ...ask, provider: "A B" }, "provider", /provider id/],
  [
    "a model for an unknown provider",
    { ...ask, models: { unknown: "m" } },
    "models.unknown",
    /a provider of this client/,
  ],
  ["an empty model", { ...ask, models: { a: "" } }, "models.a", /model id/],
  ["a model with blanks around it", { ...ask, models: { a: " m" } }, "models.a", /model id/],
  ["a model with a line break", { ...ask, models: { a: "m\nx" } }, "models.a", /model id/],
  ["a bare model", { ...ask, models: "m" }, "models", /an object/],
  [
    "credentials for an unknown provider",
    { ...ask, credentials: { unknown: { apiKey: "k" } } },
    "credentials.unknown",
    /a provider/,
  ],
  ["credentials without a key", { ...ask, credentials: { a: {} } }, "credentials.a.apiKey", /required/],
  ["an empty key", { ...ask, credentials: { a: { apiKey: "" } } }, "credentials.a.apiKey", /a key/],
  [
    "a key with a line break",
    { ...ask, credentials: { a: { apiKey: "verysecret1\nx" } } },
    "credentials.a.apiKey",
    /line breaks/,
  ],
  ["a bare key", { ...ask, credentials: { a: "verysecret1" } }, "credentials.a", /an object/],
  [
    "an unknown credential",
    { ...ask, credentials: { a: { apiKey: "k", baseUrl: "x" } } },
    "credentials.a.baseUrl",
    /did you mean baseURL/,
  ],
  ["settings with an unknown field", { ...ask, settings: { ordr: [] } }, "settings.ordr", /did you mean order/],
  [
    "settings with an id that is none",
    { ...ask, settings: { order: ["a", "B!"] } },
    "settings.order[1]",
    /provider id/,
  ],
  [
    "settings of a provider with a bad id",
    { ...ask, settings: { providers: { "B!": {} } } },
    'settings.providers["B!"]',
    /provider id/,
  ],
  [
    "settings with a switch that is none",
    { ...ask, settings: { providers: { a: { enabled: "yes" } } } },
    "settings.providers.a.enabled",
    /true or false/,
  ],
  [
    "settings with an empty model",
    { ...ask, settings: { providers: { a: { model: "" } } } },
    "settings.providers.a.model",
    /model id/,
  ],
  [
    "settings of an agent that name nothing",
    { ...ask, settings: { agents: { bot: {} } } },
    "settings.agents.bot.provider",
    /required/,
  ],
  [
    "settings of an agent with both",
    { ...ask, settings: { agents: { bot: { provider: "a", models: {} } } } },
    "settings.agents.bot.provider",
    /./,
  ],
  ["an invalid refusal rule", { ...ask, fallbackOnContentFilter: 1 }, "fallbackOnContentFilter", /true or false/],
  ["an invalid hedge", { ...ask, hedge: "yes" }, "hedge", /an object/],
  ["a quantile beyond one", { ...ask, hedge: { quantile: 95 } }, "hedge.quantile", /at most 1/],
  ["an invalid coalescing", { ...ask, coalesce: "yes" }, "coalesce", /true or false/],

  ["tools as a list", { ...ask, tools: [] }, "tools", /an object/],
  ["a tool with a bad name", { ...ask, tools: { "a b": { inputSchema: {} } } }, 'tools["a b"]', /64 characters/],
  ["a tool without a schema", { ...ask, tools: { look: {} } }, "tools.look.inputSchema", /required/],
  [
    "a tool in another vendor's format",
    { ...ask, tools: { look: { parameters: {} } } },
    "tools.look.parameters",
    /one of description/,
  ],
  ["an unknown tool as the choice", { ...ask, toolChoice: { tool: "look" } }, "toolChoice.tool", /one of the tools/],
  [
    "a choice of a tool named like a method",
    { ...ask, tools: { look: { inputSchema: {} } }, toolChoice: { tool: "toString" } },
    "toolChoice.tool",
    /one of the tools/,
  ],
  ["a required tool without tools", { ...ask, toolChoice: "required" }, "tools", /toolChoice/],
  ["an unknown tool choice", { ...ask, toolChoice: "any" }, "toolChoice", /"required"/],
  ["an unknown format", { ...ask, responseFormat: { type: "xml" } }, "responseFormat", /json-schema/],
  [
    "a schema without a name",
    { ...ask, responseFormat: { type: "json-schema", schema: {}, strict: true } },
    "responseFormat",
    /json-schema/,
  ],
  [
    "provider options without body or headers",
    { ...ask, providerOptions: { a: { cache: true } } },
    "providerOptions.a.cache",
    /one of body, headers/,
  ],
  [
    "headers that are not strings",
    { ...ask, providerOptions: { a: { headers: { x: 1 } } } },
    "providerOptions.a.headers.x",
    /a string/,
  ],

  ["an invalid message", { messages: ["hi"] }, "messages[0]", /an object/],
  ["a message without a role", { messages: [{ content: "hi" }] }, "messages[0].role", /required/],
  ["an unknown role", { messages: [{ role: "developer", content: "hi" }] }, "messages[0].role", /"system", "user"/],
  [
    "a role named like a method",
    { messages: [{ role: "toString", content: "hi" }] },
    "messages[0].role",
    /"system", "user"/,
  ],
  ["a message without content", { messages: [{ role: "user" }] }, "messages[0].content", /required/],
  ["content that is a number", user(5), "messages[0].content", /a string or a list of parts/],
  [
    "a tool's answer as plain text",
    { messages: [{ role: "tool", content: "hi" }] },
    "messages[0].content",
    /a list of parts/,
  ],
  [
    "an unknown field of a message",
    { messages: [{ role: "user", content: "hi", name: "x" }] },
    "messages[0].name",
    /./,
  ],
  ["an invalid part", part("hi"), "messages[0].content[0]", /a part/],
  ["a part without a type", part({ text: "hi" }), "messages[0].content[0].type", /"text", "image", "file"/],
  ["an unknown part", part({ type: "audio" }), "messages[0].content[0].type", /"text", "image", "file"/],
  [
    "the second of two messages",
    {
      messages: [
        { role: "user", content: "hi" },
        { role: "user", content: [{ type: "text", text: "x" }, { type: "video" }] },
      ],
    },
    "messages[1].content[1].type",
    /./,
  ],
  [
    "a part of another role",
    part({ type: "tool-call", id: "t", name: "x", input: {} }),
    "messages[0].content[0].type",
    /"text", "image", "file"/,
  ],
  [
    "an image from the assistant",
    { messages: [{ role: "assistant", content: [{ type: "image", url: "https://x" }] }] },
    "messages[0].content[0].type",
    /"reasoning"/,
  ],
  ["text without text", part({ type: "text" }), "messages[0].content[0].text", /required/],
  ["an unknown field of a part", part({ type: "text", text: "x", cache: true }), "messages[0].content[0].cache", /./],
  ["an image without a source", part({ type: "image" }), "messages[0].content[0]", /either url or data/],
  [
    "an image with two sources",
    part({ type: "image", url: "https://x", data: "aGk=", mediaType: "image/png" }),
    "messages[0].content[0]",
    /either url or data/,
  ],
  [
    "an image without a valid media type",
    part({ type: "image", data: "aGk=" }),
    "messages[0].content[0].mediaType",
    /with data/,
  ],
  ["a file without a media type", part({ type: "file", data: "aGk=" }), "messages[0].content[0].mediaType", /required/],
  [
    "a tool result without a call",
    { messages: [{ role: "tool", content: [{ type: "tool-result", output: 1 }] }] },
    "messages[0].content[0].toolCallId",
    /required/,
  ],
  [
    "a tool call without an id",
    { messages: [{ role: "assistant", content: [{ type: "tool-call", name: "x", input: {} }] }] },
    "messages[0].content[0].id",
    /required/,
  ],
  [
    "reasoning with an incomplete origin",
    { messages: [{ role: "assistant", content: [{ type: "reasoning", text: "x", origin: { provider: "a" } }] }] },
    "messages[0].content[0].origin.model",
    /required/,
  ],
  [
    "a part with bad options",
    part({ type: "text", text: "x", providerOptions: { a: 1 } }),
    "messages[0].content[0].providerOptions.a",
    /an object/,
  ],
];

describe.each(WRONG)("%s", (_, options, path, expected) => {
  // As callers in plain JavaScript may pass it.
  const callOptions = options as GenerateTextOptions & StreamTextOptions;
  const refusal = { code: "invalid_input", path, expected: expect.stringMatching(expected), attempts: [] };

  it("is refused with its path before any request", async () => {
    const bed = testBed({ a: {}, b: {} });
    const error = await bed.error(bed.llm.generateText(callOptions));
    expect(error).toMatchObject(refusal);
    expect(error.message).toMatch(/: expected /);
    expect(JSON.stringify(error)).not.toContain("verysecret1");
    expect(() => bed.llm.streamText(callOptions)).toThrow(expect.objectContaining(refusal));
    expect([bed.called, bed.records, bed.logs]).toEqual([[], [], []]);
  });
});

describe("plan() refuses the same options, but the prompt is optional:", () => {
  const noPrompt: ReadonlySet<string> = new Set([
    "no options",
    "no messages",
    "neither prompt nor messages",
    "both prompt and messages",
  ]);
  it.each(WRONG.filter(([what]) => !noPrompt.has(what)))("%s", async (_, options, path) => {
    const bed = testBed({ a: {}, b: {} });
    const callOptions = options as GenerateTextOptions;
    expect(await bed.error(bed.llm.plan(callOptions))).toMatchObject({ code: "invalid_input", path });
    expect(() => bed.llm.peekPlan(callOptions)).toThrow(expect.objectContaining({ code: "invalid_input", path }));
  });
});

describe("only streamText accepts onInterrupted", () => {
  it.each(["throw", "restart", "continue"] as const)("%s", async (onInterrupted) => {
    const bed = testBed({ a: {} });
    const call: (options: object) => Promise<unknown> = bed.llm.generateText as never;
    expect(await bed.error(call({ ...ask, onInterrupted }))).toMatchObject({
      code: "invalid_input",
      path: "onInterrupted",
    });
    await bed.value(bed.llm.streamText({ ...ask, onInterrupted }).result);
  });

  it("with a known value", () => {
    const bed = testBed({ a: {} });
    const stream: (options: object) => TextStream = bed.llm.streamText as never;
    expect(() => stream({ ...ask, onInterrupted: "retry" })).toThrow(
      expect.objectContaining({ path: "onInterrupted" }),
    );
  });
});

it("accepts all valid options, and undefined for each", async () => {
  const bed = testBed({ a: { error: failure("auth") }, b: {} }, { maxConcurrency: { a: 2 } });
  const right: GenerateTextOptions = {
    messages: [
      { role: "system", content: [{ type: "text", text: "" }] },
      {
        role: "user",
        content: [
          { type: "text", text: "hi", providerOptions: { a: { body: {} } } },
          { type: "image", url: "https://x" },
          { type: "image", data: "aGk=", mediaType: "image/png" },
          { type: "file", data: "aGk=", mediaType: "application/pdf", filename: "x.pdf" },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "", data: {}, origin: { provider: "a", model: "m" } },
          { type: "tool-call", id: "t", name: "look", input: null },
        ],
        providerOptions: { b: {} },
      },
      { role: "tool", content: [{ type: "tool-result", toolCallId: "t", output: null, isError: false }] },
      { role: "assistant", content: "" },
      { role: "user", content: "" },
    ],
    system: "",
    temperature: 0,
    topP: 1,
    maxOutputTokens: 1,
    stopSequences: [],
    seed: -5,
    tools: { look: { inputSchema: {}, description: "", strict: false } },
    toolChoice: { tool: "look" },
    reasoningEffort: "max",
    responseFormat: { type: "json-schema", name: "x", schema: {}, strict: false },
    abortSignal: bed.controller.signal,
    timeouts: { firstTokenMs: null, idleMs: 0, attemptMs: undefined, totalMs: 1e15 },
    deadline: bed.clock.now() + 1e9,
    maxRetries: 0,
    priority: -1.5,
    agent: "any one",
    tenant: "any two",
    unit: { session: "x", user: undefined, "world-3": "y" },
    purpose: "",
    metadata: { any: [1, null] },
    callId: "a.b_c:d-E",
    onAttempt: () => {},
    transport: "json",
    provider: "b",
    models: { a: "wandb-artifact:///team/project/name:v1", b: "meta-llama/Llama-3.3-70B-Instruct" },
    settings: {
      order: null,
      providers: { unknown: { enabled: true, model: null } },
      agents: { "any one": { models: { x: "m" } } },
    },
    credentials: { b: { apiKey: "k", baseURL: "http://localhost" } },
    providerOptions: { unknown: { body: {} } },
    fallbackOnContentFilter: true,
    hedge: { quantile: 1, minDelayMs: 0 },
    coalesce: false,
  };
  expect((await bed.value(bed.llm.generateText(right))).provider).toBe("b");
  const nothing = Object.fromEntries(Object.keys(right).map((name) => [name, undefined]));
  expect((await bed.value(bed.llm.generateText({ ...nothing, prompt: "x" }))).provider).toBe("b");
});

it("accepts a signal that is already aborted: the call fails with aborted", async () => {
  const bed = testBed({ a: {} });
  bed.controller.abort();
  expect((await bed.error(bed.llm.generateText({ ...ask, abortSignal: bed.controller.signal }))).code).toBe("aborted");
});

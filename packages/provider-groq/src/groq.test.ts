import { readdirSync } from "node:fs";
import type { ModelRequest } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { attemptContext } from "../../provider-openai-compatible/src/test-support/attempt-context.ts";
import { errorOfFixture } from "../../provider-openai-compatible/src/test-support/error-of.ts";
import { groq } from "./groq.ts";

const again = { retryable: true, fallback: true };
const next = { retryable: false, fallback: true };

const ERRORS: Readonly<Record<string, object>> = {
  "400-invalid": { code: "invalid_request", ...next },
  "400-tool-use-failed": { code: "invalid_response", status: 400, ...again },
  "400-json-validate-failed": { code: "invalid_response", ...again },
  "400-decommissioned": { code: "model_not_found", status: 400, ...next },
  "400-context-length": { code: "context_length", ...next },
  "400-schema-with-streaming": { code: "unsupported", ...next },
  "401-invalid-key": { code: "auth", message: "Groq answered 401: Invalid API Key", ...next },
  "403-permission": { code: "permission", ...next },
  "404-model-not-found": { code: "model_not_found", ...next },
  "413-body-too-large": { code: "context_length", ...next },
  "413-tokens-per-minute": { code: "rate_limit", status: 413, retryAfterMs: null, ...next },
  "422-hallucination": { code: "invalid_response", ...again },
  "429-tokens-per-day": { code: "rate_limit", retryAfterMs: 592_272, concurrencyLimited: false, ...again },
  "429-with-header": { code: "rate_limit", retryAfterMs: 2000, requestId: "req_01kh", ...again },
  "498-capacity": { code: "overloaded", ...again },
  "499-cancelled": { code: "server", ...again },
  "500-server": { code: "server", ...again },
  "502-gateway": { code: "server", message: 'Groq answered 502: an HTML page, "502 Bad Gateway"', ...again },
  "503-unavailable": { code: "overloaded", ...again },
};

test.each(Object.entries(ERRORS))("%s", async (name, expected) => {
  const error = await errorOfFixture(
    (fetch) => groq({ apiKey: "the-key", fetch }),
    new URL(`../fixtures/error/${name}.json`, import.meta.url),
  );
  expect(error).toMatchObject({ provider: "groq", ...expected });
  expect(JSON.stringify(error)).not.toContain('failed_generation":');
});

test("every fixture is used", () => {
  const names = readdirSync(new URL("../fixtures/error", import.meta.url)).map((file) => file.replace(".json", ""));
  expect(names.toSorted()).toEqual(Object.keys(ERRORS).toSorted());
});

/** The body that is sent for a request. */
async function bodyOf(request: Partial<ModelRequest>, stream = false): Promise<Record<string, unknown>> {
  const bodies: Record<string, unknown>[] = [];
  const provider = groq({
    apiKey: "k",
    fetch: async (_, init) => {
      bodies.push(JSON.parse(String(init.body)));
      if (!stream) return Response.json({ choices: [{ message: { content: "Aye" }, finish_reason: "stop" }] });
      const event = { choices: [{ delta: { content: "Aye" }, finish_reason: "stop" }] };
      return new Response(`data: ${JSON.stringify(event)}\n\ndata: [DONE]\n\n`, {
        headers: { "content-type": "text/event-stream" },
      });
    },
  });
  const whole = { model: provider.defaultModel, messages: [{ role: "user", content: "Hi" }], ...request } as const;
  if (stream) for await (const _ of provider.stream(whole, attemptContext()));
  else await provider.generate(whole, attemptContext());
  return bodies[0] ?? {};
}

test("uses Groq's fields: the newer token limit, no stream options", async () => {
  expect(await bodyOf({ maxOutputTokens: 5, reasoningEffort: "low" }, true)).toEqual({
    model: "openai/gpt-oss-120b",
    messages: [{ role: "user", content: "Hi" }],
    max_completion_tokens: 5,
    reasoning_effort: "low",
    stream: true,
  });
});

test("requests that Qwen separates its reasoning from the text", async () => {
  expect(await bodyOf({ model: "qwen/qwen3.8-27b" })).toMatchObject({ reasoning_format: "parsed" });
  expect(await bodyOf({})).not.toHaveProperty("reasoning_format");
});

test.each([
  ["openai/gpt-oss-120b", true],
  ["openai/gpt-oss-20b", true],
  ["qwen/qwen3.8-27b", true],
  ["openai/gpt-oss-safeguard-20b", false],
])("a schema for %s is sent with strict %s", async (model, strict) => {
  const responseFormat = { type: "json-schema", name: "x", schema: { type: "object" }, strict: true } as const;
  expect(await bodyOf({ model, responseFormat })).toMatchObject({ response_format: { json_schema: { strict } } });
});

test("has the capabilities of each model", () => {
  const { capabilities, defaultModel } = groq();
  expect(capabilities(defaultModel)).toMatchObject({
    schema: ["strict", "loose", "json-mode", "tool", "prompt"],
    schemaWithStreaming: false,
    schemaWithTools: false,
    images: false,
    silentReasoning: false,
    contextTokens: 131_072,
    maxOutputTokens: 65_536,
  });
  expect(capabilities("qwen/qwen3.8-27b")).toMatchObject({ images: true });
  expect(capabilities("llama-of-tomorrow").schema).toEqual(["json-mode", "tool", "prompt"]);
});

test("earlier reasoning is sent to reasoning models", async () => {
  const origin = { provider: "groq", model: "openai/gpt-oss-120b" };
  const { messages } = await bodyOf({
    messages: [
      { role: "user", content: "Hi" },
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "hm", origin },
          { type: "text", text: "Aye" },
        ],
      },
      { role: "user", content: "And?" },
    ],
  });
  expect(messages).toMatchObject([{}, { role: "assistant", content: "Aye", reasoning: "hm" }, {}]);
});

test("has the id, name and defaults of the chain", () => {
  expect(groq()).toMatchObject({
    id: "groq",
    name: "Groq",
    envKey: "GROQ_API_KEY",
    envModel: "GROQ_MODEL",
    envBaseURL: "GROQ_BASE_URL",
    model: null,
    defaultModel: "openai/gpt-oss-120b",
  });
  expect(groq().retired["llama-3.3-70b-versatile"]).toEqual({
    retiredAt: "2026-08-16",
    replacement: "openai/gpt-oss-120b",
  });
});

test("every retired id has a served replacement", () => {
  const { models, retired } = groq();
  const served = new Set(models.map(({ id }) => id));
  for (const [id, { replacement }] of Object.entries(retired)) {
    expect([id, served.has(id), served.has(replacement)]).toEqual([id, false, true]);
  }
});

test.each<[Record<string, unknown>, string]>([
  [{ modell: "x" }, "groq.modell"],
  [{ project: "x" }, "groq.project"],
  [{ apiKey: "" }, "groq.apiKey"],
])("rejects %j", (options, path) => {
  expect(() => groq(options)).toThrow(expect.objectContaining({ code: "invalid_input", path }));
});

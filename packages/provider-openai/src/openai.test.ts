import { readdirSync } from "node:fs";
import type { AttemptReport, ModelRequest } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { attemptContext } from "../../provider-openai-compatible/src/test-support/attempt-context.ts";
import { errorOfFixture } from "../../provider-openai-compatible/src/test-support/error-of.ts";
import { type OpenAIOptions, openai } from "./openai.ts";

const again = { retryable: true, fallback: true };
const next = { retryable: false, fallback: true };

const ERRORS: Readonly<Record<string, object>> = {
  "400-invalid": { code: "invalid_request", ...next },
  "400-context-length": { code: "context_length", ...next },
  "400-content-policy": { code: "content_filter", retryable: false, fallback: false },
  "400-content-filter": { code: "content_filter", retryable: false, fallback: false },
  "400-invalid-prompt": { code: "content_filter", retryable: false, fallback: false },
  "400-max-tokens": { code: "unsupported", ...next },
  "400-temperature": { code: "unsupported", ...next },
  "400-tools-with-reasoning": { code: "unsupported", ...next },
  "401-invalid-key": { code: "auth", ...next },
  "401-ip": { code: "auth", ...next },
  "403-country": { code: "permission", ...next },
  "404-model-not-found": { code: "model_not_found", ...next },
  "408-timeout": { code: "overloaded", ...again },
  "409-conflict": { code: "overloaded", ...again },
  "429-rate-limit": { code: "rate_limit", retryAfterMs: 6000, requestId: "req_9f", ...again },
  "429-rate-limit-ms": { code: "rate_limit", retryAfterMs: 812, ...again },
  "429-request-too-large": { code: "rate_limit", ...next },
  "429-insufficient-quota": { code: "quota", status: 429, ...next },
  "429-credit-balance": { code: "quota", ...next },
  "429-slow-down": { code: "rate_limit", ...again },
  "500-server": { code: "server", ...again },
  "503-overloaded": { code: "overloaded", ...again },
  "503-do-not-retry": { code: "overloaded", ...next },
  "400-do-retry": { code: "invalid_request", ...again },
};

test.each(Object.entries(ERRORS))("%s", async (name, expected) => {
  const error = await errorOfFixture(
    (fetch) => openai({ apiKey: "the-key", fetch }),
    new URL(`../fixtures/error/${name}.json`, import.meta.url),
  );
  expect(error).toMatchObject({ provider: "openai", ...expected });
  expect(String(error)).not.toMatch(/sk-|wxyz/);
});

test("every fixture is used", () => {
  const names = readdirSync(new URL("../fixtures/error", import.meta.url)).map((file) => file.replace(".json", ""));
  expect(names.toSorted()).toEqual(Object.keys(ERRORS).toSorted());
});

/** The body and headers that are sent for a request. */
async function sentBy(
  request: Partial<ModelRequest>,
  options: OpenAIOptions = {},
  stream = false,
): Promise<{ body: Record<string, unknown>; headers: Headers }> {
  const sent: { body: Record<string, unknown>; headers: Headers }[] = [];
  const provider = openai({
    apiKey: "k",
    ...options,
    fetch: async (_, init) => {
      sent.push({ body: JSON.parse(String(init.body)), headers: new Headers(init.headers) });
      if (!stream) return Response.json({ choices: [{ message: { content: "Aye" }, finish_reason: "stop" }] });
      const event = { choices: [{ delta: { content: "Aye" }, finish_reason: "stop" }] };
      return new Response(`data: ${JSON.stringify(event)}\n\n`, { headers: { "content-type": "text/event-stream" } });
    },
  });
  const messages = [
    { role: "system", content: "Rules" },
    { role: "user", content: "Hi" },
  ] as const;
  const whole: ModelRequest = { model: provider.defaultModel, messages, ...request };
  const env = { OPENAI_ORG_ID: "org-env", OPENAI_PROJECT_ID: "team/project" };
  if (stream) for await (const _ of provider.stream(whole, attemptContext({ env })));
  else await provider.generate(whole, attemptContext({ env }));
  const [first] = sent;
  if (first === undefined) throw new Error("nothing was sent");
  return first;
}

const TOOLS = { wait: { inputSchema: { type: "object" } } };

test("sends the fields of reasoning models", async () => {
  const { body } = await sentBy({ maxOutputTokens: 5, reasoningEffort: "low" }, {}, true);
  expect(body).toEqual({
    model: "gpt-6-luna",
    messages: [
      { role: "developer", content: "Rules" },
      { role: "user", content: "Hi" },
    ],
    max_completion_tokens: 5,
    reasoning_effort: "low",
    stream: true,
    stream_options: { include_usage: true, include_obfuscation: false },
  });
});

test("disables reasoning of GPT-6 with tools", async () => {
  expect((await sentBy({ tools: TOOLS, reasoningEffort: "high" })).body).toMatchObject({ reasoning_effort: "none" });
  expect((await sentBy({ tools: TOOLS })).body).toMatchObject({ reasoning_effort: "none" });
  expect((await sentBy({ tools: TOOLS, model: "gpt-4o-mini" })).body).not.toHaveProperty("reasoning_effort");
});

test("sends the older fields to older models", async () => {
  const { body } = await sentBy({ model: "gpt-4o-mini", temperature: 0.7, stopSequences: ["END"], maxOutputTokens: 5 });
  expect(body).toMatchObject({
    messages: [{ role: "system" }, {}],
    temperature: 0.7,
    stop: ["END"],
    max_completion_tokens: 5,
  });
});

test.each<[string, boolean, boolean, readonly string[]]>([
  ["gpt-6-luna", false, true, ["none", "low", "medium", "high", "xhigh"]],
  ["gpt-6.1-sol-2026-11-01", false, true, ["none", "low", "medium", "high", "xhigh"]],
  ["ft:gpt-6-luna-2026-09-02:acme::x1", false, true, ["none", "low", "medium", "high", "xhigh"]],
  ["gpt-5.4-mini", false, true, ["none", "low", "medium", "high", "xhigh"]],
  ["gpt-5.1-codex", false, true, ["none", "low", "medium", "high"]],
  ["gpt-5-nano", false, true, ["minimal", "low", "medium", "high"]],
  ["o3", false, true, ["low", "medium", "high"]],
  ["gpt-4o-mini", true, false, []],
  ["ft:gpt-4o-mini-2024-07-18:acme::x1", true, false, []],
  ["gpt-4.1", true, false, []],
  ["gpt-5.3-chat-latest", true, false, []],
  ["gpt-35-turbo", true, false, []],
  ["something-else", true, false, []],
])("%s: sampling %s, silent reasoning %s", (model, sampling, silentReasoning, reasoningEffort) => {
  expect(openai().capabilities(model)).toMatchObject({
    sampling,
    stopSequences: sampling,
    silentReasoning,
    reasoningEffort,
    images: true,
    files: true,
    schemaWithStreaming: true,
  });
});

test("organisation and project are sent only if given, never from the environment", async () => {
  const { headers } = await sentBy({});
  expect([headers.get("openai-organization"), headers.get("openai-project")]).toEqual([null, null]);
  const given = await sentBy({}, { organization: "org-1", project: "proj_1" });
  expect([given.headers.get("openai-organization"), given.headers.get("openai-project")]).toEqual(["org-1", "proj_1"]);
});

test("has the id, name and defaults of the chain", () => {
  expect(openai()).toMatchObject({
    id: "openai",
    name: "OpenAI",
    envKey: "OPENAI_API_KEY",
    envModel: "OPENAI_MODEL",
    envBaseURL: "OPENAI_BASE_URL",
    defaultModel: "gpt-6-luna",
  });
  expect(openai().retired["gpt-4o-mini"]).toEqual({ retiredAt: "2027-01-14", replacement: "gpt-6-luna" });
  expect(openai().models.find(({ id }) => id === "gpt-4o-mini")?.retiresAt).toBe("2027-01-14");
});

test("every retiring id has a replacement that is not retiring", () => {
  const { models, retired } = openai();
  const lasting = new Set(models.flatMap(({ id, retiresAt }) => (retiresAt === null ? [id] : [])));
  for (const { replacement } of Object.values(retired)) expect(lasting).toContain(replacement);
});

test.each<[Record<string, unknown>, string]>([
  [{ modell: "x" }, "openai.modell"],
  [{ project: "team/project" }, "openai.project"],
  [{ baseURL: "http://far.test/v1" }, "openai.baseURL"],
])("rejects %j", (options, path) => {
  expect(() => openai(options)).toThrow(expect.objectContaining({ code: "invalid_input", path }));
});

test.each([
  ["https://api.openai.com/v1", null],
  ["https://eu.api.openai.com/v1", "eu"],
  ["https://us.api.openai.com", "us"],
  ["https://eu.api.openai.com.example/v1", null],
  ["https://gateway.example/eu.api.openai.com/v1", null],
])("%s is in the region %s", async (baseURL, region) => {
  let merged: AttemptReport = {};
  const report = (more: AttemptReport): void => {
    merged = { ...merged, ...more };
  };
  const fetch = async () => new Response("{}", { status: 500 });
  const provider = openai({ apiKey: "the-key", baseURL, fetch });
  const request: ModelRequest = { model: "gpt-6-luna", messages: [{ role: "user", content: "Hi" }] };
  await provider.generate(request, attemptContext({ report })).catch(() => {});
  expect(merged).toMatchObject({ endpoint: baseURL, region, sent: true });
});

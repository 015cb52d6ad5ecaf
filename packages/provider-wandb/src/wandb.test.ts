import { readdirSync } from "node:fs";
import { createLLMClient, type LLMClient, type TextResult } from "@babylon/llm-core";
import { describe, expect, test } from "vitest";
import { attemptContext } from "../../provider-openai-compatible/src/test-support/attempt-context.ts";
import { errorOfFixture } from "../../provider-openai-compatible/src/test-support/error-of.ts";
import { wandb } from "./wandb.ts";

const again = { retryable: true, fallback: true };
const next = { retryable: false, fallback: true };

const ERRORS: Readonly<Record<string, object>> = {
  "401-authentication": { code: "auth", status: 401, ...next },
  "401-text-error": { code: "auth", message: "Weights & Biases answered 401: Authentication failed", ...next },
  "402-quota": { code: "quota", ...next },
  "429-quota": { code: "quota", status: 429, ...next },
  "403-country": { code: "permission", ...next },
  "403-gateway": { code: "permission", ...next },
  "404-model": { code: "model_not_found", ...next },
  "422-parameter": {
    code: "invalid_request",
    message: "Weights & Biases answered 422: body.response_format: Input should be 'text'",
    ...next,
  },
  "422-overflow": { code: "context_length", ...next },
  "400-overflow": { code: "context_length", ...next },
  "429-concurrency": { code: "rate_limit", concurrencyLimited: true, retryAfterMs: null, ...again },
  "429-concurrency-of-project": { code: "rate_limit", concurrencyLimited: true, ...again },
  "500-server": { code: "server", ...again },
  "503-overloaded": { code: "overloaded", ...again },
  "524-proxy": { code: "server", status: 524, ...again },
};

test.each(Object.entries(ERRORS))("%s", async (name, expected) => {
  const error = await errorOfFixture(
    (fetch) => wandb({ apiKey: "the-key", fetch }),
    new URL(`../fixtures/error/${name}.json`, import.meta.url),
  );
  expect(error).toMatchObject({ provider: "wandb", ...expected });
  expect(JSON.stringify(error)).not.toContain("harbour");
});

test("every fixture is used", () => {
  const names = readdirSync(new URL("../fixtures/error", import.meta.url)).map((file) => file.replace(".json", ""));
  expect(names.toSorted()).toEqual(Object.keys(ERRORS).toSorted());
});

/** The body that is sent for a request to a model. */
async function sentBy(
  provider: (fetch: typeof globalThis.fetch) => ReturnType<typeof wandb>,
  model: string,
  env: Record<string, string> = {},
): Promise<{ body: Record<string, unknown>; headers: Headers; url: string }> {
  const sent: { body: Record<string, unknown>; headers: Headers; url: string }[] = [];
  const fetch = async (url: Parameters<typeof globalThis.fetch>[0], init?: RequestInit): Promise<Response> => {
    sent.push({ url: String(url), body: JSON.parse(String(init?.body)), headers: new Headers(init?.headers) });
    return Response.json({ choices: [{ message: { content: "Aye" }, finish_reason: "stop" }] });
  };
  const request = { model, messages: [{ role: "user", content: "Hi" }], maxOutputTokens: 5 } as const;
  await provider(fetch).generate({ ...request, reasoningEffort: "none" }, attemptContext({ env }));
  const [first] = sent;
  if (first === undefined) throw new Error("nothing was sent");
  return first;
}

test("uses W&B's fields, and sends LoRA ids unchanged", async () => {
  const lora = "wandb-artifact:///team/project/name:v1";
  const { url, body } = await sentBy((fetch) => wandb({ apiKey: "k", fetch }), lora);
  expect(url).toBe("https://api.inference.wandb.ai/v1/chat/completions");
  expect(body).toMatchObject({ model: lora, max_tokens: 5 });
  expect(wandb().capabilities(lora)).toMatchObject({ tools: true, contextTokens: null });
});

test.each([
  ["<think>\nWhy?\n</think>\n\nSo.", { text: "So.", reasoning: [{ text: "Why?" }] }],
  [" So. <think> is a word.", { text: " So. <think> is a word.", reasoning: [] }],
])("separates reasoning in the text of a LoRA: %j", async (content, expected) => {
  const fetch = async () => Response.json({ choices: [{ message: { content }, finish_reason: "stop" }] });
  const request = {
    model: "wandb-artifact:///team/project/qwen:v1",
    messages: [{ role: "user", content: "Hi" }],
  } as const;
  expect(await wandb({ apiKey: "k", fetch }).generate(request, attemptContext())).toMatchObject(expected);
});

describe("a model that may or may not reason", () => {
  const chunk = (content: string, reason: string | null = null): string =>
    `data: ${JSON.stringify({ id: "c", choices: [{ index: 0, delta: { content }, finish_reason: reason }] })}\n\n`;

  /** A client whose only provider streams what a test sends. */
  function streaming(model: string): { llm: LLMClient; send(text: string): void; end(): void } {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>(undefined, undefined, {
      highWaterMark: 100,
    });
    const writer = writable.getWriter();
    const fetch = async () => new Response(readable, { headers: { "content-type": "text/event-stream" } });
    return {
      llm: createLLMClient({ providers: [wandb({ apiKey: "k", model, fetch })], env: {} }),
      send: (text) => void writer.write(new TextEncoder().encode(text)),
      end: () => void writer.close(),
    };
  }

  test.each(["wandb-artifact:///team/project/support:v1", "acme/qwen3-14b", "acme/pro-r12", "zai-org/GLM-5.2"])(
    "%s: the first text is shown while the stream goes on",
    async (model) => {
      const { llm, send, end } = streaming(model);
      const texts: string[] = [];
      send(chunk("Hello"));
      for await (const text of llm.streamText({ prompt: "Hi" }).textStream) {
        if (texts.length === 0) {
          send(chunk(" there", "stop"));
          end();
        }
        texts.push(text);
      }
      expect(texts).toEqual(["Hello", " there"]);
      await llm.close();
    },
  );

  const THOUGHT = ["Hm.\n</th", "ink>\n\nHello"];
  const splits = { text: "Hello", reasoning: "Hm." };

  test.each([
    ["acme/support", "generateText", splits],
    ["acme/support", "streamText", { text: THOUGHT.join(""), reasoning: null }],
    ["acme/support-thinking", "streamText", splits],
    ["deepseek-ai/DeepSeek-R1-0528", "streamText", splits],
    ["Qwen/QwQ-32B", "streamText", splits],
  ] as const)("%s, %s: a closing tag alone", async (model, method, expected) => {
    const { llm, send, end } = streaming(model);
    for (const piece of THOUGHT) send(chunk(piece));
    send(chunk("", "stop"));
    end();
    let result: Partial<TextResult> = {};
    if (method === "generateText") result = await llm.generateText({ prompt: "Hi", transport: "stream" });
    else for await (const event of llm.streamText({ prompt: "Hi" })) if (event.type === "finish") result = event.result;
    expect(result).toMatchObject(expected);
    await llm.close();
  });
});

test("enables and disables reasoning of models with that option", async () => {
  const { body } = await sentBy((fetch) => wandb({ apiKey: "k", fetch }), "zai-org/GLM-5.2");
  expect(body).toMatchObject({ chat_template_kwargs: { enable_thinking: false } });
  expect(body).not.toHaveProperty("reasoning_effort");
});

test.each<[object, Record<string, string>, string | null]>([
  [{}, {}, null],
  [{}, { WANDB_ENTITY: "team", WANDB_PROJECT: "game" }, "team/game"],
  [{}, { WANDB_ENTITY: "team" }, null],
  [{ entity: "blue", project: "tick" }, { WANDB_ENTITY: "team", WANDB_PROJECT: "game" }, "blue/tick"],
  [{ project: "tick" }, { WANDB_ENTITY: "team" }, "team/tick"],
  [{}, { OPENAI_PROJECT_ID: "proj_1", OPENAI_ORG_ID: "org-1" }, null],
])("%j with %j counts for %s", async (options, env, project) => {
  const { headers } = await sentBy((fetch) => wandb({ apiKey: "k", fetch, ...options }), "m", env);
  expect(headers.get("openai-project")).toBe(project);
  expect(headers.get("openai-organization")).toBeNull();
});

test("a team name that is not a valid header is a configuration problem", () => {
  const env = { WANDB_API_KEY: "k", WANDB_ENTITY: "team\nx", WANDB_PROJECT: "ok" };
  expect(wandb().configProblems?.(env, null)).toMatchObject([{ path: "WANDB_ENTITY" }]);
  expect(wandb().configProblems?.(env, { apiKey: "tenant" })).toEqual([]);
});

test.each<[Record<string, unknown>, string]>([
  [{ modell: "x" }, "wandb.modell"],
  [{ entity: "a/b" }, "wandb.entity"],
  [{ apiKey: "a\nb" }, "wandb.apiKey"],
  [{ id: "small", baseURL: "nowhere" }, "small.baseURL"],
])("rejects %j", (options, path) => {
  expect(() => wandb(options)).toThrow(expect.objectContaining({ code: "invalid_input", path }));
});

test("has the id, name and defaults of the chain", () => {
  const provider = wandb({ id: "wandb-small", model: "meta-llama/Llama-3.1-8B-Instruct" });
  expect(provider).toMatchObject({
    id: "wandb-small",
    name: "Weights & Biases",
    envKey: "WANDB_API_KEY",
    envModel: "WANDB_MODEL",
    envBaseURL: "WANDB_BASE_URL",
    model: "meta-llama/Llama-3.1-8B-Instruct",
    defaultModel: "meta-llama/Llama-3.3-70B-Instruct",
  });
  expect(provider.models.filter(({ recommended }) => recommended).map(({ id }) => id)).toEqual([
    "meta-llama/Llama-3.3-70B-Instruct",
    "meta-llama/Llama-3.1-8B-Instruct",
    "openai/gpt-oss-120b",
  ]);
});

test("every retired id has a served replacement and is not offered", () => {
  const { models, retired } = wandb();
  const served = new Set(models.map(({ id }) => id));
  expect(retired).toHaveProperty(["mistralai/Mixtral-8x7B-Instruct-v0.1"]);
  for (const [id, { replacement }] of Object.entries(retired)) {
    expect([id, served.has(id), served.has(replacement)]).toEqual([id, false, true]);
  }
});

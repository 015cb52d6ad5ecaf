import { expect, it } from "vitest";
import type { Fields } from "../fields.ts";
import { SHARED_REFUSALS } from "../fixtures/compatible-refusals.ts";
import { exchangeRaw } from "../fixtures/exchange-raw.ts";
import { healthyChat } from "../fixtures/healthy-request.ts";
import {
  type HeaderRow,
  image,
  LONG,
  type Row,
  simulatorForTests,
  testRefusals,
  user,
} from "../fixtures/refusal-rows.ts";

const PROVIDER = "wandb";
const simulator = simulatorForTests({
  limits: { wandb: { "meta-llama/Llama-3.1-8B-Instruct": { contextTokens: 50 } } },
});

/** Parameters are refused by the stack behind W&B with 422 and a detail that names them. */
const ROWS: readonly Row[] = [
  ...SHARED_REFUSALS.map(([name, fields, , words]): Row => {
    const gateway = [
      "must be a response",
      "did not have",
      "must contain the word",
      "only allowed",
      "stream_options",
    ].some((one) => words.includes(one));
    return [name, fields, gateway ? 400 : 422, words];
  }),
  ["an unknown model", { model: "mistralai/Mixtral-8x7B-Instruct-v0.1" }, 404, "The requested resource was not found"],
  [
    "a model in another case",
    { model: "meta-llama/llama-3.3-70b-instruct" },
    404,
    "The requested resource was not found",
  ],
  ["a broken LoRA id", { model: "wandb-artifact://team/project/name:v1" }, 404, "The requested resource was not found"],
  ["an unknown field", { max_completion_tokens: 10 }, 422, '"loc":["body","max_completion_tokens"]'],
  [
    "an unknown field of a message",
    { messages: [{ ...user, mood: "good" }] },
    422,
    '"loc":["body","messages",0,"mood"]',
  ],
  ["the developer role", { messages: [{ role: "developer", content: "x" }, user] }, 422, "Invalid value: 'developer'"],
  ["an effort of a model that does not reason", { reasoning_effort: "low" }, 422, "reasoning_effort is not supported"],
  ["an effort it does not have", { model: "openai/gpt-oss-20b", reasoning_effort: "max" }, 422, "Invalid value: 'max'"],
  ["an empty salt", { cache_salt: "" }, 422, "cache_salt"],
  ["an image to a text model", { messages: [image] }, 400, "At most 0 image(s)"],
  [
    "a prompt that is too long",
    { model: "meta-llama/Llama-3.1-8B-Instruct", messages: [{ role: "user", content: LONG }] },
    400,
    "This model's maximum context length is 50 tokens.",
  ],
  [
    "an answer that does not fit",
    { model: "meta-llama/Llama-3.1-8B-Instruct", max_tokens: 49 },
    400,
    "is too large: 49",
  ],
];

const HEADER_ROWS: readonly HeaderRow[] = [
  ["no key", { authorization: null }, 401, "Authentication failed"],
  ["a wrong key", { authorization: "Bearer nope" }, 401, "Authentication failed"],
  ["an OpenAI project", { "openai-project": "proj_abc" }, 401, "Authentication failed"],
];

testRefusals(simulator, PROVIDER, ROWS, HEADER_ROWS);

const accepted = async (fields: Fields, headers: Readonly<Record<string, string>> = {}): Promise<void> => {
  const reply = await exchangeRaw(healthyChat(simulator(), PROVIDER, fields, headers));
  expect(reply.status, reply.text).toBe(200);
};

it("accepts a custom LoRA with thinking switched", async () => {
  await accepted({ model: "wandb-artifact:///team/project/name:v1" });
  await accepted({ model: "deepseek-ai/DeepSeek-V4.1-Flash", chat_template_kwargs: { enable_thinking: true } });
});

it("accepts a team and a project", () => accepted({}, { "openai-project": "team/project" }));

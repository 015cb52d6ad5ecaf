import { expect, it } from "vitest";
import { contextTokensOf, modelRows, outputTokensOf } from "./model-rows.ts";

it.each<[string, unknown, unknown]>([
  ["OpenAI's", { object: "list", data: [{ id: "a" }] }, [{ id: "a" }]],
  ["a bare array", [{ id: "a" }], [{ id: "a" }]],
  ["ids alone", ["a", "b"], [{ id: "a" }, { id: "b" }]],
  ["null for nothing", { data: null }, []],
  ["under another name", { models: [{ id: "a" }] }, [{ id: "a" }]],
  ["Ollama's", { models: [{ name: "a:latest", model: "a" }] }, [{ name: "a:latest", model: "a", id: "a" }]],
  ["Gemini's", { models: [{ name: "models/a" }] }, [{ name: "models/a", id: "models/a" }]],
  ["not a list", { data: 7 }, null],
  ["nothing", null, null],
])("%s", (_, reply, rows) => {
  expect(modelRows(reply)).toEqual(rows);
});

it.each([
  ["Groq", { context_window: 131_072, max_completion_tokens: 65_536 }, 131_072, 65_536],
  ["OpenRouter", { context_length: 10, top_provider: { context_length: 9, max_completion_tokens: 8 } }, 10, 8],
  ["vLLM", { max_model_len: 4_096 }, 4_096, null],
  ["LM Studio", { max_context_length: 8_192 }, 8_192, null],
  ["llama.cpp", { meta: { n_ctx_train: 32_768 } }, 32_768, null],
  ["text", { context_length: "2048" }, 2_048, null],
  ["0 and null", { context_length: 0, max_output_tokens: null }, null, null],
])("%s has the context length", (_, row, context, output) => {
  expect([contextTokensOf(row), outputTokensOf(row)]).toEqual([context, output]);
});

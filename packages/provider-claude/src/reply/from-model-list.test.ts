import { isLLMError } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { MODELS } from "../models.ts";
import { readFixture } from "../test-support/read-fixture.ts";
import { errorOf, replySource } from "../test-support/reply-source.ts";
import { fromModelList } from "./from-model-list.ts";

test("a page in the middle has the cursor of the next one", () => {
  expect(fromModelList(readFixture("models/page-1.json"), replySource(), MODELS)).toEqual({
    next: "claude-sonnet-4-5-20250929",
    models: [
      {
        id: "claude-sonnet-5-5",
        name: "Claude Sonnet 5.5",
        description: "Balance of speed and intelligence",
        recommended: true,
        contextTokens: 1_000_000,
        maxOutputTokens: 128_000,
        retiresAt: null,
      },
      {
        id: "claude-sonnet-4-5-20250929",
        name: "Claude Sonnet 4.5",
        description: null,
        recommended: false,
        contextTokens: 200_000,
        maxOutputTokens: 64_000,
        retiresAt: "2026-11-30",
      },
    ],
  });
});

test("the last page omits retired models, and unknown limits are null", () => {
  expect(fromModelList(readFixture("models/page-2.json"), replySource(), MODELS)).toEqual({
    next: null,
    models: [
      {
        id: "claude-new-6",
        name: "Claude New 6",
        description: null,
        recommended: false,
        contextTokens: null,
        maxOutputTokens: null,
        retiresAt: null,
      },
    ],
  });
});

test("hidden characters are removed from ids and escaped in names", () => {
  const data = [{ id: "a\u202eb" }, { id: "claude-x", display_name: "Claude\u200bX" }];
  const { models } = fromModelList(JSON.stringify({ data, has_more: false }), replySource(), []);
  expect(models.map(({ id, name }) => [id, name])).toEqual([["claude-x", "Claude\\u200bX"]]);
});

test.each([
  ["an HTML page", readFixture("errors/502-cloudflare.txt"), "invalid_response"],
  ["not a list", "{}", "invalid_response"],
  ["an error", readFixture("errors/401-authentication.json"), "auth"],
])("%s is not a list of models", (_name, text, code) => {
  const error = errorOf(() => fromModelList(text, replySource(), MODELS));
  expect(isLLMError(error) && error.code).toBe(code);
});

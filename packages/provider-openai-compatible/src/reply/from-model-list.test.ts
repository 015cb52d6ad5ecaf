import type { ModelInfo } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { PLAIN_TRAITS } from "../model-traits.ts";
import { fromModelList } from "./from-model-list.ts";
import { mapError } from "./map-error.ts";

const SOURCE = {
  response: { status: 200, headers: new Headers() },
  facts: { provider: "acme", name: "Acme", model: null, callId: "c", secrets: [] },
  wire: PLAIN_TRAITS.wire,
  classify: mapError,
  nowMs: 0,
};
const KNOWN: ModelInfo = {
  id: "openai/gpt-oss-20b",
  name: "gpt-oss 20B",
  description: "small",
  recommended: true,
  contextTokens: 1,
  maxOutputTokens: 2,
  retiresAt: null,
};
const unknown = (id: string): ModelInfo => ({
  id,
  name: id,
  description: null,
  recommended: false,
  contextTokens: null,
  maxOutputTokens: null,
  retiresAt: null,
});

test.each<[string, object[], ModelInfo[]]>([
  [
    "W&B",
    [{ id: "openai/gpt-oss-20b", object: "model", created: 0, owned_by: "system", root: "openai/gpt-oss-20b" }],
    [KNOWN],
  ],
  [
    "Groq",
    [
      { id: "openai/gpt-oss-20b", active: true, context_window: 131072, max_completion_tokens: 65536 },
      { id: "gone", active: false, context_window: 8192 },
    ],
    [{ ...KNOWN, contextTokens: 131_072, maxOutputTokens: 65_536 }],
  ],
  [
    "OpenAI",
    [
      { id: "gpt-4o-mini", object: "model", owned_by: "system", shutdown_date: "2027-01-14" },
      { id: "gpt-6-luna", shutdown_date: null },
    ],
    [{ ...unknown("gpt-4o-mini"), retiresAt: "2027-01-14" }, unknown("gpt-6-luna")],
  ],
  ["an empty list", [], []],
  ["rows without an id", [{ title: "x" }, { name: 1 }], []],
  ["ids that are not what they look like", [{ id: "gpt\u202e6" }, { id: "gpt\u200b-6" }], []],
])("%s", (_, data, expected) => {
  expect(fromModelList(JSON.stringify({ object: "list", data }), SOURCE, [KNOWN])).toEqual(expected);
});

test.each([
  ["{}", "invalid_response"],
  ["<html></html>", "invalid_response"],
  ['{"error":{"message":"x"}}', "server"],
])("%s is not a list", (text, code) => {
  expect(() => fromModelList(text, SOURCE, [])).toThrow(expect.objectContaining({ code, model: null }));
});

import { expect, test } from "vitest";
import { capabilitiesOf, DEFAULT_MODEL, MODELS, RETIRED, thinkingOffOf } from "./models.ts";

test("the default model is known, recommended and not retired", () => {
  expect(MODELS.find((model) => model.id === DEFAULT_MODEL)?.recommended).toBe(true);
  expect(RETIRED[DEFAULT_MODEL]).toBeUndefined();
});

test("every replacement is a known model that is not retiring", () => {
  const ids = MODELS.map((model) => model.id);
  for (const [id, { retiredAt, replacement }] of Object.entries(RETIRED)) {
    expect(ids, id).toContain(replacement);
    expect(RETIRED[replacement], id).toBeUndefined();
    expect(retiredAt, id).toMatch(/^\d{4}-\d\d-\d\d$/);
  }
});

test("a retiring model has the same date in both tables", () => {
  for (const { id, retiresAt } of MODELS) expect(retiresAt, id).toBe(RETIRED[id]?.retiredAt ?? null);
});

test.each([
  [
    "claude-sonnet-5-5",
    { forcedToolChoice: false, assistantPrefill: false, silentReasoning: true, schema: ["strict", "prompt"] },
  ],
  ["claude-opus-5-5", { forcedToolChoice: false, assistantPrefill: false, silentReasoning: true }],
  [
    "claude-haiku-5-5",
    { forcedToolChoice: true, assistantPrefill: false, silentReasoning: true, maxOutputTokens: 128_000 },
  ],
  [
    "claude-haiku-4-5",
    { forcedToolChoice: true, assistantPrefill: true, silentReasoning: false, maxOutputTokens: 64_000 },
  ],
  ["claude-haiku-4-5-20251001", { assistantPrefill: true, contextTokens: 200_000, maxOutputTokens: 64_000 }],
  ["claude-opus-4-6", { assistantPrefill: false, reasoningEffort: ["none", "low", "medium", "high", "max"] }],
  ["claude-fable-5-2", { forcedToolChoice: false, reasoningEffort: ["low", "medium", "high", "xhigh", "max"] }],
  [
    "claude-unheard-of-9",
    { forcedToolChoice: true, assistantPrefill: false, contextTokens: null, maxOutputTokens: null },
  ],
  ["constructor", { contextTokens: null }],
])("%s", (model, expected) => {
  expect(capabilitiesOf(model)).toMatchObject(expected);
});

test("no model takes sampling options or a seed: the API version has none", () => {
  for (const { id } of MODELS) expect(capabilitiesOf(id), id).toMatchObject({ sampling: false, seed: false });
  expect(capabilitiesOf("claude-unheard-of-9")).toMatchObject({ sampling: false, seed: false });
});

test.each([
  ["claude-sonnet-5-5", "between_tools"],
  ["claude-haiku-5-5", "disabled"],
  ["claude-opus-5-5", null],
])("thinking of %s is disabled by %s", (model, expected) => {
  expect(thinkingOffOf(model)).toBe(expected);
  expect(capabilitiesOf(model).reasoningEffort.includes("none")).toBe(expected !== null);
});

import { expect, test } from "vitest";
import { createModelTable } from "./model-table.ts";
import { PLAIN_TRAITS } from "./model-traits.ts";

test("a row overrides only the traits that it names", () => {
  const table = createModelTable(PLAIN_TRAITS, [
    { id: "a/b:c", name: "B", recommended: true, contextTokens: 10, maxOutputTokens: 5, wire: { thinkTags: true } },
    { id: "d", capabilities: { images: false } },
  ]);
  expect(table.models).toEqual([
    {
      id: "a/b:c",
      name: "B",
      description: null,
      recommended: true,
      contextTokens: 10,
      maxOutputTokens: 5,
      retiresAt: null,
    },
    {
      id: "d",
      name: "d",
      description: null,
      recommended: false,
      contextTokens: null,
      maxOutputTokens: null,
      retiresAt: null,
    },
  ]);
  expect(table.traitsOf("a/b:c")).toEqual({
    capabilities: { ...PLAIN_TRAITS.capabilities, contextTokens: 10, maxOutputTokens: 5 },
    wire: { ...PLAIN_TRAITS.wire, thinkTags: true },
  });
  expect(table.traitsOf("d").capabilities.images).toBe(false);
  expect(table.traitsOf("wandb-artifact:///t/p/n:v1")).toBe(PLAIN_TRAITS);
});

test("the base traits may depend on the model's name", () => {
  const noTools = { ...PLAIN_TRAITS, capabilities: { ...PLAIN_TRAITS.capabilities, tools: false } };
  const table = createModelTable((model) => (model.startsWith("old") ? noTools : PLAIN_TRAITS), [{ id: "old-1" }]);
  expect(["old-1", "old-2", "new"].map((model) => table.traitsOf(model).capabilities.tools)).toEqual([
    false,
    false,
    true,
  ]);
});

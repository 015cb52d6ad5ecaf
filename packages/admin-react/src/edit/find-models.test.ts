import type { ListedModel, ProviderModels } from "@babylon/admin-api/contract";
import { describe, expect, test } from "vitest";
import { findModels } from "./find-models.ts";

const model = (id: string, recommended = false): ListedModel => ({
  id,
  name: id.split("/").at(-1) ?? id,
  description: recommended ? "A good choice" : null,
  recommended,
  contextTokens: null,
  maxOutputTokens: null,
  retiresAt: null,
  listed: true,
});
const models: ProviderModels = {
  models: [model("meta/llama-70b", true), model("qwen/qwen-8b"), model("old/still-listed")],
  retired: {
    "mistral/mixtral": { retiredAt: null, replacement: "meta/llama-70b" },
    "old/still-listed": { retiredAt: "2026-12-01", replacement: "qwen/qwen-8b" },
  },
  listedAt: 1,
};
const ids = (choices: readonly { readonly id: string }[]) => choices.map(({ id }) => id);

describe("the model picker", () => {
  test("shows all usable models without a search text", () => {
    const found = findModels(models, "");
    expect(ids(found.recommended)).toEqual(["meta/llama-70b"]);
    expect(ids(found.others)).toEqual(["qwen/qwen-8b", "old/still-listed"]);
    expect([ids(found.retired), found.free, found.more]).toEqual([[], null, 0]);
  });

  test.each([
    ["every word has to match, in any order", "70B meta", ["meta/llama-70b"], []],
    ["descriptions are searched, too", "good choice", ["meta/llama-70b"], []],
    ["retired models are found by a search", "mixtral", [], ["mistral/mixtral"]],
  ])("%s", (_, search, recommended, retired) => {
    const found = findModels(models, search);
    expect([ids(found.recommended), ids(found.retired)]).toEqual([recommended, retired]);
  });

  test("marks a retiring model that is still listed", () => {
    const [choice] = findModels(models, "still").others;
    expect(choice?.retired).toEqual({ since: "2026-12-01", replacement: "qwen/qwen-8b" });
  });

  test.each([
    ["wandb-artifact:///team/project/name:v1", "wandb-artifact:///team/project/name:v1"],
    ["  qwen/qwen-9b ", "qwen/qwen-9b"],
    ["qwen/qwen-8b", null],
    ["mistral/mixtral", null],
    ["   ", null],
  ])("accepts %j as the unlisted id %j", (search, free) => {
    expect(findModels(models, search).free).toBe(free);
  });

  test("returns the number of hidden matches", () => {
    const many = { ...models, models: Array.from({ length: 100 }, (_, at) => model(`m/${at}`)) };
    expect(findModels(many, "m/")).toMatchObject({ more: 40 });
  });
});

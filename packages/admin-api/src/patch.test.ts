import { EMPTY_SETTINGS, type SystemSettings } from "@babylon/llm-core";
import { describe, expect, test } from "vitest";
import { applySettingsPatch, diffSettings, isEmptyPatch } from "./patch.ts";

const all: SystemSettings = {
  order: ["groq", "wandb"],
  providers: { wandb: { enabled: false, model: "a/b:c" }, groq: {} },
  agents: { ana: { provider: "groq", model: "m" }, ben: { models: { wandb: "x" } } },
};

describe("the patch between two settings leads from one to the other", () => {
  const other: SystemSettings = {
    order: ["wandb"],
    providers: { wandb: { model: "d" }, claude: { enabled: true } },
    agents: { ana: { models: { groq: "n" } } },
  };
  test.each([
    ["nothing to all", EMPTY_SETTINGS, all],
    ["all to nothing", all, EMPTY_SETTINGS],
    ["one to another", all, other],
    ["and back", other, all],
  ])("%s", (_, from, to) => {
    expect(applySettingsPatch(from, diffSettings(from, to))).toEqual(to);
  });
});

test("equal settings need no patch", () => {
  expect(isEmptyPatch(diffSettings(all, structuredClone(all)))).toBe(true);
});

test("an agent named like a member of every object stays an agent", () => {
  const patch = JSON.parse('{"agents":{"toString":{"provider":"groq"}}}');
  const settings = applySettingsPatch(EMPTY_SETTINGS, patch);
  expect(Object.keys(settings.agents)).toEqual(["toString"]);
  expect(diffSettings(EMPTY_SETTINGS, settings)).toEqual(patch);
});

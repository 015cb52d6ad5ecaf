import { describe, expect, test } from "vitest";
import { checkChangedTuned } from "./check-changed-tuned.ts";
import { parsePatch, parseSettings, parseStoredSettings } from "./parse-settings.ts";
import { applySettingsPatch, diffSettings } from "./settings-patch.ts";

const npc = {
  provider: "wandb",
  baseModel: "meta-llama/Llama-3.1-8B-Instruct",
  model: "wandb-artifact:///team/project/npc:step40",
  datasetSha256: "a".repeat(64),
};

test("settings without tuned models have no field for them", () => {
  expect(parseSettings({ tuned: {} })).toEqual({ order: null, providers: {}, agents: {} });
  const { tuned: _, ...rest } = parseSettings({ tuned: { npc: { ...npc, previous: null } } });
  expect(rest).toEqual({ order: null, providers: {}, agents: {} });
});

test("a patch adds and removes a tuned model, and leaves the others", () => {
  const before = parseSettings({ tuned: { other: npc } });
  const after = parseStoredSettings(applySettingsPatch(before, parsePatch({ tuned: { npc } })));
  expect(after.tuned).toEqual({ other: npc, npc });
  expect(diffSettings(before, after)).toEqual({ tuned: { npc } });
  const undone = parseStoredSettings(applySettingsPatch(after, parsePatch({ tuned: { npc: null } })));
  expect(JSON.stringify(undone)).toBe(JSON.stringify(before));
});

describe("a wrong field is named:", () => {
  test.each([
    ["tuned.npc.model", { model: "" }],
    ["tuned.npc.datasetSha256", { datasetSha256: "x" }],
    ["tuned.npc.evaluatedAt", { evaluatedAt: "yesterday" }],
    ["tuned.npc.provider", { provider: "W&B" }],
  ])("%s", (path, change) => {
    const parse = () => parseSettings({ tuned: { npc: { ...npc, ...change } } });
    expect(parse).toThrow(expect.objectContaining({ code: "invalid", message: expect.stringContaining(path) }));
  });
});

test("a change that leaves a model incomplete is refused, and others are not looked at", () => {
  const before = parseStoredSettings({ tuned: { newer: { kind: 7 } } });
  const change = (tuned: object) => () =>
    checkChangedTuned(before, parseStoredSettings(applySettingsPatch(before, parsePatch({ tuned }))));
  expect(change({ npc })().tuned).toEqual({ newer: { kind: 7 }, npc });
  const message = expect.stringContaining("tuned.npc.model");
  expect(change({ npc: { provider: "wandb" } })).toThrow(expect.objectContaining({ code: "invalid", message }));
});

test("fields of a newer version are kept", () => {
  expect(parseStoredSettings({ tuned: { npc: { ...npc, note: "x" } } }).tuned?.npc).toMatchObject({ note: "x" });
});

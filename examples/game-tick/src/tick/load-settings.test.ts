import { EMPTY_SETTINGS, type SystemSettings } from "@babylon/llm-core";
import { expect, test } from "vitest";
import { loadSettings, modelsFor, wandbModelOf } from "./load-settings.ts";

const settings: SystemSettings = {
  order: null,
  providers: { wandb: { model: "meta-llama/Llama-3.1-8B-Instruct" } },
  agents: { "pip-sallow": { provider: "groq" } },
};

test("a plain value has no version, a source has one", async () => {
  expect(await loadSettings(settings)).toEqual({ value: settings, version: null });
  const source = { get: async () => ({ value: settings, version: 7 }) };
  expect(await loadSettings(source)).toEqual({ value: settings, version: 7 });
});

test("the W&B model applies to calls of agents without their own settings", () => {
  const models = { wandb: "meta-llama/Llama-3.1-8B-Instruct" };
  expect(modelsFor(settings, undefined)).toEqual(models);
  expect(modelsFor(settings, "rollo-cask")).toEqual(models);
  expect(modelsFor(settings, "pip-sallow")).toBeUndefined();
});

test("without a W&B model in the settings the client chooses", () => {
  expect(wandbModelOf(EMPTY_SETTINGS)).toBeNull();
  expect(modelsFor(EMPTY_SETTINGS, undefined)).toBeUndefined();
});

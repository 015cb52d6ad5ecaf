import { mockProvider, startProviderSimulator } from "@babylon/llm-testing";
import { expect, test } from "vitest";
import * as whole from "../index.ts";
import * as withoutStores from "./index.ts";

test("calls with the providers and keys of the environment", async () => {
  await using simulator = await startProviderSimulator();
  await using llm = await withoutStores.createBabylonLLM({ env: simulator.env });
  const { provider, text } = await llm.generateText({ prompt: "Name a ship." });
  expect([provider, text]).toEqual(["wandb", expect.stringMatching(/./)]);
  expect((await llm.settings.get()).version).toBeNull();
});

test("takes providers and settings, a source or a value", async () => {
  const providers = [mockProvider({ id: "a" }), mockProvider({ id: "b" })];
  for (const settings of [{ order: ["b"] }, withoutStores.createBabylonLLM({ settings: { order: ["b"] } })]) {
    const given = settings instanceof Promise ? (await settings).settings : settings;
    await using llm = await withoutStores.createBabylonLLM({ providers, settings: given });
    expect((await llm.plan()).links[0]?.provider).toBe("b");
  }
});

test("has the names of the whole entry", () => {
  const names = Object.keys(withoutStores);
  expect(names.length).toBeGreaterThan(5);
  expect(Object.keys(whole)).toEqual(expect.arrayContaining(names));
});

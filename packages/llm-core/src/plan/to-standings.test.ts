import { createFakeClock, mockProvider } from "@babylon/llm-testing";
import { expect, test } from "vitest";
import { createLLMClient } from "../create-llm-client.ts";

test("lists every provider in the order of the settings, in the chain or not", async () => {
  const llm = createLLMClient({
    providers: ["wandb", "groq", "claude"].map((id) => mockProvider({ id })),
    clock: createFakeClock(),
    settings: { order: ["groq"], providers: { wandb: { enabled: false, model: "org/one" } }, agents: {} },
  });
  await llm.generateText({ prompt: "Hello." });
  const { links, providers } = await llm.plan();
  expect(links.map(({ provider }) => provider)).toEqual(["groq", "claude"]);
  expect(providers.map(({ provider, enabled, calls }) => ({ provider, enabled, calls }))).toEqual([
    { provider: "groq", enabled: true, calls: 1 },
    { provider: "wandb", enabled: false, calls: 0 },
    { provider: "claude", enabled: true, calls: 0 },
  ]);
  expect(providers[1]).toMatchObject({
    model: "org/one",
    modelSource: "settings",
    skipped: "switched off in the settings",
  });
  expect(providers[0]).toMatchObject({ state: "closed", until: null, successRate: 1, skipped: null });
});

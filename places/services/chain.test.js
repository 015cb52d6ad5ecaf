import { createBabylonLLM } from "@babylon/llm";
import { startProviderSimulator } from "@babylon/llm-testing";
import { expect, test } from "vitest";

test("falls back from a provider that is away", async () => {
  await using simulator = await startProviderSimulator();
  simulator.setFault("wandb", { kind: "status", status: 401 });
  const llm = await createBabylonLLM({ env: simulator.env, settings: "memory://" });
  expect((await llm.generateText({ prompt: "Name a ship." })).provider).toBe("groq");
  await llm.close();
});
